"""What a request carried that somebody typed, even where its body is larger than is read."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from quanheng.apps.accounts.kept_forms import Typed
from quanheng.kit.intake import ORDINARY, announced_size, is_fit_text
from quanheng.web.asking import SURE  # asked anew each time

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of the field, not what is in it
SECRETS = ("password", "secret", "otp", "passcode", TOKEN)
Fields = list[tuple[str, str]]


class _NamesAlone(FileUploadHandler):
    """Notes the names of files and drops what is in them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.names.append(str(self.file_name))
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        return b""

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        return None


def typed_in(request: HttpRequest, page: str) -> tuple[str, Typed] | None:
    """Return the token of a form and what was typed in it, without secrets; None where it cannot be read."""
    try:
        fields, files = _fields(request)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError, OSError, RuntimeError):
        return None
    token = next((value for name, value in fields if name == TOKEN), "")
    kept = [(name, value) for name, value in fields if not is_secret(name) and name != SURE]
    if not all(is_fit_text(text) for pair in kept for text in pair):
        return None
    return token, Typed(page, request.get_full_path(), kept, [name for name in files if is_fit_text(name)])


def is_secret(name: str) -> bool:
    """Say whether a field is one that is never kept: passwords, codes of second factors, tokens."""
    return any(part in name.lower() for part in SECRETS)


def page_of_form(request: HttpRequest) -> str:
    """Return the address of the page on which a form was filled in: where one came from, if it is ours."""
    return _own_address(request, "Referer") or request.get_full_path()


def page_around(request: HttpRequest) -> str:
    """Return the address of the page that asked for a part of itself."""
    return _own_address(request, "HX-Current-URL") or settings.LOGIN_REDIRECT_URL


def _own_address(request: HttpRequest, header: str) -> str:
    said = urlsplit(request.headers.get(header, ""))
    path = said.path
    is_ours = said.netloc == request.get_host() and path.startswith("/") and path[1:2] not in {"/", "\\"}
    if not is_ours or path.startswith("/accounts/"):
        return ""
    return f"{path}?{said.query}" if said.query else path


def _fields(request: HttpRequest) -> tuple[Fields, list[str]]:
    is_read = hasattr(request, "_post")
    if is_read or (announced_size(request.META) or 0) <= ORDINARY:
        files = [str(file.name) for _, files in request.FILES.lists() for file in files]
        return _pairs(request.POST), files
    return _beginning(request)


def _pairs(form: QueryDict) -> Fields:
    return [(name, value) for name, values in form.lists() for value in values]


def _beginning(request: HttpRequest) -> tuple[Fields, list[str]]:
    """Read no more than an ordinary form of a body that is larger: its fields stand before its file."""
    if request.content_type != "multipart/form-data":
        return [], []
    begun = request.read(ORDINARY)
    meta: Mapping[str, Any] = {**request.META, "CONTENT_LENGTH": str(len(begun))}
    names = _NamesAlone()
    parser = MultiPartParser(meta, io.BytesIO(begun), [names], request.encoding or settings.DEFAULT_CHARSET)
    form, _files = parser.parse()
    return _pairs(form), names.names

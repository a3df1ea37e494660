"""What a request may carry: how large its body is, and that its text can be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

MEGABYTE = 2**20
ORDINARY = 3 * MEGABYTE  # a form with twenty thousand ticked rows
PROOFS = 60 * MEGABYTE
PICTURES = 49 * MEGABYTE  # six photos of a phone (`kit.pictures`), and the form around them
SHEETS = 510 * MEGABYTE  # kit.uploads, and the form around the file

# By the name of the address; every other takes an ordinary body.
LARGER = {
    "import_new": SHEETS,
    "ecqs_import": SHEETS,
    "api:upload_import": SHEETS,
    "examination_batch": 6 * MEGABYTE,
    "instrument_act": PICTURES,
    "entity_attach": PICTURES,
    "calculator_draw": PROOFS + MEGABYTE,
    "scan_report": 8 * MEGABYTE + 64 * 1024,
}
NUL = "\x00"


def largest_body(view_name: str) -> int:
    """Return how many bytes a request to this address may carry."""
    return LARGER.get(view_name, ORDINARY)


def announced_size(headers: Mapping[str, Any]) -> int | None:
    """Return the size of the body that a WSGI environment announces; None for one that cannot be known."""
    length = headers.get("CONTENT_LENGTH") or ""
    if not length:
        return None if "HTTP_TRANSFER_ENCODING" in headers else 0
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 16 else None


def has_unfit_frame(request: HttpRequest) -> bool:
    """Say whether address, query, headers or cookies carry a character that no text may contain."""
    headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
    return (
        NUL in request.path_info
        or _in_fields(request.GET)
        or any(NUL in value for value in headers if isinstance(value, str))
        or any(NUL in part for cookie in request.COOKIES.items() for part in cookie)
    )


def has_unfit_form(request: HttpRequest) -> bool:
    """Say whether a form or the name of a file carries a character that no text may contain."""
    names = (str(file.name) for _, files in request.FILES.lists() for file in files)
    return _in_fields(request.POST) or any(NUL in name for name in names)


def is_fit(value: Any) -> bool:
    """Say whether every text in plain data can be kept: no NUL, no half of a surrogate pair."""
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if not is_fit_text(one):
                return False
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
    return True


def is_fit_text(text: str) -> bool:
    """Say whether a text can be kept: no NUL, no half of a surrogate pair."""
    return NUL not in text and not any("\ud800" <= sign <= "\udfff" for sign in _rare(text))


def _rare(text: str) -> Iterable[str]:
    """Return the characters to look at; an ASCII text has none."""
    return "" if text.isascii() else text


def _in_fields(fields: QueryDict) -> bool:
    return any(NUL in name or any(NUL in value for value in values) for name, values in fields.lists())

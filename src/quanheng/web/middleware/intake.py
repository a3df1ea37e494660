"""Before anything of a request is read: how large it is. Before anything is done with it: what is in it.

A large body is taken only where one belongs (`kit.intake`), and on the office's pages only from whoever may
open the page: a stranger's gigabyte is refused by its announced size, not spooled first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from quanheng.kit.intake import (
    ORDINARY,
    announced_size,
    has_unfit_form,
    has_unfit_frame,
    largest_body,
)
from quanheng.web.access import access_of
from quanheng.web.middleware.actor import actor_of, refuse_at_the_door

TAKES_FORMS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a request is not taken in."""

    status: int
    title: str
    message: str
    english: str


TOO_LARGE = Unfit(
    413, "内容过大", "提交的内容超过该页面的上限，未予接收。请减小文件后重新提交。",
    "What was sent is larger than this page takes, and was not read. Please send a smaller file.",
)  # fmt: skip
NO_SIZE = Unfit(
    411, "缺少内容长度", "请求没有写明内容长度（Content-Length），未予接收。",
    "The request does not state its Content-Length, and was not read.",
)  # fmt: skip
UNFIT_TEXT = Unfit(
    400, "请求有误", "提交的文字中含有无法保存的字符（空字符），请删除后重新提交。",
    "The text contains a character that cannot be kept (NUL). Please remove it and send again.",
)  # fmt: skip
BUSY = Unfit(
    503, "系统繁忙", "同时提交的请求过多，请 5 秒后重试。",
    "Too many requests are being sent at the moment. Please try again in five seconds.",
)  # fmt: skip
BUSY_SECONDS = 5


class Intake:
    """Refuse what is too large or unfit, before it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_unfit_frame(request):
            return page_of(UNFIT_TEXT)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: Any
    ) -> HttpResponseBase | None:
        """Judge by the address whether the body may be read, and by its text whether it may be used."""
        if request.method not in TAKES_FORMS:
            return None
        size = announced_size(request.META)
        if size is None:
            return page_of(NO_SIZE)
        if size > largest_body(_name(request)):
            return page_of(TOO_LARGE)
        if request.path_info.startswith((settings.API_PREFIX, *settings.PUBLIC_PREFIXES)):
            return None  # they ask for the key, or for the address's pace, before they read
        refused = _refuse_stranger(request, view) if size > ORDINARY else None
        return refused or (page_of(UNFIT_TEXT) if has_unfit_form(request) else None)


def page_of(unfit: Unfit) -> HttpResponse:
    """Return the page that says so: plain, for at this point nobody knows who asks."""
    page = HttpResponse(render_to_string("errors/intake.html", {"refusal": unfit}), status=unfit.status)
    if unfit.status == BUSY.status:
        page.headers["Retry-After"] = str(BUSY_SECONDS)
    return page


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _refuse_stranger(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> HttpResponseBase | None:
    access = access_of(view)
    if access is not None and access.public:
        return None
    return refuse_at_the_door(request, access, actor_of(request))

"""Two hostnames, two houses: what strangers open, and what the office signs in to (ASVS 5.0 V3.5.4).

In production the public's host answers the public's pages and nothing else, and the office's host sends there
whoever asks it for one of them. A browser then keeps the office's cookies and pages apart from whatever a
stranger can make the public's pages show. On one machine, to look at it, one host does both.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port

from quanheng.web.public.pages import respond

HEALTH = ("/healthz", "/readyz")  # for the operator's balancer: any host but the public's


class KeepHostsApart:
    """Answer on each host what belongs there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PUBLIC_HOST:
            refused = _refused(request)
            if refused is not None:
                return refused
        return self.get_response(request)


def _refused(request: HttpRequest) -> HttpResponse | None:
    path = request.path_info
    is_public = path.startswith(settings.PUBLIC_PREFIXES) and not path.startswith(HEALTH)
    if split_domain_port(request.META.get("HTTP_HOST", ""))[0] == settings.PUBLIC_HOST:
        if is_public or path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            return None
        return HttpResponseRedirect("/s/") if path == "/" else _nothing_here(request)
    if not is_public:
        return None
    if request.method not in {"GET", "HEAD"}:
        return _nothing_here(request)
    return HttpResponseRedirect(settings.PUBLIC_URL + request.get_full_path())


def _nothing_here(request: HttpRequest) -> HttpResponse:
    fault = "未找到该页面。查询器具请输入标签上的器具码。"
    return respond(
        request, "ask.jinja", status=404, typed="", fault=fault, grade="grey", word="页面不存在", advice=""
    )  # fmt: skip

"""ETag and If-Match: nobody overwrites what they have not seen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from quanheng.api.problems import Problem


def tag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'


def is_unchanged(request: HttpRequest, response: HttpResponse, version: int) -> bool:
    """Name the version in the answer, and say whether the caller has it already (then 304)."""
    response["ETag"] = tag(version)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or tag(version) in known or f"W/{tag(version)}" in known


def seen_version(request: HttpRequest) -> int:
    """Return the version in If-Match.

    Raises:
        Problem: version_required, 428; bad_version, 400.
    """
    text = request.headers.get("If-Match", "").strip()
    if not text:
        detail = _("请用 If-Match 带上读取时的 ETag，避免覆盖他人的修改。")
        raise Problem(428, "version_required", detail)
    number = text.strip('"')
    if not number.isdecimal():
        raise Problem(400, "bad_version", _('If-Match 须原样使用读取时的 ETag，如 "3"。'))
    return int(number)


def check_seen(request: HttpRequest, version: int) -> None:
    """Compare If-Match, where it is sent, with the version of the row that is about to change.

    Raises:
        Problem: changed_meanwhile, 412.
    """
    if "If-Match" in request.headers and seen_version(request) != version:
        detail = _("该器具已被修改，请重新读取核对后再提交。")
        raise Problem(412, "changed_meanwhile", detail, {"version": version})

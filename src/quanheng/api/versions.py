"""ETag and If-Match: nobody overwrites what they have not seen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from quanheng.api import refusals
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
        raise Problem(refusals.VERSION_REQUIRED())
    number = text.strip('"')
    if not number.isdecimal():
        raise Problem(refusals.BAD_VERSION())
    return int(number)


def check_seen(request: HttpRequest, version: int) -> None:
    """Compare If-Match, where it is sent, with the version of the row that is about to change.

    Raises:
        Problem: changed_meanwhile, 412.
    """
    if "If-Match" in request.headers and seen_version(request) != version:
        raise Problem(refusals.CHANGED_MEANWHILE(version=version))

"""ETag and If-Match: nobody overwrites what they have not seen.

The tag of what is judged by the day (is it still valid?) names the day too: tomorrow the same version reads
otherwise. Writers are asked for the version alone, so that midnight refuses nobody.
"""

from __future__ import annotations

import re
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from quanheng.api import refusals
from quanheng.api.problems import Problem

TAG = re.compile(r'(?:W/)?"(\d+)(?:-\d{8})?"|(\d+)')


def tag(version: int, judged_on: date | None = None) -> str:
    """Return the entity tag of a version, as it is judged on a day."""
    return f'"{version}-{judged_on:%Y%m%d}"' if judged_on else f'"{version}"'


def is_unchanged(
    request: HttpRequest, response: HttpResponse, version: int, judged_on: date | None = None
) -> bool:
    """Name the version in the answer, and say whether the caller has it already (then 304)."""
    response["ETag"] = tag(version, judged_on)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or response["ETag"] in {name.removeprefix("W/") for name in known}


def seen_version(request: HttpRequest) -> int:
    """Return the version in If-Match; a proxy that compresses may have made its tag a weak one.

    Raises:
        Problem: version_required, 428; bad_version, 400.
    """
    text = request.headers.get("If-Match", "").strip()
    if not text:
        raise Problem(refusals.VERSION_REQUIRED())
    named = TAG.fullmatch(text)
    if named is None or len(text) > 40:
        raise Problem(refusals.BAD_VERSION())
    return int(named[1] or named[2])


def check_seen(request: HttpRequest, version: int) -> None:
    """Compare If-Match, where it is sent, with the version of the row that is about to change.

    Raises:
        Problem: changed_meanwhile, 412.
    """
    if "If-Match" in request.headers and seen_version(request) != version:
        raise Problem(refusals.CHANGED_MEANWHILE(version=version))

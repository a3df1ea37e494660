"""Operations that come to their end: declared with the day from which, said in description and answers.

@router.get("/rows", **ending(reads(…), since=date(2027, 1, 1), until=date(2028, 1, 1), instead="list_rows"))
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.http import http_date
from ninja.operation import PathView

KEPT = timedelta(days=365)  # how long an operation that is to end goes on, at the least
DEPRECATION, SUNSET, LINK = "Deprecation", "Sunset", "Link"


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of an operation.

    Args:
        since: the day from which nobody should begin to use it.
        until: the day on which it is gone, at least a year later.
        instead: the `operationId` of what takes its place; "" where nothing does.
    """

    since: date
    until: date
    instead: str = ""

    def headers(self) -> dict[str, str]:
        """Return Deprecation (RFC 9745), Sunset (RFC 8594), and where to read what to do."""
        about = f"/api/#{self.instead}" if self.instead else "/api/"
        return {
            DEPRECATION: f"@{_instant(self.since).timestamp():.0f}",
            SUNSET: http_date(_instant(self.until).timestamp()),
            LINK: f'<{about}>; rel="deprecation"',
        }


def ending(declared: dict[str, Any], *, since: date, until: date, instead: str = "") -> dict[str, Any]:
    """Add its end to the declaration of an operation.

    Raises:
        ValueError: less than a year is left from one day to the other.
    """
    if until - since < KEPT:
        raise ValueError(f"an operation goes on for {KEPT.days} days after its end was told")
    end = Ending(since, until, instead)
    extra = declared.get("openapi_extra", {})
    return declared | {"deprecated": True, "openapi_extra": {**extra, "x-ending": end}}


def headers_of(view: Any, method: str | None) -> dict[str, str]:
    """Return what every answer of an operation says of its end, whoever gives it.

    So that it is also said where the door refuses, or repeats an answer, and no operation runs.

    Args:
        view: what the address leads to.
    """
    for operation in _operations_at(view):
        if method in operation.methods:
            end: Ending | None = (operation.openapi_extra or {}).get("x-ending")
            return end.headers() if end else {}
    return {}


def _operations_at(view: Any) -> list[Any]:
    """Return the operations of an address: ninja's view holds them in its closure and nowhere else."""
    held = (cell.cell_contents for cell in getattr(view, "__closure__", None) or ())
    return next((it.operations for it in held if isinstance(it, PathView)), [])


def _instant(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))

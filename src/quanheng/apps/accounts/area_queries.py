"""Finding areas by their codes."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.models import Area
from quanheng.apps.accounts.queries import living_areas


def interval_of_code(code: str) -> tuple[int, int]:
    """Return the positions of an area and all below it.

    Args:
        code: a division code of 2, 4, 6, 9 or 12 digits; where a code was used again, the area of today.

    Raises:
        RuleBroken: unknown_area.
    """
    area = Area.objects.filter(code__in={code, code.ljust(12, "0")}).order_by("-valid_from").first()
    if area is None:
        raise refusals.UNKNOWN_AREA(code=code)
    return area.id, area.last


def code_of(area_id: int | None) -> str | None:
    """Return the code of an area."""
    return Area.objects.filter(pk=area_id).values_list("code", flat=True).first() if area_id else None


def areas_in(code: str | None, level: int | None, *, on: date) -> QuerySet[Area]:
    """Return the areas whose codes hold on a day: of one area and all below it, of one level.

    Raises:
        RuleBroken: unknown_area.
    """
    rows = living_areas(on).select_related("parent")
    if code is not None:
        first, last = interval_of_code(code)
        rows = rows.filter(id__gte=first, id__lte=last)
    return rows.filter(level=level) if level is not None else rows

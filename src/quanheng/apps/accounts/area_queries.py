"""Finding areas by their codes."""

from __future__ import annotations

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.models import Area


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

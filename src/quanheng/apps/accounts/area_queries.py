"""Finding areas by their codes."""

from __future__ import annotations

from quanheng.apps.accounts.models import Area
from quanheng.kit.refusal import RuleBroken


def interval_of_code(code: str) -> tuple[int, int]:
    """Return the positions of an area and all below it.

    Args:
        code: a division code of 2, 4, 6, 9 or 12 digits; where a code was used again, the area of today.

    Raises:
        RuleBroken: unknown_area.
    """
    area = Area.objects.filter(code__in={code, code.ljust(12, "0")}).order_by("-valid_from").first()
    if area is None:
        raise RuleBroken("unknown_area", f"没有区划代码 {code}。请用省、市、县或乡镇的区划代码，如 510104。")
    return area.id, area.last

"""Maximum permissible errors (VIM 4.26) as bands over the nominal value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quanheng.packs.case_fault import CaseFault


@dataclass(frozen=True, slots=True)
class Band:
    """The limits up to one nominal value.

    Args:
        up_to: where the band ends, itself included; None for the last band.
        lower, upper: limits of error, lower ≤ 0 ≤ upper.
    """

    up_to: Decimal | None
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of error at one point, both included."""

    lower: Decimal
    upper: Decimal

    def times(self, factor: Decimal) -> Limits:
        return Limits(self.lower * factor, self.upper * factor)

    @property
    def half_width(self) -> Decimal:
        """The absolute value of the maximum permissible error; the narrower side where the two differ."""
        return min(-self.lower, self.upper)

    def include(self, error: Decimal) -> bool:
        return self.lower <= error <= self.upper


def read_bands(rows: Iterable[Mapping[str, Any]]) -> tuple[Band, ...]:
    """Read the rows of a pack: ``{up_to?, limit}`` for ±limit, or ``{up_to?, lower, upper}``."""
    return tuple(
        Band(
            up_to=None if (end := row.get("up_to")) is None else Decimal(end),
            lower=Decimal(row["lower"]) if "lower" in row else -Decimal(row["limit"]),
            upper=Decimal(row["upper"] if "upper" in row else row["limit"]),
        )
        for row in rows
    )


def limits_at(bands: Iterable[Band], nominal: Decimal, field: str) -> Limits:
    """Return the limits of the band that a nominal value falls into; an upper end belongs to its band.

    Raises:
        CaseFault: below zero or beyond the last band; it names the field.
    """
    if nominal < 0:
        raise CaseFault(field, "negative_nominal", f"标称值不能小于 0，现为 {nominal}。", nominal=nominal)
    for band in bands:
        if band.up_to is None or nominal <= band.up_to:
            return Limits(band.lower, band.upper)
    raise CaseFault(
        field, "beyond_table", f"标称值 {nominal} 超出允差表的范围，请核对量程和准确度等级。", nominal=nominal
    )

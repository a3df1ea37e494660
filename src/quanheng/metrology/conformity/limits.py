"""Maximum permissible errors (VIM 4.26) as bands over the nominal value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


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
    """Limits of error at one point, both included.

    Args:
        is_one_sided: of a quantity that cannot be negative (a range, a leak, a noise): 0 is where it begins
            and no limit, so that only the upper end has a guard band.
    """

    lower: Decimal
    upper: Decimal
    is_one_sided: bool = False

    @classmethod
    def at_most(cls, upper: Decimal) -> Limits:
        """Return the limit of a quantity that cannot be negative."""
        return cls(Decimal(0), upper, is_one_sided=True)

    def times(self, factor: Decimal) -> Limits:
        return Limits(self.lower * factor, self.upper * factor, self.is_one_sided)

    def inside(self, guard: Decimal) -> Limits:
        """Return the acceptance limits within a guard band (JCGM 106, 8.3.2)."""
        lower = self.lower if self.is_one_sided else self.lower + guard
        return Limits(lower, self.upper - guard, self.is_one_sided)

    def are_missed_by(self, error: Decimal, guard: Decimal) -> bool:
        """Say whether an error lies beyond a limit by the guard band at least."""
        if error >= self.upper + guard:
            return True
        return error < self.lower if self.is_one_sided else error <= self.lower - guard

    @property
    def half_width(self) -> Decimal:
        """The absolute value of the maximum permissible error; the narrower side where the two differ.

        That of a single limit is the limit; limits on one side of zero permit half of what lies between.
        """
        if not self.upper.is_finite():
            return abs(self.lower)
        if self.is_one_sided or not self.lower.is_finite():
            return abs(self.upper)
        if self.lower <= 0 <= self.upper:
            return min(-self.lower, self.upper)
        return (self.upper - self.lower) / 2

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
        raise CaseFault(
            field,
            "negative_nominal",
            tell("标称值不能小于 0，现为 {nominal}。", nominal=nominal),
            nominal=nominal,
        )
    for band in bands:
        if band.up_to is None or nominal <= band.up_to:
            return Limits(band.lower, band.upper)
    raise CaseFault(
        field,
        "beyond_table",
        tell("标称值 {nominal} 超出允差表的范围，请核对量程和准确度等级。", nominal=nominal),
        nominal=nominal,
    )

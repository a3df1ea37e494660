"""A share in per cent, as everybody's spreadsheet rounds it: 2/3 is 66.67 %.

Half is rounded up, which is what a spreadsheet and a reader with a pencil do. One thing rounding may not do
is to say that a line was reached which was not: 98.999 % is not 99.00 % where 99 % is asked for, and nothing
but the whole is 100 %. There the share is cut. Whether a target is met is decided by the exact numbers, never
by what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

WHOLE = 100
PLACES = 2


def percentage(
    part: int, whole: int, *, places: int = PLACES, lines: Iterable[Decimal | int | Fraction] = ()
) -> Decimal | None:
    """Return the share in per cent; None of nothing.

    Args:
        places: decimals.
        lines: targets in per cent that rounding must not reach for it.
    """
    if whole == 0:
        return None
    exact = Fraction(WHOLE * part, whole)
    cut = exact * 10**places // 1
    rounded = (exact * 10**places + Fraction(1, 2)) // 1
    for line in (*lines, WHOLE):
        if exact < Fraction(line) <= Fraction(rounded, 10**places):
            rounded = cut
    return Decimal(rounded).scaleb(-places)


def percentage_text(
    part: int, whole: int, *, places: int = PLACES, lines: Iterable[Decimal | int | Fraction] = ()
) -> str:
    """Return the share with its sign, such as ``66.67%``; a dash of nothing."""
    share = percentage(part, whole, places=places, lines=lines)
    return "—" if share is None else f"{share:f}%"

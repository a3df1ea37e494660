"""Mean and standard deviation in decimals, exact to 28 digits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def mean(values: Sequence[Decimal]) -> Decimal:
    """Return the arithmetic mean of at least one value."""
    return sum(values, Decimal(0)) / len(values)


def deviation(values: Sequence[Decimal]) -> Decimal:
    """Return the experimental standard deviation (n − 1); 0 for a single value."""
    if len(values) < 2:
        return Decimal(0)
    centre = mean(values)
    return (sum(((value - centre) ** 2 for value in values), Decimal(0)) / (len(values) - 1)).sqrt()

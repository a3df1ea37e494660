"""One point of an examination and its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quanheng.metrology.conformity.limits import Limits


class Outcome(StrEnum):
    """What a decision rule says of one value."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"  # within the uncertainty of the limit: measure better, or let it be decided


@dataclass(frozen=True, slots=True)
class Step:
    """A number on the way to an error, such as the volume at the temperature of the dispenser.

    Args:
        name: in Chinese, with the symbol of the regulation where it has one.
    """

    name: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """One row of an examination.

    Args:
        part: the nozzle or channel; empty for the whole.
        quantity: what was measured, in Chinese.
        unit, error_unit: of nominal and indication; of error and limits.
        error: indication minus reference; a fuel dispenser's is positive when it delivers too little.
        steps: every number between the readings and the error, in order.
    """

    part: str
    quantity: str
    unit: str
    nominal: Decimal
    indication: Decimal
    error_unit: str
    error: Decimal
    limits: Limits
    outcome: Outcome
    steps: tuple[Step, ...] = ()


def plain_outcome(error: Decimal, limits: Limits) -> Outcome:
    """Decide by simple acceptance: the error is compared as it was found (GB/T 8170, 全数值比较法)."""
    return Outcome.PASSED if limits.include(error) else Outcome.FAILED


def overall(outcomes: Iterable[Outcome]) -> Outcome:
    """One failed point fails the whole; without one, an undecided point leaves it undecided."""
    found = set(outcomes)
    for outcome in (Outcome.FAILED, Outcome.UNDECIDED):
        if outcome in found:
            return outcome
    return Outcome.PASSED

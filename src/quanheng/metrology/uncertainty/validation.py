"""Whether the draws confirm the GUM framework, or why they cannot (JCGM 101, clause 8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quanheng.metrology.uncertainty.budget import Budget
from quanheng.metrology.uncertainty.coverage import Interval, Validation, tolerance_of, validate
from quanheng.metrology.uncertainty.digits import is_lost, rounding_error
from quanheng.metrology.uncertainty.monte_carlo import FINER, Simulated
from quanheng.metrology.uncertainty.propagation import Propagated


class Verdict(StrEnum):
    """What the draws say of the framework."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"  # the two intervals lie farther apart than the tolerance: use the draws
    NOT_STABLE = "not_stable"  # the draws did not settle: they confirm nothing
    UNDECIDED = "undecided"  # they did, but scatter by more than what the intervals lie from the tolerance
    NO_VARIANCE = "no_variance"  # a t-distribution of two degrees of freedom or fewer: there is no u(y)
    DIGITS_LOST = "digits_lost"  # the model subtracts nearly equal numbers: the draws are rounding


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison and what follows from it.

    Args:
        rounding: bound of what the binary evaluation of the model loses.
    """

    validation: Validation
    verdict: Verdict
    rounding: float


def compare(budget: Budget, framework: Propagated, told: Interval, found: Simulated, digits: int) -> Compared:
    """Compare the interval of the framework with the symmetric interval of the draws.

    Args:
        told: the coverage interval of the framework.
        digits: significant digits of the uncertainty that matter, 1 or 2.
    """
    rounding = rounding_error(budget.equation, budget)
    scale = min(found.scale, framework.stated_uncertainty) or found.scale or framework.stated_uncertainty
    lost = is_lost(rounding, tolerance_of(scale, digits), found.estimate, framework.exact)
    validation = validate(told, found.symmetric, tolerance_of(found.scale, digits))
    return Compared(validation, _verdict(validation, found, lost=lost), rounding)


def _verdict(validation: Validation, found: Simulated, *, lost: bool) -> Verdict:
    if lost:
        return Verdict.DIGITS_LOST
    if found.standard_uncertainty is None:
        return Verdict.NO_VARIANCE
    if not found.is_stable:
        return Verdict.NOT_STABLE
    if not _is_decided(validation, found):
        return Verdict.UNDECIDED
    return Verdict.CONFIRMED if validation.is_validated else Verdict.REFUTED


def _is_decided(validation: Validation, found: Simulated) -> bool:
    """Did the draws settle to δ/5 (8.2), or is the answer the same whatever their scatter?"""
    tolerance, spread = validation.tolerance, found.spread
    if spread is None or spread <= tolerance / FINER:
        return True
    largest = max(validation.lower_difference, validation.upper_difference)
    return abs(largest - tolerance) > spread

"""Intervals of a proportion: Wilson, Clopper and Pearson, and exact for a finite population."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from scipy import stats
from scipy.special import ndtri

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of a confidence interval."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class CountInterval:
    """How many of a finite population, both ends included."""

    lower: int
    upper: int


def wilson(hits: float, trials: float, confidence: float = 0.95) -> Interval:
    """Return Wilson's score interval (1927), without a correction for continuity.

    Raises:
        CaseFault: no trials, more hits than trials, a confidence outside (0, 1).
    """
    _check(hits, trials, confidence)
    z = float(ndtri(0.5 + confidence / 2))
    rate = hits / trials
    centre = rate + z * z / (2 * trials)
    half_width = z * sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    lower = 0.0 if hits == 0 else max(0.0, (centre - half_width) / scale)
    upper = 1.0 if hits == trials else min(1.0, (centre + half_width) / scale)
    return Interval(lower, upper)


def clopper_pearson(hits: float, trials: float, confidence: float = 0.95) -> Interval:
    """Return the exact binomial interval (1934); effective sizes of a survey may be fractions.

    Raises:
        CaseFault: as `wilson`.
    """
    _check(hits, trials, confidence)
    tail = (1 - confidence) / 2
    lower = 0.0 if hits == 0 else float(stats.beta.ppf(tail, hits, trials - hits + 1))
    upper = 1.0 if hits == trials else float(stats.beta.isf(tail, hits + 1, trials - hits))
    return Interval(lower, upper)


def most_defectives(hits: int, sample: int, population: int, confidence: float = 0.95) -> int:
    """Return the upper bound, one-sided, on the defectives of a lot from which a sample was drawn.

    The largest M of which ``hits`` or fewer are seen with a probability of at least 1 - confidence
    (hypergeometric). 1 - M/N is the compliance that the sample has shown.

    Raises:
        CaseFault: sizes that do not fit, a confidence outside (0, 1).
    """
    _check_lot(hits, sample, population, confidence)
    return _last_true(
        lambda defectives: bool(stats.hypergeom.cdf(hits, population, defectives, sample) >= 1 - confidence),
        hits,
        population - (sample - hits),
    )


def fewest_defectives(hits: int, sample: int, population: int, confidence: float = 0.95) -> int:
    """Return the lower bound, one-sided: the mirror image of `most_defectives`.

    Raises:
        CaseFault: as `most_defectives`.
    """
    return population - most_defectives(sample - hits, sample, population, confidence)


def defectives(hits: int, sample: int, population: int, confidence: float = 0.95) -> CountInterval:
    """Return the exact two-sided interval, half of the risk on either side.

    Raises:
        CaseFault: as `most_defectives`.
    """
    one_sided = 0.5 + confidence / 2
    return CountInterval(
        fewest_defectives(hits, sample, population, one_sided),
        most_defectives(hits, sample, population, one_sided),
    )


def _last_true(holds: Callable[[int], bool], first: int, last: int) -> int:
    """Return the last number for which something holds that holds up to there; it does for the first."""
    while first < last:
        middle = (first + last + 1) // 2
        if holds(middle):
            first = middle
        else:
            last = middle - 1
    return first


def _check(hits: float, trials: float, confidence: float) -> None:
    if not trials > 0:
        raise CaseFault(
            "trials", "empty", tell("样本量应大于 0，现为 {trials}。", trials=trials), trials=trials
        )
    if not 0 <= hits <= trials:
        raise CaseFault(
            "hits",
            "out_of_range",
            tell("计数应在 0 与样本量 {trials} 之间，现为 {hits}。", trials=trials, hits=hits),
            hits=hits,
        )
    if not 0 < confidence < 1:
        raise CaseFault(
            "confidence",
            "out_of_range",
            tell("置信水平应在 0 与 1 之间，现为 {confidence}。", confidence=confidence),
        )


def _check_lot(hits: int, sample: int, population: int, confidence: float) -> None:
    _check(hits, sample, confidence)
    if sample > population:
        message = tell("样本量 {sample} 不应大于总体 {population}。", sample=sample, population=population)
        raise CaseFault("sample", "out_of_range", message, sample=sample, population=population)

"""Estimates of a rate from units drawn one by one: stratified, or weighted by inclusion probabilities.

Both take the units for independent (Cochran 1977) and therefore ask how they were drawn: whole clusters are
`stratified_cluster_rate`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from quanheng.metrology.survey_estimates.clusters import ClusterRate
from quanheng.metrology.survey_estimates.proportions import Interval, clopper_pearson
from quanheng.metrology.survey_estimates.selection import Selection, check_drawn_by_unit
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class Stratum:
    """What was found in one stratum: size of the stratum and of its sample, and the hits in it."""

    population: int
    sample: int
    hits: int


@dataclass(frozen=True, slots=True)
class Rate:
    """An estimated rate.

    Args:
        standard_error: of the design, with the correction for a finite population.
        wald: normal interval, cut at 0 and 1; for many hits only.
        exact: Clopper and Pearson with the effective sample size (Korn, Graubard 1998); publish this one.
        effective_sample: how large a simple random sample of the same precision would be.
        sample, population: how many units were seen and how many there are.
    """

    rate: float
    standard_error: float
    wald: Interval
    exact: Interval
    effective_sample: float
    sample: int
    population: float


def stratified_rate(strata: Sequence[Stratum], confidence: float = 0.95, *, selection: Selection) -> Rate:
    """Return Σ W p with the variance Σ W² (1 - n/N) p(1 - p)/(n - 1).

    Args:
        selection: how the sample was drawn; whole clusters are refused.

    Raises:
        CaseFault: no strata, a sample larger than its stratum, fewer than two of a stratum that was not seen
            whole, a sample of clusters.
    """
    check_drawn_by_unit(selection)
    if not strata:
        raise CaseFault("strata", "empty", "请至少给出一层。")
    for place, stratum in enumerate(strata):
        _check_stratum(stratum, f"strata[{place}]")
    population = sum(stratum.population for stratum in strata)
    rate, variance = 0.0, 0.0
    for stratum in strata:
        weight, share = stratum.population / population, stratum.hits / stratum.sample
        rate += weight * share
        if stratum.sample < stratum.population:
            unseen = 1 - stratum.sample / stratum.population
            variance += weight**2 * unseen * share * (1 - share) / (stratum.sample - 1)
    return _rate(rate, variance, sum(stratum.sample for stratum in strata), population, confidence)


def weighted_rate(
    hits: ArrayLike, inclusion: ArrayLike, confidence: float = 0.95, *, selection: Selection
) -> Rate:
    """Return Hájek's estimate Σ(y/π)/Σ(1/π), for samples aimed at risk.

    The variance is that of the linearised residuals, n/(n - 1) Σ(1 - π)(w e/Σw)², which for equal
    probabilities is the one of a simple random sample. The population is the Horvitz and Thompson estimate.

    Args:
        hits: of each unit seen, 0 or 1.
        inclusion: probability with which each came into the sample.
        selection: how the sample was drawn; whole clusters are refused.

    Raises:
        CaseFault: fewer than two units, other values, a probability outside (0, 1], a sample of clusters.
    """
    check_drawn_by_unit(selection)
    seen, chance = _checked_sample(hits, inclusion)
    weights = 1 / chance
    total = float(weights.sum())
    rate = float((weights * seen).sum()) / total
    count = len(seen)
    terms = (1 - chance) * (weights * (seen - rate) / total) ** 2
    return _rate(rate, count / (count - 1) * float(terms.sum()), count, total, confidence)


def weighted_total(hits: ArrayLike, inclusion: ArrayLike) -> float:
    """Return Horvitz and Thompson's estimate of a total, Σ y/π.

    Raises:
        CaseFault: as `weighted_rate`.
    """
    seen, chance = _checked_sample(hits, inclusion)
    return float((seen / chance).sum())


def design_effect(rate: Rate | ClusterRate) -> float:
    """Return how much larger the variance is than that of a simple random sample of the same size."""
    return rate.sample / rate.effective_sample


def _rate(rate: float, variance: float, sample: int, population: float, confidence: float) -> Rate:
    error = sqrt(variance)
    half_width = float(ndtri(0.5 + confidence / 2)) * error
    effective = rate * (1 - rate) / variance if variance > 0 and 0 < rate < 1 else float(sample)
    return Rate(
        rate,
        error,
        Interval(max(0.0, rate - half_width), min(1.0, rate + half_width)),
        clopper_pearson(min(rate, 1.0) * effective, effective, confidence),
        effective,
        sample,
        population,
    )


def _checked_sample(hits: ArrayLike, inclusion: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    seen, chance = np.asarray(hits, dtype=np.float64), np.asarray(inclusion, dtype=np.float64)
    if seen.ndim != 1 or seen.shape != chance.shape or len(seen) < 2:
        raise CaseFault("inclusion", "wrong_shape", "至少两个单元，每个单元一个入样概率。")
    if not ((seen == 0) | (seen == 1)).all():
        raise CaseFault("hits", "out_of_range", "每个单元的结果应为 0 或 1。")
    if not ((chance > 0) & (chance <= 1)).all():
        raise CaseFault("inclusion", "out_of_range", "入样概率应大于 0、不大于 1。")
    return seen, chance


def _check_stratum(stratum: Stratum, field: str) -> None:
    if not 0 < stratum.sample <= stratum.population:
        message = tell(
            "样本量 {sample} 应大于 0、不大于该层总数 {population}。",
            sample=stratum.sample,
            population=stratum.population,
        )
        raise CaseFault(f"{field}.sample", "out_of_range", message)
    if not 0 <= stratum.hits <= stratum.sample:
        message = tell(
            "计数 {hits} 应在 0 与样本量 {sample} 之间。", hits=stratum.hits, sample=stratum.sample
        )
        raise CaseFault(f"{field}.hits", "out_of_range", message)
    if stratum.sample == 1 < stratum.population:
        raise CaseFault(f"{field}.sample", "too_few", "未普查的层至少抽 2 个，否则无法估计误差。")

"""A rate and a total from whole clusters drawn in strata: the ratio to size, linearised (Taylor).

R = ŷ/x̂ with ŷ = Σ N_h/n_h Σ y_hi over the clusters, x̂ likewise of their sizes, and
v(R) = Σ_h (1 - n_h/N_h) n_h/(n_h - 1) Σ_i (z_hi - z̄_h)², z_hi = N_h/n_h (y_hi - R x_hi)/x̂
(Cochran 1977, 11.9; Särndal, Swensson, Wretman 1992, 5.6; the same in R `survey` and SAS SURVEYMEANS).

Two intervals are given. That of t with clusters minus strata degrees of freedom is what statistical
packages print; it is symmetric, and nothing at all where no unit failed. Publish the one of Korn and
Graubard (1998), which is Clopper and Pearson's with the effective sample size: rates of failure are
small, and there it keeps its confidence, where t and logit do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from quanheng.metrology.control_charts.grid import Floats
from quanheng.metrology.survey_estimates.proportions import Interval, clopper_pearson
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class SeenCluster:
    """A cluster that was seen whole: how many units it has, and in how many of them something was found."""

    size: int
    hits: int


@dataclass(frozen=True, slots=True)
class ClusterStratum:
    """The clusters of one stratum: how many there are, and those that were drawn, with equal chances."""

    clusters: int
    seen: Sequence[SeenCluster]


@dataclass(frozen=True, slots=True)
class ClusterRate:
    """A rate and a total estimated from clusters.

    Args:
        standard_error: of the rate; of the design, with the correction for a finite population.
        degrees_of_freedom: clusters minus strata, of the strata that were not seen whole; 0 of a census.
        interval: by t, cut at 0 and 1.
        exact: Korn and Graubard's; publish this one.
        total: of what was found in the whole population, Σ N_h/n_h Σ y (Horvitz and Thompson).
        total_error, total_interval: of the total; by t, not below what was seen.
        effective_sample: how large a simple random sample of the same precision would be; never more than
            the units seen, and as many as clusters where their rates do not differ: that they do not is no
            sign that the units of a cluster are independent.
        sample, clusters: units and clusters seen.
        population: how many units there are, as estimated from the sizes.
    """

    rate: float
    standard_error: float
    degrees_of_freedom: int
    interval: Interval
    exact: Interval
    total: float
    total_error: float
    total_interval: Interval
    effective_sample: float
    sample: int
    clusters: int
    population: float


def stratified_cluster_rate(strata: Sequence[ClusterStratum], confidence: float = 0.95) -> ClusterRate:
    """Return the ratio estimate of a rate, and the expanded total, from clusters drawn in strata.

    Raises:
        CaseFault: no strata, clusters that do not fit, fewer than two of a stratum that was not seen whole,
            a confidence outside (0, 1).
    """
    _check(strata, confidence)
    hits = [np.array([one.hits for one in stratum.seen], dtype=np.float64) for stratum in strata]
    sizes = [np.array([one.size for one in stratum.seen], dtype=np.float64) for stratum in strata]
    weights = [stratum.clusters / len(stratum.seen) for stratum in strata]
    total, population = _expanded(weights, hits), _expanded(weights, sizes)
    rate = total / population
    residuals = [(found - rate * units) / population for found, units in zip(hits, sizes, strict=True)]
    error, total_error = sqrt(_variance(strata, residuals)), sqrt(_variance(strata, hits))
    units, clusters = int(sum(map(np.sum, sizes))), sum(map(len, hits))
    sampled = [stratum for stratum in strata if len(stratum.seen) < stratum.clusters]
    freedom = sum(len(stratum.seen) - 1 for stratum in sampled)
    t = _t(freedom, confidence) if sampled else 0.0
    effective = _effective(rate, error**2, units, clusters) if sampled else float(units)
    return ClusterRate(
        rate=rate, standard_error=error, degrees_of_freedom=freedom,
        interval=Interval(max(0.0, rate - t * error), min(1.0, rate + t * error)),
        exact=_korn_graubard(rate, effective, units, t, confidence) if sampled else Interval(rate, rate),
        total=total, total_error=total_error,
        total_interval=Interval(
            max(float(sum(map(np.sum, hits))), total - t * total_error), total + t * total_error
        ),
        effective_sample=effective, sample=units, clusters=clusters, population=population,
    )  # fmt: skip


def _expanded(weights: Sequence[float], values: Sequence[Floats]) -> float:
    return float(sum(weight * np.sum(one) for weight, one in zip(weights, values, strict=True)))


def _variance(strata: Sequence[ClusterStratum], values: Sequence[Floats]) -> float:
    """Return Σ_h (1 - n/N) n/(n - 1) Σ (w v - mean)², with w = N/n."""
    return sum(_terms(strata, values))


def _terms(strata: Sequence[ClusterStratum], values: Sequence[Floats]) -> Iterator[float]:
    for stratum, one in zip(strata, values, strict=True):
        count = len(one)
        if count < stratum.clusters:
            weighted = one * stratum.clusters / count
            yield (1 - count / stratum.clusters) * count * float(np.var(weighted, ddof=1))


def _effective(rate: float, variance: float, units: int, clusters: int) -> float:
    if variance <= 1e-30 or not 0 < rate < 1:  # rounding leaves a trace of rates that do not differ
        return float(clusters)
    return min(float(units), rate * (1 - rate) / variance)


def _korn_graubard(rate: float, effective: float, units: int, t: float, confidence: float) -> Interval:
    """Return Clopper and Pearson's interval of the effective sample, made smaller for the few clusters."""
    adjusted = effective * (_t(units - 1, confidence) / t) ** 2
    return clopper_pearson(min(1.0, rate) * adjusted, adjusted, confidence)


def _t(freedom: float, confidence: float) -> float:
    return float(stdtrit(freedom, 0.5 + confidence / 2))


def _check(strata: Sequence[ClusterStratum], confidence: float) -> None:
    if not strata:
        raise CaseFault("strata", "empty", "请至少给出一层。")
    if not 0 < confidence < 1:
        raise CaseFault(
            "confidence",
            "out_of_range",
            tell("置信水平应在 0 与 1 之间，现为 {confidence}。", confidence=confidence),
        )
    for place, stratum in enumerate(strata):
        _check_stratum(stratum, f"strata[{place}]")


def _check_stratum(stratum: ClusterStratum, field: str) -> None:
    count = len(stratum.seen)
    if not 0 < count <= stratum.clusters:
        message: str = tell(
            "抽中的群数 {count} 应大于 0、不大于该层的总群数 {clusters}。",
            count=count,
            clusters=stratum.clusters,
        )
        raise CaseFault(f"{field}.seen", "out_of_range", message)
    if count == 1 < stratum.clusters:
        message = "未普查的层至少抽 2 个群，否则无法估计误差；可与相近的层合并。"
        raise CaseFault(f"{field}.seen", "too_few", message)
    for place, one in enumerate(stratum.seen):
        if not (one.size > 0 and 0 <= one.hits <= one.size):
            message = "每个群的单元数应大于 0，计数应在 0 与单元数之间。"
            raise CaseFault(f"{field}.seen[{place}]", "out_of_range", message)

"""Repeatability and reproducibility of a measuring system (AIAG MSA, chapter III-B).

Readings come as an array (operators, parts, trials). Standard deviations are in the unit of the readings;
percentages are of the total variation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from quanheng.metrology.control_charts.grid import Floats
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell

LARGEST = 1e9  # categories that are counted


@dataclass(frozen=True, slots=True)
class GaugeConstants:
    """1/d2* by the number of trials (K1), operators (K2) and parts (K3); when an interaction is pooled."""

    trials: Mapping[int, float]
    operators: Mapping[int, float]
    parts: Mapping[int, float]
    distinct_categories: float
    pool_above_p: float


def read_gauge_constants(pack: RulePack) -> GaugeConstants:
    """Return the constants of a pack `control-chart/gauge`."""
    rule = pack.table("range-method").values
    tables = {
        name: {int(size): float(factor) for size, factor in rule[name].items()}
        for name in ("trials", "operators", "parts")
    }
    return GaugeConstants(
        **tables,
        distinct_categories=float(rule["distinct_categories"]),
        pool_above_p=float(pack.table("analysis-of-variance").values["pool_above_p"]),
    )


@dataclass(frozen=True, slots=True)
class GaugeStudy:
    """Where the variation comes from, as standard deviations.

    Args:
        repeatability: EV, of one operator on one part.
        reproducibility: AV, between operators; with the interaction of operator and part where there is one.
        interaction: part of the reproducibility; 0 where it was pooled.
        gauge: GRR; parts: PV; total: TV.
        categories: how many the system tells apart (ndc), not rounded down.
    """

    repeatability: float
    reproducibility: float
    interaction: float
    gauge: float
    parts: float
    total: float
    categories: float

    def percent(self, deviation: float) -> float:
        """Return a standard deviation as a percentage of the total variation."""
        return 100 * deviation / self.total


@dataclass(frozen=True, slots=True)
class RangeStudy:
    """A study by ranges: mean range within cells, range of the operators' and of the parts' means."""

    study: GaugeStudy
    mean_range: float
    operator_range: float
    part_range: float


@dataclass(frozen=True, slots=True)
class Source:
    """One line of the table of an analysis of variance; F and p are None for the error itself."""

    squares: float
    freedom: int
    mean_square: float
    f: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class VarianceStudy:
    """A study by analysis of variance.

    Args:
        sources: "part", "operator", "interaction", "repeatability" and, where pooled, "pooled".
        is_pooled: whether the interaction went into the repeatability.
    """

    study: GaugeStudy
    sources: Mapping[str, Source]
    is_pooled: bool


class GaugeRating(StrEnum):
    """Whether a measuring system will do (AIAG MSA, chapter II-D)."""

    ACCEPTABLE = "acceptable"
    MARGINAL = "marginal"  # by its importance and its cost
    UNACCEPTABLE = "unacceptable"


def rate_gauge(study: GaugeStudy, pack: RulePack) -> GaugeRating:
    """Rate a study by its share of the total variation and by the categories that it tells apart."""
    rule = pack.table("acceptance").values
    share = study.percent(study.gauge) if study.total else 100.0
    if share > rule["marginal_percent"] or int(min(study.categories, LARGEST)) < rule["fewest_categories"]:
        return GaugeRating.UNACCEPTABLE
    return GaugeRating.ACCEPTABLE if share < rule["acceptable_percent"] else GaugeRating.MARGINAL


def gauge_by_range(readings: ArrayLike, constants: GaugeConstants) -> RangeStudy:
    """Evaluate by the average and range method.

    Raises:
        CaseFault: not a complete (operators, parts, trials) array, or sizes without a constant.
    """
    values = _complete(readings)
    operators, parts, trials = values.shape
    k1 = _constant(constants.trials, trials, "trials")
    k2 = _constant(constants.operators, operators, "operators")
    k3 = _constant(constants.parts, parts, "parts")
    mean_range = float(np.ptp(values, axis=2).mean())
    operator_range = float(np.ptp(values.mean(axis=(1, 2))))
    part_range = float(np.ptp(values.mean(axis=(0, 2))))
    repeatability = mean_range * k1
    between = (operator_range * k2) ** 2 - repeatability**2 / (parts * trials)
    study = _study(
        repeatability**2, max(0.0, between), 0.0, (part_range * k3) ** 2, constants.distinct_categories
    )
    return RangeStudy(study, mean_range, operator_range, part_range)


def gauge_by_variance(
    readings: ArrayLike, constants: GaugeConstants, *, may_pool: bool = True
) -> VarianceStudy:
    """Evaluate by analysis of variance, two factors crossed, both random.

    Args:
        may_pool: whether an interaction whose p is above `pool_above_p` goes into the repeatability.

    Raises:
        CaseFault: not a complete (operators, parts, trials) array, or repeatability of exactly zero.
    """
    values = _complete(readings)
    operators, parts, trials = values.shape
    squares = _sums_of_squares(values)
    freedom = {
        "part": parts - 1,
        "operator": operators - 1,
        "interaction": (parts - 1) * (operators - 1),
        "repeatability": operators * parts * (trials - 1),
    }
    mean = {name: squares[name] / freedom[name] for name in freedom}
    if mean["repeatability"] <= 0:
        raise CaseFault("readings", "no_spread", "重复测量的读数完全相同，分辨力不足，无法作方差分析。")
    against_error = _tested(squares, freedom, "interaction", mean["repeatability"], freedom["repeatability"])
    is_pooled = may_pool and against_error.p is not None and against_error.p > constants.pool_above_p
    sources = {"repeatability": _source(squares, freedom, "repeatability"), "interaction": against_error}
    if is_pooled:
        squares["pooled"] = squares["interaction"] + squares["repeatability"]
        freedom["pooled"] = freedom["interaction"] + freedom["repeatability"]
        sources["pooled"] = _source(squares, freedom, "pooled")
    base = sources["pooled"] if is_pooled else against_error
    for name in ("part", "operator"):
        sources[name] = _tested(squares, freedom, name, base.mean_square, base.freedom)
    error = base.mean_square if is_pooled else mean["repeatability"]
    study = _study(
        error,
        max(0.0, (mean["operator"] - base.mean_square) / (parts * trials)),
        0.0 if is_pooled else max(0.0, (mean["interaction"] - error) / trials),
        max(0.0, (mean["part"] - base.mean_square) / (operators * trials)),
        constants.distinct_categories,
    )
    return VarianceStudy(study, sources, is_pooled)


def _sums_of_squares(values: Floats) -> dict[str, float]:
    operators, parts, trials = values.shape
    grand = values.mean()
    by_operator = values.mean(axis=(1, 2)) - grand
    by_part = values.mean(axis=(0, 2)) - grand
    cells = values.mean(axis=2)
    interaction = cells - grand - by_operator[:, None] - by_part[None, :]
    return {
        "part": float(operators * trials * (by_part**2).sum()),
        "operator": float(parts * trials * (by_operator**2).sum()),
        "interaction": float(trials * (interaction**2).sum()),
        "repeatability": float(((values - cells[:, :, None]) ** 2).sum()),
    }


def _source(squares: Mapping[str, float], freedom: Mapping[str, int], name: str) -> Source:
    return Source(squares[name], freedom[name], squares[name] / freedom[name])


def _tested(
    squares: Mapping[str, float], freedom: Mapping[str, int], name: str, error: float, error_freedom: int
) -> Source:
    mean_square = squares[name] / freedom[name]
    f = mean_square / error if error > 0 else np.inf
    p = stats.f.sf(f, freedom[name], error_freedom)
    return Source(squares[name], freedom[name], mean_square, float(f), float(p))


def _study(
    repeatability: float, operators: float, interaction: float, parts: float, categories: float
) -> GaugeStudy:
    """Return the study of variances that add up."""
    gauge = repeatability + operators + interaction
    return GaugeStudy(
        repeatability=sqrt(repeatability),
        reproducibility=sqrt(operators + interaction),
        interaction=sqrt(interaction),
        gauge=sqrt(gauge),
        parts=sqrt(parts),
        total=sqrt(gauge + parts),
        categories=categories * sqrt(parts / gauge) if gauge else float("inf"),
    )


def _complete(readings: ArrayLike) -> Floats:
    try:
        values = np.asarray(readings, dtype=np.float64)
    except ValueError:
        raise CaseFault("readings", "wrong_shape", "每位操作者对每个零件的测量次数应相同。") from None
    if values.ndim != 3 or min(values.shape) < 2:
        message = "读数应按 操作者 × 零件 × 次数 排列，每项至少 2。"
        raise CaseFault("readings", "wrong_shape", message, shape=values.shape)
    if not np.isfinite(values).all():
        raise CaseFault("readings", "missing_reading", "读数应齐全且为有限数。")
    return values


def _constant(table: Mapping[int, float], size: int, field: str) -> float:
    if size not in table:
        message = tell(
            "极差法的系数只收录 {first} 至 {last}，现为 {size}；可改用方差分析法。",
            first=min(table),
            last=max(table),
            size=size,
        )
        raise CaseFault(f"readings.{field}", "unknown_size", message, size=size)
    return table[size]

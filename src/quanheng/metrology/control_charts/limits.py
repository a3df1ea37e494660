"""Control limits of Shewhart's charts: individuals with moving range, mean with range, mean with deviation.

ISO 7870-2 (GB/T 17989.2), NIST/SEMATECH e-Handbook 6.3.2.1 and 6.3.2.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quanheng.metrology.control_charts.factors import FactorTable
from quanheng.metrology.control_charts.grid import Floats, as_rows
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class ControlLimits:
    """Centre line and limits of one chart.

    Args:
        sigma: standard deviation of a plotted point, in the unit of the readings.
    """

    centre: float
    sigma: float
    lower: float
    upper: float

    @classmethod
    def given(cls, centre: float, sigma: float) -> ControlLimits:
        """Return the limits of a process that is known, three sigma wide.

        Raises:
            CaseFault: a centre that is not finite, a sigma that is not positive.
        """
        check_sigma(sigma, "limits.sigma")
        if not np.isfinite(centre):
            raise CaseFault(
                "limits.centre",
                "not_finite",
                tell("中心线应为有限数，现为 {centre}。", centre=centre),
                centre=centre,
            )
        return cls(centre, sigma, centre - 3 * sigma, centre + 3 * sigma)

    def outside(self, values: ArrayLike) -> NDArray[np.bool_]:
        """Whether each value lies beyond a limit; for a spread, whose limits are not symmetrical."""
        points = np.asarray(values, dtype=np.float64)
        return (points > self.upper) | (points < self.lower)


@dataclass(frozen=True, slots=True)
class ShewhartCharts:
    """A pair of charts: of the level, and of the spread.

    Args:
        sigma_within: standard deviation of a single reading, from the spread within subgroups.
        level, spread: the plotted points.
    """

    level_limits: ControlLimits
    spread_limits: ControlLimits
    sigma_within: float
    level: Floats
    spread: Floats


def individuals_chart(readings: ArrayLike, table: FactorTable) -> ShewhartCharts:
    """Return the chart of individuals with its moving range of two.

    Args:
        readings: one series; a missing one has no moving range, nor has the one behind it.

    Raises:
        CaseFault: fewer than two successive readings, or all of them equal.
    """
    series = np.asarray(readings, dtype=np.float64)
    series = np.where(np.isfinite(series), series, np.nan)
    moving = np.abs(np.diff(series))
    there = moving[np.isfinite(moving)]
    if not len(there):
        raise CaseFault("readings", "too_few", "至少需要两个相邻的有效读数才能估计控制限。")
    factors = table.of_size(2)
    sigma = float(there.mean()) / factors.d2
    check_sigma(sigma, "readings")
    limits = ControlLimits.given(float(series[np.isfinite(series)].mean()), sigma)
    mean_range = float(there.mean())
    spread = ControlLimits(
        mean_range, factors.d3 * sigma, factors.lower_range * mean_range, factors.upper_range * mean_range
    )
    return ShewhartCharts(limits, spread, sigma, series, np.concatenate([[np.nan], moving]))


def mean_and_range_chart(subgroups: ArrayLike, table: FactorTable) -> ShewhartCharts:
    """Return the charts of means and ranges of subgroups, one row each.

    Raises:
        CaseFault: a missing reading, a size that the table does not have, no spread at all.
    """
    rows = _complete(subgroups)
    factors = table.of_size(rows.shape[1])
    ranges = np.ptp(rows, axis=1)
    mean_range = float(ranges.mean())
    check_sigma(mean_range, "subgroups")
    sigma = mean_range / factors.d2
    spread = ControlLimits(
        mean_range, factors.d3 * sigma, factors.lower_range * mean_range, factors.upper_range * mean_range
    )
    means = rows.mean(axis=1)
    level = ControlLimits.given(float(means.mean()), factors.a2 * mean_range / 3)
    return ShewhartCharts(level, spread, sigma, means, ranges)


def mean_and_deviation_chart(subgroups: ArrayLike, table: FactorTable) -> ShewhartCharts:
    """Return the charts of means and standard deviations of subgroups, one row each.

    Raises:
        CaseFault: as `mean_and_range_chart`.
    """
    rows = _complete(subgroups)
    factors = table.of_size(rows.shape[1])
    deviations = rows.std(axis=1, ddof=1)
    mean_deviation = float(deviations.mean())
    check_sigma(mean_deviation, "subgroups")
    sigma = mean_deviation / factors.c4
    spread = ControlLimits(
        mean_deviation,
        sigma * float(np.sqrt(1 - factors.c4**2)),
        factors.lower_deviation * mean_deviation,
        factors.upper_deviation * mean_deviation,
    )
    means = rows.mean(axis=1)
    level = ControlLimits.given(float(means.mean()), factors.a3 * mean_deviation / 3)
    return ShewhartCharts(level, spread, sigma, means, deviations)


def check_sigma(sigma: float, field: str) -> None:
    """Refuse a standard deviation that is not a positive number.

    Raises:
        CaseFault: it is zero, negative or not finite.
    """
    if not (np.isfinite(sigma) and sigma > 0):
        message = tell("标准差应为大于 0 的数，现为 {sigma}；读数全部相同时请给出控制限。", sigma=sigma)
        raise CaseFault(field, "no_spread", message, sigma=sigma)


def _complete(subgroups: ArrayLike) -> Floats:
    rows = as_rows(subgroups)
    if not rows.size or not np.isfinite(rows).all():
        raise CaseFault("subgroups", "missing_reading", "每个子组的读数都应齐全且为有限数。")
    return rows

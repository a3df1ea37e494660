"""How a sample is shared out among strata: in proportion, or where it tells most for its cost (Neyman)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from quanheng.metrology.control_charts.grid import Floats
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


def proportional_shares(sizes: ArrayLike, sample: float) -> Floats:
    """Return n·N_h/ΣN, not rounded.

    Raises:
        CaseFault: no strata, a size that is negative, all of them zero.
    """
    return _shares(sizes, sample, "sizes")


def neyman_shares(sizes: ArrayLike, deviations: ArrayLike, sample: float, costs: ArrayLike = 1.0) -> Floats:
    """Return n·w_h/Σw with w_h = N_h S_h/√c_h, not rounded.

    Args:
        deviations: S_h; √(p(1 - p)) of a rate.
        costs: of one unit in each stratum, in any currency.

    Raises:
        CaseFault: as `proportional_shares`; a cost that is not positive.
    """
    prices = np.asarray(costs, dtype=np.float64)
    if not (prices > 0).all():
        raise CaseFault("costs", "not_positive", "每层的单位费用应大于 0。")
    counts, spreads = np.asarray(sizes, dtype=np.float64), np.asarray(deviations, dtype=np.float64)
    if counts.shape != spreads.shape or prices.shape not in {(), counts.shape}:
        raise CaseFault("deviations", "wrong_shape", "每层应各有一个标准差；费用一个，或每层一个。")
    weights = counts * spreads / np.sqrt(prices)
    return _shares(weights, sample, "deviations")


def whole_numbers(
    shares: ArrayLike, sizes: Sequence[int], sample: int, *, at_least: int = 0
) -> tuple[int, ...]:
    """Round shares to whole numbers that add up, by largest remainder, between a floor and the size.

    Args:
        at_least: floor of each stratum; a smaller stratum is taken whole.

    Raises:
        CaseFault: the floors are more than the sample, or the strata less.
    """
    weights = np.asarray(shares, dtype=np.float64)
    tops = np.asarray(sizes, dtype=np.int64)
    floors = np.minimum(tops, at_least)
    if weights.shape != tops.shape:
        raise CaseFault("shares", "wrong_shape", "份额与层数不一致。")
    if not floors.sum() <= sample <= tops.sum():
        message = tell(
            "样本量 {sample} 应在各层下限之和 {least} 与总数 {most} 之间。",
            sample=sample,
            least=floors.sum(),
            most=tops.sum(),
        )
        raise CaseFault("sample", "out_of_range", message, sample=sample)
    ideal = _within(weights, floors, tops, sample)
    counts = np.floor(ideal + 1e-9).astype(np.int64)
    order = np.lexsort((np.arange(len(ideal)), -np.round(ideal - counts, 9)))
    open_strata = [place for place in order if counts[place] < tops[place]]
    counts[open_strata[: sample - int(counts.sum())]] += 1
    return tuple(int(count) for count in counts)


def _within(weights: Floats, floors: np.ndarray, tops: np.ndarray, sample: int) -> Floats:
    """Return the shares for the scale at which, held between floors and tops, they add up to the sample."""
    weights = np.maximum(weights, 1e-12)
    low, high = 0.0, float((tops / weights).max())
    for _ in range(200):
        scale = (low + high) / 2
        if np.clip(weights * scale, floors, tops).sum() < sample:
            low = scale
        else:
            high = scale
    held: Floats = np.clip(weights * high, floors, tops)
    return held


def _shares(weights: ArrayLike, sample: float, field: str) -> Floats:
    values = np.asarray(weights, dtype=np.float64)
    if values.ndim != 1 or not np.isfinite(values).all() or (values < 0).any() or not values.sum() > 0:
        raise CaseFault(field, "out_of_range", "各层的数应不小于 0，且不全为 0。")
    shares: Floats = sample * values / values.sum()
    return shares

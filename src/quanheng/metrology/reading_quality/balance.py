"""Does what went in come out: the gap of a balance against its own uncertainty, not a fixed percentage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quanheng.metrology.control_charts.grid import Floats
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance of each period.

    Args:
        gap: inflow less outflows and losses, in the unit of the readings; NaN where a reading is missing.
        relative_gap: of the inflow; NaN where nothing flowed in.
        uncertainty: combined standard uncertainty of the gap, in the unit of the readings.
        is_open: whether the gap is larger than its expanded uncertainty.
    """

    gap: Floats
    relative_gap: Floats
    uncertainty: Floats
    is_open: NDArray[np.bool_]


def balance(
    inflow: ArrayLike,
    outflows: ArrayLike,
    inflow_uncertainty: ArrayLike,
    outflow_uncertainties: ArrayLike,
    losses: ArrayLike = 0.0,
    *,
    coverage: float = 2.0,
) -> Balance:
    """Compare inflow with outflows, period by period.

    Args:
        inflow: (periods,).
        outflows: (meters, periods).
        inflow_uncertainty, outflow_uncertainties: standard uncertainties in the unit of the readings, one or
            of a shape that broadcasts to that of inflow or outflows.
        losses: known losses, such as of a transformer.
        coverage: k of the expanded uncertainty.

    Raises:
        CaseFault: a negative uncertainty, or shapes that do not fit.
    """
    received = np.asarray(inflow, dtype=np.float64)
    delivered = np.atleast_2d(np.asarray(outflows, dtype=np.float64))
    if received.ndim != 1 or delivered.shape[1:] != received.shape:
        message = tell(
            "进量为各时段一列数，出量为 表计 × 时段；现为 {inflow} 与 {outflows}。",
            inflow=received.shape,
            outflows=delivered.shape,
        )
        raise CaseFault("outflows", "wrong_shape", message)
    u_in = _uncertainty(inflow_uncertainty, received.shape, "inflow_uncertainty")
    u_out = _uncertainty(outflow_uncertainties, delivered.shape, "outflow_uncertainties")
    gap = received - delivered.sum(axis=0) - np.asarray(losses, dtype=np.float64)
    uncertainty = np.sqrt(u_in**2 + (u_out**2).sum(axis=0))
    relative = np.divide(gap, received, out=np.full(received.shape, np.nan), where=received != 0)
    return Balance(gap, relative, uncertainty, np.abs(gap) > coverage * uncertainty)


def _uncertainty(values: ArrayLike, shape: tuple[int, ...], field: str) -> Floats:
    try:
        uncertainties = np.broadcast_to(np.asarray(values, dtype=np.float64), shape)
    except ValueError:
        raise CaseFault(
            field, "wrong_shape", tell("不确定度应能与读数 {shape} 对应。", shape=shape)
        ) from None
    if (uncertainties < 0).any():
        raise CaseFault(field, "negative", "标准不确定度应不小于 0。")
    return uncertainties

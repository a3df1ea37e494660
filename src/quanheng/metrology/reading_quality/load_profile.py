"""The shape of a load over the day or the week: what usually flows depends on the hour.

A shop draws by night a tenth of what it draws by day. Held against one typical rate, its nights look like a
wrong ratio, and a wrong ratio looks like a night; so each reading is compared with the load's own profile.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from quanheng.metrology.control_charts.grid import Floats, as_rows
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

DAY = 86_400.0
LEAST_READINGS = 3  # of each slot, so that one odd day does not make the profile


@dataclass(frozen=True, slots=True)
class LoadProfile:
    """How a load is spread over a period.

    Args:
        shape: load in equal slots of the period, relative to its mean: (slots,) for every channel, or
            (channels, slots).
        period: seconds; a day, or a week where Sundays differ.
        begins: an instant at which a period begins, such as a midnight.
    """

    shape: ArrayLike
    period: float = DAY
    begins: float = 0.0

    def share(self, begin: Floats, end: Floats) -> Floats:
        """Return how many times the mean flows between two instants, (channels, samples).

        Raises:
            CaseFault: slots of another number of channels, or a load that is negative or nothing at all.
        """
        shape = _normal(self.shape, len(begin))
        passed = self._passed(shape, end) - self._passed(shape, begin)
        with np.errstate(divide="ignore", invalid="ignore"):
            share: Floats = passed / (end - begin)
        return share

    def _passed(self, shape: Floats, instant: Floats) -> Floats:
        """Return what has passed since `begins`, in seconds at the mean rate."""
        slots = shape.shape[1]
        total = np.column_stack([np.zeros(len(shape)), np.cumsum(shape, axis=1)]) / slots
        periods = (instant - self.begins) / self.period
        whole = np.floor(periods)
        place = (periods - whole) * slots
        slot = np.nan_to_num(np.minimum(place, slots - 1)).astype(np.int64)
        within = np.take_along_axis(total, slot, axis=1)
        within += np.take_along_axis(shape, slot, axis=1) * (place - slot) / slots
        passed: Floats = (whole + within) * self.period
        return passed


def learn_profile(
    time: ArrayLike, consumption: ArrayLike, slots: int, *, period: float = DAY, begins: float = 0.0
) -> tuple[Floats, LoadProfile]:
    """Learn what usually flows from readings that are believed: the median rate of each slot.

    Args:
        time: of the readings, (channels, samples), in order; consumption: since the reading before, NaN
            where it is not known.

    Returns:
        The typical rate of each channel (units of the register a second) and the profile.

    Raises:
        CaseFault: shapes that do not fit, a slot with fewer than three readings, or nothing used.
    """
    times, used = as_rows(time), as_rows(consumption)
    if times.shape != used.shape:
        message = tell("时刻与用量应同形，现为 {times} 与 {used}。", times=times.shape, used=used.shape)
        raise CaseFault("consumption", "wrong_shape", message)
    lasted = np.diff(times, axis=1)
    rates = used[:, 1:] / np.where(lasted > 0, lasted, np.nan)
    middle = (times[:, 1:] - lasted / 2 - begins) / period
    slot = np.nan_to_num(np.floor((middle - np.floor(middle)) * slots))
    medians = np.empty((len(times), slots))
    for number in range(slots):
        here = np.where((slot == number) & np.isfinite(rates), rates, np.nan)
        if (np.isfinite(here).sum(axis=1) < LEAST_READINGS).any():
            message = tell(
                "第 {number} 个时段的读数少于 {least_readings} 个，不能得出负荷曲线。",
                number=number + 1,
                least_readings=LEAST_READINGS,
            )
            raise CaseFault("consumption", "too_few", message, slot=number)
        medians[:, number] = np.nanmedian(here, axis=1)
    typical = medians.mean(axis=1)
    if not (typical > 0).all():
        raise CaseFault("consumption", "not_positive", "各时段都没有用量，不能得出负荷曲线。")
    return typical, LoadProfile(medians / typical[:, None], period, begins)


def _normal(shape: ArrayLike, channels: int) -> Floats:
    rows = as_rows(shape)
    if len(rows) not in {1, channels}:
        message = tell(
            "负荷曲线应为 1 条或每通道 1 条（共 {channels} 条），现有 {count} 条。",
            channels=channels,
            count=len(rows),
        )
        raise CaseFault("meters.profile", "wrong_shape", message)
    if not (rows >= 0).all() or not (rows.sum(axis=1) > 0).all():
        raise CaseFault("meters.profile", "not_positive", "负荷曲线各时段应不小于 0，且不全为 0。")
    normal: Floats = np.broadcast_to(rows / rows.mean(axis=1, keepdims=True), (channels, rows.shape[1]))
    return normal

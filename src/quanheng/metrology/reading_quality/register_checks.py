"""Checks of the readings of cumulative registers.

Readings come as grids of one row a channel in the order of arrival (`control_charts.grid.as_grid` makes
them), NaN behind the last one of a row. A step is always judged against the newest reading accepted before:
one that is late in time, a repeat, a duplicate or one from the future is flagged and is nobody's base. Any
cut into batches gives the same flags.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quanheng.metrology.control_charts.grid import (
    Floats,
    Integers,
    as_rows,
    check_state,
    last_columns,
    packed,
)
from quanheng.metrology.reading_quality.flags import ReadingFlag
from quanheng.metrology.reading_quality.readings import Readings, RegisterState
from quanheng.metrology.reading_quality.settings import Meters, QualityRule, frozen_readings

Bools = NDArray[np.bool_]
Masks = NDArray[np.uint16]
LATEST = 1e11  # seconds; an instant 3000 years away is none
LARGEST = 1e15  # no register has more digits, and a float no more places


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks found.

    Args:
        flags: a mask of `ReadingFlag` for each reading; 0 where there is none.
        consumption: since the base, rollover accounted for; NaN where it cannot be told.
        missing: how many readings were missed before this one.
    """

    flags: Masks
    consumption: Floats
    missing: Integers
    state: RegisterState


@dataclass(frozen=True, slots=True)
class _Grids:
    """A batch with the base of each reading: the newest reading accepted before it.

    Args:
        present: there is a reading; valued: with a value; accepted: valued, newer than its base, and not more
            than an interval ahead of its receipt.
        order: for each reading the number of the last one accepted up to it, 0 for the one in the state.
    """

    time: Floats
    value: Floats
    meter: Floats
    present: Bools
    valued: Bools
    accepted: Bools
    order: Integers
    base_time: Floats
    base_value: Floats
    base_meter: Floats


@dataclass(frozen=True, slots=True)
class _Batch:
    """Everything that a check may look at, and the flags that it adds to."""

    readings: Readings
    grids: _Grids
    meters: Meters
    rule: QualityRule
    state: RegisterState
    flags: Masks

    def of_meters(self, name: str) -> Floats:
        return self.meters.of(name, len(self.grids.time))

    def mark(self, where: Bools, flag: ReadingFlag) -> None:
        self.flags[where] |= np.uint16(flag)


def check_readings(
    readings: Readings, meters: Meters, rule: QualityRule, state: RegisterState | None = None
) -> Checked:
    """Judge a batch.

    Raises:
        CaseFault: shapes that do not fit, a meter's item that is not positive.
    """
    channels = len(as_rows(readings.time))
    state = state or RegisterState.start(channels, rule)
    check_state(len(state.time), channels)
    grids = _with_bases(readings, meters, state)
    batch = _Batch(readings, grids, meters, rule, state, np.zeros(grids.time.shape, dtype=np.uint16))
    _check_arrivals(batch)
    swapped = _check_swaps(batch)
    missing = _check_gaps(batch)
    consumption = _check_steps(batch, swapped)
    newest = {
        name: _at_last(getattr(state, name), getattr(grids, name), grids.order)
        for name in ("time", "value", "meter")
    }
    after = RegisterState(
        **newest,
        still=_check_frozen(batch, swapped),
        delays=_check_delays(batch),
        ratios=_check_ratios(batch, consumption),
    )
    shape = np.shape(readings.time)
    return Checked(batch.flags.reshape(shape), consumption.reshape(shape), missing.reshape(shape), after)


def _with_bases(readings: Readings, meters: Meters, state: RegisterState) -> _Grids:
    time, value = as_rows(readings.time), readings.grid("value", np.nan)
    meter = readings.grid("meter", np.nan)
    present = np.abs(time) <= LATEST
    time = np.where(present, time, np.nan)
    valued = present & (np.abs(value) <= LARGEST)
    # a clock a year ahead must not make every later reading look old
    ahead = time - readings.grid("received", np.nan) > meters.of("interval", len(time))
    credible = valued & ~ahead
    times = np.column_stack([state.time, np.where(credible, time, np.nan)])
    newest = np.fmax.accumulate(times, axis=1)[:, :-1]
    accepted = credible & ~(time <= newest)
    places = np.where(accepted, np.arange(1, time.shape[1] + 1), 0)
    order = np.maximum.accumulate(places, axis=1) if places.size else places
    before = np.column_stack([np.zeros(len(time), np.int64), order])[:, :-1]
    bases = [
        np.take_along_axis(np.column_stack([start, rows]), before, axis=1)
        for start, rows in ((state.time, time), (state.value, value), (state.meter, meter))
    ]
    return _Grids(time, value, meter, present, valued, accepted, order, *bases)


def _at_last(start: Floats, rows: Floats, order: Integers) -> Floats:
    """Return what the last accepted reading of each row has; what the state has where there is none."""
    last = order[:, -1:] if order.shape[1] else np.zeros((len(rows), 1), np.int64)
    taken: Floats = np.take_along_axis(np.column_stack([start, rows]), last, axis=1)[:, 0]
    return taken


def _check_arrivals(batch: _Batch) -> None:
    grids = batch.grids
    same_time = grids.valued & (grids.time == grids.base_time)
    batch.mark(np.abs(as_rows(batch.readings.time)) > LATEST, ReadingFlag.CLOCK)
    batch.mark(grids.present & ~grids.valued, ReadingFlag.NO_VALUE)
    batch.mark(grids.present & (grids.time < grids.base_time), ReadingFlag.OUT_OF_ORDER)
    batch.mark(same_time & (grids.value != grids.base_value), ReadingFlag.DUPLICATE)
    batch.mark(same_time & (grids.value == grids.base_value), ReadingFlag.REPEATED)


def _check_delays(batch: _Batch) -> Floats:
    """Flag late readings, and clocks: ahead, or behind when even the quickest of the last ones was late."""
    grids, allowed = batch.grids, batch.of_meters("allowed_delay")
    delay = np.where(grids.present, batch.readings.grid("received", np.nan) - grids.time, np.nan)
    batch.mark(delay > allowed, ReadingFlag.LATE)
    batch.mark(delay < -batch.of_meters("clock_tolerance"), ReadingFlag.CLOCK)
    joined, so_far, history = _with_history(delay, batch.state.delays)
    least = joined[:, : joined.shape[1] - history.shape[1]]
    for place in range(1, history.shape[1] + 1):
        least = np.minimum(least, joined[:, place : place + least.shape[1]])
    behind = _spread_out(least > allowed, so_far)
    batch.mark(behind & np.isfinite(delay), ReadingFlag.CLOCK)
    return history


def _check_gaps(batch: _Batch) -> Integers:
    """Flag readings behind a gap, and return how many are missing before each."""
    grids = batch.grids
    gaps = np.where(grids.accepted, (grids.time - grids.base_time) / batch.of_meters("interval"), np.nan)
    is_long = gaps > batch.rule.missing_gap_intervals
    batch.mark(is_long, ReadingFlag.MISSING)
    return np.where(is_long, np.rint(gaps) - 1, 0).astype(np.int64)


def _check_swaps(batch: _Batch) -> Bools:
    grids = batch.grids
    known = np.isfinite(grids.meter) & np.isfinite(grids.base_meter)
    reported = batch.readings.grid("is_swap", 0.0) != 0
    swapped: Bools = grids.accepted & ((known & (grids.meter != grids.base_meter)) | reported)
    batch.mark(swapped, ReadingFlag.METER_SWAP)
    return swapped


def _check_steps(batch: _Batch, swapped: Bools) -> Floats:
    """Flag steps back, rollovers and spikes, and return what was consumed since the base."""
    grids, capacity = batch.grids, batch.of_meters("capacity")
    step = np.where(grids.accepted & ~swapped, grids.value - grids.base_value, np.nan)
    possible = batch.of_meters("nameplate_rate") * (grids.time - grids.base_time)
    back = step < 0
    rolled = back & (grids.base_value > batch.rule.rollover_share * capacity) & (step + capacity <= possible)
    batch.mark(rolled, ReadingFlag.ROLLOVER)
    batch.mark(back & ~rolled, ReadingFlag.NEGATIVE_STEP)
    consumption = np.where(rolled, step + capacity, np.where(back, np.nan, step))
    limit = batch.rule.spike_nameplates * possible + batch.of_meters("resolution")
    batch.mark(consumption > limit, ReadingFlag.SPIKE)
    return consumption


def _check_frozen(batch: _Batch, swapped: Bools) -> Floats:
    """Flag registers that stand still too long, and return for how many readings each has stood."""
    grids = batch.grids
    usual = batch.of_meters("typical_rate") * batch.of_meters("interval")
    allowed = frozen_readings(batch.of_meters("resolution"), usual, batch.rule.frozen_probability)
    moved = grids.accepted & (swapped | (grids.value != grids.base_value))
    stood = grids.accepted & ~moved & (batch.readings.grid("has_load", 1.0) != 0)
    weight = np.minimum(1.0, batch.meters.share(grids.base_time, grids.time))
    count = np.cumsum(np.where(stood, weight, 0.0), axis=1, dtype=np.float64)
    before = np.column_stack([-batch.state.still, np.where(moved, count, -np.inf)])
    still = count - np.maximum.accumulate(before, axis=1)[:, 1:]
    batch.mark(stood & (still >= allowed), ReadingFlag.FROZEN)
    return still[:, -1] if still.shape[1] else batch.state.still


def _check_ratios(batch: _Batch, consumption: Floats) -> Floats:
    """Flag readings that several times running are a multiple of what is usual at their hour.

    The mean of the last ratios is near a factor, and each of them nearer to it than to one: a load scatters,
    and a single reading says little.
    """
    begin, end = batch.grids.base_time, batch.grids.time
    usual = batch.of_meters("typical_rate") * (end - begin) * batch.meters.share(begin, end)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = consumption / usual
    joined, so_far, history = _with_history(np.where(np.isfinite(ratio), ratio, np.nan), batch.state.ratios)
    count = joined.shape[1] - history.shape[1]
    windows = [joined[:, place : place + count] for place in range(history.shape[1] + 1)]
    with np.errstate(over="ignore"):
        factor = _near_factor(sum(windows[1:], start=windows[0]) / len(windows), batch.rule)
    nearer = np.sqrt(factor)
    least, most = windows[0], windows[0]
    for window in windows[1:]:
        least, most = np.minimum(least, window), np.maximum(most, window)
    same = ((factor > 1) & (least > nearer)) | ((factor < 1) & (most < nearer))
    batch.mark(_spread_out(same, so_far) & np.isfinite(ratio), ReadingFlag.UNIT_RATIO)
    return history


def _near_factor(ratio: Floats, rule: QualityRule) -> Floats:
    """Return for each ratio the factor that it is near to; NaN for none."""
    factors = np.array([*sorted(rule.ratio_factors), np.inf])
    place = np.searchsorted(factors * (1 - rule.ratio_tolerance), ratio, side="right") - 1
    near = factors[place]
    is_near = (place >= 0) & (ratio <= near * (1 + rule.ratio_tolerance))
    return np.where(is_near, near, np.nan)


def _with_history(values: Floats, history: Floats) -> tuple[Floats, Integers, Floats]:
    """Return history and finite values behind each other, how many there were, and the next history."""
    left, so_far = packed(values)
    room = np.full((len(values), 1), np.nan)  # for one window at least, if there is no value at all
    counts = so_far[:, -1] if so_far.shape[1] else np.zeros(len(values), np.int64)
    return np.concatenate([history, left, room], axis=1), so_far, last_columns(history, left, counts)


def _spread_out(found: Bools, so_far: Integers) -> Bools:
    """Return what was found for packed values where those values stand."""
    before = np.column_stack([np.zeros(len(found), np.bool_), found])
    taken: Bools = np.take_along_axis(before, so_far, axis=1)
    return taken

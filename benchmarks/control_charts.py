"""Control charts with Western Electric rules 1 to 4 on, readings a second on one core, state carried.

    python -m benchmarks.control_charts

The same readings go through the same rules written plainly: one reading after the other in Python, and NumPy
with a sliding window for each rule. All three must flag the same readings. For scale: one NumPy comparison of
the same readings with their limits, which is rule 1 alone. `quality` is every check of `reading_quality` on
registers. Reach: 20 million readings a second.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from benchmarks import common
from quanheng.metrology.control_charts.cusum import CusumChart, CusumState, cusum
from quanheng.metrology.control_charts.ewma import EwmaChart, EwmaState, ewma
from quanheng.metrology.control_charts.run_rules import (
    RunRule,
    RunRuleState,
    apply_run_rules,
    read_run_rules,
)
from quanheng.metrology.reading_quality.readings import Readings, RegisterState
from quanheng.metrology.reading_quality.register_checks import check_readings
from quanheng.metrology.reading_quality.settings import Meters, read_quality_rule
from quanheng.packs.shipped import shipped

MEASURES = ("src/quanheng/metrology/control_charts", "src/quanheng/metrology/reading_quality")
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
CHANNELS = 1000
BATCHES = 10
TIMES = 5
Floats = NDArray[np.float64]
Flags = NDArray[np.uint8]


def main() -> None:
    samples = max(200, int(5000 * SCALE))
    readings = np.random.default_rng(20260601).normal(size=(CHANNELS, samples))
    pack = shipped().in_force("control-chart/run-rules", date(2026, 6, 1))
    western_electric, nelson = (read_run_rules(pack, name) for name in ("western-electric", "nelson"))
    ours = rate(readings, lambda: in_batches(readings, western_electric))
    one_comparison = rate(readings, lambda: np.abs(readings) > 3)
    with_windows = rate(readings, lambda: sliding(readings), times=2)
    few = readings[:20]
    plain = rate(few, lambda: one_by_one(few), times=1)
    flags = in_batches(readings, western_electric)
    same = bool((flags == sliding(readings)).all() and (flags[:20] == one_by_one(few)).all())
    stream = readings.reshape(-1, min(100_000, readings.size // 20))[:20]
    common.report(
        "control_charts",
        same_flags=same,
        million_readings_a_second=ours,
        reach=20.0,
        ratio_to_plain_python=round(ours / plain, 1),
        ratio_to_numpy_windows=round(ours / with_windows, 1),
        ratio_to_one_comparison=round(ours / one_comparison, 2),
        nelson=rate(readings, lambda: in_batches(readings, nelson)),
        ewma=rate(readings, lambda: averages(readings)),
        cusum=rate(readings, lambda: sums(readings)),
        quality=rate(readings, lambda: checked(len(readings), samples)),
        channels_one_reading_each=stream.shape[1],
        one_reading_each=rate(stream, lambda: one_at_a_time(stream, western_electric)),
    )


def rate(readings: Floats, call: Callable[[], object], times: int = TIMES) -> float:
    """Return millions of readings a second."""
    return round(readings.size / 1000 / common.median(common.milliseconds(call, times)), 2)


def in_batches(readings: Floats, rules: tuple[RunRule, ...]) -> Flags:
    """The chart as the platform uses it: batch after batch, the state handed on."""
    state, flags = RunRuleState.start(len(readings), rules), []
    for batch in np.array_split(readings, BATCHES, axis=1):
        found, state = apply_run_rules(batch, 0.0, 1.0, rules, state)
        flags.append(found)
    return np.concatenate(flags, axis=1)


def one_at_a_time(stream: Floats, rules: tuple[RunRule, ...]) -> None:
    """The worst case of a stream: each batch has one reading of every channel."""
    state = RunRuleState.start(stream.shape[1], rules)
    for batch in stream:
        _, state = apply_run_rules(batch[:, None], 0.0, 1.0, rules, state)


def averages(readings: Floats) -> None:
    chart = EwmaChart(0.0, 1.0)
    state = EwmaState.start(len(readings), chart)
    for batch in np.array_split(readings, BATCHES, axis=1):
        state = ewma(batch, chart, state).state


def sums(readings: Floats) -> None:
    chart = CusumChart(0.0, 1.0)
    state = CusumState.start(len(readings), chart)
    for batch in np.array_split(readings, BATCHES, axis=1):
        state = cusum(batch, chart, state).state


def checked(channels: int, samples: int) -> None:
    rule = read_quality_rule(shipped().in_force("control-chart/reading-quality", date(2026, 6, 1)))
    meters = Meters(900.0, 300.0, 100_000.0, 0.1, 0.02, 0.01)
    time = np.broadcast_to(np.arange(samples) * 900.0, (channels, samples))
    value = np.broadcast_to(np.arange(samples) * 9.0 % 100_000, (channels, samples))
    state = RegisterState.start(channels, rule)
    for part in np.array_split(np.arange(samples), BATCHES):
        batch = Readings(time[:, part], time[:, part] + 60, value[:, part])
        state = check_readings(batch, meters, rule, state).state


def sliding(readings: Floats) -> Flags:
    """The four rules, each as the count of a sliding window of NumPy."""
    flags = np.zeros(readings.shape, dtype=np.uint8)
    for number, (count, window, zone) in enumerate(((1, 1, 3.0), (2, 3, 2.0), (4, 5, 1.0), (8, 8, 0.0))):
        for hits in (readings > zone, readings < -zone):
            before = np.zeros((len(hits), window - 1), dtype=np.bool_)
            windows = sliding_window_view(np.hstack([before, hits]), window, axis=1)
            flags[(windows.sum(axis=2) >= count) & hits] |= np.uint8(1 << number)
    return flags


def one_by_one(readings: Floats) -> Flags:
    """The four rules, one reading after the other."""
    return np.array([channel_of(row) for row in readings.tolist()], dtype=np.uint8)


def channel_of(series: list[float]) -> list[int]:
    flags = []
    last: deque[float] = deque(maxlen=8)
    for point in series:
        last.append(point)
        flag = 0
        for number, (count, window, zone) in enumerate(((1, 1, 3.0), (2, 3, 2.0), (4, 5, 1.0), (8, 8, 0.0))):
            recent = list(last)[-window:]
            above = point > zone and sum(value > zone for value in recent) >= count
            below = point < -zone and sum(value < -zone for value in recent) >= count
            flag |= (above or below) << number
        flags.append(flag)
    return flags


if __name__ == "__main__":
    main()

"""Whatever numbers a stream brings, a chart neither fails nor warns, and every cut gives the same flags."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.control_charts.cusum import CusumChart, CusumState, cusum
from quanheng.metrology.control_charts.ewma import EwmaChart, EwmaState, ewma
from quanheng.metrology.control_charts.moments import Moments
from quanheng.metrology.control_charts.run_rules import RunRuleState, apply_run_rules, read_run_rules
from quanheng.metrology.reading_quality.readings import Readings, RegisterState
from quanheng.metrology.reading_quality.register_checks import check_readings
from quanheng.metrology.reading_quality.settings import Meters, read_quality_rule
from quanheng.packs.shipped import shipped
from tests.fuzz import fuzzed

DAY = date(2026, 6, 1)
NELSON = read_run_rules(shipped().in_force("control-chart/run-rules", DAY), "nelson")
QUALITY = read_quality_rule(shipped().in_force("control-chart/reading-quality", DAY))
METERS = Meters(900.0, 300.0, 1e5, 0.1, 0.02, 0.01)
ANY = st.floats(width=64)
SERIES = st.lists(ANY, min_size=1, max_size=30)


@fuzzed()
@given(SERIES, st.floats(1e-300, 1e300), st.floats(-1e300, 1e300), st.integers(0, 30), st.booleans())
def test_charts(series: list[float], sigma: float, centre: float, cut: int, restarts: bool) -> None:
    whole, _ = apply_run_rules(series, centre, sigma, NELSON)
    first, state = apply_run_rules(series[:cut], centre, sigma, NELSON, RunRuleState.start(1, NELSON))
    second, _ = apply_run_rules(series[cut:], centre, sigma, NELSON, state)
    assert [*first, *second] == whole.tolist()
    sums = CusumChart(centre, sigma, restarts=restarts)
    high = cusum(series, sums).flags.tolist()
    one = cusum(series[:cut], sums, CusumState.start(1, sums))
    assert [*one.flags, *cusum(series[cut:], sums, one.state).flags] == high


@fuzzed()
@given(
    st.lists(st.floats(-1e150, 1e150), min_size=1, max_size=30), st.floats(1e-100, 1e100), st.integers(0, 30)
)
def test_averages(series: list[float], sigma: float, cut: int) -> None:
    chart = EwmaChart(0.0, sigma)
    whole = ewma(series, chart).flags.tolist()
    first = ewma(series[:cut], chart, EwmaState.start(1, chart))
    assert [*first.flags, *ewma(series[cut:], chart, first.state).flags] == whole
    assert Moments.of([series]).squares[0] >= 0


@fuzzed()
@given(st.lists(st.tuples(ANY, ANY, ANY, ANY), min_size=1, max_size=20), st.integers(0, 20))
def test_registers(rows: list[tuple[float, float, float, float]], cut: int) -> None:
    time, received, value, meter = (np.array(column)[None] for column in zip(*rows, strict=True))
    whole = check_readings(Readings(time, received, value, meter), METERS, QUALITY)
    state, flags = RegisterState.start(1, QUALITY), []
    for part in (slice(0, cut), slice(cut, None)):
        checked = check_readings(
            Readings(time[:, part], received[:, part], value[:, part], meter[:, part]), METERS, QUALITY, state
        )
        state = RegisterState.from_data(checked.state.as_data())
        flags.append(checked.flags)
    assert np.array_equal(np.concatenate(flags, axis=1), whole.flags)

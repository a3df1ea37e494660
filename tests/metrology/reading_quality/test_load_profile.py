"""A load with a daily shape is held against its own profile: wrong ratios are found, nights left alone."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from quanheng.metrology.control_charts.grid import Floats
from quanheng.metrology.reading_quality.flags import ReadingFlag
from quanheng.metrology.reading_quality.load_profile import DAY, LoadProfile, learn_profile
from quanheng.metrology.reading_quality.readings import Readings, RegisterState
from quanheng.metrology.reading_quality.register_checks import Checked, check_readings
from quanheng.metrology.reading_quality.settings import Meters, read_quality_rule
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

RULE = read_quality_rule(shipped().in_force("control-chart/reading-quality", date(2026, 6, 1)))
QUARTER = 900.0
TYPICAL = 0.01  # units of the register a second
SCATTER = 0.2  # relative standard deviation of a quarter of an hour
CHANNELS = 100


def shop(hour: Floats) -> Floats:
    """A shop: a tenth of its mean by night, nearly twice the mean at noon."""
    open_from_8_to_22 = np.clip(np.sin((hour - 8) / 14 * np.pi), 0, None)
    shape: Floats = 0.1 + 2.4 * np.where((hour >= 8) & (hour < 22), open_from_8_to_22, 0.0)
    return shape


HOURS = shop(np.arange(96) / 4 + 1 / 8)
SHAPE = HOURS / HOURS.mean()


def consumed(days: int, seed: int = 1) -> Floats:
    """What shops consume in each quarter of an hour."""
    chance = np.random.default_rng(seed)
    noise = np.exp(SCATTER * chance.standard_normal((CHANNELS, days * 96)) - SCATTER**2 / 2)
    steps: Floats = TYPICAL * QUARTER * np.tile(SHAPE, days) * noise
    return steps


def meters(profile: LoadProfile | None, typical: Any = TYPICAL) -> Meters:
    return Meters(QUARTER, 300.0, 1e9, 0.001, 100.0, typical, profile=profile)


def checked(steps: Floats, profile: LoadProfile | None = LoadProfile(SHAPE)) -> Checked:  # noqa: B008
    value = 1000 + np.cumsum(np.column_stack([np.zeros(len(steps)), steps]), axis=1)
    time = np.broadcast_to(np.arange(value.shape[1]) * QUARTER, value.shape)
    return check_readings(Readings(time, time, value), meters(profile), RULE)


def shares_of(found: Checked, flag: ReadingFlag) -> float:
    return float((found.flags & np.uint16(flag) != 0).any(axis=1).mean())


def test_an_honest_night_is_no_wrong_ratio_and_no_frozen_register() -> None:
    """Against one typical rate every shop's night is a tenth of the usual, four times running."""
    steps = consumed(14)
    assert shares_of(checked(steps, None), ReadingFlag.UNIT_RATIO) > 0.9
    assert not checked(steps).flags.any()


@pytest.mark.parametrize("factor", [0.001, 0.1, 10, 20, 40, 100])
@pytest.mark.parametrize("begins_at", [0, 37, 48, 90])
def test_a_wrong_ratio_is_found_within_sixteen_readings_at_any_hour(factor: float, begins_at: int) -> None:
    """Four hours of quarters, with a scatter of a fifth: 95 of 100 shops, by day and by night."""
    steps = consumed(3)
    place = 96 + begins_at
    steps[:, place:] *= factor
    wrong = checked(steps).flags & np.uint16(ReadingFlag.UNIT_RATIO) != 0
    assert not wrong[:, : place + 1].any()
    assert wrong[:, place + 1 : place + 17].any(axis=1).mean() >= 0.95


def test_a_busy_sunday_of_twice_the_usual_is_no_wrong_ratio() -> None:
    assert not shares_of(checked(2 * consumed(2)), ReadingFlag.UNIT_RATIO)


def test_a_register_that_stands_still_by_night_is_not_frozen_as_soon_as_by_day() -> None:
    """Two quarters without a step freeze it by day; by night so much less is usual that it takes longer."""
    for first, flagged in ((48, 2), (0, 20)):
        steps = np.tile(TYPICAL * QUARTER * SHAPE, (1, 2))
        steps[:, first : first + 24] = 0
        frozen = checked(steps).flags[0] & np.uint16(ReadingFlag.FROZEN) != 0
        assert int(np.flatnonzero(frozen)[0]) == first + flagged


def test_the_profile_is_learnt_from_two_weeks_and_serves_as_well() -> None:
    steps = consumed(14)
    time = np.broadcast_to(np.arange(14 * 96 + 1) * QUARTER, (CHANNELS, 14 * 96 + 1))
    used = np.column_stack([np.full(CHANNELS, np.nan), steps])
    typical, profile = learn_profile(time, used, 24)
    assert typical.mean() == pytest.approx(TYPICAL, rel=0.05)
    assert np.asarray(profile.shape)[:, 0].mean() == pytest.approx(SHAPE[:4].mean(), rel=0.05)
    later = consumed(2, seed=2)
    value = np.cumsum(later, axis=1)
    at = np.broadcast_to(np.arange(value.shape[1]) * QUARTER, value.shape)
    found = check_readings(Readings(at, at, value), meters(profile, typical), RULE)
    assert not shares_of(found, ReadingFlag.UNIT_RATIO)
    later[:, 100:] *= 10
    value = np.cumsum(later, axis=1)
    found = check_readings(Readings(at, at, value), meters(profile, typical), RULE)
    assert shares_of(found, ReadingFlag.UNIT_RATIO) == 1


def test_a_share_is_the_integral_of_the_profile() -> None:
    """Half a day at 0.5 and half at 1.5: over a whole day 1, over any part its mean, before `begins` too."""
    profile = LoadProfile([0.5, 1.5], begins=3600.0)
    begin = np.array([[3600.0, 3600.0, 3600.0 + DAY / 4, 3600.0 - DAY / 4]])
    end = begin + np.array([[DAY, DAY / 2, DAY / 2, DAY / 4]])
    assert profile.share(begin, end).tolist() == [pytest.approx([1.0, 0.5, 1.0, 1.5])]


def test_any_cut_into_batches_gives_the_same_flags_with_a_profile() -> None:
    steps = consumed(2)[:3]
    steps[:, 120:] *= 10
    steps[:, 150:160] = 0
    whole = checked(steps)
    value = 1000 + np.cumsum(np.column_stack([np.zeros(3), steps]), axis=1)
    time = np.broadcast_to(np.arange(value.shape[1]) * QUARTER, value.shape)
    state, flags = RegisterState.start(3, RULE), []
    for part in np.split(np.arange(value.shape[1]), [1, 7, 122, 123, 155]):
        found = check_readings(
            Readings(time[:, part], time[:, part], value[:, part]), meters(LoadProfile(SHAPE)), RULE, state
        )
        state = RegisterState.from_data(json.loads(json.dumps(found.state.as_data())))
        flags.append(found.flags)
    assert (np.concatenate(flags, axis=1) == whole.flags).all()


@pytest.mark.parametrize("shape", [[[1.0], [1.0], [1.0]], [-1.0, 2.0], [0.0, 0.0], [np.nan, 1.0]])
def test_a_profile_of_no_load_is_refused(shape: Any) -> None:
    with pytest.raises(CaseFault) as refused:
        LoadProfile(shape).share(np.zeros((2, 1)), np.ones((2, 1)))
    assert refused.value.field == "meters.profile"


@pytest.mark.parametrize(
    ("time", "used", "code"),
    [(np.arange(4.0), np.arange(3.0), "wrong_shape"), (np.arange(50) * QUARTER, np.ones(50), "too_few")],
)
def test_a_profile_cannot_be_learnt_from_half_a_day(time: Floats, used: Floats, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        learn_profile(time, used, 24)
    assert refused.value.code == code

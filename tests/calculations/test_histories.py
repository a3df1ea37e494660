"""What is known of an instrument over time: its calibrations, its register, its load, its pulse factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.evaluating import CaseRefused, calculations, evaluate
from tests.fuzz import fuzzed

KINDS = calculations()
DAY = "2026-06-01"


def example(kind: str, name: str) -> Mapping[str, Any]:
    return next(one.case for one in KINDS[kind].examples if one.name == name)


def told(kind: str, case: Mapping[str, Any], **facts: Any) -> Any:
    return evaluate(KINDS[kind], {**case, **facts})


def refused(kind: str, case: Mapping[str, Any], **facts: Any) -> list[str]:
    with pytest.raises(CaseRefused) as found:
        told(kind, case, **facts)
    return [fault["field"] for fault in found.value.faults]


def test_the_interval_of_the_ncsli_tutorial() -> None:
    found = told("calibration-interval", example("calibration-interval", "shorten"))
    assert (round(found.interval), round(found.rejection, 4), found.is_changed) == (231, 0.9949, True)
    assert not found.citations[0].is_verified
    assert not told("calibration-interval", example("calibration-interval", "keep")).is_changed


def test_the_intervals_of_the_nasa_handbook() -> None:
    limits = told("drift-interval", example("drift-interval", "limits"))
    assert (round(limits.interval, 1), limits.ended_by, limits.is_extrapolated) == (140.1, "limits", False)
    assert round(limits.predicted, 2) == 10.38
    uncertain = told("drift-interval", example("drift-interval", "uncertainty"))
    assert (round(uncertain.interval, 2), uncertain.ended_by) == (327.15, "uncertainty")
    assert uncertain.is_extrapolated
    both = told("drift-interval", example("drift-interval", "limits"), target=0.5)
    assert (both.interval, round(both.until_uncertain, 2)) == (limits.interval, 327.15)


def test_an_interval_that_does_not_end_is_not_made_up() -> None:
    steady = [{"days": days, "change": 0} for days in (100, 200, 300)]
    found = told("drift-interval", {"changes": steady, "value": 0, "measured": 0.1, "upper": 5})
    assert (found.interval, found.ended_by, found.predicted, found.uncertainty) == (None, None, None, None)
    assert (found.is_extrapolated, found.horizon) == (True, 900)


@pytest.mark.parametrize(
    ("kind", "name", "facts", "field"),
    [
        ("calibration-interval", "shorten", {"passed": 21}, "passed"),
        ("calibration-interval", "shorten", {"target": 1}, "target"),
        ("calibration-interval", "shorten", {"day": "1999-01-01"}, "day"),
        ("drift-interval", "limits", {"lower": None, "upper": None}, "upper"),
        ("drift-interval", "limits", {"lower": 11, "upper": 9}, "upper"),
        ("drift-interval", "limits", {"terms": 3, "changes": [{"days": 9, "change": 1}] * 5}, "changes"),
        ("factor-change", "step", {"shifts": [{"drawn": 1, "sold": 1}] * 30}, "shifts"),
        ("factor-change", "step", {"shifts": [{"drawn": 1, "sold": 1}] * 60}, "shifts"),
        ("load-profile", "shop", {"slots": 48}, "readings"),
        ("load-profile", "shop", {"readings": [{"time": 9, "used": 1}] * 9}, "readings"),
        (
            "load-profile",
            "shop",
            {"slots": 1, "readings": [{"time": t, "used": 0} for t in range(9)]},
            "readings",
        ),
        ("register-checks", "faults", {"readings": []}, "readings"),
    ],
)
def test_a_history_that_tells_nothing_names_its_field(
    kind: str, name: str, facts: dict[str, Any], field: str
) -> None:
    assert refused(kind, example(kind, name), **facts) == [field]


def test_a_factor_that_was_set_anew_is_a_step_and_a_steady_one_is_nothing() -> None:
    found = told("factor-change", example("factor-change", "step"))
    assert (found.kind, found.since, round(found.size_percent, 1)) == ("step", 61, -0.8)
    assert found.alarmed_at - 60 <= 2 * found.found_within + 1
    steady = told("factor-change", example("factor-change", "steady"))
    assert (steady.kind, steady.alarmed_at, steady.since, steady.size_percent) == ("none", None, None, 0.0)


def test_a_register_that_rolls_over_loses_nothing() -> None:
    found = told("register-checks", example("register-checks", "rollover"))
    assert [one.flags for one in found.readings] == [(), (), ("ROLLOVER",), ()]
    assert found.readings[2].consumption == pytest.approx(13.8)
    assert found.consumption == pytest.approx(9 + 13.8 + 8.7)
    assert found.readings[2].words == ("计度器回零",)


def test_steps_back_and_spikes_are_named_and_not_counted_twice() -> None:
    found = told("register-checks", example("register-checks", "faults"))
    assert [one.flags for one in found.readings] == [(), (), ("NEGATIVE_STEP",), (), ("SPIKE",)]
    assert found.flagged == 2
    assert found.readings[2].consumption is None


def test_a_profile_that_was_learnt_judges_the_register_of_the_same_shop() -> None:
    """Against its profile the night of a shop is no wrong ratio; against one rate it is."""
    case = example("load-profile", "shop")
    profile = told("load-profile", case).model_dump()
    typical = profile.pop("typical_rate")
    assert sum(profile["shape"]) == pytest.approx(24)
    total, readings = 1000.0, []
    for one in case["readings"]:
        total += one["used"]
        readings.append({"time": one["time"], "received": one["time"], "value": total})
    meter = {
        "interval": 3600, "allowed_delay": 300, "capacity": 1e9, "resolution": 0.01, "nameplate_rate": 1,
        "typical_rate": typical,
    }  # fmt: skip
    flat = told("register-checks", {"day": DAY, "meter": meter, "readings": readings})
    shaped = told(
        "register-checks", {"day": DAY, "meter": {**meter, "profile": profile}, "readings": readings}
    )
    assert any("UNIT_RATIO" in one.flags for one in flat.readings)
    assert shaped.flagged == 0


NUMBERS = st.floats() | st.integers(-5, 50) | st.none() | st.floats(0.001, 1e6)
READING = st.fixed_dictionaries(
    {"time": NUMBERS, "received": NUMBERS, "value": NUMBERS}, optional={"meter": st.integers(0, 2)}
)
USED = st.fixed_dictionaries({"time": st.integers(0, 10**6), "used": NUMBERS})
SHIFT = st.fixed_dictionaries({"drawn": st.floats(0, 1e9), "sold": st.floats(1e-9, 1e9)})
CHANGE = st.fixed_dictionaries({"days": st.floats(1e-6, 36525), "change": st.floats(-1e12, 1e12)})
CASES = {
    "register-checks": st.fixed_dictionaries(
        {
            "meter": st.fixed_dictionaries(
                {
                    name: st.floats(1e-12, 1e15)
                    for name in ("interval", "allowed_delay", "capacity", "resolution", "nameplate_rate")
                },
                optional={
                    "typical_rate": st.floats(1e-12, 1e15),
                    "profile": st.fixed_dictionaries(
                        {"shape": st.lists(st.floats(0, 1e15), min_size=1, max_size=4)}
                    ),
                },
            ),
            "readings": st.lists(READING, max_size=12),
        }
    ),
    "load-profile": st.fixed_dictionaries(
        {"slots": st.integers(0, 4), "readings": st.lists(USED, max_size=20)},
        optional={"period": st.floats(1e-300, 1e9), "begins": NUMBERS},
    ),
    "factor-change": st.fixed_dictionaries({"shifts": st.lists(SHIFT, min_size=42, max_size=60)}),
    "drift-interval": st.fixed_dictionaries(
        {
            "changes": st.lists(CHANGE, max_size=8), "value": st.floats(-1e12, 1e12),
            "measured": st.floats(0, 1e12),
        },
        optional={
            "terms": st.integers(1, 3), "lower": NUMBERS, "upper": NUMBERS, "target": NUMBERS,
            "probability": st.floats(0.5, 0.9999),
        },
    ),
    "calibration-interval": st.fixed_dictionaries(
        {"interval": NUMBERS, "tested": st.integers(0, 10**6), "passed": st.integers(0, 10**6)},
        optional={"target": st.floats(0, 1), "confidence": st.floats(0, 1)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
def test_nothing_that_is_sent_brings_a_history_down(kind: str) -> None:
    @fuzzed(150)
    @given(CASES[kind])
    def survives(case: dict[str, Any]) -> None:
        dated = {} if kind in {"load-profile", "drift-interval"} else {"day": DAY}
        try:
            found = evaluate(KINDS[kind], {**case, **dated})
        except CaseRefused as refusal:
            assert all(fault["field"] and fault["message"] for fault in refusal.faults)  # noqa: PT017
        else:
            assert KINDS[kind].result.model_validate_json(found.model_dump_json()) == found

    survives()

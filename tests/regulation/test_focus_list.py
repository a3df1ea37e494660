"""The focus list: on after two draw checks failed in a row, off when the checks pass again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.focus_list import Check, FocusStanding, focus_standings, listing_standing
from tests.regulation.packs import shipped_pack

PACK = shipped_pack("focus-list")
FIRST = date(2026, 1, 5)
DAYS_AT_LEAST = PACK.table("exit").values["days_at_least"]


def on(days: int) -> date:
    return FIRST + timedelta(days=days)


def check(days: int, passed: bool, instrument: str = "1", **more: Any) -> Check:
    known = {"company": "C", "station": "S", "visit": f"{more.get('station', 'S')}-{days}", **more}
    return Check(on=on(days), instrument=instrument, passed=passed, **known)


def visits(outcomes: str, every: int = 30) -> list[Check]:
    """Return one visit every so many days: ``"-"`` failed, ``"+"`` passed."""
    return [check(number * every, outcome == "+") for number, outcome in enumerate(outcomes)]


def standing(checks: list[Check], days: int = 10_000, **changed: Any) -> FocusStanding:
    return focus_standings(checks, on(days), shipped_pack("focus-list", **changed))["S"]


@pytest.mark.parametrize(
    ("outcomes", "is_on"),
    [("-", False), ("--", True), ("-+-", False), ("+--", True), ("-+--", True), ("++", False), ("---", True)],
)
def test_second_consecutive_failure_puts_the_station_on_the_focus_list(outcomes: str, is_on: bool) -> None:
    assert standing(visits(outcomes)).is_on is is_on


def test_the_change_says_when_why_and_by_which_visits() -> None:
    found = standing(visits("+--"), days=60)
    assert found.since == on(60)
    assert found.changes[0].reason == "连续 2 次抽查不合格"
    assert found.changes[0].visits == ("S-30", "S-60")
    assert found.next_visit_by == on(60 + 45)
    assert not found.citation.is_verified


def test_one_failed_dispenser_fails_the_visit() -> None:
    checks = [check(0, True), check(0, False, "2"), check(30, False), check(30, True, "2")]
    assert standing(checks).is_on


def test_read_by_instrument_the_same_dispenser_must_fail_twice() -> None:
    by_instrument: dict[str, Any] = {"entry": {"check": "instrument"}}
    different = [check(0, True), check(0, False, "2"), check(30, False), check(30, True, "2")]
    assert not standing(different, **by_instrument).is_on
    assert standing([*different, check(60, False)], **by_instrument).is_on
    twice_a_visit = [check(0, False), check(0, True), check(30, False)]
    assert standing(twice_a_visit, **by_instrument).is_on


def test_read_by_company_the_stations_count_together() -> None:
    checks = [check(0, False), check(30, False, station="T")]
    assert not focus_standings(checks, on(60), PACK)["S"].is_on
    by_company = focus_standings(checks, on(60), shipped_pack("focus-list", entry={"subject": "company"}))
    assert list(by_company) == ["C"]
    assert by_company["C"].is_on


def test_only_draw_checks_count_unless_the_pack_says_otherwise() -> None:
    checks = [check(0, False), check(30, False, is_drawn=False)]
    assert not standing(checks).is_on
    assert standing(checks, entry={"counts_only_draws": False}).is_on


def test_two_passes_and_half_a_year_lead_off_the_list() -> None:
    history = visits("--++")
    entered = 30
    assert standing(history, days=entered + DAYS_AT_LEAST - 1).is_on
    found = standing(history, days=entered + DAYS_AT_LEAST)
    assert not found.is_on
    assert found.since == on(entered + DAYS_AT_LEAST)
    assert found.changes[-1].visits == ("S-60", "S-90")
    assert found.next_visit_by is None


def test_a_failure_on_the_list_starts_the_passes_anew() -> None:
    assert standing(visits("--+-+")).is_on
    late = [*visits("--+-+"), check(400, True)]
    assert standing(late, days=399).is_on
    assert standing(late, days=400).since == on(400)


def test_who_left_the_list_needs_two_new_failures() -> None:
    left = visits("--++")
    assert not standing([*left, check(400, False)]).is_on
    again = standing([*left, check(400, False), check(430, False)])
    assert [change.is_on for change in again.changes] == [True, False, True]


def test_what_happens_after_the_day_is_not_known_yet() -> None:
    assert not standing(visits("--"), days=29).is_on
    assert focus_standings(visits("--"), on(-1), PACK) == {}


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        ([check(0, True, visit="V"), check(1, True, visit="V")], "visit_on_two_days"),
        ([Check(date.min, "V", "C", "S", "1", passed=True)], "year_beyond_reason"),
    ],
)
def test_checks_that_cannot_be_are_refused(checks: list[Check], code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        focus_standings(checks, on(10), PACK)
    assert refused.value.code == code


HISTORIES = st.lists(
    st.builds(check, st.integers(0, 400), st.booleans(), st.sampled_from(["1", "2"])), min_size=1, max_size=14
)
READINGS = st.sampled_from(["visit", "instrument"])


@given(HISTORIES, READINGS, st.randoms(use_true_random=False))
def test_the_order_in_which_checks_are_handed_in_does_not_matter(
    checks: list[Check], reading: str, shuffle: Any
) -> None:
    before = standing(checks, entry={"check": reading})
    shuffled = list(checks)
    shuffle.shuffle(shuffled)
    assert standing(shuffled, entry={"check": reading}) == before


@given(HISTORIES, READINGS)
def test_the_list_is_entered_and_left_in_turn_and_in_order(checks: list[Check], reading: str) -> None:
    found = standing(checks, entry={"check": reading})
    assert [change.is_on for change in found.changes] == [
        number % 2 == 0 for number in range(len(found.changes))
    ]
    assert [change.on for change in found.changes] == sorted(change.on for change in found.changes)


@given(HISTORIES)
def test_who_never_failed_is_never_on_it(checks: list[Check]) -> None:
    passed = [Check(c.on, c.visit, c.company, c.station, c.instrument, passed=True) for c in checks]
    assert standing(passed).changes == ()


def listing(checks: list[Check], days: int, **changed: Any) -> FocusStanding:
    return listing_standing("S", on(0), checks, on(days), shipped_pack("focus-list", **changed))


def test_who_was_listed_leaves_after_passes_and_days_counted_from_the_listing() -> None:
    passed = [check(0, True), check(40, True), check(80, True, is_drawn=False)]  # the first is the day itself
    assert listing(passed, DAYS_AT_LEAST - 1).is_on
    found = listing(passed, DAYS_AT_LEAST)
    assert (found.is_on, found.changes[-1].visits) == (False, ("S-40", "S-80"))
    assert listing(passed, DAYS_AT_LEAST, exit={"counts_only_draws": True}).is_on


def test_a_failure_after_the_passes_keeps_on_the_list_though_the_days_are_over() -> None:
    assert listing([check(40, True), check(80, True), check(200, False)], 200).is_on


def test_every_visit_moves_the_next_one() -> None:
    assert listing([], 1).next_visit_by == on(45)
    assert listing([check(40, False, is_drawn=False)], 41).next_visit_by == on(40 + 45)
    assert listing([check(40, False)], 39).next_visit_by == on(45)

"""Deadlines as the shell, the API and the page ask for them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.calculations.deadline_model import DeadlineResult
from quanheng.calculations.evaluating import CaseRefused, calculations, evaluate
from tests.fuzz import fuzzed

DEADLINE = calculations()["deadline"]
FUZZED = fuzzed()


def due(**case: Any) -> DeadlineResult:
    result = evaluate(DEADLINE, case)
    assert isinstance(result, DeadlineResult)
    return result


def three_working_days(**case: Any) -> DeadlineResult:
    return due(duration={"count": 3, "unit": "working_days"}, **case)


def test_a_past_year_that_is_not_kept_here_says_so_and_a_coming_one_waits() -> None:
    past = due(duration={"count": 1, "unit": "working_days"}, received_on="2019-04-26")
    assert past.unknown_past == (2019,)
    assert "本平台没有 2019 年的放假安排" in past.summary
    assert "尚未公布" not in past.summary
    coming = three_working_days(received_on="2031-04-25")
    assert coming.unknown_past == ()
    assert "尚未公布" in coming.summary


def test_an_officer_can_check_each_day() -> None:
    result = due(procedure="service-promise", step="opinion", received_on="2026-02-13")
    assert result.due_on == date(2026, 2, 25)
    assert [(str(run.first_day), str(run.last_day), run.counted, run.why) for run in result.days] == [
        ("2026-02-13", "2026-02-13", 0, "起算之日（工作日），当日不计"),
        ("2026-02-14", "2026-02-14", 1, "调休上班，计入"),
        ("2026-02-15", "2026-02-23", 1, "春节放假，不计入"),
        ("2026-02-24", "2026-02-25", 3, "工作日，计入"),
    ]
    assert result.summary == "自 2026-02-13 00:00 起 3 个工作日，2026-02-25 24:00 届满。"
    assert result.title == "出具初步判定意见（自收到投诉起）"


def test_a_page_shows_a_pause_of_days_in_one_row() -> None:
    case = dict(DEADLINE.examples[2].case)
    result = due(**case)
    assert result.due_on == date(2026, 7, 20)
    assert [(run.standing, run.counted, run.kind) for run in result.days] == [
        ("start", 0, "working"),
        ("counted", 7, None),
        ("paused", 7, None),
        ("counted", 120, None),
    ]


def test_an_end_that_moved_shows_the_days_off_behind_it() -> None:
    result = due(
        duration={"count": 30, "unit": "calendar_days", "ends_on_working_day": True}, received_on="2026-09-01"
    )
    assert [run.why for run in result.days][-2:] == [
        "末日放假，顺延（国庆节放假）",
        "末日放假，顺延（工作日）",
    ]


def test_hours_are_told_in_stretches() -> None:
    result = due(
        duration={"count": 24, "unit": "hours"},
        received_at="2026-02-14T16:20:00+08:00",
        pauses=[
            {
                "reason": "testing",
                "starts_at": "2026-02-14T18:00:00+08:00",
                "ends_at": "2026-02-14T20:00:00+08:00",
            }
        ],
    )
    assert result.summary == "自 2026-02-14 16:20 起 24 小时，2026-02-15 18:20 届满。"
    assert [run.why for run in result.times] == ["计入", "检测、检验、检定、鉴定，不计入", "计入"]


def test_while_a_pause_lasts_the_end_is_open() -> None:
    result = three_working_days(
        received_on="2026-03-02", pauses=[{"reason": "hearing", "first_day": "2026-03-04"}]
    )
    assert (result.is_running, result.due_on) == (False, None)
    assert "暂停尚未结束" in result.summary


def test_an_unpublished_year_is_named_in_the_summary() -> None:
    assert "公布后重算" in three_working_days(received_on="2026-12-30").summary


def test_an_instant_of_another_zone_belongs_to_the_day_of_our_clocks() -> None:
    result = three_working_days(received_at="2026-02-12T23:30:00Z")
    assert result.days[0].first_day == date(2026, 2, 13)


PAUSE = {"reason": "testing"}
HOUR = {"count": 1, "unit": "hours"}
DAY = {"count": 1, "unit": "working_days"}


@pytest.mark.parametrize(
    ("case", "field", "message"),
    [
        ({"received_on": "2026-01-01"}, "procedure", "二选一"),
        ({"procedure": "complaint", "received_on": "2026-01-01"}, "procedure", "二选一"),
        (
            {"procedure": "complaint", "step": "x", "duration": {"count": 1, "unit": "hours"},
             "received_on": "2026-01-01"},
            "procedure",
            "二选一",
        ),
        ({"procedure": "complain", "step": "x", "received_on": "2026-01-01"}, "procedure", "可用的有"),
        ({"procedure": "complaint", "step": "x", "received_on": "2026-01-01"}, "step", "可用的有"),
        ({"duration": {"count": 1, "unit": "hours"}}, "received_at", "二选一"),
        (
            {"duration": {"count": 1, "unit": "hours"}, "received_on": "2026-01-01",
             "received_at": "2026-01-01T00:00:00Z"},
            "received_at",
            "二选一",
        ),
        ({"duration": {"count": 1, "unit": "hours"}, "received_on": "2026-01-01"}, "received_at", "时区"),
        ({"duration": {"count": 1, "unit": "weeks"}, "received_on": "2026-01-01"}, "duration.unit", "只能是"),
        ({"duration": {"count": 0, "unit": "hours"}, "received_at": "2026-01-01T00:00:00Z"}, "count", "1 至"),
        ({"duration": HOUR, "received_at": "0001-01-01T00:00:00Z"}, "received_at", "年份"),
        ({"duration": {"count": 1, "unit": "hours"}, "received_on": "9999-01-01"}, "received_on", "年份"),
        (
            {"duration": DAY, "received_on": "2026-01-01", "pauses": [PAUSE]},
            "pauses[0]",
            "不要混用",
        ),
        (
            {"duration": DAY, "received_on": "2026-01-01",
             "pauses": [{**PAUSE, "first_day": "2026-01-02", "last_day": "2026-01-01"}]},
            "pauses[0].ends_at",
            "晚于开始",
        ),
        (
            {"duration": DAY, "received_on": "2026-01-01",
             "pauses": [{**PAUSE, "first_day": "2026-01-02", "last_day": "9999-12-31"}]},
            "pauses[0].last_day",
            "年份",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_field(case: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(CaseRefused) as refused:
        evaluate(DEADLINE, case)
    assert refused.value.faults[0]["field"] == field
    assert message in refused.value.faults[0]["message"]


MOMENTS = st.one_of(
    st.dates().map(str), st.datetimes(timezones=st.just(None)).map(lambda at: f"{at.isoformat()}+08:00"),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
    st.sampled_from(["2026-02-30", "now", None, 0, -1e30]),
)  # fmt: skip
SMALL = st.one_of(
    st.integers(), st.floats(), st.text(max_size=5), st.none(), st.booleans(), st.integers(-1, 9999)
)
CASES = st.fixed_dictionaries(
    {},
    optional={
        "procedure": st.sampled_from(["complaint", "case", "seizure", "x", "", None, 7]),
        "step": st.sampled_from(["acceptance", "decision", "seizure", "", None]),
        "duration": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {"count": SMALL, "unit": st.sampled_from(["hours", "working_days", "calendar_days", "", 1])}
            ),
        ),
        "received_on": MOMENTS,
        "received_at": MOMENTS,
        "pauses": st.lists(
            st.fixed_dictionaries(
                {"reason": st.sampled_from(["testing", "hearing", "sleep", None])},
                optional=dict.fromkeys(("first_day", "last_day", "starts_at", "ends_at"), MOMENTS),
            ),
            max_size=3,
        ),
        "extensions": st.lists(st.fixed_dictionaries({"count": SMALL, "granted_at": MOMENTS}), max_size=2),
        "unknown": SMALL,
    },
)


@FUZZED
@given(CASES)
def test_no_case_brings_it_down(case: dict[str, Any]) -> None:
    with suppress(CaseRefused):
        evaluate(DEADLINE, case)


@FUZZED
@given(
    st.integers(-5, 12_000),
    st.sampled_from(["working_days", "calendar_days"]),
    st.dates(date(1985, 1, 1), date(2210, 1, 1)),
    st.lists(
        st.tuples(st.dates(date(1985, 1, 1), date(2210, 1, 1)), st.integers(-10, 50_000)),
        max_size=3,
    ),
)
def test_no_length_takes_longer_than_a_second(
    count: int, unit: str, received_on: date, pauses: list[tuple[date, int]]
) -> None:
    case = {
        "duration": {"count": count, "unit": unit, "ends_on_working_day": True},
        "received_on": str(received_on),
        "pauses": [
            {"reason": "testing", "first_day": str(first), "last_day": str(first + timedelta(days=days))}
            for first, days in pauses
        ],
    }
    with suppress(CaseRefused):
        evaluate(DEADLINE, case)

"""What stands today in the place of a division's code."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.division_history import DivisionRow, Succession, division_on


def day(text: str) -> date:
    return date.fromisoformat(text)


def row(code: str, first: str, last: str | None = None) -> DivisionRow:
    return DivisionRow(code, day(first), None if last is None else day(last))


OLD = "1990-01-01"
ROWS = [
    row("510122", OLD, "2015-12-02"),  # Shuangliu county
    row("510116", "2015-12-03"),  # Shuangliu district
    row("371202", OLD, "2018-12-31"),  # Laicheng, of Laiwu
    row("370116", "2019-01-01"),  # Laiwu district of Jinan
    row("330102", OLD),  # Shangcheng
    row("330104", OLD, "2021-03-10"),  # Jianggan, to Shangcheng and Qiantang
    row("330114", "2021-03-11"),  # Qiantang
    row("999999", OLD, "2000-12-31"),  # ended, nobody knows into what
    row("510199", OLD, "1999-12-31"),  # a code that came back
    row("510199", "2010-01-01"),
    row("510188", "2000-01-01", "2004-12-31"),  # two steps
    row("510187", "2005-01-01", "2015-12-02"),
]
SUCCESSIONS = [
    Succession("510122", "510116", day("2015-12-03")),
    Succession("371202", "370116", day("2019-01-01")),
    Succession("330104", "330102", day("2021-03-11")),
    Succession("330104", "330114", day("2021-03-11")),
    Succession("510199", "510188", day("2000-01-01")),
    Succession("510188", "510187", day("2005-01-01")),
    Succession("510187", "510116", day("2015-12-03")),
]


@pytest.mark.parametrize(
    ("code", "written_on", "on", "codes"),
    [
        ("510122", None, "2010-01-01", ["510122"]),
        ("510122", None, "2026-01-01", ["510116"]),
        ("510122", "2014-05-01", "2026-01-01", ["510116"]),
        ("371202", None, "2018-12-31", ["371202"]),
        ("371202", None, "2019-01-01", ["370116"]),
        ("330104", None, "2026-01-01", ["330102", "330114"]),
        ("510199", None, "2026-01-01", ["510199"]),
        ("510199", "1995-01-01", "2026-01-01", ["510116"]),
        ("510199", "1995-01-01", "2003-01-01", ["510188"]),
        ("510199", "2012-01-01", "2026-01-01", ["510199"]),
    ],
)
def test_what_stands_in_the_place_of_a_code(
    code: str, written_on: str | None, on: str, codes: list[str]
) -> None:
    found = division_on(day(on), code, ROWS, SUCCESSIONS, day(written_on) if written_on else None)
    assert list(found.codes) == codes
    assert found.is_certain is (len(codes) == 1)


def test_the_way_there_is_told() -> None:
    found = division_on(day("2026-01-01"), "510199", ROWS, SUCCESSIONS, day("1995-01-01"))
    assert [step.successor for step in found.path] == ["510188", "510187", "510116"]


def test_an_end_without_a_known_successor_is_said() -> None:
    found = division_on(day("2026-01-01"), "999999", ROWS, SUCCESSIONS)
    assert (found.codes, found.dead_ends, found.is_certain) == ((), ("999999",), False)
    to_nowhere = [Succession("999999", "888888", day("2001-01-01"))]
    assert division_on(day("2026-01-01"), "999999", ROWS, to_nowhere).dead_ends == ("999999",)


def test_two_that_became_one_lead_to_it_once() -> None:
    rows = [row("1", OLD, "2000-01-01"), row("2", "2000-01-02", "2001-01-01")]
    rows += [row("3", "2000-01-02", "2001-01-01"), row("4", "2001-01-02")]
    steps = [Succession("1", "2", day("2000-01-02")), Succession("1", "3", day("2000-01-02"))]
    steps += [Succession("2", "4", day("2001-01-02")), Succession("3", "4", day("2001-01-02"))]
    assert division_on(day("2026-01-01"), "1", rows, steps).codes == ("4",)


@pytest.mark.parametrize(("code", "written_on"), [("123456", None), ("510116", "1995-01-01")])
def test_a_code_that_nobody_bore_is_refused(code: str, written_on: str | None) -> None:
    with pytest.raises(CaseFault, match="没有代码"):
        division_on(day("2026-01-01"), code, ROWS, SUCCESSIONS, day(written_on) if written_on else None)


CODES = st.sampled_from(["1", "2", "3", "4"])
DATES = st.dates(date(2000, 1, 1), date(2010, 1, 1))


@given(
    st.lists(st.builds(DivisionRow, CODES, DATES, st.one_of(st.none(), DATES)), max_size=8),
    st.lists(st.builds(Succession, CODES, CODES, DATES), max_size=8),
    CODES,
    DATES,
)
def test_whatever_the_rows_say_it_ends_and_names_only_what_stands(
    rows: list[DivisionRow], successions: list[Succession], code: str, on: date
) -> None:
    with suppress(CaseFault):
        found = division_on(on, code, rows, successions)
        assert all(any(row.code == one and row.stands_on(on) for row in rows) for one in found.codes)
        assert all(step.on <= on for step in found.path)

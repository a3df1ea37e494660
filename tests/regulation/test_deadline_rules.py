"""Rules of the day of receipt, and extensions that keep to them."""

from __future__ import annotations

from datetime import date

import pytest

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import NoRuleInForce
from quanheng.regulation.deadline_rules import DurationUnit, duration_of, procedures
from quanheng.regulation.deadlines import Extension, deadline
from tests.regulation.due import (
    CALENDAR,
    CALENDAR_DAYS,
    COUNTING,
    HOURS,
    PACKS,
    WORKING,
    at,
)

# Extensions


def test_extensions_add_up_in_turn() -> None:
    extensions = [
        Extension(30, at("2026-05-20 10:00")),
        Extension(200, at("2026-06-25 10:00")),
    ]
    rule = duration_of(PACKS, "case", "decision", date(2026, 3, 2))
    found = deadline(at("2026-03-02 09:00"), rule, COUNTING, CALENDAR, extensions=extensions)
    assert found.count == 320
    assert found.due_on == date(2027, 1, 18)  # 16 January 2027 is a Saturday
    assert found.is_provisional


@pytest.mark.parametrize(
    ("extensions", "field", "code"),
    [
        ([(31, "2026-05-20 10:00")], "extensions[0].count", "extension_too_long"),
        ([(30, "2026-06-02 00:00")], "extensions[0].granted_at", "granted_too_late"),
        ([(0, "2026-05-20 10:00")], "extensions[0].count", "length"),
        ([(30, "1026-05-20 10:00")], "extensions[0].granted_at", "year_beyond_reason"),
        (
            [(30, "2026-05-20 10:00"), (9_999, "2026-05-20 10:00")],
            "extensions[1].count",
            "length",
        ),
        (
            [(30, "2026-05-20 10:00"), (1, "2026-05-20 10:00"), (1, "2026-05-20 10:00")],
            "extensions[2]",
            "no_more_extensions",
        ),
    ],
)
def test_an_extension_keeps_to_the_rule(extensions: list[tuple[int, str]], field: str, code: str) -> None:
    rule = duration_of(PACKS, "case", "decision", date(2026, 3, 2))
    granted = [Extension(count, at(when)) for count, when in extensions]
    with pytest.raises(CaseFault) as refused:
        deadline(at("2026-03-02 09:00"), rule, COUNTING, CALENDAR, extensions=granted)
    assert (refused.value.field, refused.value.code) == (field, code)


# Rules of the day of receipt


@pytest.mark.parametrize(
    ("received_on", "edition"),
    [("2026-04-14", "总局令第20号（2019）"), ("2026-04-15", "总局令第121号（2025）")],
)
def test_the_edition_in_force_on_the_day_of_receipt_governs(received_on: str, edition: str) -> None:
    rule = duration_of(PACKS, "complaint", "acceptance", date.fromisoformat(received_on))
    assert rule.citation is not None
    assert (rule.citation.edition, rule.citation.is_verified) == (edition, False)
    found = deadline(at(received_on), rule, COUNTING, CALENDAR)
    assert [citation.rule for citation in found.citations] == [
        "deadlines/complaint",
        "deadline-counting",
        "work-calendar",
    ]


@pytest.mark.parametrize(
    ("procedure", "step", "count", "unit"),
    [
        ("service-promise", "assignment", 24, HOURS),
        ("service-promise", "opinion", 3, WORKING),
        ("complaint", "acceptance", 7, WORKING),
        ("complaint", "mediation", 45, WORKING),
        ("case", "filing", 15, WORKING),
        ("case", "decision", 90, CALENDAR_DAYS),
        ("seizure", "seizure", 30, CALENDAR_DAYS),
        ("arbitration", "second_arbitration", 15, CALENDAR_DAYS),
    ],
)
def test_the_steps_have_the_lengths_of_the_texts(
    procedure: str, step: str, count: int, unit: DurationUnit
) -> None:
    rule = duration_of(PACKS, procedure, step, date(2026, 6, 1))
    assert (rule.count, rule.unit) == (count, unit)
    assert rule.title
    assert rule.starts_with


@pytest.mark.parametrize("procedure", procedures(PACKS))
def test_every_shipped_step_can_be_computed(procedure: str) -> None:
    pack = PACKS.in_force(f"deadlines/{procedure}", date(2026, 6, 1))
    for step in pack.tables:
        rule = duration_of(PACKS, procedure, step, date(2026, 6, 1))
        assert deadline(at("2026-06-01 09:00"), rule, COUNTING, CALENDAR).is_running


@pytest.mark.parametrize(("procedure", "step"), [("complaints", "acceptance"), ("complaint", "accept")])
def test_a_name_that_nobody_knows_is_refused_with_those_that_there_are(procedure: str, step: str) -> None:
    with pytest.raises(CaseFault, match=r"可用的有：.*(complaint|acceptance)"):
        duration_of(PACKS, procedure, step, date(2026, 6, 1))


def test_before_the_first_edition_there_is_no_rule() -> None:
    with pytest.raises(NoRuleInForce):
        duration_of(PACKS, "complaint", "acceptance", date(2001, 6, 1))

"""Rectification, re-test, and a restriction that is only ever proposed."""

from __future__ import annotations

from datetime import date

import pytest

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped
from quanheng.regulation.reinspection import (
    NextStep,
    Rectification,
    ReinspectionStep,
    Retest,
    next_step,
    still_needed,
)
from quanheng.regulation.workdays import calendar_of
from tests.regulation.packs import shipped_pack

PACK = shipped_pack("reinspection")
TWICE = shipped_pack("reinspection", restriction={"failed_retests": 2})
CALENDAR = calendar_of(shipped())
ORDERED = date(2026, 3, 2)


def step(case: Rectification, day: date = date(2026, 3, 10), pack: RulePack = PACK) -> NextStep:
    return next_step(case, day, CALENDAR, pack)


def test_an_order_waits_for_its_rectification() -> None:
    found = step(Rectification(ORDERED))
    assert (found.step, found.due_on, found.is_overdue) == (ReinspectionStep.RECTIFY, date(2026, 4, 1), False)
    assert step(Rectification(ORDERED), date(2026, 4, 1)).is_overdue is False
    assert step(Rectification(ORDERED), date(2026, 4, 2)).is_overdue is True


def test_the_day_that_the_order_states_goes_before_the_pack_s() -> None:
    assert step(Rectification(ORDERED, due_on=date(2026, 3, 9))).is_overdue


def test_a_report_starts_the_working_days_of_the_re_test() -> None:
    found = step(Rectification(ORDERED, reported_on=(date(2026, 4, 1),)))
    assert (found.step, found.due_on) == (ReinspectionStep.RETEST, date(2026, 4, 30))
    assert not found.is_provisional
    into_2027 = step(Rectification(ORDERED, reported_on=(date(2026, 12, 28),)))
    assert into_2027.is_provisional


def test_a_re_test_that_passes_closes_it() -> None:
    found = step(Rectification(ORDERED, retests=(Retest(date(2026, 4, 8), passed=True),)))
    assert (found.step, found.due_on) == (ReinspectionStep.CLOSE, None)


def test_a_re_test_that_fails_leads_to_a_proposal_and_to_nothing_more() -> None:
    found = step(Rectification(ORDERED, retests=(Retest(date(2026, 4, 8), passed=False),)))
    assert found.step is ReinspectionStep.PROPOSE_RESTRICTION
    assert "由人决定" in found.reason
    assert not found.citation.is_verified


def test_what_a_person_has_to_do_first_is_named() -> None:
    assert still_needed((), PACK) == ("legal_basis", "fair_competition_review", "statement_heard", "approval")
    assert still_needed({"legal_basis", "approval"}, PACK) == ("fair_competition_review", "statement_heard")


def test_where_two_failures_are_needed_the_first_one_starts_again() -> None:
    once = (Retest(date(2026, 4, 8), passed=False),)
    again = step(Rectification(ORDERED, due_on=date(2026, 3, 9), retests=once), pack=TWICE)
    assert (again.step, again.due_on) == (ReinspectionStep.RECTIFY, date(2026, 5, 8))
    old_report = Rectification(ORDERED, reported_on=(date(2026, 4, 1),), retests=once)
    assert step(old_report, pack=TWICE).step is ReinspectionStep.RECTIFY
    new_report = Rectification(ORDERED, reported_on=(date(2026, 4, 1), date(2026, 4, 20)), retests=once)
    assert step(new_report, pack=TWICE).step is ReinspectionStep.RETEST
    twice = Rectification(ORDERED, retests=once * 2)
    assert step(twice, pack=TWICE).step is ReinspectionStep.PROPOSE_RESTRICTION


@pytest.mark.parametrize(
    ("case", "field"),
    [
        (Rectification(ORDERED, reported_on=(date(2026, 3, 1),)), "reported_on"),
        (Rectification(ORDERED, reported_on=(date(2026, 3, 9), date(2026, 3, 8))), "reported_on"),
        (Rectification(ORDERED, retests=(Retest(date(2026, 3, 1), passed=True),)), "retests"),
        (Rectification(ORDERED, due_on=date(2026, 3, 1)), "due_on"),
        (Rectification(date(9999, 12, 31)), "reported_on"),
    ],
)
def test_days_out_of_order_are_refused(case: Rectification, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        step(case)
    assert refused.value.field == field

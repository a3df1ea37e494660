"""From a failed check to its end: rectification, re-test, and the proposal to restrict circulation.

Rule pack `reinspection` (the plan of 2026, chapter 3(1)3). Nothing is ever restricted by this: a restriction
is proposed, and `still_needed` says what a person has to do before deciding.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell
from quanheng.regulation.workdays import WorkCalendar, check_year


class ReinspectionStep(StrEnum):
    """What comes next."""

    RECTIFY = "rectify"
    RETEST = "retest"
    CLOSE = "close"
    PROPOSE_RESTRICTION = "propose_restriction"


@dataclass(frozen=True, slots=True)
class Retest:
    """One re-test."""

    on: date
    passed: bool


@dataclass(frozen=True, slots=True)
class Rectification:
    """What was ordered, and what was done since.

    Args:
        due_on: as the order says; by the pack where it says nothing.
        reported_on: the days on which the entity reported that it had rectified, in order.
        retests: in order.
    """

    ordered_on: date
    due_on: date | None = None
    reported_on: tuple[date, ...] = ()
    retests: tuple[Retest, ...] = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next, until when, and why.

    Args:
        due_on: None where nothing is due.
        is_provisional: the calendar of a year on the way is not published.
    """

    step: ReinspectionStep
    due_on: date | None
    is_overdue: bool
    reason: str
    is_provisional: bool
    citation: Citation


def next_step(case: Rectification, day: date, calendar: WorkCalendar, pack: RulePack) -> NextStep:
    """Return what comes next on the day.

    Raises:
        CaseFault: a report or a re-test before the order, or out of order.
    """
    _check_order(case)
    last = case.retests[-1] if case.retests else None
    if last is not None and last.passed:
        return _step(ReinspectionStep.CLOSE, None, day, tell("复查合格"), pack)
    failed = len(case.retests)
    if last is not None and failed >= pack.table("restriction").values["failed_retests"]:
        reason = tell("整改后复查 {failed} 次不合格；限制流通须逐项办完手续后由人决定", failed=failed)
        return _step(ReinspectionStep.PROPOSE_RESTRICTION, None, day, reason, pack)
    begun = case.ordered_on if last is None else last.on
    reports = [report for report in case.reported_on if report >= begun][-1:]
    if reports:
        return _retest(reports[0], day, calendar, pack)
    by_order = case.due_on if last is None else None
    days = timedelta(days=pack.table("rectification").values["days"])
    return _step(ReinspectionStep.RECTIFY, by_order or begun + days, day, tell("尚未报告整改完成"), pack)


def still_needed(done: Collection[str], pack: RulePack) -> tuple[str, ...]:
    """Return what is still to be done before anybody may decide on a restriction."""
    return tuple(need for need in pack.table("restriction").values["needs"] if need not in done)


def _retest(reported_on: date, day: date, calendar: WorkCalendar, pack: RulePack) -> NextStep:
    due_on = calendar.after(reported_on, pack.table("retest").values["working_days"])
    is_provisional = calendar.is_provisional(reported_on, due_on)
    return _step(
        ReinspectionStep.RETEST,
        due_on,
        day,
        tell("已报告整改完成，等待复查"),
        pack,
        is_provisional=is_provisional,
    )


def _step(
    step: ReinspectionStep,
    due_on: date | None,
    day: date,
    reason: str,
    pack: RulePack,
    *,
    is_provisional: bool = False,
) -> NextStep:
    is_overdue = due_on is not None and day > due_on
    return NextStep(step, due_on, is_overdue, reason, is_provisional, pack.cite())


def _check_order(case: Rectification) -> None:
    _check_days("reported_on", [case.ordered_on, *case.reported_on])
    _check_days("retests", [case.ordered_on, *(retest.on for retest in case.retests)])
    if case.due_on is not None and case.due_on < case.ordered_on:
        raise CaseFault("due_on", "before_order", "整改期限早于责令整改之日，请核对。")


def _check_days(name: str, days: Sequence[date]) -> None:
    for day in days:
        check_year(name, day.year)
    if list(days) != sorted(days):
        raise CaseFault(name, "out_of_order", "日期须不早于责令整改之日，并按先后排列，请核对。")

"""核查消费者反映: somebody takes it up, and it is closed with what was found and what the shopper is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowKind, act_on_row
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import ReportFinding, ReportState
from quanheng.apps.instruments.models import ShopperReport
from quanheng.packs.shipped import shipped
from quanheng.regulation.deadline_rules import counting_of, duration_of
from quanheng.regulation.deadlines import deadline
from quanheng.regulation.workdays import calendar_of

LONGEST = 500
PROCEDURE = "shopper-report"


def filed(report: ShopperReport) -> dict[str, Any]:
    """Return under what the log files an act: no entity reaches it, for it is a suspicion of them."""
    return {"area_id": report.area_id, "instrument_id": report.instrument_id, "subject": report.number}


REPORTS = RowKind(model=ShopperReport, missing=refusals.REPORT_NOT_FOUND, filed=filed)


def look_by(received_at: datetime) -> date | None:
    """Return the last day on which a report is taken up in time."""
    return _due_on("first_look", received_at)


def close_by(received_at: datetime) -> date | None:
    """Return the last day on which a report is closed in time."""
    return _due_on("closing", received_at)


def _due_on(step: str, received_at: datetime) -> date | None:
    packs, day = shipped(), timezone.localdate(received_at)
    rule = duration_of(packs, PROCEDURE, step, day)
    return deadline(received_at, rule, counting_of(packs, day), calendar_of(packs)).due_on


def take_up_report(*, report_id: int, by: Actor, at: datetime) -> ShopperReport:
    """Begin to look into a report.

    Raises:
        RuleBroken: report_not_found, report_not_new.
        NotYours: the role does not look into reports.
    """
    with act_on_row(REPORTS, acts.SHOPPER_REPORT_TAKEN_UP, report_id, by=by, at=at) as act:
        report = act.row
        if report.state != ReportState.NEW:
            raise refusals.REPORT_NOT_NEW(state=ReportState(report.state))
        report.state, report.taken_up_by_id, report.taken_up_at = ReportState.TAKEN_UP, by.user_id, at
        report.due_on = close_by(report.received_at)
        act.facts["problem"] = report.problem
    return report


def close_report(
    *, report_id: int, finding: str, found: str, answer: str, by: Actor, at: datetime
) -> ShopperReport:
    """Close a report that is being looked into.

    Args:
        found: what was seen on site; stays with the offices.
        answer: what whoever reported reads under the number of the receipt.

    Raises:
        RuleBroken: report_not_found, report_not_taken_up, no_report_finding, no_report_answer,
            report_answer_too_long.
        NotYours: the role does not look into reports.
    """
    found, answer = found.strip(), answer.strip()
    with act_on_row(REPORTS, acts.SHOPPER_REPORT_CLOSED, report_id, by=by, at=at, reason=found) as act:
        report = act.row
        if report.state != ReportState.TAKEN_UP:
            raise refusals.REPORT_NOT_TAKEN_UP(state=ReportState(report.state))
        _check_settled(finding, found, answer)
        report.state, report.finding, report.found, report.answer = ReportState.CLOSED, finding, found, answer
        report.closed_by_id, report.closed_at = by.user_id, at
        act.facts |= {"report_finding": finding, "answer": answer}
    return report


def reopen_report(*, report_id: int, reason: str, by: Actor, at: datetime) -> ShopperReport:
    """Look into a closed report again: what was found and answered no longer stands, and the log keeps it.

    Raises:
        RuleBroken: report_not_found, report_not_closed, no_reason, too_long.
        NotYours: the role does not look into reports.
    """
    reason = reason.strip()
    with act_on_row(REPORTS, acts.SHOPPER_REPORT_REOPENED, report_id, by=by, at=at, reason=reason) as act:
        report = act.row
        if report.state != ReportState.CLOSED:
            raise refusals.REPORT_NOT_CLOSED(state=ReportState(report.state))
        if not reason:
            raise refusals.NO_REASON_TO_REOPEN()
        if len(reason) > LONGEST:
            raise refusals.REOPENING_TOO_LONG(most=LONGEST)
        act.facts |= {"was": report.finding, "answer": report.answer}
        report.state, report.finding, report.found, report.answer = ReportState.TAKEN_UP, "", "", ""
        report.closed_by_id, report.closed_at = None, None
        report.taken_up_by_id, report.taken_up_at, report.due_on = by.user_id, at, close_by(at)
    return report


def _check_settled(finding: str, found: str, answer: str) -> None:
    if finding not in ReportFinding.values:
        raise refusals.NO_REPORT_FINDING()
    if not found or not answer:
        raise refusals.NO_REPORT_ANSWER()
    if max(len(found), len(answer)) > LONGEST:
        raise refusals.REPORT_ANSWER_TOO_LONG(most=LONGEST)

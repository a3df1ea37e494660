"""退回、审核通过半年报告: what was accepted by mistake is put right by returning it."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowAct, act_on_row
from quanheng.apps.hospitals import acts, refusals
from quanheng.apps.hospitals.enums import HalfYearState
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.hospitals.services.reports import HALF_YEAR_REPORTS
from quanheng.kit.refusals import REASON_TOO_LONG

LONGEST = 300


def return_report(
    *, report_id: int, reason: str, by: Actor, at: datetime, version: int | None = None
) -> HalfYearReport:
    """Return a report that was submitted, or accepted by mistake; the hospital reads the reason.

    Raises:
        RuleBroken: no_reason, reason_too_long, half_year_not_found, half_year_not_in_state,
            changed_meanwhile, same_person.
        NotYours: the role or scope does not reach it.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON_TO_RETURN()
    if len(reason) > LONGEST:
        raise REASON_TOO_LONG(most=LONGEST)
    with act_on_row(
        HALF_YEAR_REPORTS, acts.HALF_YEAR_RETURNED, report_id, by=by, at=at, reason=reason, version=version
    ) as act:
        _decide(act, HalfYearState.RETURNED, (HalfYearState.SUBMITTED, HalfYearState.ACCEPTED), by)
        act.row.return_reason = reason
    return act.row


def accept_report(*, report_id: int, by: Actor, at: datetime, version: int | None = None) -> HalfYearReport:
    """Accept a report as it was submitted.

    Raises:
        RuleBroken: half_year_not_found, half_year_not_in_state, changed_meanwhile, same_person.
        NotYours: the role or scope does not reach it.
    """
    with act_on_row(
        HALF_YEAR_REPORTS, acts.HALF_YEAR_ACCEPTED, report_id, by=by, at=at, version=version
    ) as act:
        _decide(act, HalfYearState.ACCEPTED, (HalfYearState.SUBMITTED,), by)
    return act.row


def _decide(
    act: RowAct[HalfYearReport], there: HalfYearState, here: tuple[HalfYearState, ...], by: Actor
) -> None:
    report = act.row
    if report.state not in here:
        raise refusals.NOT_IN_STATE(state=HalfYearState(report.state).label)
    if by.user_id is not None and by.user_id == report.submitted_by_id:
        raise refusals.SUBMITTER_DECIDES()
    report.state, report.decided_at, report.decided_by_name = there, act.at, by.name

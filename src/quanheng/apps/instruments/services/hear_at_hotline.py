"""12315 办理消费者反映: what the hotline writes down, whom it passes on to, what it tells the reporter.

The hotline finds nothing: whether it is true is for the office that looks on site, whose clock goes on.
"""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import living_areas
from quanheng.apps.audit.row_acts import RowAct, act_on_row
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import ReportState
from quanheng.apps.instruments.models import ShopperReport
from quanheng.apps.instruments.services.settle_report import LONGEST, REPORTS
from quanheng.kit.refusal import Refusal


def note_report(*, report_id: int, note: str, by: Actor, at: datetime) -> ShopperReport:
    """Write down what the hotline knows of a report; written again it stands instead, the log keeps both.

    Raises:
        RuleBroken: report_not_found, report_is_closed, no_hotline_note, too_long.
        NotYours: not the hotline.
    """
    note = _written(note, refusals.NO_HOTLINE_NOTE)
    with act_on_row(REPORTS, acts.SHOPPER_REPORT_NOTED, report_id, by=by, at=at, reason=note) as act:
        _check_is_open(act.row)
        act.facts["was"] = act.row.note
        act.row.note, act.row.noted_by_id, act.row.noted_at = note, by.user_id, at
    return act.row


def pass_report_on(
    *, report_id: int, note: str, area_id: int | None = None, by: Actor, at: datetime
) -> ShopperReport:
    """Hand a report to the office that looks into it: it stands out there until somebody takes it up.

    Args:
        area_id: whose office, for a label that is no instrument's; None leaves it where it is.

    Raises:
        RuleBroken: report_not_found, report_is_closed, report_passed_on_already, no_hotline_note, too_long,
            report_stays_with_its_instrument, office_out_of_reach.
        NotYours: not the hotline.
    """
    note = _written(note, refusals.NO_HOTLINE_NOTE)
    with act_on_row(REPORTS, acts.SHOPPER_REPORT_PASSED_ON, report_id, by=by, at=at, reason=note) as act:
        report = act.row
        _check_is_open(report)
        if not waits_for_office(report):
            raise refusals.REPORT_PASSED_ON_ALREADY()
        if area_id is not None and area_id != report.area_id:
            _hand_over(act, area_id, by)
        report.note, report.noted_by_id, report.noted_at, report.passed_on_at = note, by.user_id, at, at
        act.facts["to"] = report.area_id
    return report


def reply_to_reporter(*, report_id: int, reply: str, by: Actor, at: datetime) -> ShopperReport:
    """Tell whoever holds the receipt what the hotline can say; the office's own answer stands beside it.

    Raises:
        RuleBroken: report_not_found, no_hotline_reply, too_long.
        NotYours: not the hotline.
    """
    reply = _written(reply, refusals.NO_HOTLINE_REPLY)
    with act_on_row(REPORTS, acts.SHOPPER_REPORT_REPLIED, report_id, by=by, at=at) as act:
        act.facts |= {"answer": reply, "was": act.row.reply}
        act.row.reply, act.row.replied_at = reply, at
    return act.row


def _written(text: str, nothing: Refusal) -> str:
    text = text.strip()
    if not text:
        raise nothing()
    if len(text) > LONGEST:
        raise refusals.HOTLINE_TEXT_TOO_LONG(most=LONGEST)
    return text


def is_open(report: ShopperReport) -> bool:
    """Say whether the office has not closed it: the hotline still writes down what it hears."""
    return report.state != ReportState.CLOSED


def waits_for_office(report: ShopperReport) -> bool:
    """Say whether nobody has taken it up: only then is it passed on."""
    return report.state == ReportState.NEW


def _check_is_open(report: ShopperReport) -> None:
    if not is_open(report):
        raise refusals.REPORT_IS_CLOSED()


def _hand_over(act: RowAct[ShopperReport], area_id: int, by: Actor) -> None:
    if act.row.instrument_id is not None:
        raise refusals.REPORT_STAYS_WITH_ITS_INSTRUMENT()
    mine, area = by.scope.areas, living_areas(act.today).filter(pk=area_id).first()
    if area is None or mine is None or not mine[0] <= area.pk <= mine[1]:
        raise refusals.OFFICE_OUT_OF_REACH()
    act.row.area_id = area.pk

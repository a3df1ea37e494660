"""Half-year reports in the demonstration: one accepted, one submitted, one returned, others overdue."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.hospitals.queries.reports import half_year_reports
from quanheng.apps.hospitals.services.decide_report import accept_report, return_report
from quanheng.apps.hospitals.services.open_reports import open_reports
from quanheng.apps.hospitals.services.submit_report import submit_report
from quanheng.apps.hospitals.services.write_report import write_report
from quanheng.demo.people import actor
from quanheng.demo.province import HOME
from quanheng.kit.scope import EVERYTHING, acting_in

WORDS = "本院计量器具由设备科管理，已按台账逐台核对。"
RETURNED = "检验科的器具未列入台账，请补登后重新报送。"


def report_half_years(*, at: datetime) -> int:
    """Open the reports that are due, and let some of the county's hospitals submit theirs.

    Returns:
        How many were submitted; none where the county has no hospital.
    """
    open_reports(at=at)
    hospital, officer = actor("yiyuan"), actor("xian")
    with acting_in(EVERYTHING):
        own = _ids(hospital)
        others = [pk for pk in _ids(officer) if pk not in own][:2]
    for report_id in own:
        _submit(report_id, hospital, at)
    for report_id in others:
        _submit(report_id, SYSTEM, at)
    with acting_in(officer.scope):
        for report_id in own:
            return_report(report_id=report_id, reason=RETURNED, by=officer, at=at)
        for report_id in others[:1]:
            accept_report(report_id=report_id, by=officer, at=at)
    return len(own) + len(others)


def _ids(by: Actor) -> list[int]:
    rows = half_year_reports(by).filter(area__gte=HOME, state="draft")
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _submit(report_id: int, by: Actor, at: datetime) -> None:
    with acting_in(by.scope):
        write_report(report_id=report_id, words=WORDS, remarks={}, full_time_managers=1, by=by, at=at)
        submit_report(report_id=report_id, by=by, at=at)

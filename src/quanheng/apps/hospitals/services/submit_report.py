"""报送半年报告: what the ledger holds on this day is frozen, with the instruments behind each number."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.hospitals import acts, refusals
from quanheng.apps.hospitals.enums import HalfYearState
from quanheng.apps.hospitals.figures import sums
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.hospitals.queries.reports import lines_of, manager_of
from quanheng.apps.hospitals.services.reports import HALF_YEAR_REPORTS, check_with_hospital


def submit_report(*, report_id: int, by: Actor, at: datetime, version: int | None = None) -> HalfYearReport:
    """Submit a report, first or once more after it was returned.

    Raises:
        RuleBroken: half_year_not_found, half_year_not_in_state, changed_meanwhile, managers_missing.
        NotYours: the role or scope does not reach it.
    """
    with act_on_row(
        HALF_YEAR_REPORTS, acts.HALF_YEAR_SUBMITTED, report_id, by=by, at=at, version=version
    ) as act:
        report = act.row
        check_with_hospital(report)
        if report.full_time_managers is None:
            raise refusals.MANAGERS_MISSING()
        act.facts |= _freeze(report, by, act.today)
        report.counted_on = act.today
        report.first_submitted_on = report.first_submitted_on or act.today
        report.state, report.return_reason = HalfYearState.SUBMITTED, ""
        report.submitted_at, report.submitted_by_id, report.submitted_by_name = at, by.user_id, by.name
    return report


def _freeze(report: HalfYearReport, by: Actor, day: date) -> dict[str, object]:
    """Take the counts of the day over; return them, and the digest of all rows, for the log."""
    lines = lines_of(report, by, day)
    counts = sums(lines)
    report.lines = [line.as_json() for line in lines]
    for name, value in counts.items():
        setattr(report, name, value)
    report.grade = report.entity.hospital_grade
    report.manager = manager_of(report, by, day)
    text = json.dumps([report.lines, report.words, report.full_time_managers], ensure_ascii=False)
    return {**counts, "manager": report.manager, "digest": hashlib.sha256(text.encode()).hexdigest()}

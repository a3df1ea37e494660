"""填写半年报告: the hospital says what the counts do not; no count is its to change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_row
from quanheng.apps.hospitals import acts, refusals
from quanheng.apps.hospitals.figures import keys_on
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.hospitals.services.reports import HALF_YEAR_REPORTS, check_with_hospital

LONGEST, LONGEST_REMARK, MOST_MANAGERS = 2000, 200, 999


def write_report(
    *, report_id: int, words: str, remarks: Mapping[str, str], full_time_managers: int | None,
    by: Actor, at: datetime, version: int | None = None,
) -> HalfYearReport:  # fmt: skip
    """Write a report that lies with the hospital.

    Args:
        remarks: key of a class → what the hospital says of its count.
        full_time_managers: how many there are; None while it is not said.

    Raises:
        RuleBroken: half_year_not_found, half_year_not_in_state, changed_meanwhile, too_long,
            remark_of_no_class, managers_missing.
        NotYours: the role or scope does not reach it.
    """
    words = words.strip()
    said = {key: text.strip() for key, text in remarks.items() if text.strip()}
    if len(words) > LONGEST or any(len(text) > LONGEST_REMARK for text in said.values()):
        raise refusals.WORDS_TOO_LONG(most=LONGEST, remark=LONGEST_REMARK)
    if full_time_managers is not None and not 0 <= full_time_managers <= MOST_MANAGERS:
        raise refusals.MANAGERS_MISSING()
    with act_on_row(
        HALF_YEAR_REPORTS, acts.HALF_YEAR_WRITTEN, report_id, by=by, at=at, version=version
    ) as act:
        check_with_hospital(act.row)
        for key in said.keys() - keys_on(act.today):
            raise refusals.REMARK_OF_NO_CLASS(key=key)
        act.row.words, act.row.remarks, act.row.full_time_managers = words, said, full_time_managers
    return act.row

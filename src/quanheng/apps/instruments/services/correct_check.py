"""更正检查结果: a check on site that was recorded wrongly; both acts stay in the file, the newer one counts.

Who may ask and who decides is for the app whose check it was (`inspections`): it takes two people.
"""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import CheckOutcome
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import act_on


def correct_check(
    *, instrument_id: int, outcome_was: CheckOutcome, outcome: CheckOutcome, words: str, on: date, why: str,
    asked_by: str, by: Actor, at: datetime,
) -> Instrument:  # fmt: skip
    """Say what a check really found.

    Args:
        words: what was found; on: the day of the check.
        why: what was wrong with the first record; asked_by: who asked for it to be put right.

    Raises:
        RuleBroken: instrument_not_found.
    """
    with act_on(acts.CHECK_CORRECTED, instrument_id, by=by, at=at, reason=words) as act:
        act.facts |= {
            "outcome_was": outcome_was, "outcome": outcome, "on": on.isoformat(), "why": why,
            "asked_by": asked_by,
        }  # fmt: skip
    return act.instrument

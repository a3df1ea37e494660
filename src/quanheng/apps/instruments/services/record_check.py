"""现场检查: an officer looked at one instrument on site and says what was found."""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import CheckOutcome
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.instruments.services.confirm_unchanged import note_seen


def record_check(
    *, instrument_id: int, outcome: CheckOutcome, words: str, on: date, serial_matches: bool | None = None,
    seals_match: bool | None = None, by: Actor, at: datetime,
) -> Instrument:  # fmt: skip
    """Record a check. It changes nothing by itself: a broken seal or a stop is an act of its own.

    Args:
        serial_matches: the serial number on the nameplate is the one in the ledger; None when not compared.
        seals_match: the numbers on the seals are those in the ledger; None when not compared.

    Raises:
        RuleBroken: in_future, no_words, outcome_contradicts.
    """
    words = words.strip()
    with act_on(acts.CHECKED, instrument_id, by=by, at=at, reason=words[:500]) as act:
        if on > act.today:
            raise refusals.IN_FUTURE(day=on)
        if outcome != CheckOutcome.NOTHING_WRONG and not words:
            raise refusals.NO_WORDS()
        if outcome == CheckOutcome.NOTHING_WRONG and False in (serial_matches, seals_match):
            raise refusals.OUTCOME_CONTRADICTS()
        note_seen(act.instrument, on)
        act.facts |= {
            "outcome": outcome, "on": on.isoformat(), "serial_matches": serial_matches,
            "seals_match": seals_match,
        }  # fmt: skip
    return act.instrument

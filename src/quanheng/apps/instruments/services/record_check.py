"""现场检查: an officer looked at one instrument on site and says what was found."""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.attached import refusals as on_site_refusals
from quanheng.apps.instruments.enums import CheckOutcome
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import act_on
from quanheng.apps.instruments.services.confirm_unchanged import note_seen
from quanheng.apps.instruments.services.on_site import ALONE, OnSite, note_on_site
from quanheng.packs.shipped import shipped
from quanheng.regulation.on_site_check import RULE, CheckTeam, check_team


def record_check(
    *, instrument_id: int, outcome: CheckOutcome, words: str, on: date, serial_matches: bool | None = None,
    seals_match: bool | None = None, found_serial: str = "", seen: OnSite = ALONE, by: Actor, at: datetime,
) -> Instrument:  # fmt: skip
    """Record a check. It changes nothing by itself: a broken seal or a stop is an act of its own.

    Args:
        serial_matches: the serial number on the nameplate is the one in the ledger; None when not compared.
        seals_match: the numbers on the seals are those in the ledger; None when not compared.
        found_serial: the number on the nameplate, where it is another one.
        seen: photos, second officer and place.

    Raises:
        RuleBroken: in_future, no_words, outcome_contradicts, no_second_officer, and what `note_on_site`
            raises.
    """
    words = words.strip()
    with act_on(acts.CHECKED, instrument_id, by=by, at=at, reason=words[:500]) as act:
        if on > act.today:
            raise refusals.IN_FUTURE(day=on)
        if outcome != CheckOutcome.NOTHING_WRONG and not words:
            raise refusals.NO_WORDS()
        if outcome == CheckOutcome.NOTHING_WRONG and False in (
            serial_matches,
            seals_match,
            seen.place_matches,
        ):
            raise refusals.OUTCOME_CONTRADICTS()
        if seen.second_officer_id is None and check_team_on(on).needs_second_officer:
            raise on_site_refusals.NO_SECOND_OFFICER()
        note_seen(act.instrument, on)
        act.facts |= {
            "outcome": outcome, "on": on.isoformat(), "serial_matches": serial_matches,
            "seals_match": seals_match,
        }  # fmt: skip
        if found := found_serial.strip():
            act.facts["found_serial"] = found
        note_on_site(act, seen, acts.CHECKED, on=on, by=by, at=at)
    return act.instrument


def check_team_on(day: date) -> CheckTeam:
    """Return who has to be there, as the edition in force on a day says."""
    return check_team(shipped().in_force(RULE, day))

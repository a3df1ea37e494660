"""确认信息无变化: whoever keeps instruments, or an officer, says that they are there as the ledger has them.

It says nothing of their verification or their seals: what a scan answers stays what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowAct, act_on_rows
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import INSTRUMENTS
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.instrument_states import WITHOUT_CODE, State


def confirm_unchanged(
    *, instrument_ids: Collection[int], by: Actor, at: datetime
) -> Mapping[int, RuleBroken]:
    """Confirm instruments as they are registered; return why some could not be, by id.

    Refused are: instrument_not_found, not_to_be_confirmed, not_yours.
    """
    with act_on_rows(INSTRUMENTS, acts.UNCHANGED, instrument_ids, by=by, at=at) as batch:
        batch.take(_confirm)
    return batch.refused


def why_not(instrument: Instrument) -> RuleBroken | None:
    """Return why an instrument cannot be confirmed; None where it can."""
    if State(instrument.state) in WITHOUT_CODE:
        return refusals.NOT_TO_BE_CONFIRMED(state=InstrumentState(instrument.state))
    return None


def _confirm(act: RowAct[Instrument]) -> None:
    refusal = why_not(act.row)
    if refusal is not None:
        raise refusal
    note_seen(act.row, act.today)
    act.facts["on"] = act.today.isoformat()


def note_seen(instrument: Instrument, on: date) -> None:
    """Somebody saw it on a day, or a sheet names it: an earlier day than the one known says nothing new."""
    if instrument.seen_on is None or instrument.seen_on < on:
        instrument.seen_on = on

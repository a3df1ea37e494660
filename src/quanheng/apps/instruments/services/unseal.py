"""启封: a seal is opened lawfully, to verify, to adjust or to repair (regulation.seal_opening).

It ends the verification as a broken seal does, and says so in other words: nobody is suspected of anything.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, permissions, refusals
from quanheng.apps.instruments.enums import InstrumentState, SealEnd
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import locked
from quanheng.apps.instruments.services.end_seal import Ending, end_seal
from quanheng.apps.instruments.services.name_repairer import check_received
from quanheng.kit.acts import check
from quanheng.packs.shipped import shipped
from quanheng.regulation.instrument_states import State
from quanheng.regulation.seal_opening import HELD_WHILE_IMPOUNDED, Purpose, may_open

RULE = "seal-opening"


def unseal(
    *, instrument_id: int, seal_id: int, purpose: Purpose, reason: str, on: date, opened_by: str = "",
    witness: str = "", by: Actor, at: datetime,
) -> Instrument:  # fmt: skip
    """Record that a seal was opened for a purpose; new seals and a verification follow before use.

    Args:
        opened_by: who opened it; the actor when empty.
        witness: who saw it, another person than who opened it.

    Raises:
        RuleBroken: not_received, cannot_unseal, impounded, no_witness, own_witness, no_reason,
            seal_not_found, already_broken, before_applied, in_future.
        NotYours: the actor's role does not open seals for this purpose.
    """
    ending = Ending(SealEnd(purpose), on, reason, opened_by.strip(), witness.strip())
    with transaction.atomic():
        instrument = locked(instrument_id, by, shown=True)
        check(acts.SEAL_OPENED, by, instrument)
        permissions.check_opener(ending.ended_as, by)
        check_received(instrument, by)
        _check_state(instrument, purpose)
        _check_witness(ending, by, timezone.localdate(at))
        return end_seal(instrument_id, seal_id, ending, by=by, at=at)


def witness_needed(purpose: Purpose, on: date) -> bool:
    """Say whether an opening has to name a witness, as the rule of the day has it."""
    return purpose in shipped().in_force(RULE, on).table("witness").values["needed"]


def _check_state(instrument: Instrument, purpose: Purpose) -> None:
    if instrument.impounded and purpose in HELD_WHILE_IMPOUNDED:
        raise refusals.IMPOUNDED_STAYS_SEALED()
    if not may_open(purpose, State(instrument.state), impounded=instrument.impounded):
        state = InstrumentState(instrument.state)
        for_repair = purpose == Purpose.REPAIR
        refusal = refusals.CANNOT_UNSEAL_FOR_REPAIR if for_repair else refusals.CANNOT_UNSEAL
        raise refusal(state=state, purpose=SealEnd(purpose))


def _check_witness(ending: Ending, by: Actor, today: date) -> None:
    if ending.witness and ending.witness == (ending.ended_by or by.name):
        raise refusals.OWN_WITNESS()
    if not ending.witness and witness_needed(Purpose(ending.ended_as), today):
        raise refusals.NO_WITNESS(ended_as=ending.ended_as.label)

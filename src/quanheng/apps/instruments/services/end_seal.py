"""How a seal ends, found broken or opened lawfully: it is written down, and what it protected is not trusted.

A seal on a whole protects its parts: a dispenser's seal voids the verification of every nozzle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState, SealEnd
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.apps.instruments.services.act_on import InstrumentAct, act_on, following
from quanheng.apps.instruments.services.on_site import ALONE, OnSite, note_on_site
from quanheng.apps.instruments.services.repair import end_verification
from quanheng.kit.acts import Verb


@dataclass(frozen=True, slots=True)
class Ending:
    """How a seal ended.

    Args:
        ended_by: who opened it, or who found it broken; the actor when empty.
        seen: what else was seen on site.
    """

    ended_as: SealEnd
    on: date
    reason: str
    ended_by: str = ""
    witness: str = ""
    seen: OnSite = ALONE

    @property
    def verb(self) -> Verb:
        return acts.SEAL_BROKEN if self.ended_as == SealEnd.BROKEN else acts.SEAL_OPENED

    @property
    def facts(self) -> dict[str, Any]:
        """What the log says beside the seal."""
        opened = {} if self.ended_as == SealEnd.BROKEN else {"opened_for": self.ended_as.value}
        return {"on": self.on.isoformat()} | opened


def end_seal(instrument_id: int, seal_id: int, ending: Ending, *, by: Actor, at: datetime) -> Instrument:
    """End a seal and the verification behind it, parts included.

    Raises:
        RuleBroken: no_reason, seal_not_found, already_broken, in_future, before_applied.
    """
    reason = ending.reason.strip()
    with transaction.atomic():
        with act_on(ending.verb, instrument_id, by=by, at=at, reason=reason) as act:
            seal = _checked(act, seal_id, ending)
            seal.broken_on, seal.break_reason, seal.ended_as = ending.on, reason, ending.ended_as
            seal.broken_by, seal.broken_witness = ending.ended_by or by.name, ending.witness
            seal.ended_at = at
            seal.save()
            with following(by):
                _distrust(act.instrument, seal, at)
            act.facts |= {"seal": seal.number, "position": seal.position, "witness": ending.witness}
            act.facts |= ending.facts
            note_on_site(act, ending.seen, ending.verb, on=ending.on, by=by, at=at)
        with following(by) as hand:
            for part in _parts(instrument_id):
                with act_on(ending.verb, part, by=hand, at=at, reason=reason) as follow:
                    _distrust(follow.instrument, seal, at)
                    follow.facts |= {"seal": seal.number, "position": seal.position}
                    follow.facts |= {"of_whole": instrument_id} | ending.facts
    return act.instrument


def why_ended(seal: Seal) -> str:
    """Say why a seal that ended voids a verification: 铅封 F000123 破损, 铅封 F000123 因维修启封."""
    return f"铅封 {seal.number} {SealEnd(seal.ended_as).label}"


def _checked(act: InstrumentAct, seal_id: int, ending: Ending) -> Seal:
    seal = Seal.objects.unscoped().filter(pk=seal_id, instrument=act.instrument).first()
    if seal is None:
        raise refusals.SEAL_NOT_FOUND()
    if seal.broken_on:
        ended = SealEnd(seal.ended_as).label
        raise refusals.ALREADY_BROKEN(number=seal.number, broken_on=seal.broken_on, ended=ended)
    if not ending.reason.strip():
        raise refusals.NO_REASON_FOR_SEAL()
    if ending.on > act.today:
        raise refusals.IN_FUTURE(day=ending.on)
    if ending.on < seal.applied_on:
        raise refusals.BEFORE_APPLIED(number=seal.number, applied_on=seal.applied_on)
    return seal


def _distrust(instrument: Instrument, seal: Seal, at: datetime) -> None:
    if seal.ended_as == SealEnd.BROKEN:
        instrument.seal_broken = True
    else:
        instrument.seal_opened = True
    end_verification(instrument, seal.broken_on or instrument.changed_at.date(), why_ended(seal), at)


def _parts(instrument_id: int) -> list[int]:
    parts = (
        Instrument.objects.unscoped().filter(parent_id=instrument_id).exclude(state=InstrumentState.SCRAPPED)
    )
    return list(parts.order_by("pk").values_list("pk", flat=True))

"""铅封破损: a seal was found broken or was taken off. The verification it protected is void from that day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.apps.instruments.services.doing import act_on
from quanheng.apps.instruments.services.repair import end_verification
from quanheng.kit.refusal import RuleBroken


def break_seal(
    *, instrument_id: int, seal_id: int, reason: str, on: date, broken_by: str = "", witness: str = "",
    by: Actor, at: datetime,
) -> Instrument:  # fmt: skip
    """Record a broken seal; the next scan shows red (regulation.trust).

    A seal on a whole protects its parts: a dispenser's broken seal voids the verification of every nozzle.

    Args:
        broken_by: who broke it, or who found it broken when that is not known; the actor when empty.

    Raises:
        RuleBroken: no_reason, no_such_seal, seal_already_broken, before_applied, in_future.
    """
    with transaction.atomic():
        with act_on(Verb.SEAL_BROKEN, instrument_id, by=by, at=at, reason=reason) as act:
            seal = _whole_seal(act.instrument, seal_id)
            if not reason.strip():
                raise RuleBroken("no_reason", "请写明铅封破损或启封的原因。")
            if on > act.today:
                raise RuleBroken("in_future", f"日期 {on} 还没有到，请填写今天或之前的日期。")
            if on < seal.applied_on:
                raise RuleBroken(
                    "before_applied", f"铅封 {seal.number} 于 {seal.applied_on} 施封，破损日期不能更早。"
                )
            seal.broken_on, seal.break_reason = on, reason
            seal.broken_by, seal.broken_witness = broken_by or by.name, witness
            seal.save()
            _distrust(act.instrument, seal, on)
            act.facts |= {"seal": seal.number, "position": seal.position, "witness": witness}
        for part in _parts(instrument_id):
            with act_on(Verb.SEAL_BROKEN, part, by=by, at=at, reason=reason) as follow:
                _distrust(follow.instrument, seal, on)
                follow.facts |= {"seal": seal.number, "position": seal.position, "of_whole": instrument_id}
    return act.instrument


def _distrust(instrument: Instrument, seal: Seal, on: date) -> None:
    instrument.seal_broken = True
    end_verification(instrument, on, f"铅封 {seal.number} 破损")


def _parts(instrument_id: int) -> list[int]:
    parts = (
        Instrument.objects.unscoped().filter(parent_id=instrument_id).exclude(state=InstrumentState.SCRAPPED)
    )
    return list(parts.order_by("pk").values_list("pk", flat=True))


def _whole_seal(instrument: Instrument, seal_id: int) -> Seal:
    seal = Seal.objects.unscoped().filter(pk=seal_id, instrument=instrument).first()
    if seal is None:
        raise RuleBroken("no_such_seal", "这台器具上没有这枚铅封。")
    if seal.broken_on:
        raise RuleBroken("seal_already_broken", f"铅封 {seal.number} 已于 {seal.broken_on} 登记破损。")
    return seal

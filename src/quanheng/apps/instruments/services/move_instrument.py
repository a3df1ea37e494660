"""变更使用地点或使用人: between stalls of a market, or from one owner to another."""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.models import Instrument, InstrumentCode, Seal, Verification
from quanheng.apps.instruments.permissions import reaches
from quanheng.apps.instruments.services.doing import act_on
from quanheng.apps.registry.queries import open_entity
from quanheng.kit.refusal import NotYours, RuleBroken


def move_instrument(
    *, instrument_id: int, entity_id: int, place: str, on: date, reason: str = "", by: Actor, at: datetime
) -> Instrument:
    """Move an instrument; its verifications and seals go with it, its past stays in the old owner's file.

    Raises:
        RuleBroken: nothing_changes, moved_backward, entity_not_found, already_scrapped.
        NotYours: the actor does not reach the entity that the instrument moves to.
    """
    with act_on(Verb.INSTRUMENT_MOVED, instrument_id, by=by, at=at, reason=reason) as act:
        it = act.instrument
        _check_move(it, entity_id, place, on)
        target = open_entity(entity_id)
        if not reaches(by, target):
            raise NotYours("not_yours", "接收方不在您的管辖范围内，请由双方共同的上级机关办理。")
        serving = act.was_in_service
        act.leave_service(on)
        it.entity_id, it.root_id, it.area_id = target.entity_id, target.root_id, target.area_id
        it.premises, it.place = target.premises, place.strip()
        it.placed_on = on if serving else None
        _take_along(it)
    return act.instrument


def _check_move(instrument: Instrument, entity_id: int, place: str, on: date) -> None:
    if instrument.state == "scrapped":
        raise RuleBroken("already_scrapped", "已报废的器具不能变更使用地点。")
    if (instrument.entity_id, instrument.place) == (entity_id, place.strip()):
        raise RuleBroken("nothing_changes", "使用单位和位置与现状相同，无需变更。")
    if instrument.placed_on and on < instrument.placed_on:
        raise RuleBroken("moved_backward", f"变更日期不能早于现位置的起始日期 {instrument.placed_on}。")


def _take_along(instrument: Instrument) -> None:
    for model in (Verification, Seal):
        model.objects.unscoped().filter(instrument=instrument).update(
            area_id=instrument.area_id, root_id=instrument.root_id
        )
    InstrumentCode.objects.unscoped().filter(instrument=instrument).update(area_id=instrument.area_id)

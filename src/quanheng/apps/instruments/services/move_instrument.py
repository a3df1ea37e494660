"""变更使用地点或使用人: between stalls of a market, or from one owner to another."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument, InstrumentCode, Seal, Verification
from quanheng.apps.instruments.services.act_on import InstrumentAct, act_on
from quanheng.apps.instruments.services.confirm_unchanged import note_seen
from quanheng.apps.registry.queries import PlaceOfUse, open_entity
from quanheng.kit.scope import seeing_everything


def move_instrument(
    *, instrument_id: int, entity_id: int, place: str, on: date, reason: str = "", by: Actor, at: datetime
) -> Instrument:
    """Move an instrument with its parts, verifications and seals; its past stays in the old owner's file.

    Raises:
        RuleBroken: nothing_changes, before_placed, in_future, entity_not_found, already_scrapped, impounded,
            part_moves_with_whole.
        NotYours: the actor does not reach the entity that the instrument moves to.
    """
    target = open_entity(entity_id)
    if not target.reached_by(by):
        raise refusals.RECEIVER_NOT_YOURS()
    with transaction.atomic():
        with act_on(acts.INSTRUMENT_MOVED, instrument_id, by=by, at=at, reason=reason) as act:
            _check_move(act.instrument, target, place)
            act.check_not_impounded()
            _put(act, target, place.strip(), on)
        for part in _parts(instrument_id):
            with act_on(acts.INSTRUMENT_MOVED, part, by=by, at=at, reason=reason) as follow:
                _put(follow, target, follow.instrument.place, on)
    return act.instrument


def _check_move(instrument: Instrument, target: PlaceOfUse, place: str) -> None:
    if instrument.state == InstrumentState.SCRAPPED:
        raise refusals.SCRAPPED_STAYS()
    if instrument.parent_id:
        raise refusals.PART_MOVES_WITH_WHOLE()
    if (instrument.entity_id, instrument.place) == (target.entity_id, place.strip()):
        raise refusals.NOTHING_CHANGES()


def _put(act: InstrumentAct, target: PlaceOfUse, place: str, on: date) -> None:
    it, serving = act.instrument, act.was_in_service
    act.leave_service(on)
    it.entity_id, it.root_id, it.area_id = target.entity_id, target.root_id, target.area_id
    it.premises, it.place = target.premises, place
    it.placed_on = on if serving else None
    note_seen(it, on)
    _take_along(it)


def _parts(instrument_id: int) -> list[int]:
    parts = (
        Instrument.objects.unscoped().filter(parent_id=instrument_id).exclude(state=InstrumentState.SCRAPPED)
    )
    return list(parts.order_by("pk").values_list("pk", flat=True))


def _take_along(instrument: Instrument) -> None:
    for model in (Verification, Seal):
        model.objects.unscoped().filter(instrument=instrument).update(
            area_id=instrument.area_id, root_id=instrument.root_id
        )
    with seeing_everything():  # codes belong to an area: an operator's rows do not hold them
        InstrumentCode.objects.unscoped().filter(instrument=instrument).update(area_id=instrument.area_id)

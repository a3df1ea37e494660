"""器具登记: one instrument enters the ledger by hand (spreadsheets come through the import)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments import permissions
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.doing import act_on, log
from quanheng.apps.registry.queries import open_entity
from quanheng.kit.refusal import NotYours, RuleBroken

FACTS = frozenset(
    {
        "item_id", "name", "model", "serial_number", "manufacturer", "type_approval_number", "accuracy_class",
        "max_capacity_g", "min_capacity_g", "e_g", "d_g", "measuring_range", "use", "place", "longitude",
        "latitude", "manufactured_on", "in_use_since", "software_version", "generation", "production_code",
        "repair_code", "verification_code", "parent_id", "details",
    }
)  # fmt: skip
PLACE_CHANGES_BY_MOVING = frozenset({"place", "parent_id"})


def register_instrument(*, entity_id: int, facts: dict[str, Any], by: Actor, at: datetime) -> Instrument:
    """Enter an instrument as a draft; `file_instruments.submit` sends it to the office.

    Args:
        facts: column name → value; only FACTS.

    Raises:
        RuleBroken: entity_not_found, unknown_facts, no_serial_number, serial_number_taken.
        NotYours: the entity is outside the actor's scope.
    """
    with transaction.atomic():
        place = open_entity(entity_id)
        if not permissions.may(Verb.INSTRUMENT_REGISTERED, by, place):
            raise NotYours("not_yours", "该主体不在您的管辖范围内，不能在此登记器具。")
        _check_facts(facts)
        instrument = Instrument(
            **facts, entity_id=place.entity_id, root_id=place.root_id, area_id=place.area_id,
            premises=place.premises, state=InstrumentState.DRAFT, registered_at=at, changed_at=at,
        )  # fmt: skip
        check_serial_free(instrument)
        instrument.save()
        log(Verb.INSTRUMENT_REGISTERED, instrument, {}, by=by, at=at)
    return instrument


def change_instrument(
    *, instrument_id: int, changes: dict[str, Any], version: int, reason: str = "", by: Actor, at: datetime
) -> Instrument:
    """Correct registered facts; where it stands changes by moving, not here.

    Raises:
        RuleBroken: changed_meanwhile, unknown_facts, serial_number_taken.
    """
    with act_on(
        Verb.INSTRUMENT_CHANGED, instrument_id, by=by, at=at, reason=reason, version=version
    ) as act:
        if unknown := set(changes) - (FACTS - PLACE_CHANGES_BY_MOVING):
            raise RuleBroken("unknown_facts", f"这些项目不能在此修改：{'、'.join(sorted(unknown))}。")
        for name, value in changes.items():
            setattr(act.instrument, name, value)
        check_serial_free(act.instrument)
    return act.instrument


def _check_facts(facts: dict[str, Any]) -> None:
    if unknown := set(facts) - FACTS:
        raise RuleBroken("unknown_facts", f"不认识的登记项：{'、'.join(sorted(unknown))}。")
    if not str(facts.get("serial_number", "")).strip():
        raise RuleBroken("no_serial_number", "请填写出厂编号；编号看不清的，请填现场赋予的编号并注明。")
    made, used = facts.get("manufactured_on"), facts.get("in_use_since")
    if isinstance(made, date) and isinstance(used, date) and used < made:
        raise RuleBroken("used_before_made", "启用日期不能早于出厂日期。")


def check_serial_free(instrument: Instrument) -> None:
    """A serial number stands once per manufacturer (and per whole machine, for parts such as nozzles)."""
    twin = (
        Instrument.objects.unscoped()
        .filter(
            manufacturer=instrument.manufacturer, serial_number=instrument.serial_number, parent=instrument.parent_id
        )
        .exclude(pk=instrument.pk)
        .exclude(state=InstrumentState.SCRAPPED)
        .exists()
    )
    if twin:
        raise RuleBroken(
            "serial_number_taken",
            f"{instrument.manufacturer or '该制造单位'}出厂编号 {instrument.serial_number} 已在台账中。"
            "请核对铭牌；确为同一台器具的，请办理变更。",
            serial_number=instrument.serial_number,
        )

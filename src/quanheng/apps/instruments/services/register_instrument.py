"""器具登记: one instrument enters the ledger by hand (spreadsheets come through the import)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.ledger_sheet.fields import MASSES, NORMALISERS
from quanheng.apps.instruments.models import CatalogueItem, Instrument
from quanheng.apps.instruments.services.act_on import InstrumentAct, act_on, log_entry
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch
from quanheng.apps.registry.queries import open_entity
from quanheng.kit.acts import may
from quanheng.kit.advisory_locks import take_turns
from quanheng.kit.refusal import Refusal
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.instrument_identity import may_be_one, number_key
from quanheng.regulation.instrument_states import WITH_THE_OWNER

FACTS = frozenset(
    {
        "item_id", "name", "model", "serial_number", "manufacturer", "type_approval_number", "accuracy_class",
        "max_capacity_g", "min_capacity_g", "e_g", "d_g", "measuring_range", "use", "place", "longitude",
        "latitude", "manufactured_on", "in_use_since", "software_version", "generation", "production_code",
        "repair_code", "verification_code", "parent_id", "details", "photo",
    }
)  # fmt: skip
PLACE_CHANGES_BY_MOVING = frozenset({"place", "parent_id"})
# What the nameplate says: once filed, only the office puts it right.
NAMEPLATE = frozenset(
    {
        "item_id", "name", "model", "serial_number", "manufacturer", "type_approval_number", "accuracy_class",
        "max_capacity_g", "min_capacity_g", "e_g", "d_g", "measuring_range", "manufactured_on",
        "in_use_since",
    }
)  # fmt: skip
IDENTITY = frozenset({"manufacturer", "serial_number", "parent_id"})


def register_instrument(*, entity_id: int, facts: dict[str, Any], by: Actor, at: datetime) -> Instrument:
    """Enter an instrument as a draft; `file_instruments.submit` sends it to the office.

    Args:
        facts: column name → value; only FACTS. `parent_id` makes it a part (a nozzle of a dispenser).

    Raises:
        RuleBroken: entity_not_found, unknown_facts, no_serial_number, no_name, no_item, whole_not_found,
            used_before_made, in_future, serial_number_taken.
        NotYours: the entity is outside the actor's scope.
    """
    with transaction.atomic():
        place = open_entity(entity_id)
        if not may(acts.INSTRUMENT_REGISTERED, by, place):
            raise refusals.OUT_OF_REACH()
        _check_names(facts, FACTS, refusals.UNKNOWN_FACTS)
        facts = as_written(facts)
        instrument = Instrument(
            **facts, entity_id=place.entity_id, root_id=place.root_id, area_id=place.area_id,
            premises=place.premises, state=InstrumentState.DRAFT, registered_at=at, changed_at=at,
        )  # fmt: skip
        _check_whole(instrument, by)
        _range_as_capacity(instrument)
        check_facts(instrument, timezone.localdate(at))
        instrument.save()
        log_entry(instrument, by=by, at=at)
    return instrument


def change_instrument(
    *, instrument_id: int, changes: dict[str, Any], version: int, reason: str = "", by: Actor, at: datetime
) -> Instrument:
    """Correct registered facts; where it stands changes by moving, not here. No change leaves no trace.

    Raises:
        RuleBroken: changed_meanwhile, unknown_facts, already_scrapped, nameplate_is_filed, and what
            `check_facts` raises.
    """
    with act_on(acts.INSTRUMENT_CHANGED, instrument_id, by=by, at=at, reason=reason, version=version) as act:
        _change(act, changes, by)
    return act.instrument


def enter_change(ledger: LedgerBatch, instrument_id: int, changes: dict[str, Any]) -> None:
    """Correct facts in a ledger that is open. Raises what `change_instrument` raises."""
    with ledger.act_on(acts.INSTRUMENT_CHANGED, instrument_id) as act:
        _change(act, changes, ledger.by)


def _change(act: InstrumentAct, changes: dict[str, Any], by: Actor) -> None:
    it = act.instrument
    _check_names(changes, FACTS - PLACE_CHANGES_BY_MOVING, refusals.FACTS_STAY)
    changes = as_written(changes)
    changed = {name: value for name, value in changes.items() if getattr(it, name) != value}
    if changed:
        _check_may_still_change(it, set(changed), by)
    for name, value in changed.items():
        setattr(it, name, value)
    if "measuring_range" in changed:
        _range_as_capacity(it)
    check_nameplate(it, act.today)
    if "item_id" in changed:
        check_item(it)
    if IDENTITY & set(changed):
        check_serial_free(it)


def as_written(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts as the import would write them: one normalisation, whichever door they come through.

    Raises:
        RuleBroken: fact_unreadable.
    """
    written = dict(facts)
    for name, normaliser in WRITTEN.items():
        if isinstance(facts.get(name), str):
            value, problem = normaliser(facts[name])
            if problem:
                raise refusals.FACT_UNREADABLE(why=problem, field=name)
            written[name] = value
    return written


def _range_as_capacity(it: Instrument) -> None:
    """Of a scale the range (量程 0~30kg) is its maximum capacity where nobody says another, as in a sheet."""
    if not it.measuring_range or it.max_capacity_g is not None:
        return
    capacity, problem = MASSES["max_capacity", "kg"](it.measuring_range)
    if capacity and not problem and CatalogueItem.objects.filter(pk=it.item_id, category="scale").exists():
        it.max_capacity_g = Decimal(f"{capacity:f}")  # the log keeps 6000, not 6E+3


WRITTEN = {
    "serial_number": NORMALISERS["serial_number"], "manufacturer": NORMALISERS["manufacturer"],
    "model": NORMALISERS["model"], "accuracy_class": NORMALISERS["accuracy_class"],
    "measuring_range": NORMALISERS["measuring_range"],
    "type_approval_number": NORMALISERS["type_approval_number"],
}  # fmt: skip


def waits_for_office(instrument: Instrument, names: set[str], by: Actor) -> set[str]:
    """Return which facts an actor may only propose: what the nameplate of a filed instrument says."""
    if not by.is_entity or instrument.state in (*WITH_THE_OWNER, InstrumentState.SCRAPPED):
        return set()
    return names & NAMEPLATE


def _check_names(facts: dict[str, Any], allowed: frozenset[str], refused: Refusal) -> None:
    if unknown := set(facts) - allowed:
        raise refused(fields=sorted(unknown))


def _check_may_still_change(instrument: Instrument, names: set[str], by: Actor) -> None:
    if instrument.state == InstrumentState.SCRAPPED:
        raise refusals.SCRAPPED_CHANGES_NO_MORE()
    if waits_for_office(instrument, names, by):
        raise refusals.NAMEPLATE_IS_FILED()


def _check_whole(instrument: Instrument, by: Actor) -> None:
    if instrument.parent_id is None:
        return
    whole = Instrument.objects.visible_to(by).filter(pk=instrument.parent_id, parent=None).first()
    if whole is None or whole.entity_id != instrument.entity_id or whole.state == InstrumentState.SCRAPPED:
        raise refusals.WHOLE_NOT_FOUND()


def check_facts(instrument: Instrument, today: date) -> None:
    """Check everything about an instrument that is registered.

    Raises:
        RuleBroken: what the three checks raise.
    """
    check_nameplate(instrument, today)
    check_item(instrument)
    check_serial_free(instrument)


def check_item(instrument: Instrument) -> None:
    """Check that the catalogue knows the kind. Raises RuleBroken: no_item."""
    if not CatalogueItem.objects.filter(pk=instrument.item_id).exists():
        raise refusals.NO_ITEM()


def check_nameplate(instrument: Instrument, today: date) -> None:
    """Check what a nameplate must say, and the order of its dates.

    Raises:
        RuleBroken: no_serial_number, no_name, in_future, used_before_made, capacity_reversed.
    """
    it = instrument
    if not it.serial_number.strip():
        raise refusals.NO_SERIAL_NUMBER()
    if not it.name.strip():
        raise refusals.NO_NAME()
    for day, label in ((it.manufactured_on, _("出厂日期")), (it.in_use_since, _("启用日期"))):
        if day and day > today:
            raise refusals.DATE_IN_FUTURE(label=label, day=day)
    if it.manufactured_on and it.in_use_since and it.in_use_since < it.manufactured_on:
        raise refusals.USED_BEFORE_MADE()
    if it.max_capacity_g and it.min_capacity_g and it.min_capacity_g >= it.max_capacity_g:
        raise refusals.CAPACITY_REVERSED()


def check_serial_free(instrument: Instrument) -> None:
    """A serial number stands once per manufacturer (and per whole machine, for parts such as nozzles).

    Looked up in the whole province, whoever asks, however maker and number are written. Of two who enter one
    number at once the second waits here.
    """
    key = number_key(instrument.serial_number)
    take_turns("serial number", key, instrument.parent_id)
    with acting_in(EVERYTHING):
        alike = Instrument.objects.unscoped().filter(serial_key=key, parent=instrument.parent_id)
        others = alike.exclude(pk=instrument.pk).exclude(state=InstrumentState.SCRAPPED)
        twins = [
            other for other in others.only("manufacturer", "root_id")
            if may_be_one(instrument.manufacturer, other.manufacturer,
                          same_entity=other.root_id == instrument.root_id)
        ]  # fmt: skip
    if twins:
        raise refusals.SERIAL_NUMBER_TAKEN(
            maker=instrument.manufacturer or _("该制造单位"), serial_number=instrument.serial_number
        )

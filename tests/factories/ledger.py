"""Entities, instruments and what hangs on them."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import CodeState, InstrumentState, Provenance, Result, SealEnd
from quanheng.apps.instruments.models import (
    Attachment,
    CatalogueItem,
    ImportRun,
    Instrument,
    InstrumentCode,
    Placement,
    ProposedChange,
    Seal,
    ShopperReport,
    Verification,
)
from quanheng.apps.instruments.models.imports import STATES_OF
from quanheng.apps.notices.models import Notice
from quanheng.apps.registry.enums import ContactDuty, EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.models import Contact, Entity
from quanheng.kit.attached_files import digest_of, folder
from quanheng.regulation.instrument_code import code_from_random
from tests.factories.people import LONG_AGO, as_system, make_area, serial

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@as_system
def make_entity(
    name: str = "",
    *,
    kind: str = EntityKind.COMPANY,
    area: Area | None = None,
    parent: Entity | None = None,
    **fields: Any,
) -> Entity:
    """Make a confirmed entity; a stall gets a market as its parent."""
    number = serial()
    if kind == EntityKind.STALL and parent is None:
        parent = make_entity(kind=EntityKind.MARKET_OPERATOR, area=area)
    if kind == EntityKind.STALL:
        fields.setdefault("stall_number", f"A{number}")
    area = area or (parent.area if parent else make_area())
    defaults = {"premises": PremisesKind.MARKET, "state": EntityState.CONFIRMED, "registered_at": NOW}
    entity = Entity(
        name=name or f"诚信单位{number}", kind=kind, area=area, parent=parent, **defaults | fields
    )
    if parent is not None:
        entity.root = parent.root or parent
        entity.save()
        return entity
    entity.save()
    entity.root = entity
    entity.save(update_fields=["root"])
    return entity


@as_system
def make_contact(entity: Entity, *, name: str = "王五", phone: str = "13812345678", **fields: Any) -> Contact:
    defaults = {"duty": ContactDuty.CONTACT, "root": entity.root, "area": entity.area}
    return Contact.objects.unscoped().create(entity=entity, name=name, phone=phone, **defaults | fields)


@as_system
def make_item(slug: str = "digital-indicating-scale", **fields: Any) -> CatalogueItem:
    """Return the catalogue item with this slug, made when it is not there."""
    defaults = {
        "name": "非自动衡器", "supervision": "PV", "mode": "periodic", "category": "scale",
        "valid_from": date(2020, 1, 1), "source": "测试",
    }  # fmt: skip
    item, _ = CatalogueItem.objects.get_or_create(slug=slug, defaults=defaults | fields)
    return item


@as_system
def make_instrument(entity: Entity | None = None, **fields: Any) -> Instrument:
    """Make an instrument in use at an entity, verified and valid until the end of 2026."""
    entity = entity or make_entity()
    defaults = {
        "item": fields.pop("item", None) or make_item(), "root": entity.root, "area": entity.area,
        "premises": entity.premises, "name": "电子计价秤", "model": "ACS-30",
        "serial_number": f"SN{serial():08d}",
        "manufacturer": "衡器厂", "state": InstrumentState.IN_USE, "in_use_since": date(2025, 1, 1),
        "placed_on": date(2025, 1, 1), "verified_on": date(2026, 1, 1), "valid_until": date(2026, 12, 31),
        "trusted_until": date(2026, 12, 31), "result": Result.PASSED, "provenance": Provenance.RECORDED,
        "registered_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    return Instrument.objects.unscoped().create(entity=entity, **defaults | fields)


@as_system
def make_verification(instrument: Instrument, **fields: Any) -> Verification:
    defaults = {
        "root": instrument.root, "area": instrument.area, "verified_on": date(2026, 1, 1),
        "valid_until": date(2026, 12, 31), "result": Result.PASSED, "certificate_number": f"证{serial()}",
        "institute": "市计量院", "provenance": Provenance.RECORDED, "recorded_at": NOW,
    }  # fmt: skip
    return Verification.objects.unscoped().create(instrument=instrument, **defaults | fields)


@as_system
def make_seal(instrument: Instrument, **fields: Any) -> Seal:
    defaults = {
        "root": instrument.root, "area": instrument.area, "number": f"封{serial()}",
        "applied_on": date(2026, 1, 1), "applied_by": "检定员",
        "ended_as": SealEnd.BROKEN if fields.get("broken_on") else "",
    }  # fmt: skip
    return Seal.objects.unscoped().create(instrument=instrument, **defaults | fields)


@as_system
def make_placement(instrument: Instrument, **fields: Any) -> Placement:
    defaults = {
        "entity": instrument.entity, "root": instrument.root, "area": instrument.area,
        "premises": instrument.premises, "first_day": date(2024, 1, 1), "last_day": date(2024, 12, 31),
    }  # fmt: skip
    return Placement.objects.unscoped().create(instrument=instrument, **defaults | fields)


@as_system
def make_proposal(instrument: Instrument, **fields: Any) -> ProposedChange:
    """Make a change that waits for the office."""
    defaults = {
        "root": instrument.root, "area": instrument.area, "facts": {"model": "ACS-15"}, "proposed_at": NOW,
    }  # fmt: skip
    return ProposedChange.objects.unscoped().create(instrument=instrument, **defaults | fields)


@as_system
def make_notice(**fields: Any) -> Notice:
    """Make a notice to the address that is named: `person_id`, `entity_id`, `office_id` or `agency_id`."""
    defaults = {
        "kind": "seal_broken",
        "verb": "seal_broken",
        "at": NOW,
        "key": f"{serial()}",
        "subject": "秤",
    }
    return Notice.objects.unscoped().create(**defaults | fields)


@as_system
def make_assignment(instrument: Instrument, entity_id: int, **fields: Any) -> Assignment:
    """Assign an instrument to whoever repairs for an entity, from long ago on."""
    defaults = {
        "kind": "instrument", "capacity": acts.REPAIR, "name": "川准衡器维修",
        "subject": str(instrument)[:120],
        "valid_from": LONG_AGO, "verb": acts.SENT_TO_REPAIR, "given_by_name": "张三", "given_at": NOW,
    }  # fmt: skip
    return Assignment.objects.unscoped().create(
        row_id=instrument.pk, entity_id=entity_id, **defaults | fields
    )


def make_code_value() -> str:
    """Return a well-formed code that no other row of this test run has."""
    return code_from_random(hashlib.sha256(str(serial()).encode()).digest())


@as_system
def make_code(instrument: Instrument | None = None, *, value: str = "", **fields: Any) -> InstrumentCode:
    """Make a code row: active on an instrument (which gets it copied), blank without one."""
    value = value or make_code_value()
    area = fields.pop("area", None) or (instrument.area if instrument else make_area())
    defaults = {"state": CodeState.ACTIVE if instrument else CodeState.BLANK, "issued_at": NOW}
    code = InstrumentCode.objects.unscoped().create(
        value=value, instrument=instrument, area=area, **defaults | fields
    )
    if instrument is not None and code.state == CodeState.ACTIVE:
        instrument.code = value
        instrument.save(update_fields=["code"])
    return code


@as_system
def make_import_run(*, area: Area, **fields: Any) -> ImportRun:
    defaults = {
        "file_name": f"台账{serial()}.xlsx", "file_hash": f"{serial():064x}", "file_path": "uploads/none",
        "requested_at": NOW,
    }  # fmt: skip
    if stage := fields.get("stage"):
        fields.setdefault("state", max(STATES_OF[stage]))
    return ImportRun.objects.unscoped().create(area=area, **defaults | fields)


@as_system
def make_attachment(instrument: Instrument, **fields: Any) -> Attachment:
    """Make the row of a file; with its content where `data` is given."""
    name = f"{serial():032x}.jpg"
    data = fields.pop("data", b"")
    if data:
        (folder() / name).write_bytes(data)
    defaults: dict[str, Any] = {
        "entity": instrument.entity, "kind": "photo", "name": name, "digest": digest_of(data),
        "verb": "attachment_added", "attached_by_name": "张三", "attached_at": NOW,
    }  # fmt: skip
    return Attachment.objects.unscoped().create(instrument=instrument, **defaults | fields)


@as_system
def make_report(instrument: Instrument | None = None, **fields: Any) -> ShopperReport:
    number = serial()
    defaults = {"number": f"R{number:010d}", "problem": "short_weight", "received_at": NOW}
    if instrument is not None:
        defaults |= {"root": instrument.root, "area": instrument.area}
    return ShopperReport.objects.unscoped().create(instrument=instrument, **defaults | fields)

"""报送国家平台: posted with the act, of scales alone, and nothing that is not theirs to know."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.exchange.mapping import FieldMapping
from quanheng.apps.exchange.platform import PLATFORM
from quanheng.apps.exchange.queries.outgoing import outgoing
from quanheng.apps.instruments.enums import Result, SealPosition
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.bind_code import bind_code
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.hold import lock, unlock
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.instruments.services.resume_use import resume_use
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.apps.outbox.models import Message
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, set_scope
from tests.factories import make_code, make_institute, make_instrument, make_item

pytestmark = pytest.mark.usefixtures("as_officer")


def topics() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("topic", flat=True))


def sent(mapping: FieldMapping) -> dict[str, object]:
    told = outgoing(Message.objects.latest("pk").payload, mapping)
    assert told is not None
    return told


@pytest.mark.usefixtures("configured")
def test_every_act_on_a_scale_that_concerns_the_platform_is_posted(
    scale: Instrument, officer: Actor, at: datetime, today: date
) -> None:
    of: dict[str, Any] = {"instrument_id": scale.pk, "by": officer, "at": at}
    seal = apply_seal(number="封1", position=SealPosition.SCALE_CASE, on=today, **of)
    break_seal(seal_id=seal.pk, reason="断开", on=today, **of)
    lock(reason="开壳", **of)
    unlock(reason="授权", **of)
    stop_use(reason="停业", on=today, **of)
    resume_use(reason="复业", on=today, **of)
    events = ["seal_applied", "seal_broken", "locked", "unlocked", "stopped", "resumed"]
    assert topics() == [f"national_scales.{event}" for event in events]


@pytest.mark.usefixtures("configured")
def test_binding_a_code_tells_codes_seals_and_the_entity(
    stall: Entity, market: Entity, officer: Actor, at: datetime, today: date, mapping: FieldMapping
) -> None:
    market.credit_code = "91510100MA62L0000X"
    set_scope(EVERYTHING)
    market.save()
    scale = make_instrument(
        stall, item=make_item("digital-indicating-scale"), production_code="P1", repair_code="R1",
        verification_code="V1",
    )  # fmt: skip
    set_scope(officer.scope)
    apply_seal(
        instrument_id=scale.pk, number="封9", position=SealPosition.SCALE_CASE, on=today, by=officer, at=at
    )
    blank = make_code(area=stall.area)
    bind_code(typed=blank.value, instrument_id=scale.pk, by=officer, at=at)
    told = sent(mapping)
    assert told["eventType"] == "BIND"
    assert (told["instrumentCode"], told["creditCode"]) == (blank.value, "91510100MA62L0000X")
    assert [told[name] for name in ("productionCode", "repairCode", "verificationCode")] == ["P1", "R1", "V1"]
    assert told["sealCodes"] == ["封9"]
    assert told["occurredAt"] == at.isoformat()


@pytest.mark.usefixtures("configured")
def test_a_verification_tells_certificate_result_and_validity_and_no_person(
    scale: Instrument, officer: Actor, at: datetime, today: date, mapping: FieldMapping, stall: Entity
) -> None:
    make_institute()
    record_verification(
        instrument_id=scale.pk, verified_on=today, result=Result.PASSED, certificate_number="川字2026第1号",
        institute="市计量院", valid_until=date(2027, 11, 22), by=officer, at=at,
    )  # fmt: skip
    told = sent(mapping)
    assert (told["eventType"], told["result"], told["certificateNumber"]) == (
        "VERIFY",
        "PASS",
        "川字2026第1号",
    )
    assert (told["verifiedOn"], told["validUntil"]) == ("2026-11-23", "2027-11-22")
    assert officer.name not in str(told)
    assert stall.name not in str(told)


@pytest.mark.usefixtures("configured")
def test_the_reason_of_an_act_and_its_witness_stay_here(
    scale: Instrument, officer: Actor, at: datetime, today: date, mapping: FieldMapping
) -> None:
    apply_seal(
        instrument_id=scale.pk, number="封1", position=SealPosition.SCALE_CASE, on=today,
        applied_by="赵六", witness="钱七", by=officer, at=at,
    )  # fmt: skip
    said = str(Message.objects.get().payload) + str(sent(mapping))
    assert "封1" in said
    assert not [name for name in ("赵六", "钱七", officer.name) if name in said]


@pytest.mark.usefixtures("configured")
def test_what_is_no_scale_for_the_platform_is_not_posted(stall: Entity, officer: Actor, at: datetime) -> None:
    platform_scale = make_item("digital-indicating-scale")
    weighbridge = make_instrument(stall, item=platform_scale, max_capacity_g=60_000_000)
    meter = make_instrument(stall, item=make_item("water-meter"))
    for instrument in (weighbridge, meter):
        lock(instrument_id=instrument.pk, reason="试验", by=officer, at=at)
    assert topics() == []


@pytest.mark.usefixtures("configured")
def test_what_the_platform_told_us_is_not_told_back(scale: Instrument, at: datetime) -> None:
    set_scope(EVERYTHING)
    lock(instrument_id=scale.pk, reason="国家平台", by=PLATFORM, at=at)
    assert topics() == []


def test_without_a_platform_nothing_is_posted(scale: Instrument, officer: Actor, at: datetime) -> None:
    lock(instrument_id=scale.pk, reason="开壳", by=officer, at=at)
    assert topics() == []


@pytest.mark.usefixtures("configured")
def test_an_act_that_is_undone_leaves_no_message(scale: Instrument, officer: Actor, at: datetime) -> None:
    with transaction.atomic():
        lock(instrument_id=scale.pk, reason="开壳", by=officer, at=at)
        assert topics() == ["national_scales.locked"]
        transaction.set_rollback(True)
    assert topics() == []


def test_an_instrument_that_is_gone_is_nothing_to_send(mapping: FieldMapping) -> None:
    payload = {"event": "locked", "instrument": 0, "sequence": 1, "occurred_at": "2026", "facts": {}}
    assert outgoing(payload, mapping) is None

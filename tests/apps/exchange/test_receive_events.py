"""收到国家平台事件: once each, in any order, and what cannot be placed waits and is never lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.audit.log import health
from quanheng.apps.audit.models import Act
from quanheng.apps.exchange.enums import EventKind, EventState
from quanheng.apps.exchange.mapping import SCALES, FieldMapping, mapping_of
from quanheng.apps.exchange.models import PlatformEvent, TamperAlarm
from quanheng.apps.exchange.services.receive_events import receive_events
from quanheng.apps.exchange.services.settle_event import (
    assign_event,
    dismiss_event,
    try_quarantined_again,
)
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.hold import lock
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.scope import EVERYTHING, Scope, set_scope
from quanheng.packs import shipped
from tests.apps.exchange.conftest import Events
from tests.factories import make_actor, make_code, make_entity, make_instrument, make_item
from tests.factories.acts import acts, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
MINUTE = timedelta(minutes=1)
SHIPPED = Path(shipped.__file__).parent / "data"
Acting = Callable[[Scope], AbstractContextManager[None]]


def is_locked(scale: Instrument) -> bool:
    return Instrument.objects.unscoped().get(pk=scale.pk).locked


def the_event() -> PlatformEvent:
    return PlatformEvent.objects.unscoped().get()


def test_a_lock_is_entered_in_the_ledger_and_told_to_nobody_else(
    scale: Instrument, events: Events, at: datetime
) -> None:
    received = receive_events(events=events("LOCK", "E1"), at=at)
    assert received.outcomes == {"E1": EventState.ENTERED}
    assert is_locked(scale)
    assert acts()[-1] == ("locked", scale.pk)


def test_the_same_event_twice_changes_nothing_the_second_time(
    scale: Instrument, events: Events, at: datetime
) -> None:
    receive_events(events=events("LOCK", "E1"), at=at)
    before = acts()
    again = receive_events(events=events("UNLOCK", "E1"), at=at + MINUTE)
    assert (again.known, again.outcomes) == (1, {"E1": EventState.ENTERED})
    assert is_locked(scale)
    assert acts() == before


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_in_whatever_order_they_arrive_the_last_one_holds(
    scale: Instrument, events: Events, at: datetime, order: tuple[int, ...]
) -> None:
    story = [
        events(kind, f"E{minute}", after=minute * MINUTE)[0]
        for minute, kind in enumerate(["LOCK", "UNLOCK", "LOCK", "UNLOCK"], start=-10)
    ]
    for arrived, number in enumerate(order):
        receive_events(events=[story[number]], at=at + arrived * MINUTE)
    assert not is_locked(scale)
    assert PlatformEvent.objects.unscoped().count() == 4


def test_of_two_events_of_one_instant_the_platforms_own_order_decides(
    scale: Instrument, events: Events, at: datetime
) -> None:
    receive_events(events=events("LOCK", "E2", sequence=8), at=at)
    late = receive_events(events=events("UNLOCK", "E1", sequence=7), at=at)
    assert late.outcomes == {"E1": EventState.OVERTAKEN}
    assert is_locked(scale)


def test_a_clock_that_is_a_year_ahead_is_noted_and_does_not_hide_what_comes_later(
    scale: Instrument, events: Events, at: datetime
) -> None:
    receive_events(events=events("LOCK", "E1", after=timedelta(days=365)), at=at)
    assert the_event().skew_seconds == 365 * 86400
    receive_events(events=events("UNLOCK", "E2", after=2 * MINUTE), at=at + 2 * MINUTE)
    assert not is_locked(scale)


def test_a_clock_that_is_a_little_ahead_is_nothing_to_note(
    scale: Instrument, events: Events, at: datetime
) -> None:
    receive_events(events=events("LOCK", "E1", after=MINUTE), at=at)
    assert the_event().skew_seconds == 0


def test_a_lock_of_a_locked_scale_is_no_second_act(scale: Instrument, events: Events, at: datetime) -> None:
    receive_events(events=events("LOCK", "E1"), at=at)
    before = acts()
    again = receive_events(events=events("LOCK", "E2", after=MINUTE), at=at + MINUTE)
    assert again.outcomes == {"E2": EventState.NO_CHANGE}
    assert acts() == before


def test_an_alarm_stands_in_the_offices_timeline_and_on_its_list_and_the_entity_sees_neither(
    scale: Instrument, events: Events, at: datetime, acting: Acting, market: Entity
) -> None:
    receive_events(events=events("ANTI_TAMPER", "E1", detail="开壳"), at=at)
    alarm = TamperAlarm.objects.unscoped().get()
    assert (alarm.instrument_id, alarm.area_id, alarm.state) == (scale.pk, scale.area_id, "new")
    assert acts()[-1] == ("platform_alarm_received", scale.pk)
    operator = make_actor(Role.MARKET_OPERATOR, entity=market)
    with acting(operator.scope):
        assert ("platform_alarm_received", scale.pk) not in acts_seen_by(operator.scope)
        assert not TamperAlarm.objects.visible_to(operator).exists()


def acts_seen_by(scope: Scope) -> list[tuple[str, int | None]]:
    set_scope(scope)
    return list(Act.objects.unscoped().values_list("verb", "instrument_id"))


def test_an_event_of_a_scale_that_is_not_in_the_ledger_waits_until_it_is(
    stall: Entity, events: Events, at: datetime, mapping: FieldMapping
) -> None:
    told = {"instrumentCode": "", "serialNumber": "NEW1", "manufacturer": "新衡器厂"}
    receive_events(events=events("LOCK", "E1", **told), at=at)
    event = the_event()
    assert (event.state, event.instrument_id) == (EventState.QUARANTINED, None)
    assert "NEW1" in event.reason
    assert try_quarantined_again(mapping=mapping, at=at) == 0
    scale = make_instrument(
        stall, item=make_item("digital-indicating-scale"), serial_number="NEW1", manufacturer="新衡器厂"
    )
    assert try_quarantined_again(mapping=mapping, at=at) == 1
    assert is_locked(scale)
    assert the_event().state == EventState.ENTERED


def test_a_serial_number_of_two_makers_is_not_guessed(stall: Entity, events: Events, at: datetime) -> None:
    for maker in ("甲厂", "乙厂"):
        make_instrument(stall, serial_number="TWIN", manufacturer=maker)
    receive_events(events=events("LOCK", "E1", instrumentCode="", serialNumber="TWIN"), at=at)
    assert "2 台" in the_event().reason
    receive_events(
        events=events("LOCK", "E2", instrumentCode="", serialNumber="TWIN", manufacturer="乙厂"), at=at
    )
    assert PlatformEvent.objects.unscoped().get(event_id="E2").state == EventState.ENTERED


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"eventType": "EXPLODED"}, "EXPLODED"),
        ({"occurredAt": "yesterday"}, "发生时间"),
        ({"occurredAt": "2026-11-23T10:00:00"}, "时区"),
        ({"eventId": ""}, "事件编号"),
        ({"eventId": None, "instrumentCode": ["a"]}, "事件编号"),
    ],
)
def test_an_event_that_is_not_understood_is_kept_as_it_came(
    events: Events, at: datetime, change: dict[str, object], why: str
) -> None:
    told = events("LOCK", "E1", **change)
    receive_events(events=told, at=at)
    receive_events(events=told, at=at)
    event = the_event()
    assert (event.state, event.kind) == (EventState.QUARANTINED, EventKind.UNKNOWN)
    assert why in event.reason
    assert event.raw["eventType"] == change.get("eventType", "LOCK")


def test_a_word_that_the_mapping_learns_later_is_understood_then(
    scale: Instrument, events: Events, at: datetime, mapping: FieldMapping, folder: Path
) -> None:
    receive_events(events=events("锁定", "E1"), at=at)
    assert try_quarantined_again(mapping=mapping, at=at) == 0
    text = (SHIPPED / "exchange-national-scales-2026.toml").read_text("utf-8")
    (folder / "exchange").mkdir()
    (folder / "exchange" / "own.toml").write_text(text.replace('"LOCK"', '"锁定"'), encoding="utf-8")
    assert try_quarantined_again(mapping=mapping_of(SCALES, at.date()), at=at) == 1
    assert is_locked(scale)
    assert the_event().kind == EventKind.LOCKED


def test_what_waits_in_vain_does_not_hold_up_what_came_later(
    stall: Entity, events: Events, at: datetime, mapping: FieldMapping
) -> None:
    for number in range(3):
        told = {"instrumentCode": "", "serialNumber": f"NEW{number}"}
        receive_events(events=events("LOCK", f"E{number}", **told), at=at)
    make_instrument(stall, item=make_item("digital-indicating-scale"), serial_number="NEW2")
    runs = [try_quarantined_again(mapping=mapping, at=at + MINUTE * run, at_most=2) for run in (1, 2)]
    assert runs == [0, 1]


def test_while_the_act_log_stands_still_a_lock_waits_and_is_entered_when_it_goes_on(
    scale: Instrument, events: Events, at: datetime, mapping: FieldMapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "lag", lambda _now: timedelta(days=1))
    receive_events(events=events("LOCK", "E1"), at=at)
    assert the_event().state == EventState.QUARANTINED
    assert "公开记录" in the_event().reason
    monkeypatch.setattr(health, "lag", lambda _now: timedelta(0))
    assert try_quarantined_again(mapping=mapping, at=at) == 1
    assert is_locked(scale)


def test_the_office_says_which_scale_it_is(stall: Entity, events: Events, at: datetime) -> None:
    receive_events(events=events("ANTI_TAMPER", "E1", instrumentCode="", serialNumber="?"), at=at)
    scale = make_instrument(stall)
    make_code(scale)
    with refused("event_not_waiting"):
        assign_event(event_id=0, typed_code=scale.code or "", by=SYSTEM, at=at)
    with refused("code_unreadable"):
        assign_event(event_id=the_event().pk, typed_code="不是码", by=SYSTEM, at=at)
    assign_event(event_id=the_event().pk, typed_code=f"https://q.cn/s/{scale.code}", by=SYSTEM, at=at)
    assert TamperAlarm.objects.unscoped().get().instrument_id == scale.pk


def test_an_officer_gives_an_event_to_no_scale_of_another_county(
    events: Events, at: datetime, officer: Actor
) -> None:
    receive_events(events=events("LOCK", "E1", instrumentCode="", serialNumber="?"), at=at)
    elsewhere = make_instrument(make_entity())
    make_code(elsewhere)
    PlatformEvent.objects.unscoped().update(area_id=officer.area_id or 0)
    with pytest.raises(NotYours):
        assign_event(event_id=the_event().pk, typed_code=elsewhere.code or "", by=officer, at=at)
    assert not is_locked(elsewhere)


def test_what_is_none_of_ours_is_put_aside_with_the_reason_and_kept(events: Events, at: datetime) -> None:
    receive_events(events=events("LOCK", "E1", instrumentCode="", serialNumber="?"), at=at)
    with refused("no_reason"):
        dismiss_event(event_id=the_event().pk, reason=" ", by=SYSTEM, at=at)
    with refused("too_long"):
        dismiss_event(event_id=the_event().pk, reason="长" * 301, by=SYSTEM, at=at)
    dismiss_event(event_id=the_event().pk, reason="外省的秤", by=SYSTEM, at=at)
    assert (the_event().state, the_event().reason) == (EventState.DISMISSED, "外省的秤")
    assert acts()[-1][0] == "platform_event_dismissed"
    with pytest.raises(RuleBroken, match="已处理"):
        dismiss_event(event_id=the_event().pk, reason="再来", by=SYSTEM, at=at)


def test_a_lock_by_hand_and_the_platforms_unlock_fit_together(
    scale: Instrument, events: Events, at: datetime
) -> None:
    set_scope(EVERYTHING)
    lock(instrument_id=scale.pk, reason="开壳", by=SYSTEM, at=at)
    receive_events(events=events("UNLOCK", "E1", after=MINUTE), at=at + MINUTE)
    assert not is_locked(scale)

"""国家平台交换: how it stands, events that wait for somebody, alarms that somebody looks into."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from quanheng.apps.accounts.enums import Role
from quanheng.apps.exchange.enums import EventKind, EventState, Link
from quanheng.apps.exchange.models import PlatformEvent, TamperAlarm
from quanheng.apps.exchange.services.note_link import note_failed, note_worked
from quanheng.apps.exchange.services.tell_platform import message_of
from quanheng.apps.exchange.topics import TOPICS
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.outbox.models import Message
from quanheng.apps.outbox.services import post_many
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_code, make_entity, make_instrument, make_item
from tests.factories.exchange import make_alarm, make_event
from tests.web.office.conftest import Desk


@pytest.fixture(autouse=True)
def configured(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.NATIONAL_SCALES_URL, settings.NATIONAL_SCALES_SECRET = "https://scales.example.cn", "s" * 20


@pytest.fixture
def scale(stall: Entity) -> Instrument:
    made = make_instrument(stall, item=make_item("digital-indicating-scale"), serial_number="SN-77")
    make_code(made)
    return made


def page(client: object, path: str) -> str:
    content: str = client.get(path).content.decode()  # type: ignore[attr-defined]
    return content


def waiting_event(scale: Instrument, **fields: object) -> PlatformEvent:
    return make_event(scale, **{"state": EventState.QUARANTINED, "reason": "台账中没有这台器具"} | fields)


def state_of(event: PlatformEvent) -> str:
    with acting_in(EVERYTHING):
        return PlatformEvent.objects.unscoped().get(pk=event.pk).state


def fresh(alarm: TamperAlarm) -> TamperAlarm:
    with acting_in(EVERYTHING):
        return TamperAlarm.objects.unscoped().get(pk=alarm.pk)


def test_where_nothing_is_configured_the_page_says_what_to_set(desk: Desk, settings: Settings) -> None:
    settings.NATIONAL_SCALES_URL = ""
    shown = page(desk(), "/exchange/")
    assert "未配置与国家平台的交换" in shown
    assert "请联系系统管理员配置" in shown
    assert "QUANHENG_" not in shown, "who runs the platform reads the manual; a page names no variable"
    assert "未启用" in shown
    assert "国家平台报警待核查" not in page(desk(), "/desk/")


def test_what_came_while_it_was_configured_still_waits_on_the_desk(
    desk: Desk, scale: Instrument, settings: Settings
) -> None:
    make_alarm(scale)
    settings.NATIONAL_SCALES_URL = ""
    shown = page(desk(), "/desk/")
    assert "国家平台报警待核查" in shown
    assert "国家平台事件待匹配" not in shown


def test_each_way_says_how_it_stands(desk: Desk, at: datetime) -> None:
    note_worked(Link.SCALES_PUSH, at=at)
    note_failed(Link.SCALES_PULL, "国家计价秤平台答复 503", at=at)
    note_worked(Link.SCALES_HOOK, at=at - timedelta(days=3))
    shown = page(desk(), "/exchange/")
    assert shown.count("正常") == 2
    assert "国家计价秤平台答复 503" in shown
    note_worked(Link.SCALES_PUSH, at=at - timedelta(minutes=6))
    assert "已停止" in page(desk(), "/exchange/")


def test_the_administrator_sees_what_has_not_gone_out_and_is_led_to_it(
    desk: Desk, scale: Instrument, at: datetime
) -> None:
    rows = [message_of("locked", scale.pk, sequence=number, at=at) for number in range(3)]
    post_many(TOPICS[0], rows, at=at)
    Message.objects.filter(pk=Message.objects.latest("pk").pk).update(given_up_at=at, last_error="答复 422")
    administrator = desk(Role.SYSTEM_ADMINISTRATOR)
    shown = page(administrator, "/exchange/")
    assert "/messages/?standing=waiting" in shown
    assert ">2<" in shown
    assert "/messages/?standing=waiting" not in page(desk(), "/exchange/")
    listed = page(administrator, "/messages/?standing=given_up")
    assert "向国家计价秤平台报送" in listed
    assert "操作日志第 2 条" in listed
    assert "答复 422" in listed


def test_a_mapping_that_cannot_be_used_is_named(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange" / "省版.toml").write_text("rule = ")
    shown = page(desk(), "/exchange/")
    assert "字段对照无法使用" in shown
    assert "省版.toml" in shown


def test_the_assumed_mapping_is_called_assumed(desk: Desk) -> None:
    shown = page(desk(), "/exchange/")
    assert "2026 假定" in shown
    assert "未经核对" in shown


def test_the_desk_counts_what_waits_and_leads_there(desk: Desk, scale: Instrument) -> None:
    make_alarm(scale)
    waiting_event(scale)
    shown = page(desk(), "/desk/")
    for url in ("/exchange/alarms/?state=new", "/exchange/events/?state=quarantined"):
        assert ">1<" in shown.partition(url)[2].partition("</a>")[0]


def test_an_officer_says_which_scale_an_event_is_about(desk: Desk, scale: Instrument) -> None:
    event = waiting_event(scale)
    office, url = desk(), f"/exchange/events/{event.pk}/"
    assert "台账中没有这台器具" in page(office, url)
    refused = office.post(url, {"act": "assign", "code": "不是码"}).content.decode()
    assert "器具码" in refused
    assert state_of(event) == EventState.QUARANTINED
    assert office.post(url, {"act": "assign", "code": scale.code}).status_code == 302
    assert state_of(event) == EventState.ENTERED
    assert "指定器具" not in page(office, url)


def test_a_scale_of_another_county_is_not_ours_to_give_an_event_to(desk: Desk, scale: Instrument) -> None:
    event = waiting_event(scale)
    elsewhere = make_instrument(make_entity())
    make_code(elsewhere)
    answer = desk().post(f"/exchange/events/{event.pk}/", {"act": "assign", "code": elsewhere.code})
    assert "不在您的管辖范围内" in answer.content.decode()
    assert state_of(event) == EventState.QUARANTINED


def test_an_event_is_put_aside_with_a_reason_only(desk: Desk, scale: Instrument) -> None:
    event = waiting_event(scale)
    office, url = desk(), f"/exchange/events/{event.pk}/"
    assert office.post(url, {"act": "dismiss", "reason": ""}).status_code == 200
    assert state_of(event) == EventState.QUARANTINED
    assert office.post(url, {"act": "dismiss", "reason": "外省的秤", "sure": "on"}).status_code == 302
    assert state_of(event) == EventState.DISMISSED
    assert "外省的秤" in page(office, "/exchange/events/?state=dismissed")


def test_what_was_not_understood_can_only_be_put_aside(desk: Desk, scale: Instrument) -> None:
    event = waiting_event(scale, kind=EventKind.UNKNOWN, raw={"eventType": "<b>EXPLODED</b>"})
    shown = page(desk(), f"/exchange/events/{event.pk}/")
    assert "无法识别" in shown
    assert "登记到该器具" not in shown
    assert "&lt;b&gt;EXPLODED" in shown


def test_an_inspector_reads_events_and_decides_none(desk: Desk, scale: Instrument) -> None:
    event = waiting_event(scale)
    inspector, url = desk(Role.INSPECTOR), f"/exchange/events/{event.pk}/"
    assert "不予登记</button>" not in page(inspector, url)
    inspector.post(url, {"act": "dismiss", "reason": "我不管", "sure": "on"})
    assert state_of(event) == EventState.QUARANTINED


def test_an_alarm_is_taken_up_and_closed_with_what_was_found(desk: Desk, scale: Instrument) -> None:
    alarm, earlier = make_alarm(scale, detail="开壳"), make_alarm(scale, detail="以前的")
    inspector, url = desk(Role.INSPECTOR), f"/exchange/alarms/{alarm.pk}/"
    shown = page(inspector, url)
    assert "开始核查" in shown
    assert f"/exchange/alarms/{earlier.pk}/" in shown
    inspector.post(f"{url}take-up/")
    assert fresh(alarm).state == "under_review"
    refused = inspector.post(url, {"finding": "", "text": ""})
    assert refused.status_code == 200
    assert fresh(alarm).state == "under_review"
    answer = inspector.post(url, {"finding": "tampered", "text": "主板被更换"})
    assert answer.status_code == 302
    shown = page(inspector, url)
    assert "主板被更换" in shown
    assert "确有作弊或改动" in shown


def test_an_alarm_that_a_colleague_took_up_first_says_so(desk: Desk, scale: Instrument) -> None:
    alarm = make_alarm(scale)
    desk().post(f"/exchange/alarms/{alarm.pk}/take-up/")
    answer = desk().post(f"/exchange/alarms/{alarm.pk}/take-up/", follow=True)
    assert "已有人核查" in answer.content.decode()


def test_no_entity_and_no_other_county_finds_an_alarm(desk: Desk, scale: Instrument, market: Entity) -> None:
    alarm = make_alarm(scale)
    assert desk(Role.MARKET_OPERATOR, entity=market).get("/exchange/alarms/").status_code == 403
    stranger = desk(area=make_entity().area)
    assert stranger.get(f"/exchange/alarms/{alarm.pk}/").status_code == 404
    assert "SN-77" not in page(stranger, "/exchange/alarms/")


def test_empty_lists_say_what_would_be_there(desk: Desk) -> None:
    assert "暂无报警" in page(desk(), "/exchange/alarms/")
    assert "暂无事件" in page(desk(), "/exchange/events/")

"""Desks: rows that waited longest, what was opened last, and plain words where nothing is built yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.registry.models import Entity
from quanheng.kit.lists import glances, pages
from quanheng.kit.lists.request import ListRequest
from quanheng.kit.models import SeenFile
from quanheng.kit.seen import KEPT
from quanheng.web.home.offers import NOT_BUILT
from tests.factories import make_actor, make_entity, make_instrument, make_report, sign_in
from tests.factories.acts import last_act
from tests.web.office.conftest import Desk

pytestmark = pytest.mark.django_db


def of(client: Client, worklist: str) -> Any:
    shown = client.get("/desk/").context["waiting"]
    return next((each for each in shown if str(each.tile.text) == worklist), None)


def test_a_worklist_shows_the_five_rows_that_waited_longest(desk: Desk, stall: Entity) -> None:
    scales = [make_instrument(stall, state=InstrumentState.FILING, serial_number=f"N{n}") for n in range(7)]
    work = of(desk(), "备案待审核")
    assert [line.name for line in work.rows] == [f"N{n}" for n in range(5)]
    assert work.rows[0].url == f"/instruments/{scales[0].pk}/"
    assert work.tile.text_count == "7"


def test_a_worklist_in_an_order_of_its_own_shows_that_order(desk: Desk, stall: Entity) -> None:
    for number, day in (("R2", date(2026, 12, 2)), ("R1", date(2026, 12, 1)), ("R9", None)):
        make_report(make_instrument(stall), number=number, due_on=day)
    assert [line.name for line in of(desk(), "消费者反映待核查").rows] == ["R1", "R2", "R9"]


def test_of_more_rows_than_are_counted_none_is_called_the_oldest(
    desk: Desk, stall: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "COUNT_CAP", 2)
    monkeypatch.setattr(glances, "COUNT_CAP", 2)
    for _ in range(4):
        make_instrument(stall, state=InstrumentState.FILING)
    answer = desk().get("/desk/")
    tile = next(tile for tile in answer.context["worklists"] if str(tile.text) == "备案待审核")
    assert tile.text_count == "2+"
    assert "备案待审核" not in [str(each.tile.text) for each in answer.context["waiting"]]


def test_a_desk_asks_as_often_for_many_rows_as_for_one(desk: Desk, stall: Entity) -> None:
    officer = desk()
    make_instrument(stall, state=InstrumentState.FILING)
    officer.get("/desk/")
    with CaptureQueriesContext(connection) as few:
        officer.get("/desk/")
    for state in (InstrumentState.FILING, InstrumentState.FAILED) * 10:
        make_instrument(stall, state=state)
    with CaptureQueriesContext(connection) as many:
        officer.get("/desk/")
    assert len(many) == len(few)


def test_what_waits_is_counted_anew_though_the_question_is_remembered(desk: Desk, stall: Entity) -> None:
    officer = desk()
    officer.get("/desk/")
    remembered = dict(glances.REMEMBERED)
    make_instrument(stall, state=InstrumentState.FILING)
    assert of(officer, "备案待审核").tile.text_count == "1"
    assert remembered
    assert remembered == glances.REMEMBERED


def test_a_question_is_remembered_for_its_actor_and_the_minute(desk: Desk, stall: Entity) -> None:
    officer = desk()
    officer.get("/desk/")
    of_one = len(glances.REMEMBERED)
    desk().get("/desk/")
    assert len(glances.REMEMBERED) == 2 * of_one
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        officer.get("/desk/")
    assert len(glances.REMEMBERED) == 3 * of_one


def test_a_question_that_asks_the_database_while_it_is_put_is_not_remembered(
    desk: Desk, stall: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = glances._put

    def asking(asked: ListRequest) -> glances.Question:
        Entity.objects.unscoped().first()
        return put(asked)

    monkeypatch.setattr(glances, "_put", asking)
    desk().get("/desk/")
    assert not glances.REMEMBERED


def test_no_more_is_remembered_than_has_a_place(
    desk: Desk, stall: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glances, "MOST_REMEMBERED", 3)
    desk().get("/desk/")
    assert len(glances.REMEMBERED) == 3


@pytest.mark.parametrize("role", sorted(NOT_BUILT))
def test_whoever_has_nothing_to_do_here_yet_is_told_so_and_offered_what_there_is(
    desk: Desk, role: Role
) -> None:
    browser = desk(role)
    offer = browser.get("/desk/").context["offer"]
    assert "尚未上线" in str(offer.said)
    assert len(offer.doors) > 4
    for door in offer.doors:
        assert browser.get(door.url, follow=True).status_code == 200, door.url


def test_an_empty_desk_of_a_role_with_work_offers_its_own_pages(desk: Desk) -> None:
    answer = desk(Role.CHECKER).get("/desk/")
    assert str(answer.context["offer"].said) == ""
    assert "/examinations/" in [door.url for door in answer.context["offer"].doors]


def test_files_that_were_opened_stand_on_the_desk_the_latest_first(
    desk: Desk, stall: Entity, market: Entity
) -> None:
    officer, scale = desk(), make_instrument(stall, serial_number="SN-SEEN")
    officer.get(f"/instruments/{scale.pk}/")
    officer.get(f"/entities/{market.pk}/")
    officer.get(f"/instruments/{scale.pk + 100}/")  # not there: nothing to come back to
    assert [line.name for line in officer.get("/desk/").context["seen"]] == ["东门市场", "SN-SEEN"]
    assert desk().get("/desk/").context["seen"] == []  # a colleague opened nothing


def test_a_file_that_is_out_of_reach_now_is_not_shown_though_it_was_opened(desk: Desk, stall: Entity) -> None:
    officer, elsewhere = desk(), make_instrument(make_entity(), serial_number="SN-FOREIGN")
    mine = make_instrument(stall)
    officer.get(f"/instruments/{mine.pk}/")
    SeenFile.objects.update(row_id=elsewhere.pk)
    answer = officer.get("/desk/")
    assert answer.context["seen"] == []
    assert "SN-FOREIGN" not in answer.content.decode()


def test_no_more_than_the_latest_files_are_kept(desk: Desk, stall: Entity) -> None:
    officer = desk()
    scales = [make_instrument(stall, serial_number=f"S{n:02}") for n in range(KEPT + 3)]
    for minute, scale in enumerate(scales):
        officer.get(f"/instruments/{scale.pk}/")
        SeenFile.objects.filter(row_id=scale.pk).update(seen_at=_at(minute))
    assert SeenFile.objects.count() == KEPT
    assert officer.get("/desk/").context["seen"][0].name == scales[-1].serial_number


def _at(minute: int) -> datetime:
    return timezone.now() - timedelta(minutes=60 - minute)


def test_an_act_has_a_page_with_what_was_before_and_after_and_the_way_to_the_thing(
    desk: Desk, stall: Entity
) -> None:
    scale = make_instrument(stall, state=InstrumentState.IN_USE)
    officer = desk()
    officer.post(f"/instruments/{scale.pk}/stop/", {"reason": "线路故障", "on": "2026-11-23", "sure": "on"})
    page = officer.get(f"/acts/{last_act().pk}/").content.decode()
    for said in ("停用", "在用 → 停用", "线路故障", f"/instruments/{scale.pk}/"):
        assert said in page, said
    assert f"/acts/{last_act().pk}/" in officer.get(f"/instruments/{scale.pk}/").content.decode()
    stranger = sign_in(Client(), make_actor(Role.COUNTY_OFFICER))
    assert stranger.get(f"/acts/{last_act().pk}/").status_code == 404

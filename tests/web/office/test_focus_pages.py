"""The focus list at the desks: proposed, listed, objected to, answered, visited, lifted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.focus.services.review import review
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_entity, make_instrument, make_item, sign_in
from tests.factories.focus import make_listing, read, two_failures, visit
from tests.factories.inspections import make_campaign
from tests.web.office.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(county: Area) -> Instrument:
    station = make_entity("城南加油站", area=county, premises="filling_station")
    return make_instrument(
        station, item=make_item("fuel-dispenser", category="fuel_dispenser"), serial_number="JY-7001"
    )


@pytest.fixture
def listing(unit: Instrument, at: datetime) -> FocusListing:
    day = at.date()
    return two_failures(unit, days=(day - timedelta(days=100), day - timedelta(days=1)), at=at)


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def change(listing: FocusListing, **columns: object) -> None:
    """Bring a row to where a test begins."""
    with acting_in(EVERYTHING):
        assert FocusListing.objects.unscoped().filter(pk=listing.pk).update(**columns)


def waiting(client: Client, name: str) -> str:
    """Return the number of a tile of the desk; empty where it has none."""
    tiles = client.get(reverse("desk")).context["worklists"]
    return next((tile.text_count for tile in tiles if str(tile.text) == name), "")


def test_a_station_from_the_proposal_to_the_next_visit(
    listing: FocusListing, unit: Instrument, at: datetime, desk: Desk
) -> None:
    officer, other = desk(), desk()
    user = desk(Role.INSTRUMENT_USER, entity=unit.entity)
    page = reverse("focus_page", args=[listing.pk])
    assert waiting(officer, "重点监管待决定列入") == "1"
    assert listing.reason in text(officer, "/focus/?state=proposed")
    shown = text(officer, page)
    assert ("JY-7001" in shown, "尚未对照正式文本核实" in shown, "同一次抽查" in shown) == (True, True, False)
    assert reverse("inspection_page", args=[listing.visits[0]["looked"][0]["task"]]) in text(user, page)

    act = reverse("focus_act", args=[listing.pk, "list"])
    assert set(officer.post(act, {"reason": " "}).context["form"].errors) == {"reason"}
    stale = officer.post(act, {"reason": "两次均属实", "version": "99"}).content.decode()
    assert ("刚刚有变化" in stale, "两次均属实" in stale) == (True, True)
    officer.post(act, {"reason": "两次均属实", "version": read(listing).version})
    assert read(listing).state == "listed"

    assert waiting(user, "重点监管中") == "1"
    assert "两次均属实" in text(user, page)
    objected = reverse("focus_act", args=[listing.pk, "object"])
    user.post(objected, {"words": "第二次检查时正在维修"})
    assert waiting(other, "重点监管异议待答复") == "1"
    answer = reverse("focus_act", args=[listing.pk, "answer"])
    assert answer not in text(officer, page)  # who listed does not answer
    kept = officer.post(answer, {"words": "维持"}).content.decode()
    assert ("须由另一人办理" in kept, "维持" in kept) == (True, True)
    assert answer in text(other, page)
    other.post(answer, {"words": "维修未登记，维持列入"})
    assert "维修未登记，维持列入" in text(user, page)

    badge = "重点监管"
    entity, instrument = (
        reverse("entity_page", args=[unit.entity_id]),
        reverse("instrument_page", args=[unit.pk]),
    )
    assert f"?entity={unit.entity_id}" in text(officer, entity)
    assert badge in text(officer, instrument).split("<dt>使用单位</dt>")[1].split("</dd>")[0]
    make_entity("城南加油站二站", area=unit.area)
    assert "· 重点监管" in text(officer, "/search/?q=城南加油")
    assert "城南加油站" in text(officer, "/entities/?under_focus=1")


def test_the_next_visit_stands_on_the_desk_when_it_is_due(
    listing: FocusListing, unit: Instrument, at: datetime, desk: Desk
) -> None:
    day = at.date()
    change(listing, state="listed", listed_on=day, decided_at=at, next_visit_by=day + timedelta(days=15))
    inspector = desk(Role.INSPECTOR)
    assert "城南加油站" not in text(inspector, "/focus/?waiting=visit")
    change(listing, next_visit_by=day + timedelta(days=14))
    assert waiting(inspector, "重点监管待检查") == "1"
    assert "城南加油站" in text(inspector, "/focus/?waiting=visit&sort=next_visit_by")
    assert "城南加油站" not in text(inspector, "/focus/?waiting=late")
    change(listing, next_visit_by=day - timedelta(days=1))
    assert "逾期未检查" in text(inspector, "/focus/?waiting=late")
    page = text(inspector, reverse("focus_page", args=[listing.pk]))
    assert f"/instruments/?at={unit.entity_id}" in page
    assert reverse("focus_act", args=[listing.pk, "lift"]) not in page


def test_two_visits_of_one_draw_are_pointed_out(unit: Instrument, at: datetime, desk: Desk) -> None:
    campaign = make_campaign(unit.area)
    other = make_instrument(unit.entity, item=unit.item)
    visit(unit, on=at.date() - timedelta(days=3), campaign=campaign)
    visit(other, on=at.date() - timedelta(days=2), campaign=campaign)
    with acting_in(EVERYTHING):
        review(unit.entity_id, at=at)
        listing = FocusListing.objects.unscoped().get(entity_id=unit.entity_id)
    assert "属于同一抽查行动" in text(desk(), reverse("focus_page", args=[listing.pk]))


def test_who_checked_is_told_that_another_decides(unit: Instrument, at: datetime, county: Area) -> None:
    officer = make_actor(Role.COUNTY_OFFICER, area=county)
    visit(unit, on=at.date() - timedelta(days=5), lead=officer)
    visit(unit, on=at.date())
    with acting_in(EVERYTHING):
        review(unit.entity_id, at=at)
        listing = FocusListing.objects.unscoped().get(entity_id=unit.entity_id)
    client = sign_in(Client(), officer)
    page = text(client, reverse("focus_page", args=[listing.pk]))
    act = reverse("focus_act", args=[listing.pk, "list"])
    assert ("决定和答复由他人办理" in page, act in page) == (True, False)
    assert client.get(act).status_code == 302
    assert "未参加检查的人员办理" in client.post(act, {"reason": "属实"}).content.decode()


def test_the_row_of_another_is_not_there(listing: FocusListing, county: Area, desk: Desk) -> None:
    stranger = desk(Role.INSTRUMENT_USER, entity=make_entity(area=county))
    assert stranger.get(reverse("focus_page", args=[listing.pk])).status_code == 404
    assert "暂无重点监管记录" in text(stranger, reverse("focus_list"))
    assert waiting(stranger, "重点监管中") in {"", "0"}


@pytest.mark.parametrize("slug", ["take-off", "unknown"])
def test_what_cannot_be_done_now_is_not_offered(county: Area, desk: Desk, slug: str) -> None:
    listing = make_listing(make_entity(area=county))
    answer = desk().get(reverse("focus_act", args=[listing.pk, slug]))
    assert answer.status_code == (404 if slug == "unknown" else 302)

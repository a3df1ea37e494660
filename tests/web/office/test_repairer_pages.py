"""A repair, by clicks: the market sends, the repairer finds it on the desk and repairs it, all see it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_instrument, make_repairer, make_seal, make_verification, sign_in
from tests.factories.sheets import seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def repairer(db: None) -> Actor:
    return make_repairer("川准衡器维修")


@pytest.fixture
def workshop(repairer: Actor) -> Client:
    return sign_in(Client(), repairer)


@pytest.fixture
def owner(stall: Entity) -> Client:
    return sign_in(Client(), make_actor(Role.MARKET_OPERATOR, entity=stall.root))


@pytest.fixture
def sealed(stall: Entity) -> Seal:
    scale = make_instrument(stall, serial_number="SN-REPAIR-1")
    make_verification(scale)
    return make_seal(scale)


@pytest.fixture
def sent(sealed: Seal, owner: Client, repairer: Actor, at: datetime) -> Instrument:
    page = f"/instruments/{sealed.instrument_id}/repair/"
    assert "选定的维修单位在送修期间可以看到该器具" in owner.get(page).content.decode()
    found = owner.get("/pick/repairers/", {"q": "川准"}).content.decode()
    assert "川准衡器维修" in found
    answer = owner.post(
        page,
        {
            "repairer": repairer.entity_id,
            "repairer_text": "川准衡器维修",
            "reason": "示值漂移",
            "on": at.date(),
        },
    )
    assert answer.status_code == 302
    return seen(sealed.instrument)


def links(client: Client, it: Instrument) -> set[str]:
    """The acts that the page of an instrument offers."""
    said = client.get(f"/instruments/{it.pk}/").content.decode()
    slugs = ("unseal", "receive-repair", "decline-repair", "repaired", "move", "stop", "scrap", "edit",
             "seal", "repair-mistake", "change-repairer")  # fmt: skip
    return {slug for slug in slugs if f"/instruments/{it.pk}/{slug}/" in said}


def test_the_repairer_finds_it_on_the_desk_in_the_list_and_by_its_number(
    sent: Instrument, workshop: Client
) -> None:
    desk = workshop.get("/desk/").content.decode()
    assert "送修待接收" in desk
    waiting = workshop.get("/repairs/?stage=waiting").content.decode()
    assert f"/instruments/{sent.pk}/" in waiting
    assert "一号摊" in waiting
    for address in ("/instruments/", "/instruments/?q=SN-REPAIR"):
        assert "SN-REPAIR-1" in workshop.get(address).content.decode()
    assert reverse("repair_list") in desk, "the navigation leads there"


def test_what_is_not_shown_is_not_told_as_not_there(sent: Instrument, workshop: Client) -> None:
    page = workshop.get(f"/instruments/{sent.pk}/").content.decode()
    assert "他人的办理记录不向承办方显示" in page
    assert "暂无检定记录" not in page
    assert "暂无记录" not in page


def test_received_opened_repaired_and_gone(
    sent: Instrument, sealed: Seal, workshop: Client, owner: Client, county: Area, at: datetime
) -> None:
    page = f"/instruments/{sent.pk}/"
    assert links(workshop, sent) == {"receive-repair", "decline-repair"}
    workshop.post(f"{page}receive-repair/", {"note": "铅封完好"})
    assert links(workshop, sent) == {"unseal", "repaired", "decline-repair"}
    assert "送修待接收" in workshop.get("/desk/").content.decode()
    opened = {
        "seal": sealed.pk,
        "purpose": "repair",
        "sure": "on",
        "reason": "换传感器",
        "on": at.date(),
        "witness": "周管理",
    }
    assert workshop.post(f"{page}unseal/", opened).status_code == 302
    refused = workshop.post(f"{page}repaired/", {"work": "换传感器", "on": at.date(), "destination": ""})
    assert "换传感器" in refused.content.decode(), "what was typed is there"
    done = {"work": "换传感器", "on": at.date(), "destination": "to_verification", "repairer": "别家"}
    assert workshop.post(f"{page}repaired/", done).headers["Location"] == "/repairs/"
    assert workshop.get(page).status_code == 404
    assert "SN-REPAIR-1" not in workshop.get("/repairs/").content.decode()
    office = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))
    for reader in (owner, office):
        told = reader.get(page).content.decode()
        for part in ("维修接收", "铅封完好", "由维修单位申报", "川准衡器维修", "送检定机构检定"):
            assert part in told
        assert "别家" not in told
    assert seen(sent).state == "filed"


def test_owner_and_office_see_where_it_is_and_that_the_repairer_says_so(
    sent: Instrument, owner: Client, workshop: Client, county: Area
) -> None:
    page = f"/instruments/{sent.pk}/"
    assert "未登记接收" in owner.get(page).content.decode()
    workshop.post(f"{page}receive-repair/", {"note": ""})
    office = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))
    for reader in (owner, office):
        assert "维修单位申报" in reader.get(page).content.decode()
        assert "川准衡器维修" in reader.get("/repairs/").content.decode()


def test_given_back_it_waits_for_its_owner_to_name_another(
    sent: Instrument, owner: Client, workshop: Client
) -> None:
    page = f"/instruments/{sent.pk}/"
    answer = workshop.post(f"{page}decline-repair/", {"reason": "没有配件"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/repairs/"
    assert workshop.get(page).status_code == 404
    told = owner.get(page).content.decode()
    assert "没有配件" in told
    assert "change-repairer" in links(owner, sent)
    other = make_repairer("别家维修")
    named = {"repairer": other.entity_id, "repairer_text": "", "reason": "有配件"}
    assert owner.post(f"{page}change-repairer/", named).status_code == 302
    assert sign_in(Client(), other).get(page).status_code == 200


def test_the_acts_of_a_repairer_are_no_ones_else(sent: Instrument, owner: Client, county: Area) -> None:
    page = f"/instruments/{sent.pk}/"
    assert owner.get(f"{page}receive-repair/").status_code == 404
    office = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))
    assert office.post(f"{page}decline-repair/", {"reason": "x"}).status_code == 404
    stranger = sign_in(Client(), make_repairer("别家维修"))
    assert stranger.get(page).status_code == 404
    assert stranger.post(f"{page}receive-repair/", {"note": ""}).status_code == 404


def test_an_act_that_is_over_leads_back_with_a_word(sent: Instrument, workshop: Client) -> None:
    page = f"/instruments/{sent.pk}/"
    workshop.post(f"{page}receive-repair/", {"note": ""})
    again = workshop.get(f"{page}receive-repair/", follow=True)
    assert "该器具未送到贵单位维修，或维修已结束。" in again.content.decode()


def test_what_a_repairer_cannot_do_is_not_there_even_by_its_address(
    sent: Instrument, workshop: Client
) -> None:
    page = f"/instruments/{sent.pk}/"
    for slug in ("seal", "move", "stop", "scrap", "edit", "repair-mistake", "change-repairer", "verify"):
        assert workshop.get(f"{page}{slug}/").status_code == 404, slug
    with acting_in(EVERYTHING):
        before = Instrument.objects.unscoped().get(pk=sent.pk).version
    workshop.post(
        "/lists/instruments/bulk/stop/", {"ids": sent.pk, "selected": sent.pk, "reason": "x", "confirm": "1"}
    )
    assert seen(sent).version == before

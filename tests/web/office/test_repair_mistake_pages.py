"""A sending to repair by mistake, in the browser: the market asks, an officer who saw it decides."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.repair import send_to_repair
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import acting_in
from tests.factories import make_actor, make_instrument, make_verification, sign_in
from tests.factories.sheets import seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(stall: Entity) -> Actor:
    return make_actor(Role.MARKET_OPERATOR, entity=stall.root)


@pytest.fixture
def sent(stall: Entity, keeper: Actor, at: datetime) -> Instrument:
    today = at.date()
    it = make_instrument(stall, valid_until=today + timedelta(days=99), certificate_number="川-1")
    make_verification(it, valid_until=today + timedelta(days=99), certificate_number="川-1")
    with acting_in(keeper.scope):
        send_to_repair(instrument_id=it.pk, reason="点错了", on=today, by=keeper, at=at)
    return it


def test_the_market_asks_and_the_officer_finds_it_on_the_desk_and_gives_it_back(
    sent: Instrument, keeper: Actor, county: Area
) -> None:
    page = f"/instruments/{sent.pk}/"
    market = sign_in(Client(), keeper)
    officer = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))
    assert f"{page}repair-mistake/" in market.get(page).content.decode()
    market.post(f"{page}repair-mistake/", {"reason": "点错了一台"})
    assert f"{page}repair-mistake/" not in market.get(page).content.decode()
    assert f"{page}withdraw-repair-mistake/" in market.get(page).content.decode()
    waiting = officer.get("/verification-records/?waiting=disputed").content.decode()
    assert f"{page}decide-repair/" in waiting
    assert "更正送修申请待复核" in waiting
    form = officer.get(f"{page}decide-repair/").content.decode()
    assert "点错了一台" in form
    refused = officer.post(f"{page}decide-repair/", {"decision": "back", "sure": "on"}).content.decode()
    assert "请到现场核对" in refused
    officer.post(f"{page}decide-repair/", {"decision": "back", "seen_whole": "on", "sure": "on"})
    assert (seen(sent).state, seen(sent).result) == ("in_use", "passed")


def test_an_officer_who_does_not_agree_says_why_and_the_market_may_take_it_back_itself(
    sent: Instrument, keeper: Actor, county: Area
) -> None:
    page = f"/instruments/{sent.pk}/"
    market = sign_in(Client(), keeper)
    officer = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))
    market.post(f"{page}repair-mistake/", {"reason": "点错了一台"})
    answer = officer.post(f"{page}decide-repair/", {"decision": "uphold"}).content.decode()
    assert "请写明理由" in answer
    officer.post(f"{page}decide-repair/", {"decision": "uphold", "reason": "秤不在现场"})
    assert seen(sent).state == "under_repair"
    assert "秤不在现场" in market.get(page).content.decode()
    market.post(f"{page}repair-mistake/", {"reason": "再看看"})
    market.post(f"{page}withdraw-repair-mistake/", {"reason": "确已送修"})
    assert "暂无您可复核" in officer.get(f"{page}decide-repair/", follow=True).content.decode()

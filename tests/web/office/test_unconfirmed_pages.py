"""What nobody confirmed for a period stands on the desks of keeper and office; one click confirms it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries.conditions import unconfirmed
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_instrument
from tests.web.office.conftest import Desk

NEVER = {"verified_on": None, "valid_until": None, "trusted_until": None, "result": ""}


@pytest.fixture
def old(market: Entity, stall: Entity, at: datetime) -> Instrument:
    long_ago = at - timedelta(days=800)
    with acting_in(EVERYTHING):
        Entity.objects.unscoped().update(registered_at=long_ago)
    return make_instrument(stall, registered_at=long_ago, serial_number="OLD-1", **NEVER)


def on_desk(browser: Client) -> dict[str, str]:
    tiles = browser.get("/desk/").context["worklists"]
    return {tile.url: tile.text_count for tile in tiles if "unconfirmed=1" in tile.url}


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.MARKET_OPERATOR])
def test_from_the_desk_to_one_click(desk: Desk, market: Entity, old: Instrument, role: Role) -> None:
    browser = desk(role, entity=market if role == Role.MARKET_OPERATOR else None)
    assert on_desk(browser) == {"/instruments/?unconfirmed=1": "1", "/entities/?unconfirmed=1": "2"}
    assert "OLD-1" in browser.get("/instruments/?unconfirmed=1").content.decode()
    assert "信息超期未确认" in browser.get(f"/instruments/{old.pk}/").content.decode()
    assert browser.post(f"/instruments/{old.pk}/unchanged/")["Location"] == f"/instruments/{old.pk}/"
    assert browser.post(f"/entities/{market.pk}/unchanged/")["Location"] == f"/entities/{market.pk}/"
    assert on_desk(browser) == {"/instruments/?unconfirmed=1": "0", "/entities/?unconfirmed=1": "1"}
    assert "信息超期未确认" not in browser.get(f"/instruments/{old.pk}/").content.decode()
    assert "信息超期未确认" not in browser.get(f"/entities/{market.pk}/").content.decode()


@pytest.mark.parametrize(("key", "rows"), [("instruments", 1), ("entities", 2)])
def test_many_are_confirmed_at_once(desk: Desk, old: Instrument, key: str, rows: int) -> None:
    browser = desk()
    sent = {"selection": "unconfirmed=1&reach=all", "seen": f"{rows}/0", "back": f"/{key}/"}
    assert browser.post(f"/lists/{key}/bulk/unchanged/", sent).status_code == 302
    assert on_desk(browser)[f"/{key}/?unconfirmed=1"] == "0"


def test_a_draft_is_refused_in_the_preview_with_the_reason(desk: Desk, stall: Entity) -> None:
    draft = make_instrument(stall, state="draft")
    preview = desk().get(f"/lists/instruments/bulk/unchanged/?id={draft.pk}")
    assert "备案通过后确认" in preview.content.decode()


def test_a_refusal_of_the_one_click_says_why(desk: Desk, stall: Entity) -> None:
    draft = make_instrument(stall, state="draft")
    assert desk().post(f"/instruments/{draft.pk}/unchanged/").status_code == 409


def test_among_thousands_it_is_found_by_an_index(old: Instrument, market: Entity) -> None:
    fresh = make_instrument(market)
    own = [field.column for field in Instrument._meta.concrete_fields if not field.generated]
    names = ", ".join(f'"{column}"' for column in own if column != "id")
    values = names.replace('"serial_number"', "'K' || n")
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO instruments_instrument ({names})"
            f" SELECT {values} FROM instruments_instrument, generate_series(1, 3000) n WHERE id = {fresh.pk}"
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE; ANALYZE instruments_instrument")
        cursor.execute(f"SET CONSTRAINTS ALL DEFERRED; SET ROLE {settings.DATABASE_ROLE}")
    by = make_actor(Role.COUNTY_OFFICER, area=market.area)
    rows = ledger(by).filter(unconfirmed(timezone.localdate())).order_by("pk")
    with acting_in(by.scope):
        assert [it.pk for it in rows] == [old.pk]
        assert "instrument_stale" in rows.explain()

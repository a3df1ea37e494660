"""Whoever acts for a stall of a market, not for the market: what is theirs, and nothing of the market's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, Scope, acting_in
from tests.factories import make_entity, make_instrument

Desk = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(desk: Desk, stall: Entity) -> Client:
    return desk(Role.MARKET_OPERATOR, entity=stall)


@pytest.mark.parametrize("page", ["/instruments/", "/due/", "/desk/", "/entities/", "/applications/new/"])
def test_a_stall_keeper_finds_the_stalls_instruments_and_no_others(
    keeper: Client, stall: Entity, market: Entity, page: str
) -> None:
    neighbour = make_entity("二号摊", kind="stall", parent=market, stall_number="2")
    make_instrument(stall, serial_number="OURS-1")
    make_instrument(neighbour, serial_number="THEIRS-1")
    make_instrument(market, serial_number="MARKET-1")
    answer = keeper.get(page)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "THEIRS-1" not in text
    assert "MARKET-1" not in text
    if page == "/instruments/":
        assert "OURS-1" in text
        assert "东门市场" in text


def test_a_stall_keeper_opens_the_file_of_an_instrument(
    keeper: Client, stall: Entity, market: Entity
) -> None:
    ours, theirs = make_instrument(stall), make_instrument(market)
    page = keeper.get(f"/instruments/{ours.pk}/")
    assert page.status_code == 200
    assert "东门市场" in page.content.decode()
    assert keeper.get(f"/instruments/{theirs.pk}/").status_code == 404
    assert keeper.get(f"/entities/{stall.pk}/").status_code == 200
    assert keeper.get(f"/entities/{market.pk}/").status_code == 404


def test_a_stall_keeper_reads_the_row_of_the_market_and_changes_nothing_of_it(
    stall: Entity, market: Entity
) -> None:
    with acting_in(Scope(entity_id=stall.pk)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_entity WHERE id = %s", [market.pk])
        assert cursor.fetchone() == (1,)
        cursor.execute("UPDATE registry_entity SET name = 'x' WHERE id = %s", [market.pk])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM registry_entity WHERE id = %s", [market.pk])
        assert cursor.rowcount == 0
    with acting_in(EVERYTHING):
        assert Entity.objects.unscoped().get(pk=market.pk).name == "东门市场"

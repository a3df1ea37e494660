"""The county, its officer and a market with a stall, as the ledger's tests need them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import set_scope
from tests.factories import make_actor, make_area, make_entity


@pytest.fixture
def county(db: None) -> Area:
    return make_area("锦江区")


@pytest.fixture
def officer(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


@pytest.fixture
def inspector(county: Area) -> Actor:
    return make_actor(Role.INSPECTOR, area=county)


@pytest.fixture
def market(county: Area) -> Entity:
    return make_entity("东门市场", kind="market_operator", area=county)


@pytest.fixture
def operator(market: Entity) -> Actor:
    return make_actor(Role.MARKET_OPERATOR, entity=market)


@pytest.fixture
def stall(market: Entity) -> Entity:
    return make_entity("一号摊", kind="stall", parent=market, stall_number="1")


@pytest.fixture
def as_officer(officer: Actor) -> None:
    """Row-level security lets the county officer's scope through for the whole test."""
    set_scope(officer.scope)


@pytest.fixture
def today(at: datetime) -> date:
    return at.date()

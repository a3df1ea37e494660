"""The people of a county at their desks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.registry.models import Entity
from tests.factories import make_actor, make_area, make_entity, sign_in

Desk = Callable[..., Client]


@pytest.fixture(autouse=True)
def _today(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def county(db: None) -> Area:
    return make_area("锦江区")


@pytest.fixture
def market(county: Area) -> Entity:
    return make_entity("东门市场", kind="market_operator", area=county)


@pytest.fixture
def stall(market: Entity) -> Entity:
    return make_entity("一号摊", kind="stall", parent=market, stall_number="1")


@pytest.fixture
def desk(county: Area) -> Desk:
    """Return a signed-in browser: `desk(Role.INSPECTOR)`, `desk(Role.MARKET_OPERATOR, entity=market)`."""

    def sit_down(
        role: Role = Role.COUNTY_OFFICER, *, entity: Entity | None = None, area: Area | None = None
    ) -> Client:
        actor: Actor = make_actor(role, entity=entity, area=None if entity else area or county)
        return sign_in(Client(), actor)

    return sit_down

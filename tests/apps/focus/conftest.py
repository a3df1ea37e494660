"""A station of the county with dispensers, and who decides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.focus.models import FocusListing
from quanheng.apps.instruments.models import Instrument
from tests.factories import make_actor, make_entity, make_instrument, make_item
from tests.factories.focus import two_failures


@pytest.fixture
def unit(county: Area) -> Instrument:
    station = make_entity("城南加油站", area=county, premises="filling_station")
    item = make_item("fuel-dispenser", name="燃油加油机", category="fuel_dispenser")
    return make_instrument(station, item=item, name="燃油加油机", state="in_use")


@pytest.fixture
def days(today: date) -> tuple[date, date]:
    return today - timedelta(days=100), today - timedelta(days=10)


@pytest.fixture
def proposed(unit: Instrument, days: tuple[date, date], at: datetime) -> FocusListing:
    return two_failures(unit, days=days, at=at)


@pytest.fixture
def user(unit: Instrument) -> Actor:
    return make_actor(Role.INSTRUMENT_USER, entity=unit.entity)


@pytest.fixture(autouse=True)
def _months_pass(settings: Any) -> None:
    """Nobody seals the log while the months of a test pass."""
    settings.LOG_LIMIT = timedelta(days=10_000)

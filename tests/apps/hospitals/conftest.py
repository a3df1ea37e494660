"""A hospital of grade two, its manager and its report of the first half of 2026."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.registry.models import Entity
from tests.factories import make_actor
from tests.factories.hospitals import make_half_year, make_hospital


@pytest.fixture
def hospital(county: Area, at: datetime) -> Entity:
    return make_hospital(county, "县人民医院", registered_at=at - timedelta(days=400))


@pytest.fixture
def manager(hospital: Entity) -> Actor:
    return make_actor(Role.INSTRUMENT_USER, entity=hospital)


@pytest.fixture
def report(hospital: Entity) -> HalfYearReport:
    return make_half_year(hospital)

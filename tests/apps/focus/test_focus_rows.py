"""What the database itself holds of the focus list."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from quanheng.apps.accounts.models import Area
from tests.factories import make_entity
from tests.factories.focus import make_listing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "fields"),
    [("listed", {}), ("proposed", {"answered_at": datetime.fromisoformat("2026-01-01T00:00+08:00")})],
)
def test_the_database_holds_what_the_acts_hold(county: Area, state: str, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_listing(make_entity(area=county), state=state, **fields)


def test_one_open_row_for_an_entity(county: Area) -> None:
    station = make_entity(area=county)
    make_listing(station)
    make_listing(station, state="declined")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_listing(station)

"""The share of instruments in use that carry a code: from the day it is bound, whoever bound it.

That rollup, streets and rows agree on every day is asked of every indicator in `test_rate_rollup.py`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.indicators.declared.coded import CODED
from quanheng.apps.indicators.queries import counts
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.issue_codes import issue_codes
from quanheng.apps.instruments.services.replace_code import replace_code
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument, sign_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def county() -> Area:
    """A county with two scales in use since a hundred days, without codes: one in a factory."""
    county = make_area("锦江区", level=AreaLevel.COUNTY)
    street = make_area(level=AreaLevel.STREET, parent=county)
    with acting_in(EVERYTHING):
        for premises in ("market", "industry"):
            scale = make_instrument(
                make_entity(area=street, premises=premises), placed_on=TODAY - timedelta(days=100)
            )
            rate_changes.add([scale.pk])
    return county


def coded(county: Area, day: date) -> tuple[int, int]:
    count = counts.total(counts.cells_on(day, [county.pk], AreaLevel.COUNTY, counts.whole(CODED)))
    return count.numerator, count.denominator


def scale_of(premises: str) -> Instrument:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(premises=premises)


def issue(premises: str, at: datetime) -> None:
    with acting_in(EVERYTHING):
        chosen = Instrument.objects.unscoped().filter(premises=premises)
        assert issue_codes(chosen=chosen, by=SYSTEM, at=at) == 1


def test_a_code_counts_from_the_day_on_which_it_is_bound(county: Area, at: datetime) -> None:
    issue("market", at)
    assert coded(county, TODAY - timedelta(days=1)) == (0, 2)
    assert coded(county, TODAY) == (1, 2)


def test_every_kind_of_premises_counts_not_the_key_places_alone(county: Area, at: datetime) -> None:
    issue("industry", at)
    assert coded(county, TODAY) == (1, 2)


def test_the_day_is_the_day_in_the_province(county: Area, at: datetime) -> None:
    issue("market", at.replace(hour=0, minute=30))  # the day before, in Greenwich
    assert coded(county, TODAY - timedelta(days=1)) == (0, 2)
    assert coded(county, TODAY) == (1, 2)


def test_a_code_that_is_replaced_leaves_no_day_without_one(county: Area, at: datetime) -> None:
    issue("market", at - timedelta(days=30))
    with acting_in(EVERYTHING):
        replace_code(instrument_id=scale_of("market").pk, reason="标签破损", by=SYSTEM, at=at)
    for days in (30, 1, 0):
        assert coded(county, TODAY - timedelta(days=days)) == (1, 2), days


def test_what_is_stopped_leaves_the_share_with_its_code(county: Area, at: datetime) -> None:
    issue("market", at - timedelta(days=30))
    with acting_in(EVERYTHING):
        stop_use(instrument_id=scale_of("market").pk, reason="停", on=TODAY, by=SYSTEM, at=at)
    assert coded(county, TODAY) == (0, 1)


def test_its_page_is_in_the_navigation_and_its_figures_open_their_rows(county: Area, at: datetime) -> None:
    issue("market", at)
    client = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))
    query = {"area": str(county.pk), "day": TODAY.isoformat()}
    page = client.get("/indicators/coded/", query).content.decode()
    assert 'href="/indicators/coded/"' in client.get("/indicators/t1/").content.decode()
    assert "50.00%" in page
    assert "这一目标的依据待核实" in page
    for part, premises, other in (("coded", "market", "industry"), ("gap", "industry", "market")):
        rows = client.get("/indicators/coded/rows/", query | {"part": part}).content.decode()
        assert f">{scale_of(premises).serial_number}<" in rows
        assert f">{scale_of(other).serial_number}<" not in rows


def test_before_the_plans_day_nothing_was_asked_for(county: Area) -> None:
    client = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))
    data = client.get("/indicators/coded/data.json", {"day": "2026-06-30"}).json()
    assert (data["target"], data["meets_target"]) == (None, None)
    assert client.get("/indicators/coded/data.json", {"day": "2026-07-01"}).json()["target"] == 100

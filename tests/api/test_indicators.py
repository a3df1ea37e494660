"""GET /indicators: the figures of the key's own area and below, as counted or as published."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.indicators.services.freeze_day import freeze_day
from quanheng.apps.instruments.indicators import indicators
from quanheng.apps.instruments.services import rate_changes
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Area:
    """A county with one scale that nobody verified."""
    county = make_area("锦江区", level=AreaLevel.COUNTY)
    market = make_entity(area=make_area(level=AreaLevel.STREET, parent=county), premises="market")
    with acting_in(EVERYTHING):
        scale = make_instrument(market, placed_on=timezone.localdate() - timedelta(days=100))
        rate_changes.add([scale.pk])
    return county


def test_a_key_reads_its_own_area_where_it_names_none(program: Any, county: Area) -> None:
    answer = program(make_actor(Role.COUNTY_OFFICER, area=county)).get("/indicators").json()
    assert answer["area_code"] == county.code
    assert answer["on"] == timezone.localdate().isoformat()
    assert [item["key"] for item in answer["items"]] == [indicator.key for indicator in indicators()]
    rate = answer["items"][0]
    assert (rate["value"], rate["numerator"], rate["denominator"]) == (0, 0, 1)
    assert (rate["target"], rate["target_verified"], rate["formula_version"]) == (99, True, "T1-2026.2")


def test_no_key_reads_a_neighbour_or_the_province_above(program: Any, county: Area) -> None:
    neighbour = program(make_actor(Role.COUNTY_OFFICER, area=make_area("武侯区", level=AreaLevel.COUNTY)))
    assert neighbour.get("/indicators", {"area": county.code}).status_code == 403
    assert neighbour.get("/indicators", {"area": "510000"}).status_code == 403


def test_the_auditor_reads_every_area_and_without_a_name_the_province(program: Any, county: Area) -> None:
    auditor = program(make_actor(Role.AUDITOR))
    assert auditor.get("/indicators").json()["area_code"] == "510000000000"
    assert auditor.get("/indicators", {"area": county.code[:6]}).json()["area_code"] == county.code


def test_an_entity_and_an_institute_read_no_figures(program: Any, county: Area) -> None:
    operator = make_actor(Role.MARKET_OPERATOR, entity=make_entity(area=county))
    for actor in (operator, make_actor(Role.INSTITUTE_CLERK, area=county)):
        assert program(actor).get("/indicators").status_code == 403, actor.role


def test_a_past_day_answers_what_was_published(program: Any, county: Area, at: datetime) -> None:
    officer = program(make_actor(Role.COUNTY_OFFICER, area=county))
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    missing = officer.get("/indicators", {"on": yesterday})
    assert (missing.status_code, missing.json()["code"]) == (404, "published_value_not_found")
    freeze_day(day=date.fromisoformat(yesterday), at=at)
    rate = officer.get("/indicators", {"on": yesterday}).json()["items"][0]
    assert (rate["denominator"], datetime.fromisoformat(rate["data_time"])) == (1, at)


def test_what_means_nothing_is_refused_as_unfit(program: Any, county: Area) -> None:
    officer = program(make_actor(Role.COUNTY_OFFICER, area=county))
    for query in ({"on": "gestern"}, {"area": "x"}, {"area": "999999"}, {"on": "2999-01-01"}):
        assert officer.get("/indicators", query).status_code == 422, query

"""`quanheng indicators`, and the operation of the API: what counts now, and what was published."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.models import Area
from quanheng.apps.indicators.models import IndicatorDay
from quanheng.apps.indicators.services.freeze_day import freeze_day
from quanheng.apps.instruments.indicators import indicators
from quanheng.apps.instruments.models import RateChange
from quanheng.apps.instruments.services import rate_changes
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_area, make_entity, make_instrument, make_verification

pytestmark = pytest.mark.django_db
KEYS = ["key", "value", "numerator", "denominator", "target", "formula", "data_time"]


@pytest.fixture
def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


@pytest.fixture
def county() -> Area:
    """A county with one scale that is verified and one that is not."""
    county = make_area("锦江区", level=AreaLevel.COUNTY)
    market = make_entity(area=make_area(level=AreaLevel.STREET, parent=county), premises="market")
    placed = timezone.localdate() - timedelta(days=100)
    with acting_in(EVERYTHING):
        good, other = (make_instrument(market, placed_on=placed) for _ in range(2))
        make_verification(good, verified_on=placed, valid_until=placed + timedelta(days=400))
        rate_changes.add([good.pk, other.pk])
    return county


def printed(*options: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("indicators", "--json", *options, stdout=out)
    found: list[dict[str, Any]] = json.loads(out.getvalue())
    return found


def refused(*options: str) -> str:
    with pytest.raises(CommandError) as error:
        printed(*options)
    return str(error.value)


def test_every_indicator_is_printed_with_what_it_says_and_by_what(county: Area) -> None:
    values = printed()
    assert [value["key"] for value in values] == [indicator.key for indicator in indicators()]
    assert [list(value) for value in values] == [KEYS] * len(values)
    rate = values[0]
    assert (rate["value"], rate["numerator"], rate["denominator"], rate["target"]) == (50.0, 1, 2, 99)
    assert rate["formula"].startswith("受检率 = ")
    assert datetime.fromisoformat(rate["data_time"]).utcoffset() == timedelta(hours=8)


def test_without_json_each_is_a_line_for_reading(county: Area) -> None:
    out = StringIO()
    call_command("indicators", stdout=out)
    assert out.getvalue().startswith("T1         50.00%  1/2  受检率\n")


def test_an_area_is_named_by_its_code_short_or_long_down_to_the_street(county: Area) -> None:
    neighbour = make_area("武侯区", level=AreaLevel.COUNTY)
    street = Area.objects.get(parent=county)
    for code in (county.code, county.code[:6], street.code):
        assert printed("--area", code)[0]["denominator"] == 2, code
    empty = printed("--area", neighbour.code)[0]
    assert (empty["value"], empty["denominator"]) == (None, 0)


def test_a_past_day_is_what_was_published_whatever_the_ledger_says_now(
    county: Area, yesterday: date, at: datetime
) -> None:
    freeze_day(day=yesterday, at=at)
    with acting_in(EVERYTHING):
        item = RateChange.objects.values_list("item_id", flat=True)[0]
        RateChange.objects.create(
            indicator="T1", area=county, premises="market", item_id=item, day=yesterday, denominator=0,
            numerator=1,
        )  # fmt: skip
    (rate, *_rest) = printed("--on", yesterday.isoformat(), "--area", county.code)
    assert (rate["value"], rate["numerator"]) == (50.0, 1)
    assert datetime.fromisoformat(rate["data_time"]) == at
    assert printed("--area", county.code)[0]["numerator"] == 2


def test_a_published_value_names_its_own_version_when_the_formula_has_changed_since(
    county: Area, yesterday: date, at: datetime
) -> None:
    freeze_day(day=yesterday, at=at)
    IndicatorDay.objects.filter(indicator="T1").update(formula_version="T1-2026.1")
    assert printed("--on", yesterday.isoformat())[0]["formula"] == "T1-2026.1"


def test_an_area_with_nothing_in_use_was_published_with_nothing(
    county: Area, yesterday: date, at: datetime
) -> None:
    neighbour = make_area("武侯区", level=AreaLevel.COUNTY)
    freeze_day(day=yesterday, at=at)
    rate = printed("--on", yesterday.isoformat(), "--area", neighbour.code)[0]
    assert (rate["value"], rate["numerator"], rate["denominator"]) == (None, 0, 0)


def test_what_cannot_be_answered_is_refused_in_a_sentence(
    county: Area, yesterday: date, at: datetime
) -> None:
    street = Area.objects.get(parent=county)
    assert "没有固化的公布值" in refused("--on", yesterday.isoformat())
    freeze_day(day=yesterday, at=at)
    assert "写成 2026-11-23" in refused("--on", "gestern")
    assert "次日凌晨固化" in refused("--on", timezone.localdate().isoformat())
    assert "没有区划代码 999999" in refused("--area", "999999")
    assert "只固化到县" in refused("--on", yesterday.isoformat(), "--area", street.code)

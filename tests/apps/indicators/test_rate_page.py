"""The page of the verification rate: every figure opens its rows, and nobody sees more than their area."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.indicators.models import IndicatorDay
from quanheng.apps.indicators.queries import frozen
from quanheng.apps.indicators.queries.counts import Count
from quanheng.apps.indicators.services.check_rollup import check_rollup
from quanheng.apps.indicators.services.freeze_day import freeze_day
from quanheng.apps.instruments.indicators import indicators
from quanheng.apps.instruments.models import RateChange
from quanheng.apps.instruments.services import rate_changes
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.indicators.county_map import band, bands
from quanheng.web.indicators.figures import shown_share
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_verification, sign_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def county() -> Area:
    """A county with one scale that is verified, one whose verification is over, and one stopped scale."""
    county = make_area("锦江区", level=AreaLevel.COUNTY)
    market = make_entity("锦江市场", area=make_area(level=AreaLevel.STREET, parent=county), premises="market")
    with acting_in(EVERYTHING):
        good = make_instrument(market, serial_number="GOOD", placed_on=DAY - timedelta(days=100))
        make_verification(good, verified_on=DAY - timedelta(days=100), valid_until=DAY + timedelta(days=200))
        late = make_instrument(market, serial_number="LATE", placed_on=DAY - timedelta(days=100))
        make_verification(late, verified_on=DAY - timedelta(days=100), valid_until=DAY - timedelta(days=1))
        stopped = make_instrument(market, serial_number="STOPPED", state="stopped", placed_on=None)
        rate_changes.add([good.pk, late.pk, stopped.pk])
    return county


def officer_of(area: Area) -> Client:
    return sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=area))


def test_the_page_shows_numerator_denominator_and_target(county: Area) -> None:
    page = officer_of(county).get("/indicators/t1/", {"day": "2026-11-23"}).content.decode()
    assert "50.00%" in page
    assert "未达标" in page
    assert "受检率 = 当日在用且检定有效" in page


def test_the_day_before_it_ran_out_the_verification_still_counts(county: Area) -> None:
    data = officer_of(county).get("/indicators/t1/data.json", {"day": "2026-11-22"}).json()
    assert (data["verified"], data["in_use"], data["percent"]) == (2, 2, 100.0)


def test_every_figure_opens_its_rows(county: Area) -> None:
    client = officer_of(county)

    def rows(part: str) -> set[str]:
        address = {"part": part, "area": str(county.id), "day": "2026-11-23"}
        page = client.get("/indicators/t1/rows/", address).content.decode()
        return {serial for serial in ("GOOD", "LATE", "STOPPED") if f">{serial}<" in page}

    assert rows("in_use") == {"GOOD", "LATE"}
    assert rows("verified") == {"GOOD"}
    assert rows("gap") == {"LATE"}


def test_a_county_officer_sees_no_other_county_and_not_the_province(county: Area) -> None:
    other = make_area("武侯区", level=AreaLevel.COUNTY)
    client = officer_of(other)
    province = county.id // 10**10 * 10**10
    for address in (
        "/indicators/t1/",
        "/indicators/t1/data.json",
        "/indicators/t1/trend.json",
        "/indicators/t1/trend/",
    ):
        assert client.get(address, {"area": county.id}).status_code == 404, address
        assert client.get(address, {"area": province}).status_code == 404, address
    page = client.get("/indicators/t1/rows/", {"area": county.id}).content.decode()
    assert "LATE" not in page


def test_a_market_operator_has_no_business_here(county: Area) -> None:
    operator = make_actor(Role.MARKET_OPERATOR, entity=make_entity(kind="market_operator"))
    assert sign_in(Client(), operator).get("/indicators/t1/").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        {"day": "gestern"},
        {"day": "1066-10-14"},
        {"area": "x"},
        {"area": "9" * 30},
        {"premises": "moon"},
        {"category": "x"},
    ],
)
def test_an_address_that_means_nothing_is_not_found(county: Area, query: dict[str, str]) -> None:
    assert officer_of(county).get("/indicators/t1/", query).status_code == 404


def test_the_trend_ends_on_the_day_with_the_figure_of_the_day(county: Area) -> None:
    option = officer_of(county).get("/indicators/t1/trend.json", {"day": "2026-11-23"}).json()
    assert option["xAxis"]["data"][-1] == "2026-11-23"
    assert option["series"][0]["data"][-2:] == [100.0, 50.0]


def test_a_rate_just_below_the_target_never_reads_as_the_target() -> None:
    assert shown_share(Count(100_000, 98_999), 99) == "98.99%"
    assert shown_share(Count(100, 99), 99) == "99.00%"
    assert shown_share(Count(0, 0), 99) == "—"


def test_a_county_just_below_the_target_is_not_coloured_as_one_that_reached_it() -> None:
    assert band(Count(100_000, 98_999), bands(99)) == "is-near"
    assert band(Count(100, 99), bands(99)) == "is-reached"
    assert band(Count(), bands(99)) == "is-empty"


def test_the_bands_of_the_map_lie_around_the_target_and_the_whole_is_not_split() -> None:
    assert [(each.css, each.text) for each in bands(99)] == [
        ("is-high", "≥ 99.5%"),
        ("is-reached", "99%–99.5%"),
        ("is-near", "98%–99%"),
        ("is-low", "96%–98%"),
        ("is-lowest", "< 96%"),
    ]
    assert [each.text for each in bands(100)] == ["≥ 100%", "99%–100%", "97%–99%", "< 97%"]


def test_a_frozen_day_stays_as_it_was_published(county: Area, at: datetime) -> None:
    assert freeze_day(day=DAY, at=at) == 6 * len(indicators())
    figures = IndicatorDay.objects.filter(indicator="T1", day=DAY)
    assert figures.count() == 6  # province, city, county; the markets and all key premises
    with acting_in(EVERYTHING):
        RateChange.objects.create(
            indicator="T1",
            area=county,
            premises="market",
            item_id=_item(),
            day=DAY,
            denominator=1,
            numerator=1,
        )
    assert freeze_day(day=DAY, at=at) == 0
    published = frozen.frozen_on("T1", county.id, "", DAY)
    assert published is not None
    assert (published.numerator, published.denominator, published.formula_version) == (1, 2, "T1-2026.2")
    page = officer_of(county).get("/indicators/t1/", {"day": "2026-11-23"}).content.decode()
    assert "现值与公布值不同" in page


def test_a_recount_keeps_what_it_found_and_shows_it(county: Area, at: datetime) -> None:
    rate_changes.fold()
    assert differences(at) == 0
    with acting_in(EVERYTHING):
        RateChange.objects.create(
            indicator="T1",
            area=county,
            premises="market",
            item_id=_item(),
            day=DAY,
            denominator=5,
            numerator=0,
        )
    found = next(each for each in check_rollup(at=at + timedelta(days=1)) if each.indicator == "T1")
    assert found.differences == 9  # day, month and year at county, city and province
    assert found.examples[0]["denominator"] == -5
    page = officer_of(county).get("/indicators/t1/", {"day": "2026-11-23"}).content.decode()
    assert "9 处汇总差异" in page
    assert differences(at + timedelta(days=2)) == 0


def differences(at: datetime) -> int:
    return sum(check.differences for check in check_rollup(at=at))


def _item() -> int:
    return RateChange.objects.values_list("item_id", flat=True)[0]

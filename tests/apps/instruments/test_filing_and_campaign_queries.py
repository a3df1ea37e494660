"""What waits for the office, and how far the campaign of 30 June got."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.queries import campaign
from quanheng.apps.instruments.queries.filings import (
    doubled_serials,
    returned_by_reason,
    unfiled_counts,
    waiting_batches,
    waiting_rows,
)
from quanheng.apps.registry.models import Entity
from tests.factories import make_area, make_code, make_entity, make_instrument, make_item

pytestmark = pytest.mark.usefixtures("as_officer")


def test_the_batch_that_waits_longest_comes_first(
    county: Area, stall: Entity, officer: Actor, at: datetime
) -> None:
    later = make_entity(area=county)
    make_instrument(later, state="filing", changed_at=at)
    for days in (3, 1):
        make_instrument(stall, state="filing", changed_at=at - timedelta(days=days))
    make_instrument(state="filing")  # in another county
    batches = waiting_batches(officer, at_most=10)
    assert [(each.root_id, each.count) for each in batches] == [(stall.root_id, 2), (later.pk, 1)]
    assert batches[0].since == at - timedelta(days=3)
    assert waiting_batches(officer, first=1, last=2, at_most=10) == []
    assert waiting_rows(later.pk, officer).count() == 1


def test_an_entity_reads_what_came_back_and_why(stall: Entity, operator: Actor) -> None:
    for reason in ("缺证书", "缺证书", "编号不清"):
        make_instrument(stall, state="returned", return_reason=reason)
    make_instrument(stall, state="draft")
    assert {each.reason: each.count for each in returned_by_reason(operator)} == {"缺证书": 2, "编号不清": 1}
    assert unfiled_counts(operator) == {"returned": 3, "draft": 1}


def test_a_number_on_two_scales_is_pointed_out(stall: Entity, officer: Actor) -> None:
    rows = [
        make_instrument(stall, serial_number="D1", state="filing"),
        make_instrument(stall, state="filing"),
    ]
    make_instrument(stall, serial_number="D1", manufacturer="另一厂")
    assert doubled_serials(rows, officer) == {rows[0].pk}


@pytest.fixture
def scales_of_june(county: Area, stall: Entity, at: datetime) -> Area:
    """Two scales in the market (one in time and coded), one in another street; a gas alarm does not count."""
    street = make_area(level=AreaLevel.STREET, parent=county)
    shop = make_entity(area=street)
    make_code(make_instrument(stall, registered_at=datetime.fromisoformat("2026-06-30T23:59:00+08:00")))
    make_instrument(stall, registered_at=datetime.fromisoformat("2026-07-01T00:00:00+08:00"))
    make_instrument(shop, registered_at=at, state="draft", certificate_number="同号")
    make_instrument(shop, registered_at=at, state="scrapped")
    make_instrument(stall, item=make_item("alarm", category="other"))
    return street


def test_the_campaign_counts_scales_by_area_and_market(
    county: Area, stall: Entity, officer: Actor, scales_of_june: Area
) -> None:
    by_county, gaps = campaign.reached_by_area(officer, county.pk, county.last, AreaLevel.COUNTY)
    total = campaign.total_of(by_county.values())
    assert (total.in_time, total.now, total.coded, total.filed) == (1, 3, 1, 2)
    by_street, _ = campaign.reached_by_area(officer, county.pk, county.last, AreaLevel.STREET)
    assert by_street[scales_of_june.pk].now == 1
    markets = campaign.reached_by_market(campaign.scales(officer, county.pk, county.last), at_most=5)
    assert [(each.coded, each.now) for each in markets] == [(0, 1), (1, 2)]
    assert markets[1].key == stall.root_id
    assert markets[1].share_coded == 50
    assert (gaps["code"], gaps["serial"]) == (2, 0)


def test_whoever_reaches_no_area_reads_no_counts(county: Area, operator: Actor, scales_of_june: Area) -> None:
    reached, gaps = campaign.reached_by_area(operator, county.pk, county.last, AreaLevel.COUNTY)
    assert (reached, set(gaps.values())) == ({}, {0})


def test_shared_numbers_are_found_with_their_makers(county: Area, stall: Entity, officer: Actor) -> None:
    for maker in ("甲厂", "乙厂"):
        make_instrument(stall, serial_number="S7", manufacturer=maker, certificate_number="")
    rows = campaign.scales(officer, county.pk, county.last)
    assert campaign.doubled(rows, "serial_number", at_most=5) == [campaign.Doubled("S7", 2, ["乙厂", "甲厂"])]
    assert campaign.doubled(rows, "certificate_number", at_most=5) == []


def test_a_market_without_a_scale_is_a_gap(
    county: Area, market: Entity, officer: Actor, stall: Entity
) -> None:
    empty = make_entity(kind="market_operator", area=county)
    make_instrument(stall)
    found = Entity.objects.visible_to(officer).exclude(campaign.with_scale(county.pk, county.last, officer))
    assert set(found.filter(parent=None).values_list("pk", flat=True)) == {empty.pk}

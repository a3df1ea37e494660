"""到期与超期, 到期提醒, 外发消息 and an institute's eight weeks, with rows in them, on a phone and a desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.certificates.services.remind import TOPIC, remind
from quanheng.apps.outbox.models import Message
from quanheng.apps.outbox.services import NotDelivered, deliver_due
from tests.e2e.conftest import DESK, PHONE, OpenPage, check_accessibility, check_width
from tests.factories import make_actor, make_area, make_contact, make_entity, make_instrument
from tests.factories.verification import Bench, make_bench, make_line


@pytest.fixture
def county(site: str) -> Area:
    return make_area("青羊区")


@pytest.fixture
def bench(county: Area) -> Bench:
    """Return an institute with work ahead; instruments at every stage, reminded of, one message refused."""
    bench, now = make_bench(county), timezone.now()
    today = timezone.localdate(now)
    market = make_entity("青羊农副产品综合批发市场", kind="market_operator", area=county)
    make_contact(market, phone="13812345678", phone_hash="x")
    alone = make_entity("无人接听便利店", area=county)
    for days in (-30, 3, 20, 45):
        end = today + timedelta(days=days)
        make_instrument(market, valid_until=end, trusted_until=end, place="东区三排十二号摊位")
        make_instrument(alone, valid_until=end, trusted_until=end)
    remind(first=county.pk, last=county.last, address="https://a.cn/due/", at=now)
    deliver_due(TOPIC, _refuse, at=now)
    booked = make_instrument(market, valid_until=today + timedelta(days=90))
    make_line(booked, bench.institute, booked_for=today + timedelta(days=1))
    return bench


def _refuse(_: Message) -> str:
    raise NotDelivered("短信网关答复 400", for_good=True)


def actor_of(path: str, bench: Bench, county: Area) -> Actor:
    if path.startswith("/messages"):
        return make_actor(Role.SYSTEM_ADMINISTRATOR)
    if path.startswith("/institutes"):
        return make_actor(Role.INSTITUTE_CLERK, agency=bench.institute, area=county)
    return make_actor(Role.COUNTY_OFFICER, area=county)


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("path", ["/due/", "/reminders/", "/messages/", "/institutes/{pk}/"])
def test_the_pages_with_rows_are_accessible_and_fit(
    path: str, width: int, bench: Bench, county: Area, open_page: OpenPage
) -> None:
    address = path.format(pk=bench.institute.pk)
    page = open_page(address, actor=actor_of(path, bench, county), width=width)
    if path.startswith("/institutes"):
        page.locator("[data-chart]").scroll_into_view_if_needed()
        page.locator("[data-chart] canvas").wait_for()
    check_accessibility(page)
    check_width(page)

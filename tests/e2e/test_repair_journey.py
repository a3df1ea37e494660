"""A repair by clicks alone, from the desk of the repairer until it is gone from there."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.repair import send_to_repair
from quanheng.kit.scope import acting_in
from tests.e2e.conftest import DESK, PHONE, OpenPage, check_accessibility, check_width
from tests.factories import make_actor, make_entity, make_instrument, make_repairer, make_seal


@pytest.fixture
def repairer(site: str) -> Actor:
    return make_repairer("武侯区川准衡器维修服务有限公司")


@pytest.fixture
def sent(repairer: Actor) -> Instrument:
    """An instrument of a market, sent by the market."""
    market = make_entity("青羊农副产品综合批发市场", kind="market_operator")
    scale = make_instrument(market, serial_number="SN-20260117", place="东区三排十二号摊位")
    make_seal(scale)
    operator = make_actor(Role.MARKET_OPERATOR, entity=market)
    with acting_in(operator.scope):
        send_to_repair(
            instrument_id=scale.pk, reason="示值漂移，称不准", on=timezone.localdate(),
            repairer_id=repairer.entity_id, by=operator, at=timezone.now(),
        )  # fmt: skip
    return scale


def looked_at(page: Page) -> None:
    check_accessibility(page)
    check_width(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_received_opened_repaired_by_clicks(
    sent: Instrument, repairer: Actor, open_page: OpenPage, width: int
) -> None:
    page = open_page("/desk/", actor=repairer, width=width)
    looked_at(page)
    page.get_by_role("link", name="送修待接收").first.click()
    looked_at(page)
    page.get_by_role("link", name="SN-20260117").first.click()
    looked_at(page)
    page.get_by_role("link", name="登记维修接收").first.click()
    looked_at(page)
    page.get_by_label("接收时的状况").fill("铅封完好")
    page.get_by_role("button", name="登记维修接收").click()
    page.goto(page.url)  # the word that it was done is read once
    page.get_by_role("link", name="登记维修完成").first.click()
    looked_at(page)
    page.get_by_label("维修内容").fill("更换称重传感器")
    page.get_by_label("修后去向").select_option("to_verification")
    page.get_by_role("button", name="登记维修完成").click()
    expect(page.get_by_role("heading", name="维修业务")).to_be_visible()
    expect(page.get_by_text("SN-20260117")).to_have_count(0)
    looked_at(page)

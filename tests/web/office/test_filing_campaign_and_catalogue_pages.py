"""备案审核, the campaign's closing report, the catalogue."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import CatalogueItem, Instrument
from quanheng.apps.instruments.services.close_campaign import close_campaign
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.apps.registry.models import Entity
from quanheng.kit.lists.pages import TooMuch
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.campaign import views as campaign_views
from tests.factories import make_code, make_entity, make_instrument

Desk = Callable[..., Client]
pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def states() -> list[str]:
    with acting_in(EVERYTHING):
        return list(Instrument.objects.unscoped().order_by("id").values_list("state", flat=True))


def test_a_batch_is_accepted_as_a_whole_and_its_draft_stalls_confirmed(market: Entity, desk: Desk) -> None:
    stall = make_entity("新摊", kind="stall", parent=market, state="draft")
    for _ in range(2):
        make_instrument(stall, state="filing")
    browser = desk()
    assert "东门市场" in text_of(browser.get("/filings/"))
    page = text_of(browser.get(f"/filings/{market.pk}/"))
    assert "1 个主体档案待确认" in page
    assert "通过全部 2 台（件）" in page
    browser.post(f"/filings/{market.pk}/", {"decision": "accept_all", "seen": 2, "confirm_entities": "on"})
    assert states() == ["in_use", "in_use"]
    with acting_in(EVERYTHING):
        assert Entity.objects.unscoped().get(pk=stall.pk).state == "confirmed"
    assert "暂无待审核的备案" in text_of(browser.get("/filings/"))


def test_some_go_back_with_a_reason_that_the_operator_reads(
    market: Entity, stall: Entity, desk: Desk
) -> None:
    rows = [make_instrument(stall, state="filing") for _ in range(2)]
    browser, url = desk(), f"/filings/{market.pk}/"
    refused = browser.post(url, {"decision": "return", "seen": 2, "ids": [rows[0].pk], "reason": " "})
    assert "请写明退回原因" in text_of(refused)
    assert re.search(rf'value="{rows[0].pk}" checked', refused.content.decode())
    browser.post(url, {"decision": "return", "seen": 2, "ids": [rows[0].pk], "reason": "证书看不清"})
    assert states() == ["returned", "filing"]
    operator = desk(Role.MARKET_OPERATOR, entity=market)
    assert "证书看不清" in text_of(operator.get("/filings/"))
    assert operator.get(url).status_code == 403


def test_nothing_is_accepted_unseen(market: Entity, stall: Entity, desk: Desk) -> None:
    for _ in range(2):
        make_instrument(stall, state="filing")
    browser, url = desk(), f"/filings/{market.pk}/"
    assert "数据有变化" in text_of(browser.post(url, {"decision": "accept_all", "seen": 1}))
    assert "请先勾选器具" in text_of(browser.post(url, {"decision": "accept", "seen": 2}))
    assert states() == ["filing", "filing"]


def test_an_inspector_reads_the_batch_but_does_not_decide(market: Entity, stall: Entity, desk: Desk) -> None:
    make_instrument(stall, state="filing")
    inspector = desk(Role.INSPECTOR)
    assert "不能审核备案" in text_of(inspector.get(f"/filings/{market.pk}/"))
    inspector.post(f"/filings/{market.pk}/", {"decision": "accept_all", "seen": 1})
    assert states() == ["filing"]


def test_every_number_of_the_campaign_opens_its_rows(
    county: Area, market: Entity, stall: Entity, desk: Desk
) -> None:
    make_code(make_instrument(stall))
    make_instrument(stall, state="draft")
    make_entity("空市场", kind="market_operator", area=county)
    browser = desk()
    answer = browser.get("/campaign/scales/")
    report = answer.context["report"]
    for line in [report.total, *report.markets]:
        for url, number in (
            (line.now_url, line.reached.now),
            (line.in_time_url, line.reached.in_time),
            (line.late_url, line.reached.late),
            (line.uncoded_url, line.reached.uncoded),
            (line.unfiled_url, line.reached.unfiled),
        ):
            assert len(browser.get(url).context["list"].rows) == number, url
    for tile in report.gaps:
        assert len(browser.get(tile.url).context["list"].rows) == int(tile.text_count), tile.url
    assert "空市场" in text_of(answer)
    assert f'/entities/{market.pk}/"' in answer.content.decode()


def test_the_campaign_is_a_sheet_and_a_paper_with_the_frozen_day_beside_what_came_late(
    county: Area, stall: Entity, desk: Desk
) -> None:
    make_code(make_instrument(stall, registered_at=datetime.fromisoformat("2026-06-30T09:00+08:00")))
    browser = desk()
    assert "暂无固化数据" in text_of(browser.get("/campaign/scales/"))
    close_campaign(at=timezone.now())
    make_instrument(stall)
    page = text_of(browser.get("/campaign/scales/"))
    assert "此后不再变动" in page
    assert "未完成，自" in page
    answer = browser.get("/campaign/scales/report.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("范围", "截止日前录入（固化）")
    assert [row[0] for row in rows[1:]] == [county.full_name, "未填下一级区划的", "东门市场"]
    assert rows[1][1:3] == (1, 0)
    assert rows[1][8:11] == (1, 1, 2)
    paper = browser.get(f"/campaign/scales/report.pdf?area={county.pk}")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")


@pytest.mark.parametrize("address", ["", "report.xlsx", "report.pdf"])
def test_the_campaign_of_another_area_is_not_shown(desk: Desk, address: str) -> None:
    assert desk().get(f"/campaign/scales/{address}?area=510000000000").status_code == 404


def test_too_much_to_count_leads_to_the_areas_below(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_asked: object) -> None:
        raise TooMuch

    monkeypatch.setattr(campaign_views, "within", too_much)
    assert "请打开下一级区划查看" in text_of(desk().get("/campaign/scales/"))


@pytest.fixture
def taximeter(db: None) -> CatalogueItem:
    with acting_in(EVERYTHING):
        load_catalogue()
    return CatalogueItem.objects.get(slug="taximeter")


def test_the_catalogue_is_found_by_common_names_and_shows_what_is_unchecked(
    taximeter: CatalogueItem, desk: Desk
) -> None:
    browser = desk(Role.VERIFIER)
    page = text_of(browser.get("/catalogue/?q=打表器"))
    assert "目录中没有该名称" in page
    page = text_of(browser.get("/catalogue/?q=计价器"))
    assert "JJG 517-2016：12 个月" in page
    assert "未核实" in page
    assert browser.get(f"/catalogue/{taximeter.pk}/periods/new/").status_code == 403


def test_the_province_adds_a_dated_row(taximeter: CatalogueItem, county: Area, desk: Desk) -> None:
    assert county.parent is not None
    province = desk(Role.PROVINCE_OFFICER, area=county.parent.parent)
    old = taximeter.periods.get()
    sent = {
        "regulation": "JJG 517-2026",
        "months": "",
        "valid_from": "2027-01-01",
        "source": "",
        "replaces": old.pk,
    }
    url = f"/catalogue/{taximeter.pk}/periods/new/"
    assert 'value="JJG 517-2026"' in province.post(url, sent).content.decode()
    page = text_of(province.post(url, sent | {"source": "总局公告"}, follow=True))
    assert "只作首次强制检定" in page
    assert "2026-12-31" in page

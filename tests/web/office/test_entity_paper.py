"""一主体一档 on paper: what the page shows, people masked as there, a code that a phone reads."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from quanheng.apps.accounts.enums import Role
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.registry import paper
from tests.factories import make_code_value, make_contact, make_entity, make_instrument, make_verification
from tests.web.office.conftest import Desk


def words_of(pdf: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join(text.split())


def printed(desk: Desk, entity: Entity, role: Role = Role.COUNTY_OFFICER) -> bytes:
    keeper = entity if role == Role.MARKET_OPERATOR else None
    answer = desk(role, entity=keeper).get(f"/entities/{entity.pk}/file.pdf")
    assert answer["Content-Type"] == "application/pdf"
    return bytes(answer.content)


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.MARKET_OPERATOR])
def test_it_holds_what_the_page_shows(desk: Desk, market: Entity, stall: Entity, role: Role) -> None:
    scale = make_instrument(stall, serial_number="P-0078", place="A12")
    make_verification(scale)
    make_contact(market, name="张三丰", phone="13812345678")
    told = words_of(printed(desk, market, role))
    for word in ("一主体一档", "东门市场", "一号摊", "P-0078", "A12", "2026-12-31", "138****5678"):
        assert word in told
    assert "张三丰" not in told
    assert "13812345678" not in told


def test_a_phone_reads_the_entitys_page_from_it(desk: Desk, market: Entity) -> None:
    with acting_in(EVERYTHING):
        Entity.objects.unscoped().filter(pk=market.pk).update(code=make_code_value())
        code = Entity.objects.unscoped().get(pk=market.pk).code
    sheet = pypdfium2.PdfDocument(printed(desk, market))[0].render(scale=3).to_pil()
    assert [found.text.endswith(f"/e/{code}") for found in zxingcpp.read_barcodes(sheet)] == [True]


def test_an_empty_file_says_so_and_markup_in_names_is_text(desk: Desk, market: Entity) -> None:
    odd = make_entity('#panic("x") *粗* <a> $x$ \\ 铺', area=market.area)
    told = words_of(printed(desk, odd))
    assert '#panic("x")*粗*<a>$x$\\铺' in told
    assert "暂无器具" in told
    assert "暂无联系人" in told


def test_a_large_file_says_what_it_leaves_out(
    desk: Desk, market: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "INSTRUMENTS_SHOWN", 1)
    make_instrument(market, serial_number="P-1", place="1")
    make_instrument(market, serial_number="P-2", place="2")
    told = words_of(printed(desk, market))
    assert "P-1" in told
    assert "P-2" not in told
    assert "仅列出前1台" in told


def test_the_page_leads_to_it_and_strangers_do_not_reach_it(desk: Desk, market: Entity) -> None:
    officer = desk()
    assert f"/entities/{market.pk}/file.pdf" in officer.get(f"/entities/{market.pk}/").content.decode()
    foreign = make_entity()
    assert officer.get(f"/entities/{foreign.pk}/file.pdf").status_code == 404

"""The pages of codes: blank batches, binding on site, a new code for a lost label, the code of an entity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import Instrument, InstrumentCode
from quanheng.apps.instruments.services.issue_blank_codes import BATCH_AT_MOST
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.public.labels import key_ring
from tests.factories import make_actor, make_area, make_code, make_entity, make_instrument, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _data(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    key_ring.cache_clear()


@pytest.fixture
def county() -> Area:
    return make_area("锦江区")


@pytest.fixture
def market(county: Area) -> Entity:
    return make_entity("东门市场", kind="market_operator", area=county)


@pytest.fixture
def officer(county: Area) -> Client:
    return sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=county))


def blank_for(area: Area) -> InstrumentCode:
    return make_code(area_id=area.pk, state="blank", batch="卷一")


def fresh(instrument: Instrument) -> Instrument:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=instrument.pk)


def test_a_batch_of_blank_codes_is_issued_and_leads_to_its_print(officer: Client, county: Area) -> None:
    sent = {"area": str(county.pk), "batch": "一环路", "count": "3"}
    answer = officer.post("/codes/blank/new/", sent)
    assert answer.status_code == 302
    assert "共 3 枚标签" in officer.get(answer["Location"]).content.decode()
    assert officer.get("/codes/?state=blank").content.decode().count("一环路") >= 3
    again = officer.post("/codes/blank/new/", sent).content.decode()
    assert "已有批次" in again
    assert 'value="一环路"' in again


def test_the_newest_batch_comes_first(officer: Client, county: Area) -> None:
    for batch in ("旧批", "新批"):
        officer.post("/codes/blank/new/", {"area": str(county.pk), "batch": batch, "count": "3"})
    officer.get("/codes/")  # takes the messages about both away
    page = officer.get("/codes/").content.decode()
    assert page.index("新批") < page.index("旧批")


def test_a_batch_larger_than_one_request_can_make_is_refused(officer: Client, county: Area) -> None:
    sent = {"area": str(county.pk), "batch": "太多", "count": str(BATCH_AT_MOST + 1)}
    assert officer.post("/codes/blank/new/", sent).status_code == 200
    assert officer.get("/codes/?batch=太多").context["list"].rows == []


def test_nobody_else_sees_the_codes_of_the_county(county: Area) -> None:
    code = blank_for(county)
    elsewhere = sign_in(Client(), make_actor(Role.COUNTY_OFFICER, area=make_area("武侯区")))
    assert code.value[-4:] not in elsewhere.get("/codes/").content.decode()


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.MARKET_OPERATOR])
def test_a_label_is_bound_after_both_were_looked_at(county: Area, market: Entity, role: Role) -> None:
    entity = market if role == Role.MARKET_OPERATOR else None
    person = sign_in(Client(), make_actor(role, area=None if entity else county, entity=entity))
    scale, code = make_instrument(market, serial_number="K-77"), blank_for(county)
    sent = {"code": f"https://qh.example/s/{code.value}", "instrument_text": "K-77"}
    confirm = person.post("/codes/bind/", sent).content.decode()
    assert "K-77" in confirm
    assert fresh(scale).code is None
    done = person.post("/codes/bind/", {"code": code.value, "instrument": scale.pk, "confirmed": "1"})
    assert fresh(scale).code == code.value
    assert f"/s/{code.value}" in person.get(done["Location"]).content.decode()


def test_a_used_code_is_refused_on_the_form_and_what_was_typed_is_kept(
    officer: Client, market: Entity
) -> None:
    used = make_code(make_instrument(market))
    make_instrument(market, serial_number="K-78")
    page = officer.post("/codes/bind/", {"code": used.value, "instrument_text": "K-78"}).content.decode()
    assert "已使用或已作废" in page
    assert used.value in page


def test_an_instrument_that_has_a_code_cannot_be_picked(officer: Client, market: Entity) -> None:
    scale = make_instrument(market, serial_number="K-79")
    make_code(scale)
    assert "K-79" not in officer.get("/pick/codeless-instruments/?q=K-7").content.decode()


def test_the_scan_page_of_a_blank_label_leads_an_officer_to_binding(officer: Client, county: Area) -> None:
    code = blank_for(county)
    address = f"/codes/bind/?code={code.value}"
    assert address in Client().get(f"/s/{code.value}").content.decode()
    assert code.value in officer.get(address).content.decode()


def test_a_lost_label_gets_a_new_code_that_is_printed_next(officer: Client, market: Entity) -> None:
    scale = make_instrument(market)
    old = make_code(scale)
    address = f"/instruments/{scale.pk}/replace-code/"
    assert address in officer.get(f"/instruments/{scale.pk}/").content.decode()
    answer = officer.post(address, {"reason": "标签丢失", "blank": "", "sure": "on"})
    assert answer["Location"] == f"/labels/?instrument={scale.pk}"
    assert fresh(scale).code not in {None, old.value}
    assert "共 1 枚标签" in officer.get(answer["Location"]).content.decode()


def test_a_blank_label_at_hand_takes_the_place_of_the_lost_one(
    officer: Client, market: Entity, county: Area
) -> None:
    scale, blank = make_instrument(market), blank_for(county)
    make_code(scale)
    address = f"/instruments/{scale.pk}/replace-code/"
    answer = officer.post(address, {"reason": "破损", "blank": blank.value, "sure": "on"})
    assert answer["Location"] == f"/instruments/{scale.pk}/"
    assert fresh(scale).code == blank.value


def test_an_entity_gets_its_code_and_one_label(officer: Client, market: Entity) -> None:
    page = officer.get(f"/entities/{market.pk}/").content.decode()
    assert f"/entities/{market.pk}/issue-code/" in page
    assert officer.get(f"/labels/entity/{market.pk}.svg").status_code == 404
    officer.post(f"/entities/{market.pk}/issue-code/")
    for kind, start in (("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        assert officer.get(f"/labels/entity/{market.pk}.{kind}").content.startswith(start)
    assert f"/labels/entity/{market.pk}.pdf" in officer.get(f"/entities/{market.pk}/").content.decode()

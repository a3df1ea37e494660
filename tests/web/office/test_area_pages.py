"""The divisions: a functional zone is founded on the page of the city that it lies in."""

from __future__ import annotations

from django.test import Client

from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, sign_in
from tests.web.office.conftest import Desk

ZONE = {
    "level": AreaLevel.COUNTY.value, "name": "高新技术产业开发区", "code": "519971",
    "on": "2026-11-01", "source": "川府函〔2026〕1 号", "sure": "on",
}  # fmt: skip


def administrator(county: Area) -> Client:
    return sign_in(Client(), make_actor(Role.SYSTEM_ADMINISTRATOR))


def test_a_functional_zone_is_founded_below_its_city_and_has_no_place_in_the_codes(county: Area) -> None:
    city, browser = county.parent, administrator(county)
    assert city is not None
    assert f"/areas/{city.pk}/found/" in browser.get(f"/areas/{city.pk}/").content.decode()
    answer = browser.post(f"/areas/{city.pk}/found/", ZONE, follow=True)
    zone = Area.objects.get(name=ZONE["name"])
    assert answer.redirect_chain[-1][0] == f"/areas/{zone.pk}/"
    assert (zone.code, zone.parent_id) == ("519971000000", city.pk)
    with acting_in(EVERYTHING):
        told = Act.objects.unscoped().filter(verb="area_reorganised").latest("pk")
    assert told.after == {"founded": "519971000000", "source": ZONE["source"]}


def test_a_code_in_use_is_told_beside_its_field_and_keeps_what_was_typed(county: Area) -> None:
    taken = {"code": county.code[:6]}
    page = administrator(county).post(f"/areas/{county.parent_id}/found/", ZONE | taken)
    assert page.context["form"].errors["code"] == [f"代码 {county.code} 正在使用，请核对。"]
    assert str(ZONE["name"]) in page.content.decode()


def test_nothing_is_founded_below_a_street_or_by_an_office(county: Area, desk: Desk) -> None:
    street = make_area("春熙路街道", parent=county, level=AreaLevel.STREET)
    assert "/found/" not in administrator(county).get(f"/areas/{street.pk}/").content.decode()
    assert "/found/" not in desk().get(f"/areas/{county.pk}/").content.decode()
    assert desk().get(f"/areas/{county.pk}/found/").status_code == 403

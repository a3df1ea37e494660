"""The administrators' pages, from the first password to the first list."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Agency, Area, User
from tests.factories import make_actor, make_agency, make_area, make_entity, make_user, sign_in

pytestmark = pytest.mark.django_db


def signed_in(role: Role) -> Client:
    return sign_in(Client(), make_actor(role))


def test_an_officer_is_hired_from_account_to_first_sign_in() -> None:
    system, security = signed_in(Role.SYSTEM_ADMINISTRATOR), signed_in(Role.SECURITY_ADMINISTRATOR)
    county = make_area("锦江区")
    system.post("/agencies/new/", {"name": "锦江区局", "kind": "bureau", "area": county.full_name})
    assert Agency.objects.get(name="锦江区局").area_id == county.pk
    page = system.post("/people/new/", {"username": "zhaoliu", "name": "赵六"})
    password = re.search(r"<code>([a-z]+-[a-z]+-[a-z]+-[a-z]+-\d\d)</code>", page.content.decode())
    assert password
    assert page["Cache-Control"] == "no-store"
    user = User.objects.get(username="zhaoliu")
    appointed = {"role": "county_officer", "agency": "锦江区局", "valid_from": "2026-01-01"}
    assert security.post(f"/people/{user.pk}/appoint/", appointed).status_code == 302
    officer = Client()
    officer.post("/accounts/login/", {"login": "zhaoliu", "password": password[1]})
    assert officer.get("/desk/").url == "/accounts/password/change/"  # type: ignore[attr-defined]


def test_a_refused_form_keeps_what_was_typed() -> None:
    make_user("zhangsan")
    page = signed_in(Role.SYSTEM_ADMINISTRATOR).post("/people/new/", {"username": "zhangsan", "name": "张三"})
    text = page.content.decode()
    assert "已经有人使用" in text
    assert 'value="zhangsan"' in text


def test_an_ambiguous_area_is_told_with_what_it_can_mean() -> None:
    for _ in range(2):
        make_area("市中区", parent=make_area(level=AreaLevel.CITY))
    form = {"name": "局", "kind": "bureau", "area": "市中区"}
    page = signed_in(Role.SYSTEM_ADMINISTRATOR).post("/agencies/new/", form)
    assert "有多个同名区划" in page.content.decode()


def test_an_operator_is_appointed_by_the_credit_code() -> None:
    market = make_entity(kind="market_operator", credit_code="91510100MA6CPX1X9A")
    user = make_user()
    security = signed_in(Role.SECURITY_ADMINISTRATOR)
    form = {"role": "market_operator", "entity_code": "91510100ma6cpx1x9a", "valid_from": "2026-01-01"}
    security.post(f"/people/{user.pk}/appoint/", form)
    assert user.appointments.get().entity_id == market.pk
    page = security.post(f"/people/{user.pk}/appoint/", {**form, "entity_code": "9" * 18})
    assert "未找到该单位" in page.content.decode()


def test_a_role_is_ended_and_credentials_are_reset_on_the_persons_page() -> None:
    security, officer = signed_in(Role.SECURITY_ADMINISTRATOR), make_actor(Role.COUNTY_OFFICER)
    assert "终止" in security.get(f"/people/{officer.user_id}/").content.decode()
    security.post(f"/appointments/{officer.appointment_id}/end/")
    person = User.objects.get(pk=officer.user_id or 0)
    assert person.appointments.get().valid_to is not None
    page = security.post(f"/people/{person.pk}/reset-password/", {"reason": "忘记密码"})
    assert "离开本页后不再显示" in page.content.decode()
    without = security.post(f"/people/{person.pk}/reset-second-factor/", {"reason": ""})
    assert without.status_code == 200, "a reason is asked for"


def test_an_area_shows_what_lies_below_it_and_is_reorganised_by_system_alone() -> None:
    system = signed_in(Role.SYSTEM_ADMINISTRATOR)
    county = make_area("郫县")
    make_area("犀浦街道", level=AreaLevel.STREET, parent=county)
    assert "犀浦街道" in system.get(f"/areas/{county.pk}/").content.decode()
    form = {
        "name": "郫都区", "code": county.code[:4] + "90", "on": "2026-11-01", "source": "国函", "sure": "on",
    }  # fmt: skip
    response = system.post(f"/areas/{county.pk}/reorganise/", form)
    district = Area.objects.get(name="郫都区")
    assert response.url == f"/areas/{district.pk}/"  # type: ignore[attr-defined]
    assert "郫县" in system.get(f"/areas/{district.pk}/").content.decode()
    assert signed_in(Role.CITY_OFFICER).get(f"/areas/{county.pk}/reorganise/").status_code == 403


def test_each_list_opens_for_its_keepers() -> None:
    make_agency()
    for role, address in (
        (Role.SYSTEM_ADMINISTRATOR, "/people/"),
        (Role.SECURITY_ADMINISTRATOR, "/agencies/"),
        (Role.COUNTY_OFFICER, "/areas/"),
        (Role.AUDIT_ADMINISTRATOR, "/acts/"),
    ):
        assert signed_in(role).get(address).status_code == 200

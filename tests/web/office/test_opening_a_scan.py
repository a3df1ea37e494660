"""Signed in, a scan leads on: to the file and the acts of the role, or to what anybody may know."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from tests.factories import make_area, make_code, make_code_value, make_entity, make_instrument, make_seal
from tests.factories.visitors import forget_visitors

Desk = Callable[..., Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def scale(stall: Entity) -> Instrument:
    it = make_instrument(stall, serial_number="K-1", place="一号摊")
    make_seal(it)
    make_code(it)
    return it


def doors(client: Client, address: str) -> dict[str, str]:
    """Return where the page of a scan leads, by what each button says."""
    opened = client.get(address).context["opened"]
    return {str(link.text): link.url for link in (*opened.doors, *opened.others)} if opened else {}


def test_an_inspector_is_led_to_the_file_a_check_and_a_broken_seal(desk: Desk, scale: Instrument) -> None:
    found = doors(desk(Role.INSPECTOR), f"/open/{scale.code}")
    assert found["打开器具档案"] == f"/instruments/{scale.pk}/"
    assert f"/instruments/{scale.pk}/break-seal/" in found.values()
    assert f"/instruments/{scale.pk}/check/" in found.values()


def test_each_role_is_shown_only_what_it_may(desk: Desk, scale: Instrument, market: Entity) -> None:
    found = doors(desk(Role.MARKET_OPERATOR, entity=market), f"/open/{scale.code}")
    assert found["打开器具档案"] == f"/instruments/{scale.pk}/"
    assert f"/instruments/{scale.pk}/impound/" not in found.values()


def test_who_has_not_signed_in_does_so_first_and_comes_back(client: Client, scale: Instrument) -> None:
    answer = client.get(f"/open/{scale.code}")
    assert answer.status_code == 302
    assert f"/open/{scale.code}" in answer.headers["Location"]


def test_the_public_answer_leads_there_and_is_the_same_for_everybody(
    client: Client, desk: Desk, scale: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_visitors(monkeypatch)
    public = client.get(f"/s/{scale.code}").content
    assert f'href="/open/{scale.code}"'.encode() in public
    assert desk().get(f"/s/{scale.code}").content == public


def test_a_code_of_elsewhere_shows_nothing_but_the_way_to_the_public_answer(desk: Desk) -> None:
    far = make_instrument(make_entity("远方单位", area=make_area("青羊区")), serial_number="XQ-9")
    code = make_code(far).value
    page = desk().get(f"/open/{code}").content.decode()
    assert "您的范围内未找到该器具码" in page
    assert "XQ-9" not in page
    assert f'href="/s/{code}"' in page


def test_a_blank_code_leads_to_binding_for_those_who_bind(desk: Desk, county: Area) -> None:
    blank = make_code(area=county).value
    assert f"/codes/bind/?code={blank}" in desk(Role.INSPECTOR).get(f"/open/{blank}").content.decode()
    user = desk(Role.INSTRUMENT_USER, entity=make_entity(area=county))
    assert "/codes/bind/" not in user.get(f"/open/{blank}").content.decode()


def test_an_old_code_says_so_and_leads_to_its_instrument(desk: Desk, scale: Instrument) -> None:
    old = make_code(scale, state="replaced").value
    page = desk().get(f"/open/{old}").content.decode()
    assert "该编码已换发" in page
    assert f"/instruments/{scale.pk}/" in page


def test_a_label_whose_signature_does_not_fit_is_told_before_anybody_acts_on_it(
    desk: Desk, scale: Instrument
) -> None:
    page = desk().get(f"/open/{scale.code}.{'0' * 119}").content.decode()
    assert "标签可能是伪造的" in page


def test_an_entitys_code_opens_its_file(desk: Desk, county: Area) -> None:
    shop = make_entity(area=county, code=make_code_value())
    assert desk().get(f"/open/{shop.code}").headers["Location"] == f"/entities/{shop.pk}/"


def test_the_camera_hands_on_what_it_read(desk: Desk, scale: Instrument) -> None:
    officer = desk()
    assert "data-camera" in officer.get("/camera/").content.decode()
    label = {"q": f"https://quanheng.example/s/{scale.code}.ABCD?lang=en"}
    assert officer.get("/camera/", label).headers["Location"] == f"/open/{scale.code}.ABCD"
    slip = {"q": "https://quanheng.example/applications/arrived/abcDEF123"}
    assert officer.get("/camera/", slip).headers["Location"] == "/applications/arrived/abcDEF123"
    assert officer.get("/camera/", {"q": "K-1"}).headers["Location"] == "/search/?q=K-1"
    assert "非本平台二维码" in officer.get("/camera/", {"q": "https://pay.example/x"}).content.decode()


def test_what_is_no_code_is_searched_for(desk: Desk) -> None:
    assert desk().get("/open/K-1").headers["Location"] == "/search/?q=K-1"

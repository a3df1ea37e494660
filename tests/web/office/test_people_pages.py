"""Coming to an account by clicks: the paper, the code, the sign-in; the request; a unit's own accounts."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Appointment, Area, User
from quanheng.apps.accounts.services.enrol import Newcomer
from quanheng.apps.people.models import AccountRequest, Invitation
from quanheng.apps.people.services.take_up_invitation import Key, take_up_invitation
from quanheng.apps.registry.models import Entity
from quanheng.kit.fields import keyed_hash
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.web.accounts import adapter
from quanheng.web.people import join
from tests.factories import PASSWORD, make_actor, make_area, make_contact, make_entity, sign_in
from tests.factories.invitations import CREDIT_CODE, make_account_request

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_paces() -> None:
    join.TRIES.forget()
    join.ASKS.forget()
    adapter.TRIES.forget()


@pytest.fixture
def county() -> Area:
    return make_area("锦江区")


@pytest.fixture
def officer(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


@pytest.fixture
def shop(county: Area) -> Entity:
    shop = make_entity("锦江百货", area=county, credit_code=CREDIT_CODE)
    make_contact(shop, phone="13812345678", phone_hash=keyed_hash("13812345678"))
    return shop


@pytest.fixture
def office(client: Client, officer: Actor) -> Client:
    return sign_in(client, officer)


def typed(code: str, **more: str) -> dict[str, str]:
    return {
        "passcode": code, "stated": CREDIT_CODE, "name": "王五", "phone": "13900000009", "username": "wangwu",
        "password": PASSWORD, "password_again": PASSWORD,
    } | more  # fmt: skip


def invited(office: Client, shop: Entity) -> tuple[Invitation, str]:
    """Issue a paper as an officer does; return the invitation and the code that the paper shows."""
    page = office.post(f"/entities/{shop.pk}/invite/", {"way": "paper", "reason": "查验营业执照"})
    assert page["Cache-Control"] == "no-store"
    with acting_in(EVERYTHING):
        invitation = Invitation.objects.unscoped().latest("pk")
    text = page.content.decode()
    assert f"/join/{invitation.number}</span>" in text
    assert "data:image/svg+xml;base64," in text
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}</strong>", text)
    assert found is not None
    return invitation, found[0][:9]


def test_from_the_paper_to_the_desk(office: Client, shop: Entity) -> None:
    assert "签发账号邀请" in office.get(f"/entities/{shop.pk}/").content.decode()
    invitation, code = invited(office, shop)
    person = Client()
    assert "锦江百货" not in person.get(f"/join/{invitation.number}/").content.decode(), (
        "nothing is told before"
    )
    done = person.post(f"/join/{invitation.number}/", typed(code))
    assert done.status_code == 302
    person.post("/accounts/login/", {"login": "wangwu", "password": PASSWORD})
    assert person.get("/staff/").status_code == 200
    told = office.get(f"/entities/{shop.pk}/").content.decode()
    assert "wangwu" in told
    assert "由王五开通" in told


def test_a_wrong_try_is_counted_and_what_was_typed_stays(office: Client, shop: Entity) -> None:
    invitation, _ = invited(office, shop)
    page = Client().post(f"/join/{invitation.number}/", typed("0000-0000", username="wang-wu"))
    text = page.content.decode()
    assert "还可再试 4 次" in text
    assert "wang-wu" in text
    assert PASSWORD not in text
    with acting_in(EVERYTHING):
        assert Invitation.objects.unscoped().get(pk=invitation.pk).tries == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"password_again": "another-one-2026"}, "两次输入的密码不一致"),
        ({"password": "123", "password_again": "123"}, "密码"),
    ],
)
def test_a_bad_password_costs_no_try(office: Client, shop: Entity, more: dict[str, str], told: str) -> None:
    invitation, code = invited(office, shop)
    page = Client().post(f"/join/{invitation.number}/", typed(code, **more))
    assert told in page.content.decode()
    with acting_in(EVERYTHING):
        assert Invitation.objects.unscoped().get(pk=invitation.pk).tries == 0


def test_whoever_is_signed_in_takes_nothing_up(office: Client, shop: Entity) -> None:
    invitation, code = invited(office, shop)
    page = office.post(f"/join/{invitation.number}/", typed(code))
    assert "请先退出登录" in page.content.decode()
    assert not User.objects.filter(username="wangwu").exists()


def test_an_address_that_tries_and_tries_waits(office: Client, shop: Entity) -> None:
    invitation, _ = invited(office, shop)
    person = Client()
    pages = [person.post(f"/join/XXXX{digit}/", typed("0000-0000")) for digit in range(31)]
    assert "Retry-After" in pages[-1]
    assert "过于频繁" in pages[-1].content.decode()
    assert invitation.pk


def test_the_number_can_be_typed(office: Client, shop: Entity) -> None:
    invitation, _ = invited(office, shop)
    spaced = f"{invitation.number[:5].lower()} {invitation.number[5:]}"
    assert Client().get("/join/", {"number": spaced})["Location"] == f"/join/{invitation.number}/"


ASKED = {"code": CREDIT_CODE, "name": "赵六", "phone": "13800000001", "words": "本店店主"}


def test_known_and_unknown_are_answered_alike(shop: Entity) -> None:
    known = Client().post("/join/ask/", ASKED)
    unknown = Client().post("/join/ask/", ASKED | {"code": "91510107MA6CK9PE6J"})
    pages = [Client().get(each["Location"]).content.decode() for each in (known, unknown)]
    said = [re.sub(r"Q\d{6}-\w{6}|\"\w{64}\"", "", page) for page in pages]
    assert said[0] == said[1]


def test_a_request_that_is_refused_keeps_what_was_typed() -> None:
    text = Client().post("/join/ask/", ASKED | {"code": "123"}).content.decode()
    assert "18 位统一社会信用代码" in text
    assert "本店店主" in text


def test_the_county_finds_the_request_on_its_desk_and_answers(office: Client, shop: Entity) -> None:
    Client().post("/join/ask/", ASKED)
    assert "账号开通申请待审核" in office.get("/desk/").content.decode()
    with acting_in(EVERYTHING):
        asked = AccountRequest.objects.unscoped().get()
    url = f"/account-requests/{asked.pk}/"
    masked = office.get(url).content.decode()
    assert "13800000001" not in masked
    assert "主体档案中没有此号码" in masked
    assert "13800000001" in office.post(url, {"act": "reveal"}).content.decode()
    refused = office.post(url, {"act": "grant", "reason": ""}).content.decode()
    assert "qh-field is-wrong" in refused
    assert office.post(url, {"act": "grant", "reason": "已致电核实"}).status_code == 302
    assert "已同意" in office.get(url).content.decode()


def test_a_foreign_countys_request_is_not_there(office: Client) -> None:
    asked = make_account_request(make_area())
    assert office.get(f"/account-requests/{asked.pk}/").status_code == 404


def test_a_chief_looks_after_staff(shop: Entity) -> None:
    chief = make_actor(Role.INSTRUMENT_USER, entity=shop)
    clerk = make_actor(Role.INSTRUMENT_USER, entity=shop, is_chief=False)
    page = sign_in(Client(), chief, second_factor=False)
    text = page.get("/staff/").content.decode()
    assert f"/staff/{clerk.appointment_id}/suspend/" in text
    assert f"/staff/{chief.appointment_id}/suspend/" not in text, "nobody suspends themselves"
    assert page.post(f"/staff/{clerk.appointment_id}/suspend/", {"reason": ""}).status_code == 200
    assert page.post(f"/staff/{clerk.appointment_id}/suspend/", {"reason": "调岗"}).status_code == 302
    assert f"/staff/{clerk.appointment_id}/resume/" in page.get("/staff/").content.decode()
    paper = page.post(
        "/staff/invite/", {"name": "孙八", "phone": "", "role": "instrument_user", "way": "paper"}
    )
    assert "孙八" in paper.content.decode()


def test_who_is_not_chief_reads_the_page_and_is_told_whom_to_ask(shop: Entity) -> None:
    clerk = make_actor(Role.INSTRUMENT_USER, entity=shop, is_chief=False)
    page = sign_in(Client(), clerk, second_factor=False)
    assert "请联系本单位的账号负责人" in page.get("/staff/").content.decode()


def test_an_invitation_is_revoked_on_its_page(office: Client, shop: Entity) -> None:
    invitation, code = invited(office, shop)
    url = f"/invitations/{invitation.pk}/"
    assert "撤销邀请" in office.get(url).content.decode()
    assert office.post(url, {"reason": "遗失", "sure": "on"}).status_code == 302
    assert "已撤销" in office.get(url).content.decode()
    page = Client().post(f"/join/{invitation.number}/", typed(code))
    assert "已使用、已作废或已过期" in page.content.decode()


def test_the_first_by_the_security_administrator_keeps_the_accounts(office: Client, shop: Entity) -> None:
    """An entity whose account was opened by hand has a chief, and is handed over."""
    make_actor(Role.INSTRUMENT_USER, entity=shop)
    text = office.get(f"/entities/{shop.pk}/invite/").content.decode()
    assert "该单位已有账号负责人" in text
    refused = office.post(f"/entities/{shop.pk}/invite/", {"way": "paper", "reason": "离任"})
    assert "is-wrong" in refused.content.decode()
    form = {"way": "paper", "reason": "离任", "handover": "on"}
    assert "账号邀请函" in office.post(f"/entities/{shop.pk}/invite/", form).content.decode()


def test_what_is_doubtful_is_on_the_desk(office: Client, officer: Actor, shop: Entity) -> None:
    invitation, code = invited(office, shop)
    name = User.objects.get(pk=officer.user_id or 0).name
    take_up_invitation(
        key=Key(invitation.number, code, CREDIT_CODE), who=Newcomer("x", name, "", PASSWORD),
        address="203.0.113.9", at=timezone.now(),
    )  # fmt: skip
    assert Appointment.objects.filter(entity=shop, is_chief=True).count() == 1
    assert "存疑的账号邀请" in office.get("/desk/").content.decode()
    assert "与签发人同名" in office.get(f"/invitations/{invitation.pk}/").content.decode()

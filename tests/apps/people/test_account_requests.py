"""An entity asks for its account by itself: the county confirms, and whoever asked learns nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.outbox.models import Message
from quanheng.apps.people.enums import AccountRequestState, InvitationPurpose, InvitationWay
from quanheng.apps.people.models import AccountRequest
from quanheng.apps.people.queries import invitation_letter, is_filed_telephone, request_letter
from quanheng.apps.people.services.ask_for_account import Asked, ask_for_account
from quanheng.apps.people.services.decide_account_request import (
    grant_account_request,
    refuse_account_request,
)
from quanheng.apps.registry.models import Entity
from quanheng.kit.fields import keyed_hash
from quanheng.kit.refusal import RuleBroken
from tests.apps.people.conftest import FILED
from tests.factories import make_actor, make_area
from tests.factories.acts import last_act, refused
from tests.factories.invitations import CREDIT_CODE, make_account_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

WHY = "已拨打档案登记电话核实"
UNKNOWN = "91510107MA6CK9PE6J"


def ask(at: datetime, **more: str) -> str:
    facts = {"code": CREDIT_CODE, "name": "赵六", "phone": "138 0000 0001", "words": "本店店主"}
    return ask_for_account(asked=Asked(**facts | more), at=at)


def kept() -> list[AccountRequest]:
    return list(AccountRequest.objects.unscoped().order_by("pk"))


def test_a_request_reaches_the_county_of_the_entity(shop: Entity, at: datetime) -> None:
    number = ask(at)
    (row,) = kept()
    assert (row.number, row.entity_id, row.area_id) == (number, shop.pk, shop.area_id)
    assert (row.name, row.phone) == ("赵六", "13800000001")
    assert last_act().verb == "account_requested"


def test_an_unknown_entitys_request_reaches_the_county_that_its_code_names(at: datetime) -> None:
    county = make_area("武侯区", code="510107000000")
    number = ask(at, code=UNKNOWN)
    (row,) = kept()
    assert (row.number, row.entity_id, row.area_id) == (number, None, county.pk)


def test_where_the_code_names_no_county_the_province_has_it(county: Area, at: datetime) -> None:
    ask(at, code=UNKNOWN)
    assert kept()[0].area.level == 1


def test_asked_again_it_is_the_same_request(shop: Entity, at: datetime) -> None:
    assert ask(at) == ask(at)
    assert len(kept()) == 1


def test_what_waits_for_one_code_is_bounded_and_the_answer_is_the_same(shop: Entity, at: datetime) -> None:
    numbers = {ask(at, phone=f"1380000000{digit}") for digit in range(5)}
    assert len(numbers) == 5
    assert len(kept()) == 3


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"code": ""}, "no_request_code"), ({"code": "123"}, "no_request_code"),
        ({"code": "91510104DHW10JW79X"}, "bad_credit_code"), ({"name": " "}, "no_name"),
        ({"phone": "028-87654321"}, "not_mobile"), ({"words": " "}, "no_request_words"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(more: dict[str, str], code: str, shop: Entity, at: datetime) -> None:
    with refused(code):
        ask(at, **more)


@pytest.fixture
def request_of_shop(shop: Entity) -> AccountRequest:
    return make_account_request(shop.area, entity=shop)


def decide(act: Any, request: AccountRequest, by: Actor, at: datetime, **more: Any) -> Any:
    return act(**{"request_id": request.pk, "reason": WHY, "by": by, "at": at} | more)


def test_granted_the_invitation_goes_to_whoever_asked_and_the_filed_telephone_is_told(
    request_of_shop: AccountRequest, officer: Actor, at: datetime
) -> None:
    row = decide(grant_account_request, request_of_shop, officer, at)
    row.refresh_from_db()
    assert (row.state, row.decided_by_id, row.decision_reason) == (
        AccountRequestState.GRANTED,
        officer.user_id,
        WHY,
    )
    assert row.invitation is not None
    assert (row.invitation.way, row.invitation.purpose) == (InvitationWay.TEXT, InvitationPurpose.FIRST)
    letter = invitation_letter(row.invitation.pk, "https://x/join/", at)
    assert letter is not None
    assert letter.telephone == "13800000001"
    told = [message.payload for message in Message.objects.order_by("pk")]
    assert told[0] == {"invitation": row.invitation.pk}
    assert "如非贵单位申请" in told[1]["text"]


def test_refused_whoever_asked_reads_why(
    request_of_shop: AccountRequest, officer: Actor, at: datetime
) -> None:
    decide(refuse_account_request, request_of_shop, officer, at, reason="电话核实，非本单位人员")
    assert Message.objects.get().payload == {"account_request": request_of_shop.pk}
    letter = request_letter(request_of_shop.pk)
    assert letter.telephone == "13800000001"
    assert "电话核实，非本单位人员" in letter.text


@pytest.mark.parametrize("act", [grant_account_request, refuse_account_request])
def test_a_decision_says_why_and_is_made_once(
    act: Any, request_of_shop: AccountRequest, officer: Actor, at: datetime
) -> None:
    with refused("no_reason"):
        decide(act, request_of_shop, officer, at, reason=" ")
    decide(refuse_account_request, request_of_shop, officer, at)
    with refused("request_already_decided"):
        decide(act, request_of_shop, officer, at)


def test_without_a_file_there_is_no_account(officer: Actor, county: Area, at: datetime) -> None:
    row = make_account_request(county, code=UNKNOWN)
    with refused("request_without_entity"):
        decide(grant_account_request, row, officer, at)


def test_a_file_that_was_opened_since_is_found(
    officer: Actor, county: Area, shop: Entity, at: datetime
) -> None:
    row = make_account_request(county)
    assert decide(grant_account_request, row, officer, at).entity_id == shop.pk


def test_who_has_an_account_is_replaced_only_where_the_office_says_so(
    request_of_shop: AccountRequest, shop: Entity, officer: Actor, at: datetime
) -> None:
    make_actor(Role.INSTRUMENT_USER, entity=shop)
    with refused("entity_has_account"):
        decide(grant_account_request, request_of_shop, officer, at)
    row = decide(grant_account_request, request_of_shop, officer, at, handover=True)
    assert row.invitation is not None
    assert row.invitation.purpose == InvitationPurpose.HANDOVER


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.INSTITUTE_CLERK, Role.INSTRUMENT_USER, Role.AUDITOR])
def test_nobody_but_the_ledgers_officers_decides(
    role: Role, request_of_shop: AccountRequest, shop: Entity, at: datetime
) -> None:
    by = make_actor(role, entity=shop) if role == Role.INSTRUMENT_USER else make_actor(role, area=shop.area)
    with pytest.raises(RuleBroken) as found:
        decide(grant_account_request, request_of_shop, by, at)
    assert found.value.code in {"not_yours", "account_request_not_found"}


def test_the_office_sees_whether_the_telephone_stands_in_the_file(shop: Entity, officer: Actor) -> None:
    known = make_account_request(shop.area, entity=shop, phone=FILED)
    strange = make_account_request(shop.area, entity=shop, phone="13800000002")
    assert known.phone_hash == keyed_hash(FILED)
    assert [is_filed_telephone(each, officer) for each in (known, strange)] == [True, False]

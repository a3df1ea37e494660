"""A unit keeps its own accounts: its chief invites, suspends, hands over; one chief stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AgencyKind, Role
from quanheng.apps.accounts.models import Agency, Appointment, Area, User
from quanheng.apps.accounts.queries import actor_for
from quanheng.apps.accounts.services.hand_over_chief import hand_over_chief
from quanheng.apps.accounts.services.reset_staff_factor import reset_staff_factor
from quanheng.apps.accounts.services.staff_leaves import staff_leaves
from quanheng.apps.accounts.services.suspend_staff import resume_staff, suspend_staff
from quanheng.apps.accounts.sessions import Session
from quanheng.apps.people.enums import InvitationWay
from quanheng.apps.people.services.invite_staff import invite_staff
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import RuleBroken
from tests.apps.people.conftest import TakeUp
from tests.factories import make_actor, make_agency, make_api_key, make_entity, sign_in
from tests.factories.acts import last_act, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
EVERY_ACT = [suspend_staff, resume_staff, staff_leaves, reset_staff_factor, hand_over_chief]
every_act = pytest.mark.parametrize("act", EVERY_ACT, ids=lambda act: act.__name__)


@pytest.fixture
def chief(shop: Entity) -> Actor:
    return make_actor(Role.INSTRUMENT_USER, entity=shop)


@pytest.fixture
def clerk(shop: Entity) -> Actor:
    return make_actor(Role.INSTRUMENT_USER, entity=shop, is_chief=False)


def do(act: Any, whom: Actor, by: Actor, at: datetime, reason: str = "因为") -> Any:
    return act(appointment_id=whom.appointment_id, reason=reason, by=by, at=at)


def stands(actor: Actor) -> Appointment:
    return Appointment.objects.get(pk=actor.appointment_id or 0)


def test_a_suspended_person_is_out_at_once_and_comes_back_when_resumed(
    chief: Actor, clerk: Actor, client: Client, at: datetime
) -> None:
    page = sign_in(client, clerk, second_factor=False)
    assert page.get("/staff/").status_code == 200
    do(suspend_staff, clerk, chief, at)
    assert not Session.objects.filter(user=clerk.user_id).exists()
    assert page.get("/staff/").status_code == 302
    assert actor_for(clerk.user_id or 0, clerk.appointment_id, at.date()) is None
    assert last_act().after["suspended"] is True
    do(resume_staff, clerk, chief, at)
    assert actor_for(clerk.user_id or 0, clerk.appointment_id, at.date()) is not None


def test_a_suspended_persons_key_opens_nothing(
    chief: Actor, clerk: Actor, client: Client, at: datetime
) -> None:
    headers = {"Authorization": f"Bearer {make_api_key(clerk)}"}
    assert client.get("/api/v1/instruments", headers=headers).status_code == 200
    do(suspend_staff, clerk, chief, at)
    assert client.get("/api/v1/instruments", headers=headers).status_code == 401


def test_what_somebody_holds_elsewhere_stays(chief: Actor, shop: Entity, at: datetime) -> None:
    user = User.objects.create(username="two", name="钱七", password="!")
    here = make_actor(Role.INSTRUMENT_USER, entity=shop, user=user, is_chief=False)
    there = make_actor(Role.INSTRUMENT_USER, entity=make_entity(), user=user)
    do(suspend_staff, here, chief, at)
    assert not stands(there).is_suspended
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    with refused("holds_other_roles"):
        do(reset_staff_factor, here, chief, at)


def test_a_leaver_is_gone_with_the_next_request(chief: Actor, clerk: Actor, at: datetime) -> None:
    do(staff_leaves, clerk, chief, at)
    assert actor_for(clerk.user_id or 0, clerk.appointment_id, at.date()) is None
    assert last_act().verb == "staff_left"
    with refused("appointment_not_found"):
        do(resume_staff, clerk, chief, at)


def test_a_lost_telephone_is_reset_and_the_log_says_why(chief: Actor, clerk: Actor, at: datetime) -> None:
    with refused("no_second_factor"):
        do(reset_staff_factor, clerk, chief, at)
    TOTP.activate(User.objects.get(pk=clerk.user_id or 0), "JBSWY3DPEHPK3PXP")
    do(reset_staff_factor, clerk, chief, at, "手机遗失，当面核对身份证")
    assert not Authenticator.objects.filter(user=clerk.user_id).exists()
    act = last_act()
    assert (act.verb, act.reason) == ("staff_second_factor_reset", "手机遗失，当面核对身份证")


def test_the_chief_hands_over_and_keeps_nothing(chief: Actor, clerk: Actor, at: datetime) -> None:
    do(hand_over_chief, clerk, chief, at)
    assert (stands(chief).is_chief, stands(clerk).is_chief) == (False, True)
    with refused("already_so"):
        do(hand_over_chief, clerk, chief, at)


def test_the_last_chief_stays(chief: Actor, shop: Entity, at: datetime) -> None:
    other = make_actor(Role.INSTRUMENT_USER, entity=shop)
    do(suspend_staff, other, chief, at)
    with refused("last_chief"):  # the one who is suspended acts from a page that was open
        do(staff_leaves, chief, other, at)


@every_act
def test_nobody_acts_on_themselves(act: Any, chief: Actor, at: datetime) -> None:
    with refused("own_account"):
        do(act, chief, chief, at)


@every_act
def test_who_is_not_chief_does_nothing(act: Any, chief: Actor, clerk: Actor, at: datetime) -> None:
    with refused("not_chief"):
        do(act, chief, clerk, at)


@every_act
def test_another_units_people_are_not_there(act: Any, clerk: Actor, county: Area, at: datetime) -> None:
    stranger = make_actor(Role.INSTRUMENT_USER, entity=make_entity(area=county))
    with refused("appointment_not_found"):
        do(act, clerk, stranger, at)


@every_act
def test_every_act_says_why(act: Any, chief: Actor, clerk: Actor, at: datetime) -> None:
    with refused("no_reason"):
        do(act, clerk, chief, at, " ")


def test_a_chief_invites_to_the_own_unit_and_the_same_role(
    chief: Actor, shop: Entity, take_up: TakeUp, at: datetime
) -> None:
    issued = invite_staff(name="孙八", phone="", way=InvitationWay.PAPER, by=chief, at=at)
    held = take_up(issued.invitation, issued.code)
    assert (held.entity_id, held.role, held.is_chief) == (shop.pk, Role.INSTRUMENT_USER, False)


def invite(by: Actor, at: datetime, **more: Any) -> Any:
    facts: dict[str, Any] = {
        "name": "孙八",
        "phone": "13900000001",
        "way": InvitationWay.PAPER,
        "by": by,
        "at": at,
    }
    return invite_staff(**facts | more)


def may_give(by: Actor, role: Role, at: datetime) -> bool:
    """Say whether an invitation to a role is issued."""
    try:
        invite(by, at, role=role)
    except RuleBroken as refusal:
        return refusal.code != "role_above"
    return True


@pytest.mark.parametrize(
    ("role", "gives"),
    [
        (Role.COUNTY_OFFICER, {Role.COUNTY_OFFICER, Role.INSPECTOR}), (Role.INSPECTOR, {Role.INSPECTOR}),
        (Role.INSTITUTE_MANAGER, {Role.INSTITUTE_CLERK, Role.VERIFIER, Role.CHECKER, Role.APPROVER,
                                  Role.INSTITUTE_MANAGER}),
    ],
)  # fmt: skip
def test_nobody_gives_a_role_above_the_own(role: Role, gives: set[Role], county: Area, at: datetime) -> None:
    kind = AgencyKind.INSTITUTE if role == Role.INSTITUTE_MANAGER else AgencyKind.BUREAU
    by = make_actor(role, agency=make_agency(area=county, kind=kind), is_chief=True)
    given = {wanted for wanted in Role if may_give(by, wanted, at)}
    assert given == gives


def test_an_officer_invites_into_the_own_area_alone(county: Area, at: datetime) -> None:
    by = make_actor(Role.COUNTY_OFFICER, area=county, is_chief=True)
    elsewhere: Agency = make_agency()
    with refused("agency_beyond"):
        invite(by, at, role=Role.COUNTY_OFFICER, agency_id=elsewhere.pk)


def test_people_of_agencies_state_the_telephone_under_which_they_were_invited(
    officer: Actor, county: Area, take_up: TakeUp, at: datetime
) -> None:
    by = make_actor(Role.COUNTY_OFFICER, area=county, is_chief=True)
    with refused("not_mobile"):
        invite(by, at, phone="")
    issued = invite(by, at)
    with pytest.raises(RuleBroken):
        take_up(issued.invitation, issued.code, "13900000002")
    held = take_up(issued.invitation, issued.code, "+86 139-0000-0001")
    assert (held.agency_id, held.entity_id, held.is_chief) == (by.agency_id, None, False)


def test_nobody_gets_a_second_account_under_the_same_telephone(
    county: Area, take_up: TakeUp, at: datetime
) -> None:
    by = make_actor(Role.COUNTY_OFFICER, area=county, is_chief=True)
    issued = invite(by, at)
    take_up(issued.invitation, issued.code, "13900000001", phone="")
    with refused("on_staff_already"):
        invite(by, at, name="孙八九", phone="+86 139 0000 0001")
    User.objects.filter(pk=by.user_id or 0).update(phone="13700000001")
    with refused("on_staff_already"):
        invite(by, at, phone="13700000001")


def test_an_officer_who_is_not_set_over_the_accounts_invites_nobody(officer: Actor, at: datetime) -> None:
    with refused("not_chief"):
        invite(officer, at)


def test_who_is_invited_again_has_one_paper_that_opens(chief: Actor, take_up: TakeUp, at: datetime) -> None:
    first = invite(chief, at, phone="")
    other = invite(chief, at, phone="", name="周九")
    second = invite(chief, at, phone="")
    first.invitation.refresh_from_db()
    other.invitation.refresh_from_db()
    assert (first.invitation.end, other.invitation.end) == ("replaced", "")
    assert take_up(second.invitation, second.code).user_id


@pytest.mark.parametrize("name", ["说明" * 40, "王\x00五"])
def test_a_name_that_no_row_holds_is_refused(name: str, chief: Actor, at: datetime) -> None:
    with refused("staff_text_unfit"):
        invite(chief, at, name=name)

"""An entity's first account by an invitation: one code, one use, bounded tries, and what the log tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.apps.accounts.models import Appointment, Area, User
from quanheng.apps.accounts.services.sign_in import note_success
from quanheng.apps.outbox.models import Message
from quanheng.apps.people.enums import InvitationEnd, InvitationPurpose, InvitationWay
from quanheng.apps.people.models import Invitation
from quanheng.apps.people.queries import invitation_letter
from quanheng.apps.people.services.invitations import Issued
from quanheng.apps.people.services.invite_entity import invite_entity
from quanheng.apps.people.services.revoke_invitation import revoke_invitation
from quanheng.apps.registry.models import Contact, Entity
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.apps.people.conftest import FILED, TakeUp
from tests.factories import make_actor, make_entity, make_user
from tests.factories.acts import last_act, refused
from tests.factories.invitations import CREDIT_CODE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

WHY = "查验营业执照和本人身份证"


@pytest.fixture
def issued(shop: Entity, officer: Actor, at: datetime) -> Issued:
    return invite_entity(entity_id=shop.pk, way=InvitationWay.PAPER, reason=WHY, by=officer, at=at)


def wrong(take_up: TakeUp, issued: Issued, **more: Any) -> str:
    """Try with something wrong; return the code of the refusal."""
    facts = {"code": issued.code, "stated": CREDIT_CODE} | more
    with pytest.raises(RuleBroken) as found:
        take_up(issued.invitation, facts.pop("code"), facts.pop("stated"), **facts)
    return found.value.code


def texts() -> list[str]:
    return [str(message.payload.get("text", "")) for message in Message.objects.order_by("pk")]


def test_the_invited_person_becomes_the_operator_who_keeps_the_accounts(
    issued: Issued, take_up: TakeUp, shop: Entity, officer: Actor
) -> None:
    held = take_up(issued.invitation, issued.code)
    assert (held.role, held.entity_id, held.is_chief) == (Role.INSTRUMENT_USER, shop.pk, True)
    user = User.objects.get(username="wangwu")
    assert (user.pk, user.must_change_password) == (held.user_id, False)
    act = last_act()
    assert (act.verb, act.entity_id, act.actor_id) == ("invitation_taken_up", shop.pk, held.user_id)
    assert act.after["invited_by"] == officer.name
    assert act.after["way"] == "paper"


def test_the_code_is_kept_nowhere(issued: Issued) -> None:
    row = Invitation.objects.unscoped().filter(pk=issued.invitation.pk).values().get()
    assert issued.code
    assert issued.code not in f"{row} {last_act().after} {texts()}"


def test_typed_as_people_type_it_the_code_opens_too(issued: Issued, take_up: TakeUp) -> None:
    typed = f" {issued.code[:4].lower()} - {issued.code[4:].replace('0', 'o').replace('1', 'l')} "
    assert take_up(issued.invitation, typed, CREDIT_CODE.lower()).is_chief


def test_an_entity_without_credit_code_states_its_own_code(
    officer: Actor, county: Area, take_up: TakeUp, at: datetime
) -> None:
    stall = make_entity(kind="stall", area=county, code="7X2K4M9P1Q3R5T8V")
    made = invite_entity(entity_id=stall.pk, way=InvitationWay.PAPER, reason=WHY, by=officer, at=at)
    assert wrong(take_up, made) == "invitation_wrong"
    assert take_up(made.invitation, made.code, "7x2k-4m9p-1q3r-5t8v").entity_id == stall.pk


def test_it_opens_once(issued: Issued, take_up: TakeUp) -> None:
    take_up(issued.invitation, issued.code)
    assert wrong(take_up, issued, username="other") == "invitation_opens_nothing"
    assert User.objects.filter(username="other").count() == 0


@pytest.mark.parametrize("more", [{"code": "00000000"}, {"stated": "91510104DHW10JW7XX"}, {"stated": ""}])
def test_a_wrong_half_is_told_alike_and_counted(
    issued: Issued, take_up: TakeUp, more: dict[str, str]
) -> None:
    assert wrong(take_up, issued, **more) == "invitation_wrong"
    issued.invitation.refresh_from_db()
    assert issued.invitation.tries == 1


def test_after_five_wrong_tries_not_even_the_right_code_opens_it(issued: Issued, take_up: TakeUp) -> None:
    told = [wrong(take_up, issued, code="00000000") for _ in range(5)]
    assert told == ["invitation_wrong"] * 4 + ["invitation_locked"]
    assert last_act().verb == "invitation_locked"
    assert wrong(take_up, issued) == "invitation_opens_nothing"


def test_a_login_name_that_is_taken_costs_no_try(issued: Issued, take_up: TakeUp) -> None:
    make_user("WangWu")
    assert wrong(take_up, issued) == "username_taken"
    issued.invitation.refresh_from_db()
    assert issued.invitation.tries == 0
    assert take_up(issued.invitation, issued.code, username="wangwu2").is_chief


def test_it_expires(issued: Issued, take_up: TakeUp, at: datetime) -> None:
    assert wrong(take_up, issued, at=at + timedelta(days=14)) == "invitation_opens_nothing"
    assert take_up(issued.invitation, issued.code, at=at + timedelta(days=14, seconds=-1)).is_chief


def test_a_lost_paper_is_revoked(issued: Issued, take_up: TakeUp, officer: Actor, at: datetime) -> None:
    with refused("no_reason"):
        revoke_invitation(invitation_id=issued.invitation.pk, reason=" ", by=officer, at=at)
    revoke_invitation(invitation_id=issued.invitation.pk, reason="遗失", by=officer, at=at)
    assert wrong(take_up, issued) == "invitation_opens_nothing"
    with refused("invitation_over"):
        revoke_invitation(invitation_id=issued.invitation.pk, reason="遗失", by=officer, at=at)


def test_a_new_invitation_takes_the_place_of_the_one_that_waited(
    issued: Issued, take_up: TakeUp, shop: Entity, officer: Actor, at: datetime
) -> None:
    invite_entity(entity_id=shop.pk, way=InvitationWay.PAPER, reason=WHY, by=officer, at=at)
    assert wrong(take_up, issued) == "invitation_opens_nothing"
    issued.invitation.refresh_from_db()
    assert issued.invitation.end == InvitationEnd.REPLACED


def test_whoever_is_signed_in_already_is_sent_out_first(
    issued: Issued, take_up: TakeUp, officer: Actor
) -> None:
    assert wrong(take_up, issued, signed_in=officer.user_id) == "sign_out_first"


def test_the_issuer_may_not_take_it_up_with_his_own_telephone(
    issued: Issued, take_up: TakeUp, officer: Actor
) -> None:
    issuer = User.objects.get(pk=officer.user_id or 0)
    issuer.phone = "13700000001"
    issuer.save(update_fields=["phone"])
    assert wrong(take_up, issued, phone="137 0000 0001") == "issuer_takes_up"


def test_an_officer_who_invites_himself_is_told_of_in_the_log(
    issued: Issued, take_up: TakeUp, officer: Actor, at: datetime
) -> None:
    issuer = User.objects.get(pk=officer.user_id or 0)
    note_success(issuer, by=officer, address="198.51.100.7", at=at)
    take_up(issued.invitation, issued.code, name=issuer.name, address="198.51.100.7")
    issued.invitation.refresh_from_db()
    assert issued.invitation.doubt == "same_place same_name"
    assert last_act().after["doubt"] == "same_place same_name"


def test_the_filed_telephone_is_told_of_the_account(issued: Issued, take_up: TakeUp, shop: Entity) -> None:
    take_up(issued.invitation, issued.code)
    message = Message.objects.get()
    contact = Contact.objects.unscoped().get(entity=shop)
    assert message.payload["contact"] == contact.pk
    assert message.payload["text"].startswith("【权衡】锦江百货已开通账号wangwu。")


def test_by_text_message_the_code_is_drawn_when_it_goes_out(
    shop: Entity, officer: Actor, take_up: TakeUp, at: datetime
) -> None:
    made = invite_entity(entity_id=shop.pk, way=InvitationWay.TEXT, reason=WHY, by=officer, at=at)
    assert made.code == ""
    assert Message.objects.get().payload == {"invitation": made.invitation.pk}
    letters = [invitation_letter(made.invitation.pk, "https://x/join/", at) for _ in range(2)]
    assert letters[0] == letters[1], "sent again, it says the same"
    assert letters[0] is not None
    assert letters[0].telephone == FILED
    code = letters[0].text.split("一次性码 ")[1][:9]
    assert take_up(made.invitation, code).is_chief
    assert invitation_letter(made.invitation.pk, "https://x/join/", at) is None, "taken up, it is not sent"


def test_without_a_filed_mobile_number_there_is_paper_alone(
    shop: Entity, officer: Actor, at: datetime
) -> None:
    Contact.objects.unscoped().filter(entity=shop).delete()
    with refused("no_telephone"):
        invite_entity(entity_id=shop.pk, way=InvitationWay.TEXT, reason=WHY, by=officer, at=at)


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"state": "draft"}, "not_confirmed"), ({"credit_code": None}, "no_code_of_entity")],
)
def test_what_is_not_confirmed_or_has_no_code_is_not_invited(
    shop: Entity, officer: Actor, at: datetime, fields: dict[str, Any], code: str
) -> None:
    Entity.objects.unscoped().filter(pk=shop.pk).update(**fields)
    with refused(code):
        invite_entity(entity_id=shop.pk, way=InvitationWay.PAPER, reason=WHY, by=officer, at=at)


def test_an_invitation_says_why(shop: Entity, officer: Actor, at: datetime) -> None:
    with refused("no_reason"):
        invite_entity(entity_id=shop.pk, way=InvitationWay.PAPER, reason=" ", by=officer, at=at)


@pytest.mark.parametrize("role", [role for role in Role if role not in OFFICERS], ids=str)
def test_only_offices_invite_entities(role: Role, shop: Entity, at: datetime) -> None:
    by = make_actor(role, entity=shop) if role in ENTITY_ROLES else make_actor(role, area=shop.area)
    with pytest.raises(RuleBroken) as found, acting_in(by.scope):
        invite_entity(entity_id=shop.pk, way=InvitationWay.PAPER, reason=WHY, by=by, at=at)
    assert found.value.code in {"not_yours", "entity_not_found"}


def test_another_countys_officer_does_not_find_the_entity(shop: Entity, at: datetime) -> None:
    stranger = make_actor(Role.COUNTY_OFFICER)
    with refused("entity_not_found"):
        invite_entity(entity_id=shop.pk, way=InvitationWay.PAPER, reason=WHY, by=stranger, at=at)


@pytest.fixture
def chief(shop: Entity) -> Actor:
    return make_actor(Role.INSTRUMENT_USER, entity=shop)


def test_an_entity_with_an_account_is_handed_over_by_an_act_or_not_at_all(
    chief: Actor, shop: Entity, officer: Actor, take_up: TakeUp, at: datetime
) -> None:
    def invite(**more: Any) -> Issued:
        return invite_entity(
            entity_id=shop.pk, way=InvitationWay.PAPER, reason=WHY, by=officer, at=at, **more
        )

    with refused("entity_has_account"):
        invite()
    made = invite(handover=True)
    assert made.invitation.purpose == InvitationPurpose.HANDOVER
    assert "更换账号负责人的邀请" in texts()[0], "the filed telephone is warned before anybody takes it up"
    before = Appointment.objects.get(pk=chief.appointment_id or 0)
    assert before.is_chief, "nothing changes until it is taken up"
    after = take_up(made.invitation, made.code)
    before.refresh_from_db()
    assert (before.is_chief, after.is_chief) == (False, True)
    assert last_act().after["chiefs_before"] == before.user.username


def test_where_nobody_is_there_is_nobody_to_replace(shop: Entity, officer: Actor, at: datetime) -> None:
    with refused("nobody_to_replace"):
        invite_entity(
            entity_id=shop.pk, way=InvitationWay.PAPER, reason=WHY, handover=True, by=officer, at=at
        )


@pytest.mark.parametrize("gone", [{"suspended_at": "2026-11-01T00:00Z"}, {"valid_to": "2026-11-01"}])
def test_a_chief_who_is_gone_is_none(
    gone: dict[str, str], chief: Actor, shop: Entity, officer: Actor, at: datetime
) -> None:
    Appointment.objects.filter(pk=chief.appointment_id or 0).update(**gone)
    made = invite_entity(entity_id=shop.pk, way=InvitationWay.PAPER, reason=WHY, by=officer, at=at)
    assert made.invitation.purpose == InvitationPurpose.FIRST


def test_a_units_own_invitation_is_not_another_units_to_revoke(
    issued: Issued, county: Area, at: datetime
) -> None:
    neighbour = make_actor(Role.INSTRUMENT_USER, entity=make_entity(area=county))
    revoke: Callable[..., Invitation] = revoke_invitation
    with pytest.raises(RuleBroken) as found, acting_in(EVERYTHING):
        revoke(invitation_id=issued.invitation.pk, reason="x", by=neighbour, at=at)
    assert found.value.code == "invitation_not_found"
    staff = make_actor(Role.INSTRUMENT_USER, entity=issued.invitation.entity, is_chief=False)
    with pytest.raises(NotYours):
        revoke(invitation_id=issued.invitation.pk, reason="x", by=staff, at=at)

"""查看个人信息: masked unless somebody says why; seeing leaves a trace, the log never the data."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.db import connection

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.registry.enums import ContactDuty
from quanheng.apps.registry.models import Contact, Entity
from quanheng.apps.registry.services.reveal_contact import reveal_contact
from quanheng.apps.registry.services.set_contact import set_contact
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from tests.factories import make_actor, make_contact
from tests.factories.acts import acts, last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


def test_seeing_a_person_leaves_who_why_and_nothing_of_the_person(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    contact = make_contact(stall, name="赵六", phone="13900001234")
    assert reveal_contact(contact_id=contact.pk, reason="通知检定", by=officer, at=at).phone == "13900001234"
    act = last_act()
    assert (act.verb, act.actor_name, act.reason) == ("personal_data_revealed", officer.name, "通知检定")
    told = json.dumps([act.subject, act.before, act.after], ensure_ascii=False)
    assert "赵六" not in told
    assert "1390000" not in told


def test_it_takes_a_reason(stall: Entity, officer: Actor, at: datetime) -> None:
    contact = make_contact(stall)
    with refused("no_reason"):
        reveal_contact(contact_id=contact.pk, reason="x", by=officer, at=at)


def test_who_does_not_see_people(county: Area, stall: Entity, at: datetime) -> None:
    contact = make_contact(stall)
    verifier, elsewhere = make_actor(Role.VERIFIER, area=county), make_actor(Role.COUNTY_OFFICER)
    set_scope(verifier.scope)
    with pytest.raises(NotYours):
        reveal_contact(contact_id=contact.pk, reason="通知检定", by=verifier, at=at)
    set_scope(elsewhere.scope)
    with refused("contact_not_found"):
        reveal_contact(contact_id=contact.pk, reason="通知检定", by=elsewhere, at=at)


def test_a_person_is_encrypted_in_the_database_and_found_by_phone(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    contact = set_contact(
        entity_id=stall.pk,
        duty=ContactDuty.STALL_KEEPER,
        name=" 钱七 ",
        phone="１３８ 1234 5678",
        by=officer,
        at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM registry_contact WHERE id = %s", [contact.pk])
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert "钱七".encode() not in stored
    assert b"13812345678" not in stored
    kept = Contact.objects.unscoped().get(pk=contact.pk)
    assert (kept.name, kept.phone) == ("钱七", "13812345678")
    assert kept.phone_hash


def test_the_same_person_again_leaves_no_act(stall: Entity, officer: Actor, at: datetime) -> None:
    for _ in range(2):
        set_contact(
            entity_id=stall.pk, duty=ContactDuty.CONTACT, name="钱七", phone="13812345678", by=officer, at=at
        )
    assert len(acts()) == 1


@pytest.mark.parametrize(("name", "phone", "code"), [(" ", "", "no_name"), ("钱七", "电话", "bad_phone")])
def test_what_is_refused(
    stall: Entity, officer: Actor, at: datetime, name: str, phone: str, code: str
) -> None:
    with refused(code):
        set_contact(entity_id=stall.pk, duty=ContactDuty.CONTACT, name=name, phone=phone, by=officer, at=at)

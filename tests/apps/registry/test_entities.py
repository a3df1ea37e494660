"""主体建档、确认、变更、注销."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.services.close_file import close_file
from quanheng.apps.registry.enums import EntityKind, EntityState, PremisesKind
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.services.change_entity import change_entity
from quanheng.apps.registry.services.confirm_entity import close_entity, confirm_entity
from quanheng.apps.registry.services.register_entity import EntityFacts, register_entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.regulation.identifiers import body_check, code_check
from tests.factories import make_actor, make_area, make_entity, make_instrument
from tests.factories.acts import acts, last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


def credit_code(number: int) -> str:
    body = f"{number:08d}"
    head = f"91510104{body}{body_check(body)}"
    return head + code_check(head)


def mistyped(code: str) -> str:
    return code[:-1] + ("1" if code.endswith("0") else "0")


def facts(area: Area, **fields: Any) -> EntityFacts:
    known: dict[str, Any] = {
        "kind": EntityKind.COMPANY, "premises": PremisesKind.SUPERMARKET, "name": "锦江超市",
        "area_id": area.pk
    }  # fmt: skip
    return EntityFacts(**known | fields)


def stall_facts(market: Entity, **fields: Any) -> EntityFacts:
    known: dict[str, Any] = {
        "kind": EntityKind.STALL, "premises": PremisesKind.MARKET, "name": "三号摊", "parent_id": market.pk,
        "stall_number": "3",
    }  # fmt: skip
    return facts(market.area, **known | fields)


def test_an_officers_file_is_confirmed_at_once(county: Area, officer: Actor, at: datetime) -> None:
    code = credit_code(1)
    entity = register_entity(facts=facts(county, credit_code=f" {code.lower()} "), by=officer, at=at)
    assert (entity.credit_code, entity.state, entity.root_id) == (code, EntityState.CONFIRMED, entity.pk)
    assert last_act().after["credit_code"] == code


def test_an_operators_stall_waits_for_the_office(
    market: Entity, operator: Actor, officer: Actor, at: datetime
) -> None:
    set_scope(operator.scope)
    stall = register_entity(facts=stall_facts(market), by=operator, at=at)
    assert (stall.state, stall.root_id) == (EntityState.DRAFT, market.pk)
    set_scope(officer.scope)
    assert confirm_entity(entity_id=stall.pk, by=officer, at=at).state == EntityState.CONFIRMED
    with refused("wrong_state"):
        confirm_entity(entity_id=stall.pk, by=officer, at=at)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "no_name"),
        ({"credit_code": "123"}, "bad_credit_code"),
        ({"credit_code": mistyped(credit_code(7))}, "bad_credit_code"),
        ({"kind": EntityKind.STALL}, "stall_without_market"),
        ({"parent_id": 0}, "parent_not_found"),
    ],
)
def test_what_is_refused(
    county: Area, officer: Actor, at: datetime, fields: dict[str, Any], code: str
) -> None:
    with refused(code):
        register_entity(facts=facts(county, **fields), by=officer, at=at)


def test_one_credit_code_one_file_in_the_whole_province(county: Area, officer: Actor, at: datetime) -> None:
    make_entity(credit_code=credit_code(2))  # in another county, which this officer does not see
    with refused("credit_code_taken"):
        register_entity(facts=facts(county, credit_code=credit_code(2)), by=officer, at=at)


@pytest.mark.parametrize(("number", "code"), [("1", "stall_taken"), (" ", "no_stall_number")])
def test_a_stall_has_a_number_once_per_market(
    market: Entity, stall: Entity, officer: Actor, at: datetime, number: str, code: str
) -> None:
    assert stall.stall_number == "1"
    with refused(code):
        register_entity(facts=stall_facts(market, stall_number=number), by=officer, at=at)


def test_a_stall_is_where_its_market_is(market: Entity, county: Area, officer: Actor, at: datetime) -> None:
    street = make_area(level=AreaLevel.STREET, parent=county)
    with refused("stall_elsewhere"):
        register_entity(facts=stall_facts(market, area_id=street.pk), by=officer, at=at)


def test_nobody_opens_files_outside_their_area(officer: Actor, operator: Actor, at: datetime) -> None:
    elsewhere = make_area()
    with pytest.raises(NotYours):
        register_entity(facts=facts(elsewhere), by=officer, at=at)
    set_scope(operator.scope)
    with pytest.raises(NotYours):
        register_entity(facts=facts(elsewhere), by=operator, at=at)


def test_a_change_is_logged_before_and_after_and_no_change_is_not(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    ask: dict[str, Any] = {"entity_id": stall.pk, "by": officer, "at": at}
    change_entity(changes={"longitude": Decimal("104.08"), "name": stall.name}, version=1, **ask)
    assert (last_act().before, last_act().after) == ({"longitude": None}, {"longitude": "104.08"})
    change_entity(changes={"name": stall.name}, version=2, **ask)
    assert len(acts()) == 1
    with refused("changed_meanwhile"):
        change_entity(changes={"name": "改名"}, version=1, **ask)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "no_name"),
        ({"state": "closed"}, "not_changeable"),
        ({"stall_number": "2"}, "stall_taken"),
        ({"credit_code": "91"}, "bad_credit_code"),
    ],
)
def test_a_change_that_is_refused(
    market: Entity, stall: Entity, officer: Actor, at: datetime, changes: dict[str, Any], code: str
) -> None:
    make_entity(kind="stall", parent=market, stall_number="2")
    with refused(code):
        change_entity(entity_id=stall.pk, changes=changes, version=1, by=officer, at=at)


@pytest.mark.parametrize(
    ("state", "name", "may"),
    [
        ("draft", "name", True),
        ("confirmed", "name", False),
        ("confirmed", "address", True),
        ("draft", "credit_grade", False),
        ("closed", "address", False),
    ],
)
def test_what_an_operator_may_change_in_its_own_files(
    market: Entity, operator: Actor, at: datetime, state: str, name: str, may: bool
) -> None:
    stall = make_entity(kind="stall", parent=market, state=state)
    set_scope(operator.scope)
    ask: dict[str, Any] = {
        "entity_id": stall.pk,
        "changes": {name: "A"},
        "version": 1,
        "by": operator,
        "at": at,
    }
    if may:
        assert change_entity(**ask).version == 2
        return
    with refused("entity_closed" if state == "closed" else "office_only"):
        change_entity(**ask)


def test_a_file_closes_when_nothing_is_in_service_any_more(
    market: Entity, stall: Entity, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    with refused("instruments_in_service"):
        close_file(entity_id=stall.pk, reason="退租", by=officer, at=at)
    with refused("open_children"):
        close_entity(entity_id=market.pk, reason="关闭", by=officer, at=at)
    scale.state = "scrapped"
    scale.save()
    with refused("no_reason"):
        close_file(entity_id=stall.pk, reason=" ", by=officer, at=at)
    close_file(entity_id=stall.pk, reason="退租", by=officer, at=at)
    assert (last_act().verb, last_act().after) == ("entity_closed", {"state": "closed"})


def test_who_closes_files(stall: Entity, operator: Actor, inspector: Actor, at: datetime) -> None:
    for actor in (operator, inspector):
        set_scope(actor.scope)
        with pytest.raises(NotYours):
            close_file(entity_id=stall.pk, reason="退租", by=actor, at=at)


def test_an_institute_does_not_touch_files(county: Area, stall: Entity, at: datetime) -> None:
    verifier = make_actor(Role.VERIFIER, area=county)
    set_scope(verifier.scope)
    with pytest.raises(NotYours):
        change_entity(entity_id=stall.pk, changes={"name": "改"}, version=1, by=verifier, at=at)


def test_the_database_keeps_a_stall_number_once_per_market(market: Entity, stall: Entity) -> None:
    with pytest.raises(IntegrityError, match="stall_once_per_market"), transaction.atomic():
        make_entity(kind="stall", parent=market, stall_number=stall.stall_number)


def test_the_database_wants_a_market_for_a_stall(stall: Entity) -> None:
    with pytest.raises(IntegrityError, match="stall_has_market"), transaction.atomic(), acting_in(EVERYTHING):
        Entity.objects.unscoped().filter(pk=stall.pk).update(parent=None)

"""Three administrators, none of whom does another's work, and the acts on accounts and roles."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from quanheng.apps.accounts import acts
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ADMINISTRATORS, AgencyKind, AreaLevel, Role
from quanheng.apps.accounts.models import User
from quanheng.apps.accounts.queries import actor_for
from quanheng.apps.accounts.services.appoint import appoint, end_appointment
from quanheng.apps.accounts.services.create_account import create_account
from quanheng.apps.accounts.services.disable_account import disable_account, enable_account
from quanheng.apps.accounts.services.found_agency import found_agency
from quanheng.apps.accounts.services.install_administrators import install_administrators
from quanheng.apps.accounts.services.reorganise_area import Naming, found_area
from quanheng.apps.accounts.services.reset_credentials import reset_password, reset_second_factor
from quanheng.apps.accounts.sessions import Session
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.acts import Verb
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import (
    make_actor,
    make_agency,
    make_area,
    make_entity,
    make_instrument,
    make_user,
    sign_in,
)

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)


def do(act: Callable[..., Any], by: Actor, **facts: Any) -> Any:
    """Do an act as the page does: in the actor's own scope."""
    with acting_in(by.scope):
        return act(**facts, by=by)


@pytest.fixture
def system() -> Actor:
    return make_actor(Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def security() -> Actor:
    return make_actor(Role.SECURITY_ADMINISTRATOR)


def acts_of(verb: Verb) -> list[Act]:
    with acting_in(EVERYTHING):
        return list(Act.objects.unscoped().filter(verb=verb))


def test_system_creates_the_account_security_grants_the_role(
    system: Actor, security: Actor, at: datetime
) -> None:
    user, password = do(create_account, system, username="zhangsan", name="张三", at=at)
    assert user.check_password(password)
    assert user.must_change_password
    assert actor_for(user.pk, None, at.date()) is None, "an account without a role is nobody"
    county = make_area("锦江区")
    agency = make_agency(area=county)
    do(
        appoint,
        security,
        user_id=user.pk,
        role=Role.COUNTY_OFFICER,
        agency_id=agency.pk,
        valid_from=FIRST,
        at=at,
    )
    actor = actor_for(user.pk, None, at.date())
    assert actor is not None
    assert (actor.scope.first, actor.scope.last) == (county.id, county.last)
    assert [act.subject for act in acts_of(acts.ACCOUNT_CHANGED)] == ["zhangsan"]
    assert [act.after["role"] for act in acts_of(acts.APPOINTMENT_CHANGED)] == ["county_officer"]


def test_no_password_stands_in_the_log(system: Actor, security: Actor, at: datetime) -> None:
    user, first = do(create_account, system, username="lisi", name="李四", at=at)
    _, second = do(reset_password, security, user_id=user.pk, reason="忘记", at=at)
    logged = " ".join(f"{act.before}{act.after}{act.reason}" for act in acts_of(acts.ACCOUNT_CHANGED))
    assert first not in logged
    assert second not in logged


NOT_SYSTEM = [role for role in Role if role != Role.SYSTEM_ADMINISTRATOR]
NOT_SECURITY = [role for role in Role if role != Role.SECURITY_ADMINISTRATOR]


@pytest.mark.parametrize("role", NOT_SYSTEM, ids=str)
def test_only_the_system_administrator_opens_accounts_agencies_and_areas(role: Role, at: datetime) -> None:
    by, user, area = make_actor(role), make_user(), make_area()
    naming = Naming("新区", "510172", AreaLevel.COUNTY, area.parent_id or 0)
    for act, facts in (
        (create_account, {"username": "x", "name": "x"}),
        (disable_account, {"user_id": user.pk, "reason": "x"}),
        (enable_account, {"user_id": user.pk}),
        (found_agency, {"name": "x", "kind": AgencyKind.BUREAU, "area_id": area.pk}),
        (found_area, {"naming": naming, "on": FIRST, "source": "x"}),
    ):
        with pytest.raises(NotYours):
            do(act, by, **facts, at=at)


@pytest.mark.parametrize("role", NOT_SECURITY, ids=str)
def test_only_the_security_administrator_grants_roles_and_resets(role: Role, at: datetime) -> None:
    by, user = make_actor(role), make_user()
    held = make_actor(Role.INSPECTOR).appointment_id
    for act, facts in (
        (appoint, {"user_id": user.pk, "role": Role.INSPECTOR, "valid_from": FIRST}),
        (end_appointment, {"appointment_id": held, "on": FIRST}),
        (reset_password, {"user_id": user.pk, "reason": "x"}),
        (reset_second_factor, {"user_id": user.pk, "reason": "x"}),
    ):
        with pytest.raises(NotYours):
            do(act, by, **facts, at=at)


def test_a_security_administrator_grants_and_resets_nothing_of_their_own(
    security: Actor, at: datetime
) -> None:
    agency = make_agency()
    for act, facts in (
        (appoint, {"role": Role.COUNTY_OFFICER, "agency_id": agency.pk, "valid_from": FIRST}),
        (reset_password, {"reason": "x"}),
        (reset_second_factor, {"reason": "x"}),
    ):
        with pytest.raises(NotYours) as refused:
            do(act, security, user_id=security.user_id, **facts, at=at)
        assert refused.value.code == "own_account"


@pytest.mark.parametrize(("held", "wanted"), list(permutations(sorted(ADMINISTRATORS), 2)))
def test_nobody_holds_two_administrators_roles(
    security: Actor, at: datetime, held: Role, wanted: Role
) -> None:
    person = make_actor(held)
    with pytest.raises(RuleBroken) as refused:
        do(
            appoint, security, user_id=person.user_id, role=wanted, agency_id=person.agency_id,
            valid_from=FIRST, at=at,
        )  # fmt: skip
    assert refused.value.code == "administrators_are_separate"


@pytest.mark.parametrize("administrator_first", [True, False])
def test_an_administrator_holds_no_other_role(
    security: Actor, at: datetime, administrator_first: bool
) -> None:
    roles = [Role.AUDIT_ADMINISTRATOR, Role.INSTITUTE_CLERK]
    held, wanted = roles if administrator_first else roles[::-1]
    person = make_actor(held)
    with pytest.raises(RuleBroken):
        do(
            appoint, security, user_id=person.user_id, role=wanted, agency_id=person.agency_id,
            valid_from=FIRST, at=at,
        )  # fmt: skip


@pytest.mark.parametrize("operator_first", [True, False])
@pytest.mark.parametrize("wanted", [Role.COUNTY_OFFICER, Role.VERIFIER], ids=str)
def test_nobody_acts_for_a_market_and_oversees_it(
    security: Actor, at: datetime, wanted: Role, operator_first: bool
) -> None:
    entity = make_entity()
    person = make_actor(Role.MARKET_OPERATOR, entity=entity) if operator_first else make_actor(wanted)
    agency = make_agency(area=make_area(level=AreaLevel.COUNTY))
    terms = {"role": wanted, "agency_id": agency.pk}
    if not operator_first:
        terms = {"role": Role.MARKET_OPERATOR, "entity_id": entity.pk}
    with pytest.raises(RuleBroken) as refused:
        do(appoint, security, user_id=person.user_id, **terms, valid_from=FIRST, at=at)
    assert refused.value.code == "overseen_and_overseer"


def test_who_held_both_before_is_told_to_the_security_administrator(client: Client) -> None:
    user = make_user()
    for role in (Role.MARKET_OPERATOR, Role.INSPECTOR):
        make_actor(role, user=user)
    make_actor(Role.INSPECTOR)
    sign_in(client, make_actor(Role.SECURITY_ADMINISTRATOR))
    assert "/people/?both_sides=1" in client.get("/desk/").content.decode()
    listed = client.get("/people/?both_sides=1").content.decode()
    assert user.username in listed
    assert len(set(re.findall("/people/[0-9]+/", listed))) == 1
    assert "不能是同一人" in client.get(f"/people/{user.pk}/").content.decode()


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS), ids=str)
def test_administrators_see_no_row_of_the_ledger(role: Role) -> None:
    entity = make_entity()
    make_instrument(entity)
    by = make_actor(role, area=entity.area)
    with acting_in(by.scope):
        for model in (Entity, Instrument):
            assert not model.objects.visible_to(by).exists()
            assert not model.objects.unscoped().exists()


def test_a_role_fits_the_level_of_its_office(security: Actor, at: datetime) -> None:
    station = make_agency(area=make_area(level=AreaLevel.STREET))
    with pytest.raises(RuleBroken) as refused:
        do(
            appoint, security, user_id=make_user().pk, role=Role.CITY_OFFICER, agency_id=station.pk,
            valid_from=FIRST, at=at,
        )  # fmt: skip
    assert refused.value.code == "wrong_seat"


def test_an_operator_is_appointed_for_an_entity_the_administrator_cannot_see(
    security: Actor, at: datetime
) -> None:
    market = make_entity(kind="market_operator")
    user = make_user()
    do(
        appoint,
        security,
        user_id=user.pk,
        role=Role.MARKET_OPERATOR,
        entity_id=market.pk,
        valid_from=FIRST,
        at=at,
    )
    actor = actor_for(user.pk, None, at.date())
    assert actor is not None
    assert (actor.entity_id, actor.area_id) == (market.pk, market.area_id)
    with acting_in(security.scope):
        assert not Entity.objects.unscoped().exists()


def test_an_ended_role_is_gone_with_the_next_request(client: Client, security: Actor, at: datetime) -> None:
    officer = make_actor(Role.MARKET_OPERATOR)
    sign_in(client, officer)
    assert client.get("/desk/").status_code == 200
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 - the page asks the real clock
    do(end_appointment, security, appointment_id=officer.appointment_id, on=yesterday, at=at)
    assert client.get("/desk/").url == "/me/role/none/"  # type: ignore[attr-defined]


def test_disabling_ends_every_session_and_cannot_be_done_to_oneself(
    client: Client, system: Actor, at: datetime
) -> None:
    officer = make_actor(Role.MARKET_OPERATOR)
    sign_in(client, officer)
    do(disable_account, system, user_id=officer.user_id, reason="离职", at=at)
    assert not Session.objects.filter(user_id=officer.user_id or 0).exists()
    assert client.get("/desk/").status_code == 302
    with pytest.raises(RuleBroken) as refused:
        do(disable_account, system, user_id=system.user_id, reason="试", at=at)
    assert refused.value.code == "own_account"
    with pytest.raises(RuleBroken) as again:
        do(disable_account, system, user_id=officer.user_id, reason="再", at=at)
    assert again.value.code == "already_so"


def test_resetting_the_second_factor_ends_sessions_and_asks_for_enrolment(
    client: Client, security: Actor, at: datetime
) -> None:
    officer = make_actor(Role.COUNTY_OFFICER)
    sign_in(client, officer)
    assert client.get("/desk/").status_code == 200
    do(reset_second_factor, security, user_id=officer.user_id, reason="手机丢失", at=at)
    assert not Authenticator.objects.filter(user_id=officer.user_id).exists()
    assert client.get("/desk/").status_code == 302
    sign_in(client, officer, second_factor=False)
    assert client.get("/desk/").url == "/accounts/2fa/totp/activate/"  # type: ignore[attr-defined]


def test_a_taken_username_is_refused_whatever_its_case(system: Actor, at: datetime) -> None:
    make_user("WangWu")
    with pytest.raises(RuleBroken) as refused:
        do(create_account, system, username="wangwu", name="王五", at=at)
    assert refused.value.code == "username_taken"
    assert User.objects.filter(username__iexact="wangwu").count() == 1


def test_a_new_province_gets_its_three_administrators_once(at: datetime) -> None:
    make_area("四川省", level=AreaLevel.PROVINCE)
    made = install_administrators(agency_name="四川省市场监督管理局", at=at)
    for username, password in made.items():
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.must_change_password
    roles = User.objects.filter(username__in=made).values_list("appointments__role", flat=True)
    assert set(roles) == ADMINISTRATORS
    with pytest.raises(RuleBroken) as refused:
        install_administrators(agency_name="四川省市场监督管理局", at=at)
    assert refused.value.code == "administrators_exist"

"""A county with one officer: what that officer asked for comes to the city's desk, or is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Appointment, Area
from quanheng.apps.instruments.models import ProposedChange, Verification
from quanheng.apps.instruments.queries.proposals import deciding_offices as offices_of_proposal
from quanheng.apps.instruments.queries.proposals import turn_of
from quanheng.apps.instruments.queries.records import Waits, deciding_offices, waiting_records
from quanheng.apps.instruments.services.decide_proposal import accept_proposal
from quanheng.apps.instruments.services.void_record import ask_to_void, decide_to_void
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from tests.factories import make_actor, make_instrument, make_proposal, make_verification
from tests.factories.acts import refused

pytestmark = pytest.mark.usefixtures("as_officer")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def city(county: Area) -> Actor:
    assert county.parent is not None
    return make_actor(Role.CITY_OFFICER, area=county.parent)


@pytest.fixture
def province(county: Area) -> Actor:
    assert county.parent is not None
    assert county.parent.parent is not None
    return make_actor(Role.PROVINCE_OFFICER, area=county.parent.parent)


def asked(stall: Entity, by: Actor, at: datetime) -> Verification:
    scale = make_instrument(stall)
    row = make_verification(scale)
    return ask_to_void(instrument_id=scale.pk, verification_id=row.pk, reason="登错", by=by, at=at)


def on_desk(by: Actor) -> list[int]:
    with acting_in(by.scope):
        return list(waiting_records(Waits.TURN, by).values_list("pk", flat=True))


def name_of(actor: Actor) -> str:
    return actor.agency_name


def test_the_only_officer_of_a_county_has_the_city_decide(
    stall: Entity, officer: Actor, city: Actor, province: Actor, now: datetime
) -> None:
    row = asked(stall, officer, now)
    assert (on_desk(officer), on_desk(city), on_desk(province)) == ([], [row.pk], [])
    assert deciding_offices(row, timezone.localdate(now)) == [name_of(city)]
    set_scope(city.scope)
    done = decide_to_void(
        instrument_id=row.instrument_id, verification_id=row.pk, agreed=True, by=city, at=now
    )
    assert done.in_error


def test_where_the_county_has_a_second_officer_it_stays_there(
    stall: Entity, county: Area, officer: Actor, city: Actor, now: datetime
) -> None:
    second = make_actor(Role.COUNTY_OFFICER, area=county)
    row = asked(stall, officer, now)
    assert (on_desk(second), on_desk(city)) == ([row.pk], [])
    assert deciding_offices(row, timezone.localdate(now)) == [name_of(second)]


@pytest.mark.parametrize(("days", "levels"), [(4, "c"), (5, "cC"), (9, "cC"), (10, "cCP")])
def test_what_the_county_lets_wait_comes_up_a_level_with_each_term(
    stall: Entity, county: Area, officer: Actor, city: Actor, province: Actor, now: datetime, days: int,
    levels: str,
) -> None:  # fmt: skip
    second = make_actor(Role.COUNTY_OFFICER, area=county)
    row = asked(stall, officer, now - timedelta(days=days))
    told = {"c": second, "C": city, "P": province}
    assert [letter for letter, actor in told.items() if on_desk(actor)] == list(levels)
    assert deciding_offices(row, timezone.localdate(now)) == [name_of(told[letter]) for letter in levels]


@pytest.mark.parametrize("ended", ["suspended", "closed", "left", "inspector"])
def test_who_cannot_decide_today_is_no_second_officer(
    stall: Entity, county: Area, officer: Actor, city: Actor, now: datetime, ended: str
) -> None:
    role = Role.INSPECTOR if ended == "inspector" else Role.COUNTY_OFFICER
    second = make_actor(role, area=county)
    with acting_in(EVERYTHING):
        held = Appointment.objects.get(pk=second.appointment_id or 0)
        held.suspended_at = now if ended == "suspended" else None
        held.valid_to = timezone.localdate(now) - timedelta(days=1) if ended == "left" else None
        held.user.is_active = ended != "closed"
        held.save()
        held.user.save()
    row = asked(stall, officer, now)
    assert on_desk(city) == [row.pk]


def test_officers_of_another_county_are_no_second_ones(
    stall: Entity, officer: Actor, city: Actor, now: datetime
) -> None:
    make_actor(Role.COUNTY_OFFICER)
    row = asked(stall, officer, now)
    assert on_desk(city) == [row.pk]


def turn(by: Actor, now: datetime) -> list[int]:
    with acting_in(by.scope):
        rows = ProposedChange.objects.visible_to(by).filter(turn_of(by, timezone.localdate(now)))
        return list(rows.values_list("pk", flat=True))


def test_a_proposal_of_the_only_officer_goes_to_the_city_and_is_not_accepted_by_its_asker(
    stall: Entity, officer: Actor, city: Actor, now: datetime
) -> None:
    scale = make_instrument(stall)
    row = make_proposal(scale, proposed_by_id=officer.user_id, proposed_at=now, facts={"model": "ACS-6"})
    assert (turn(officer, now), turn(city, now)) == ([], [row.pk])
    assert offices_of_proposal(row, timezone.localdate(now)) == [name_of(city)]
    with refused("same_person"):
        accept_proposal(proposal_id=row.pk, by=officer, at=now)
    set_scope(city.scope)
    assert accept_proposal(proposal_id=row.pk, by=city, at=now).state == "accepted"


def test_a_proposal_of_an_inspector_stays_with_the_county(
    stall: Entity, officer: Actor, inspector: Actor, city: Actor, now: datetime
) -> None:
    scale = make_instrument(stall)
    row = make_proposal(scale, proposed_by_id=inspector.user_id, proposed_at=now, facts={"model": "ACS-6"})
    assert (turn(officer, now), turn(city, now)) == ([row.pk], [])


def test_whose_wish_was_taken_up_into_a_newer_proposal_does_not_accept_it(
    stall: Entity, officer: Actor, city: Actor, now: datetime
) -> None:
    scale = make_instrument(stall)
    make_proposal(scale, proposed_by_id=officer.user_id, state="overtaken", facts={"model": "ACS-6"})
    newer = make_proposal(scale, proposed_by_id=make_actor(Role.MARKET_OPERATOR).user_id,
                          facts={"model": "ACS-6", "manufacturer": "某厂"})  # fmt: skip
    with refused("same_person"):
        accept_proposal(proposal_id=newer.pk, by=officer, at=now)
    set_scope(city.scope)
    assert accept_proposal(proposal_id=newer.pk, by=city, at=now).state == "accepted"

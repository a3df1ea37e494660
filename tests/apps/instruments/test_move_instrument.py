"""变更使用地点或使用人."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.models import Instrument, InstrumentCode, Placement, Seal, Verification
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from tests.factories import (
    make_actor,
    make_area,
    make_code,
    make_entity,
    make_instrument,
    make_seal,
    make_verification,
)
from tests.factories.acts import acts, last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


@pytest.fixture
def other_stall(market: Entity) -> Entity:
    return make_entity("二号摊", kind="stall", parent=market, stall_number="2")


def test_a_scale_moves_to_another_stall_and_its_past_stays_behind(
    stall: Entity, other_stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall, place="1 号")
    scale = move_instrument(
        instrument_id=scale.pk, entity_id=other_stall.pk, place=" 2 号 ", on=today, by=officer, at=at
    )
    assert (scale.entity_id, scale.place, scale.placed_on) == (other_stall.pk, "2 号", today)
    past = Placement.objects.unscoped().get(instrument=scale)
    assert (past.entity_id, past.place, past.last_day) == (stall.pk, "1 号", today - timedelta(days=1))
    assert last_act().after["entity_id"] == other_stall.pk


def test_what_hangs_on_it_goes_along_to_another_county(stall: Entity, at: datetime, today: date) -> None:
    county = make_area(parent=stall.area.parent)
    target = make_entity(area=county)
    scale = make_instrument(stall)
    make_verification(scale), make_seal(scale), make_code(scale)
    assert stall.area.parent is not None
    city = make_actor(Role.CITY_OFFICER, area=stall.area.parent)
    set_scope(city.scope)
    move_instrument(instrument_id=scale.pk, entity_id=target.pk, place="", on=today, by=city, at=at)
    with acting_in(EVERYTHING):
        for model in (Instrument, Verification, Seal, InstrumentCode):
            assert set(model.objects.unscoped().values_list("area_id", flat=True)) == {county.pk}


def test_a_code_goes_along_when_a_company_moves_its_scale_to_a_station_in_another_county(
    officer: Actor, at: datetime, today: date
) -> None:
    company = make_entity(kind="company")
    county = make_area(parent=company.area.parent)
    station = make_entity(kind="company", parent=company, area=county)
    scale = make_instrument(company)
    code, _of_somebody_else = make_code(scale), make_code(make_instrument())
    operator = make_actor(Role.INSTRUMENT_USER, entity=company)
    with acting_in(operator.scope):
        move_instrument(instrument_id=scale.pk, entity_id=station.pk, place="", on=today, by=operator, at=at)
        assert list(InstrumentCode.objects.unscoped()) == [code], "the register stayed open"
    with acting_in(EVERYTHING):
        assert InstrumentCode.objects.unscoped().get(pk=code.pk).area_id == county.pk


def test_nozzles_move_with_their_dispenser_and_never_alone(
    stall: Entity, other_stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    dispenser = make_instrument(stall)
    nozzle = make_instrument(stall, parent=dispenser, place="1 号枪")
    with refused("part_moves_with_whole"):
        move_instrument(
            instrument_id=nozzle.pk, entity_id=other_stall.pk, place="", on=today, by=officer, at=at
        )
    move_instrument(
        instrument_id=dispenser.pk, entity_id=other_stall.pk, place="", on=today, by=officer, at=at
    )
    nozzle = Instrument.objects.unscoped().get(pk=nozzle.pk)
    assert (nozzle.entity_id, nozzle.place) == (other_stall.pk, "1 号枪")
    assert acts() == [("instrument_moved", dispenser.pk), ("instrument_moved", nozzle.pk)]


def test_the_same_place_is_no_move(stall: Entity, officer: Actor, at: datetime, today: date) -> None:
    scale = make_instrument(stall, place="1 号")
    with refused("nothing_changes"):
        move_instrument(
            instrument_id=scale.pk, entity_id=stall.pk, place="1 号 ", on=today, by=officer, at=at
        )


@pytest.mark.parametrize(
    ("fields", "on", "code"),
    [
        ({"state": "scrapped"}, date(2026, 11, 23), "already_scrapped"),
        ({"impounded": True}, date(2026, 11, 23), "impounded"),
        ({}, date(2026, 11, 24), "in_future"),
        ({}, date(2024, 12, 31), "before_placed"),
    ],
)
def test_what_is_refused(
    stall: Entity,
    other_stall: Entity,
    officer: Actor,
    at: datetime,
    fields: dict[str, object],
    on: date,
    code: str,
) -> None:
    scale = make_instrument(stall, **fields)
    with refused(code):
        move_instrument(instrument_id=scale.pk, entity_id=other_stall.pk, place="", on=on, by=officer, at=at)


def test_an_operator_does_not_send_scales_to_another_market(
    stall: Entity, operator: Actor, county: Area, at: datetime, today: date
) -> None:
    scale, elsewhere = make_instrument(stall), make_entity(area=county)
    set_scope(operator.scope)
    with refused("entity_not_found"):
        move_instrument(
            instrument_id=scale.pk, entity_id=elsewhere.pk, place="", on=today, by=operator, at=at
        )


def test_the_database_refuses_one_nameplate_twice_but_forgets_the_scrapped(stall: Entity) -> None:
    make_instrument(stall, serial_number="X1", state="scrapped")
    make_instrument(stall, serial_number="X1")
    with pytest.raises(IntegrityError, match="serial_once_per_manufacturer"), transaction.atomic():
        make_instrument(stall, serial_number="X1")


def test_the_database_refuses_a_validity_that_ends_before_the_verification(stall: Entity) -> None:
    with pytest.raises(IntegrityError, match="validity_is_not_backward"), transaction.atomic():
        make_instrument(stall, verified_on=date(2026, 5, 2), valid_until=date(2026, 5, 1))


def test_the_database_refuses_trust_beyond_validity_once_the_seal_is_broken(stall: Entity) -> None:
    with pytest.raises(IntegrityError, match="trust_ends_with_validity"), transaction.atomic():
        make_instrument(
            stall, seal_broken=True, valid_until=date(2026, 12, 1), trusted_until=date(2026, 12, 2)
        )

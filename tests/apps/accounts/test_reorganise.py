"""Reorganising areas: new rows take the place of old ones, and rights follow."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db.models import Sum

from quanheng.apps.accounts import acts
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Agency, Appointment, Area, AreaSuccession
from quanheng.apps.accounts.queries import actor_of
from quanheng.apps.accounts.services.reorganise_area import (
    Naming,
    areas_moved,
    found_area,
    merge_area,
    succeed_area,
)
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments.enums import Grain
from quanheng.apps.instruments.models import EntryCount, Instrument, Placement, RateChange
from quanheng.apps.instruments.services import entry_counts, rate_changes
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_placement, make_seal

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 1)
TERMS: dict[str, Any] = {"on": ON, "source": "国函〔2026〕1号"}


@pytest.fixture
def system() -> Actor:
    return make_actor(Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def county() -> Area:
    """郫县, with two streets."""
    county = make_area("郫县")
    for name in ("郫筒街道", "犀浦街道"):
        make_area(name, level=AreaLevel.STREET, parent=county)
    return county


def as_district(county: Area, **changed: Any) -> Naming:
    facts: dict[str, Any] = {
        "name": "郫都区",
        "code": f"{county.code[:4]}90",
        "level": AreaLevel.COUNTY,
        "parent_id": county.parent_id,
    }
    return Naming(**facts | changed)


def seen_by(actor: Actor) -> set[int]:
    with acting_in(actor.scope):
        return set(Instrument.objects.visible_to(actor).values_list("pk", flat=True))


def now_of(actor: Actor) -> Actor:
    """Build the actor anew, as the next request does."""
    held = Appointment.objects.select_related("user", "agency__area", "area").get(
        pk=actor.appointment_id or 0
    )
    return actor_of(held)


def test_a_county_becomes_a_district_and_its_office_sees_what_it_saw(
    county: Area, system: Actor, at: datetime
) -> None:
    street = Area.objects.get(name="犀浦街道", parent=county)
    officer = make_actor(Role.COUNTY_OFFICER, area=county)
    scale = make_instrument(make_entity(area=street))
    make_seal(scale)
    with acting_in(system.scope):
        district = succeed_area(area_id=county.pk, naming=as_district(county), **TERMS, by=system, at=at)
    assert seen_by(now_of(officer)) == {scale.pk}
    assert seen_by(officer) == set(), "the old interval is empty"
    county.refresh_from_db()
    assert (county.valid_to, district.valid_from, district.full_name[-3:]) == (ON, ON, "郫都区")
    assert [area.name for area in Area.objects.filter(parent=district).order_by("id")] == [
        "郫筒街道",
        "犀浦街道",
    ]
    assert Agency.objects.get(pk=officer.agency_id or 0).area_id == district.pk
    assert AreaSuccession.objects.filter(on=ON).count() == 3


def test_the_past_stays_with_the_area_of_its_day(county: Area, system: Actor, at: datetime) -> None:
    scale = make_instrument(make_entity(area=county))
    past = make_placement(scale)
    with acting_in(system.scope):
        district = succeed_area(area_id=county.pk, naming=as_district(county), **TERMS, by=system, at=at)
    with acting_in(EVERYTHING):
        assert Placement.objects.unscoped().get(pk=past.pk).area_id == county.pk
        assert Instrument.objects.unscoped().get(pk=scale.pk).area_id == district.pk
        act = Act.objects.unscoped().get(verb=acts.AREA_REORGANISED)
    assert (act.before["area"], act.after["area"]) == (county.full_name, district.full_name)


def test_a_county_that_changes_its_city_changes_its_city_office(
    county: Area, system: Actor, at: datetime
) -> None:
    other_city = make_area(level=AreaLevel.CITY)
    old_city, new_city = (
        make_actor(Role.CITY_OFFICER, area=county.parent),
        make_actor(Role.CITY_OFFICER, area=other_city),
    )
    scale = make_instrument(make_entity(area=county))
    assert (seen_by(old_city), seen_by(new_city)) == ({scale.pk}, set())
    naming = as_district(county, name=county.name, code=county.code[:6] + "1", parent_id=other_city.pk)
    with acting_in(system.scope):
        moved = succeed_area(area_id=county.pk, naming=naming, **TERMS, by=system, at=at)
    assert other_city.id < moved.id <= moved.last <= other_city.last
    assert (seen_by(old_city), seen_by(new_city)) == (set(), {scale.pk})


def test_a_merged_county_goes_to_the_one_that_stays(county: Area, system: Actor, at: datetime) -> None:
    neighbour = make_area("温江区", parent=county.parent)
    officer = make_actor(Role.COUNTY_OFFICER, area=neighbour)
    scale = make_instrument(make_entity(area=Area.objects.get(name="郫筒街道", parent=county)))
    with acting_in(system.scope):
        merge_area(area_id=county.pk, into_id=neighbour.pk, **TERMS, by=system, at=at)
    assert seen_by(officer) == {scale.pk}
    assert Area.objects.filter(parent=neighbour, valid_to__isnull=True).count() == 2


def test_a_functional_zone_keeps_a_code_that_lies_elsewhere(
    county: Area, system: Actor, at: datetime
) -> None:
    assert county.parent is not None
    naming = Naming("高新技术产业开发区", "519971", AreaLevel.COUNTY, county.parent.pk)
    with acting_in(system.scope):
        zone = found_area(naming=naming, **TERMS, by=system, at=at)
    assert zone.code == "519971000000"
    assert county.parent.id < zone.id <= zone.last <= county.parent.last


def test_what_is_counted_by_area_follows_at_once(county: Area, system: Actor, at: datetime) -> None:
    """Half of the counts is folded; one scale has a past placement; the neighbour has a scale of its own."""
    neighbour = make_area("温江区", parent=county.parent)
    scales = [make_instrument(make_entity(area=area), placed_on=ON) for area in (county, county, neighbour)]
    with acting_in(EVERYTHING):
        make_placement(scales[0])
        rate_changes.add([it.pk for it in scales[:2]])
        rate_changes.fold()
        entry_counts.fold()
        rate_changes.add([scales[2].pk])
    with acting_in(system.scope):
        merge_area(area_id=county.pk, into_id=neighbour.pk, **TERMS, by=system, at=at)
    with acting_in(EVERYTHING):
        rate_changes.fold()
        assert rate_changes.compare() == []
        assert RateChange.objects.filter(indicator="T1", area=neighbour, grain=Grain.DAY, day=ON).count() == 1
        assert entry_counts.recount() == 0
        assert EntryCount.objects.filter(area=neighbour).aggregate(Sum("now")) == {"now__sum": 3}


def test_whoever_counts_by_area_is_told(county: Area, system: Actor, at: datetime) -> None:
    told: list[dict[int, int]] = []

    def listen(moves: dict[int, int], **_: Any) -> None:
        told.append(moves)

    areas_moved.connect(listen)
    try:
        with acting_in(system.scope):
            district = succeed_area(area_id=county.pk, naming=as_district(county), **TERMS, by=system, at=at)
    finally:
        areas_moved.disconnect(listen)
    assert told[0][county.pk] == district.pk
    assert len(told[0]) == 3


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "no_name"),
        ({"code": "51A1"}, "no_name"),
        ({"parent_id": 1}, "no_parent"),
        ({"level": AreaLevel.CITY}, "no_parent"),
    ],
)
def test_a_naming_that_cannot_be_is_refused_and_nothing_ends(
    county: Area, system: Actor, at: datetime, changed: dict[str, Any], code: str
) -> None:
    with acting_in(system.scope), pytest.raises(RuleBroken) as refused:
        succeed_area(area_id=county.pk, naming=as_district(county, **changed), **TERMS, by=system, at=at)
    assert refused.value.code == code
    county.refresh_from_db()
    assert county.valid_to is None


def test_a_code_in_use_and_an_ended_area_are_refused(county: Area, system: Actor, at: datetime) -> None:
    neighbour = make_area(parent=county.parent)
    with acting_in(system.scope), pytest.raises(RuleBroken) as refused:
        succeed_area(
            area_id=county.pk, naming=as_district(county, code=neighbour.code), **TERMS, by=system, at=at
        )
    assert refused.value.code == "code_in_use"
    with acting_in(system.scope):
        merge_area(area_id=county.pk, into_id=neighbour.pk, **TERMS, by=system, at=at)
    with acting_in(system.scope), pytest.raises(RuleBroken) as again:
        merge_area(area_id=county.pk, into_id=neighbour.pk, **TERMS, by=system, at=at)
    assert again.value.code == "area_not_found"

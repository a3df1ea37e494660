"""器具登记、器具信息变更."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.register_instrument import change_instrument, register_instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import set_scope
from tests.factories import make_entity, make_instrument, make_item
from tests.factories.acts import acts, last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


def facts(**fields: Any) -> dict[str, Any]:
    return {
        "item_id": make_item().pk, "name": "电子计价秤", "serial_number": "A1", "manufacturer": "衡器厂",
        **fields,
    }  # fmt: skip


def test_a_new_instrument_is_a_draft_where_its_entity_is(stall: Entity, officer: Actor, at: datetime) -> None:
    scale = register_instrument(entity_id=stall.pk, facts=facts(), by=officer, at=at)
    assert (scale.state, scale.root_id, scale.area_id) == ("draft", stall.root_id, stall.area_id)
    act = last_act()
    assert (act.verb, act.after["serial_number"]) == ("instrument_registered", "A1")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"serial_number": " "}, "no_serial_number"),
        ({"name": ""}, "no_name"),
        ({"item_id": 0}, "no_item"),
        ({"manufactured_on": date(2026, 1, 2), "in_use_since": date(2026, 1, 1)}, "used_before_made"),
        ({"manufactured_on": date(2026, 11, 24)}, "in_future"),
        ({"max_capacity_g": Decimal(100), "min_capacity_g": Decimal(100)}, "capacity_reversed"),
        ({"state": "in_use"}, "unknown_facts"),
        ({"parent_id": 0}, "whole_not_found"),
    ],
)
def test_what_is_refused(
    stall: Entity, officer: Actor, at: datetime, fields: dict[str, Any], code: str
) -> None:
    with refused(code):
        register_instrument(entity_id=stall.pk, facts=facts(**fields), by=officer, at=at)


@pytest.mark.parametrize(
    ("category", "given", "grams"),
    [
        ("scale", {"measuring_range": "0~30kg"}, 30_000),
        ("scale", {"measuring_range": "0~60kg", "max_capacity_g": Decimal(15_000)}, 15_000),
        ("scale", {"measuring_range": "看铭牌"}, None),
        ("scale", {}, None),
        ("medical", {"measuring_range": "0~30kg"}, None),
    ],
)
def test_the_range_of_a_scale_is_its_maximum_capacity_as_in_a_sheet(
    stall: Entity, officer: Actor, at: datetime, category: str, given: dict[str, Any], grams: int | None
) -> None:
    item = make_item(f"{category}-item", category=category)
    it = register_instrument(entity_id=stall.pk, facts=facts(item_id=item.pk, **given), by=officer, at=at)
    assert it.max_capacity_g == grams
    if not given:
        changed = change_instrument(
            instrument_id=it.pk, changes={"measuring_range": "0~6kg"}, version=1, by=officer, at=at
        )
        assert changed.max_capacity_g == 6_000
        assert last_act().after["max_capacity_g"] == "6000"


def test_a_serial_number_stands_once_per_maker_in_the_whole_province(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    make_instrument(make_entity(), serial_number="A1")  # in another county, which this officer does not see
    with refused("serial_number_taken"):
        register_instrument(entity_id=stall.pk, facts=facts(), by=officer, at=at)
    assert register_instrument(entity_id=stall.pk, facts=facts(manufacturer="另一厂"), by=officer, at=at).pk


def test_a_scrapped_scales_number_is_free_again(stall: Entity, officer: Actor, at: datetime) -> None:
    make_instrument(stall, serial_number="A1", state="scrapped")
    assert register_instrument(entity_id=stall.pk, facts=facts(), by=officer, at=at).pk


def test_a_nozzle_belongs_to_a_dispenser_of_the_same_station(
    stall: Entity, market: Entity, officer: Actor, at: datetime
) -> None:
    dispenser, elsewhere = make_instrument(stall), make_instrument(market)
    nozzle = register_instrument(entity_id=stall.pk, facts=facts(parent_id=dispenser.pk), by=officer, at=at)
    assert nozzle.parent_id == dispenser.pk
    with refused("whole_not_found"):
        register_instrument(
            entity_id=stall.pk, facts=facts(serial_number="A2", parent_id=elsewhere.pk), by=officer, at=at
        )


def test_a_change_is_logged_before_and_after(stall: Entity, officer: Actor, at: datetime) -> None:
    scale = make_instrument(stall)
    change_instrument(instrument_id=scale.pk, changes={"model": "ACS-15"}, version=1, by=officer, at=at)
    act = last_act()
    assert (act.before, act.after) == ({"model": "ACS-30"}, {"model": "ACS-15"})


def test_no_change_no_act_no_version(stall: Entity, officer: Actor, at: datetime) -> None:
    scale = make_instrument(stall)
    scale = change_instrument(
        instrument_id=scale.pk, changes={"model": scale.model}, version=1, by=officer, at=at
    )
    assert acts() == []
    assert Instrument.objects.unscoped().get(pk=scale.pk).version == 1


@pytest.mark.parametrize(
    ("changes", "version", "code"),
    [
        ({"model": "B"}, 2, "changed_meanwhile"),
        ({"place": "3 号"}, 1, "unknown_facts"),
        ({"serial_number": ""}, 1, "no_serial_number"),
    ],
)
def test_a_change_that_is_refused(
    stall: Entity, officer: Actor, at: datetime, changes: dict[str, Any], version: int, code: str
) -> None:
    scale = make_instrument(stall)
    with refused(code):
        change_instrument(instrument_id=scale.pk, changes=changes, version=version, by=officer, at=at)


@pytest.mark.parametrize(
    ("state", "name", "may"),
    [
        ("draft", "serial_number", True),
        ("returned", "serial_number", True),
        ("filing", "serial_number", False),
        ("in_use", "serial_number", False),
        ("in_use", "software_version", True),
        ("scrapped", "software_version", False),
    ],
)
def test_once_filed_the_nameplate_is_the_offices(
    stall: Entity, operator: Actor, at: datetime, state: str, name: str, may: bool
) -> None:
    scale = make_instrument(stall, state=state)
    set_scope(operator.scope)
    ask = {"instrument_id": scale.pk, "changes": {name: "Z9"}, "version": 1, "by": operator, "at": at}
    if may:
        change_instrument(**ask)  # type: ignore[arg-type]
        return
    with refused("already_scrapped" if state == "scrapped" else "nameplate_is_filed"):
        change_instrument(**ask)  # type: ignore[arg-type]


def test_a_whole_out_of_reach_cannot_be_named(stall: Entity, officer: Actor, at: datetime) -> None:
    """Neither another county's, nor another entity's in one's own county, nor a part as a whole."""
    own = make_instrument(stall)
    elsewhere = make_instrument(make_entity())
    neighbour = make_instrument(make_entity(area=stall.area))
    part = make_instrument(stall, parent=own)
    for whole in (elsewhere, neighbour, part):
        with refused("whole_not_found"):
            register_instrument(entity_id=stall.pk, facts=facts(parent_id=whole.pk), by=officer, at=at)
    nozzle = register_instrument(entity_id=stall.pk, facts=facts(parent_id=own.pk), by=officer, at=at)
    assert nozzle.parent_id == own.pk

"""The ledger through the API: read, registered, filed, verified, sealed, by the services of the acts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quanheng.apps.accounts.enums import KeyScope, Role
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import (
    make_actor,
    make_area,
    make_entity,
    make_institute,
    make_instrument,
    make_item,
    make_seal,
    make_verification,
)

pytestmark = pytest.mark.django_db


def test_an_operators_system_registers_files_and_reads_back(program: Any) -> None:
    market = make_entity(kind="market_operator")
    stall = make_entity(kind="stall", parent=market)
    make_item("digital-indicating-scale")
    system = program(make_actor(Role.MARKET_OPERATOR, entity=market))
    facts = {
        "entity_id": stall.pk,
        "item": "digital-indicating-scale",
        "name": "电子计价秤",
        "serial_number": "K-1",
        "e_g": "10",
    }

    registered = system.post("/instruments", facts)
    assert registered.status_code == 201, registered.content.decode()
    row = registered.json()
    assert (row["state"], row["entity_id"], row["e_g"], row["version"]) == ("draft", stall.pk, "10", 1)
    assert registered["Location"] == f"/api/v1/instruments/{row['id']}"

    filed = system.post("/filings", {"instrument_ids": [row["id"]]})
    assert (filed.status_code, filed.json()) == (201, {"submitted": 1})
    assert system.get(f"/instruments/{row['id']}").json()["state"] == "filing"


def test_the_log_says_which_key_acted_for_whom(program: Any) -> None:
    actor = make_actor(Role.COUNTY_OFFICER)
    scale = make_instrument(make_entity(area=_area_of(actor)))
    system = program(actor)
    system.post(f"/instruments/{scale.pk}/seals", {"number": "F1", "on": "2026-01-02"})
    with acting_in(EVERYTHING):
        act = Act.objects.unscoped().get(instrument_id=scale.pk, verb=acts.SEAL_APPLIED)
    prefix = system.token.split("_")[1]
    assert (act.actor_id, act.actor_name) == (actor.user_id, f"{actor.name}（接口密钥 {prefix}）")


def test_a_recorded_verification_puts_the_instrument_in_use(program: Any) -> None:
    make_institute()
    actor = make_actor(Role.COUNTY_OFFICER)
    scale = make_instrument(
        make_entity(area=_area_of(actor)), state=InstrumentState.FILED, result="", verified_on=None,
        valid_until=None, trusted_until=None,
    )  # fmt: skip
    today = timezone.localdate()
    answer = program(actor).post(
        f"/instruments/{scale.pk}/verifications",
        {"verified_on": str(today), "result": "passed", "certificate_number": "C1", "institute": "市计量院",
         "valid_until": str(today + timedelta(days=364))},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content.decode()
    with acting_in(EVERYTHING):
        assert Instrument.objects.unscoped().get(pk=scale.pk).state == InstrumentState.IN_USE


def test_a_broken_seal_turns_the_instrument_red_and_ends_its_verification(program: Any) -> None:
    actor = make_actor(Role.COUNTY_OFFICER)
    scale = make_instrument(make_entity(area=_area_of(actor)), valid_until=date(2099, 1, 1))
    make_verification(scale, valid_until=date(2099, 1, 1))
    seal = make_seal(scale)
    system = program(actor)
    answer = system.post(
        f"/instruments/{scale.pk}/seals/{seal.pk}/break",
        {"on": str(timezone.localdate()), "reason": "铅封断裂"},
    )
    assert answer.status_code == 201, answer.content.decode()
    row = system.get(f"/instruments/{scale.pk}").json()
    assert (row["trust"]["grade"], row["trust"]["reason"]) == ("red", "seal_broken")
    history = system.get(f"/instruments/{scale.pk}/verifications").json()["items"]
    assert history[0]["voided_on"] == str(timezone.localdate())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "in_use"}, {"a", "b"}),
        ({"state": "stopped"}, {"c"}),
        ({"serial_number": "a"}, {"a"}),
        ({"premises": "hospital"}, {"c"}),
        ({"seal_broken": "true"}, {"b"}),
        ({"due_by": "2026-12-31"}, {"a", "b"}),
        ({"due_by": "2026-12-30"}, set()),
        ({"item": "digital-indicating-scale", "state": "in_use"}, {"a", "b"}),
        ({"item": "unheard-of"}, set()),
    ],
)
def test_filters_narrow_the_list_down(program: Any, query: dict[str, str], expected: set[str]) -> None:
    actor = make_actor(Role.COUNTY_OFFICER)
    entity = make_entity(area=_area_of(actor))
    make_instrument(entity, serial_number="a")
    make_instrument(entity, serial_number="b", seal_broken=True)
    make_instrument(entity, serial_number="c", state=InstrumentState.STOPPED, premises="hospital")
    rows = program(actor, KeyScope.READ_LEDGER).get("/instruments", query).json()["items"]
    assert {row["serial_number"] for row in rows} == expected


def test_an_area_code_means_the_area_and_all_below_it(program: Any) -> None:
    county = make_area()
    other = make_area(parent=county.parent)
    actor = make_actor(Role.CITY_OFFICER, area=county.parent)
    here, there = make_instrument(make_entity(area=county)), make_instrument(make_entity(area=other))
    system = program(actor)

    def found(code: str) -> set[int]:
        return {row["id"] for row in system.get("/instruments", {"area": code}).json()["items"]}

    assert found(county.code) == {here.pk}
    assert county.parent is not None
    assert found(county.parent.code) == {here.pk, there.pk}
    assert system.get("/instruments", {"area": "999999"}).json()["code"] == "unknown_area"


def test_a_correction_needs_the_version_that_was_read(program: Any) -> None:
    actor = make_actor(Role.COUNTY_OFFICER)
    scale = make_instrument(make_entity(area=_area_of(actor)))
    system, path = program(actor), f"/instruments/{scale.pk}"
    etag = system.get(path)["ETag"]

    assert system.patch(path, {"model": "B"}).status_code == 428
    changed = system.patch(path, {"model": "B"}, If_Match=etag)
    assert (changed.status_code, changed.json()["model"]) == (200, "B")
    assert changed["ETag"] == f'"2-{timezone.localdate():%Y%m%d}"'
    late = system.patch(path, {"model": "C"}, If_Match=etag)
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert system.get(path, If_None_Match=changed["ETag"]).status_code == 304


def test_an_act_can_be_bound_to_the_version_that_was_read(program: Any) -> None:
    actor = make_actor(Role.COUNTY_OFFICER)
    scale = make_instrument(make_entity(area=_area_of(actor)))
    system = program(actor)
    body = {"number": "F9", "on": "2026-01-02"}
    assert system.post(f"/instruments/{scale.pk}/seals", body, If_Match='"7"').status_code == 412
    assert system.post(f"/instruments/{scale.pk}/seals", body, If_Match='"1"').status_code == 201


def test_a_part_cannot_be_registered_under_somebody_elses_machine(program: Any) -> None:
    machine = make_instrument()
    own = make_entity()
    system = program(make_actor(Role.INSTRUMENT_USER, entity=own))
    body = {
        "entity_id": own.pk,
        "item": "digital-indicating-scale",
        "name": "油枪",
        "serial_number": "1",
        "parent_id": machine.pk,
    }
    assert system.post("/instruments", body).status_code == 404


def _area_of(actor: Any) -> Any:
    from quanheng.apps.accounts.models import Area

    return Area.objects.get(pk=actor.area_id)

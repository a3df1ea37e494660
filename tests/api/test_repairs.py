"""A repair by the keys of owner, repairer and office."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import KeyScope, Role
from quanheng.apps.instruments.models import Instrument
from tests.factories import (
    make_actor,
    make_entity,
    make_instrument,
    make_repairer,
    make_seal,
    make_verification,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scale() -> Instrument:
    scale = make_instrument(make_entity("东门市场", kind="market_operator"))
    make_verification(scale)
    make_seal(scale)
    return scale


@pytest.fixture
def owner(program: Any, scale: Instrument) -> Any:
    return program(make_actor(Role.MARKET_OPERATOR, entity=scale.entity))


@pytest.fixture
def repairer() -> Actor:
    return make_repairer("川准衡器维修")


@pytest.fixture
def sent(scale: Instrument, owner: Any, repairer: Actor) -> str:
    found = owner.get("/repairers", {"name": "川准"}).json()["items"]
    assert [row["id"] for row in found] == [repairer.entity_id]
    address = f"/instruments/{scale.pk}/repair"
    answer = owner.post(
        address, {"reason": "示值漂移", "on": str(timezone.localdate()), "repairer_id": found[0]["id"]}
    )
    assert (answer.status_code, answer.json()["state"]) == (201, "under_repair")
    return address


def test_received_opened_finished_by_the_repairers_key(
    sent: str, scale: Instrument, repairer: Actor, owner: Any, program: Any
) -> None:
    workshop = program(repairer)
    listed = workshop.get("/repairs", {"stage": "waiting"}).json()["items"]
    assert [(row["instrument_id"], row["user_name"]) for row in listed] == [(scale.pk, "东门市场")]
    today = str(timezone.localdate())
    finish = {"work": "换传感器", "on": today, "destination": "to_verification"}
    early = workshop.post(f"{sent}/finish", finish)
    assert (early.status_code, early.json()["code"]) == (409, "not_received")
    assert workshop.post(f"{sent}/receive", {"note": "铅封完好"}).status_code == 201
    seal = workshop.get(f"/instruments/{scale.pk}/seals").json()["items"][0]["id"]
    opened = {"purpose": "repair", "on": today, "reason": "换传感器", "witness": "周管理"}
    assert workshop.post(f"/instruments/{scale.pk}/seals/{seal}/unseal", opened).status_code == 201
    done = workshop.post(f"{sent}/finish", finish)
    assert (done.status_code, done.json()["state"]) == (201, "filed")
    assert workshop.get(f"/instruments/{scale.pk}").status_code == 404
    assert workshop.get("/repairs").json()["items"] == []
    over = owner.get("/repairs", {"stage": "over"}).json()["items"]
    assert [row["repairer"] for row in over] == ["川准衡器维修"]


def test_a_repairers_key_reads_no_verification_and_puts_on_no_seal(
    sent: str, scale: Instrument, repairer: Actor, program: Any
) -> None:
    workshop = program(repairer)
    of_scale = f"/instruments/{scale.pk}"
    assert workshop.get(of_scale).status_code == 200
    for hidden in ("verifications", "placements"):
        assert workshop.get(f"{of_scale}/{hidden}").json()["items"] == []
    put_on = workshop.post(f"{of_scale}/seals", {"number": "新封", "on": "2026-01-01"})
    verify = workshop.post(
        f"{of_scale}/verifications",
        {"verified_on": "2026-01-01", "result": "passed", "certificate_number": "C", "institute": "院"},
    )
    assert {put_on.status_code, verify.status_code} == {404}, (
        "it is not there for what a repairer does not do"
    )
    assert workshop.get(f"/entities/{scale.entity_id}").status_code == 404


def test_given_back_and_sent_to_another(
    sent: str, scale: Instrument, repairer: Actor, owner: Any, program: Any
) -> None:
    assert program(repairer).post(f"{sent}/decline", {"reason": "没有配件"}).status_code == 201
    other = make_repairer("别家维修")
    changed = owner.post(f"{sent}/change-repairer", {"repairer_id": other.entity_id, "reason": "有配件"})
    assert changed.status_code == 201
    assert program(other).get(f"/instruments/{scale.pk}").status_code == 200
    unknown = owner.post(f"{sent}/change-repairer", {"repairer_id": 0, "reason": "有配件"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "repairer_not_found")


@pytest.mark.parametrize("agreed", [True, False])
def test_a_mistaken_sending_is_taken_back_by_a_second_key(
    sent: str, scale: Instrument, owner: Any, program: Any, repairer: Actor, agreed: bool
) -> None:
    assert owner.post(f"{sent}/dispute", {"reason": "点错了一台"}).status_code == 201
    office = program(make_actor(Role.COUNTY_OFFICER, area=scale.area), *KeyScope)
    body = {"agreed": agreed, "seen_whole": agreed, "reason": "" if agreed else "秤不在现场"}
    decided = office.post(f"{sent}/decide", body)
    state = "in_use" if agreed else "under_repair"
    assert (decided.status_code, decided.json()["state"]) == (201, state)
    assert program(repairer).get(f"/instruments/{scale.pk}").status_code == (404 if agreed else 200)


def test_whoever_asked_takes_the_request_back(sent: str, owner: Any) -> None:
    owner.post(f"{sent}/dispute", {"reason": "点错了一台"})
    assert owner.post(f"{sent}/withdraw-dispute", {"reason": "确已送修"}).status_code == 201
    gone = owner.post(f"{sent}/withdraw-dispute", {"reason": "确已送修"})
    assert (gone.status_code, gone.json()["code"]) == (409, "not_disputed")

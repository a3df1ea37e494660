"""Changes that are asked for, declared records and voiding through the API: same services, same acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import KeyScope, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.enums import Provenance
from quanheng.apps.instruments.models import Instrument, ProposedChange, Verification
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import (
    make_actor,
    make_area,
    make_entity,
    make_institute,
    make_instrument,
    make_verification,
)
from tests.factories.acts import acts

pytestmark = pytest.mark.django_db
WHY = {"reason": "铭牌核对过"}


@pytest.fixture
def county() -> Area:
    return make_area()


@pytest.fixture
def market(county: Area) -> Entity:
    return make_entity(kind="market_operator", area=county)


@pytest.fixture
def scale(market: Entity) -> Instrument:
    make_institute()
    return make_instrument(
        market, certificate_number="川-1", valid_until=timezone.localdate() + timedelta(99)
    )


@pytest.fixture
def operator(market: Entity) -> Actor:
    return make_actor(Role.MARKET_OPERATOR, entity=market)


@pytest.fixture
def officer(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


@pytest.fixture
def second(county: Area) -> Actor:
    return make_actor(Role.COUNTY_OFFICER, area=county)


def asked(system: Any, scale: Instrument, **changes: Any) -> Any:
    path = f"/instruments/{scale.pk}"
    body = {"changes": changes or {"model": "ACS-15"}, "reason": "铭牌核对过"}
    return system.post(f"{path}/proposals", body, If_Match=system.get(path)["ETag"])


def row_of(scale: Instrument) -> Instrument:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=scale.pk)


def trust(system: Any, scale: Instrument) -> tuple[str, str]:
    said = system.get(f"/instruments/{scale.pk}").json()["trust"]
    return said["grade"], said["reason"]


def test_a_market_asks_and_the_office_accepts_what_then_stands_in_the_ledger(
    program: Any, scale: Instrument, operator: Actor, officer: Actor
) -> None:
    his, office = program(operator), program(officer)
    answer = asked(his, scale)
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()["proposal"]
    assert (made["state"], made["facts"], made["asked_because"], made["asked_by_me"]) == (
        "waiting", {"model": "ACS-15"}, "铭牌核对过", True,
    )  # fmt: skip
    assert row_of(scale).model == "ACS-30"
    waiting = office.get("/proposals", {"state": "waiting"}).json()["items"]
    assert [(row["id"], row["asked_by_me"]) for row in waiting] == [(made["id"], False)]
    assert his.post(f"/proposals/{made['id']}/accept", {}).status_code == 403
    assert office.post(f"/proposals/{made['id']}/accept", {}).json()["state"] == "accepted"
    assert row_of(scale).model == "ACS-15"
    assert his.get(f"/proposals/{made['id']}").json()["state"] == "accepted"
    again = office.post(f"/proposals/{made['id']}/accept", {})
    assert (again.status_code, again.json()["code"]) == (409, "proposal_not_waiting")
    assert [verb for verb, _ in acts() if verb.startswith("change_")] == [
        "change_proposed",
        "change_accepted",
    ]


def test_what_the_holder_may_write_is_written_and_nothing_waits(
    program: Any, scale: Instrument, officer: Actor
) -> None:
    assert asked(program(officer), scale).json() == {"proposal": None}
    assert row_of(scale).model == "ACS-15"


def test_a_request_about_a_version_that_has_gone_is_refused(
    program: Any, scale: Instrument, operator: Actor
) -> None:
    body = {"changes": {"model": "ACS-15"}, "reason": "铭牌核对过"}
    path = f"/instruments/{scale.pk}/proposals"
    assert program(operator).post(path, body).status_code == 428
    assert program(operator).post(path, body, If_Match='"99"').status_code == 412
    with acting_in(EVERYTHING):
        assert not ProposedChange.objects.unscoped().exists()


def test_a_returned_request_carries_the_reason_and_one_that_was_taken_back_too(
    program: Any, scale: Instrument, operator: Actor, officer: Actor
) -> None:
    his, office = program(operator), program(officer)
    first = asked(his, scale).json()["proposal"]["id"]
    returned = office.post(f"/proposals/{first}/return", {"reason": "请补铭牌照片"}).json()
    assert (returned["state"], returned["reason"]) == ("returned", "请补铭牌照片")
    other = asked(his, scale).json()["proposal"]["id"]
    refusal = office.post(f"/proposals/{other}/withdraw", WHY)
    assert (refusal.status_code, refusal.json()["code"]) == (403, "not_the_asker")
    back = his.post(f"/proposals/{other}/withdraw", {"reason": "看错了铭牌"})
    assert (back.status_code, back.json()["state"], back.json()["reason"]) == (201, "withdrawn", "看错了铭牌")
    assert row_of(scale).model == "ACS-30"


@pytest.mark.parametrize(
    ("asks", "scope"),
    [
        ({"verification": {"verified_on": "2026-01-01"}}, KeyScope.WRITE_VERIFICATION),
        ({"seals": {"scale_case": "川A1"}}, KeyScope.WRITE_SEALS),
    ],
)
def test_a_key_accepts_no_verification_and_no_seal_that_it_could_not_record(
    program: Any, scale: Instrument, officer: Actor, asks: dict[str, Any], scope: KeyScope
) -> None:
    with acting_in(EVERYTHING):
        row = ProposedChange.objects.unscoped().create(
            instrument=scale, root_id=scale.root_id, area_id=scale.area_id, proposed_at=timezone.now(), **asks
        )
    system = program(officer, KeyScope.READ_LEDGER, KeyScope.WRITE_LEDGER)
    answer = system.post(f"/proposals/{row.pk}/accept", {"paper_seen": True})
    assert (answer.status_code, answer.json()["facts"]) == (403, {"scope": scope.value})
    assert system.get(f"/proposals/{row.pk}").json()["state"] == "waiting"


@pytest.mark.parametrize("act", ["accept", "return", "withdraw"])
def test_the_request_of_another_county_is_not_there(
    program: Any, scale: Instrument, operator: Actor, act: str
) -> None:
    number = asked(program(operator), scale).json()["proposal"]["id"]
    stranger = program(make_actor(Role.COUNTY_OFFICER, area=make_area()))
    answer = stranger.post(f"/proposals/{number}/{act}", {} if act == "accept" else WHY)
    assert answer.status_code == 404
    assert stranger.get(f"/proposals/{number}").status_code == 404
    assert stranger.get("/proposals").json()["items"] == []


def test_asked_twice_with_one_key_it_is_asked_once(program: Any, scale: Instrument, operator: Actor) -> None:
    his, path = program(operator), f"/instruments/{scale.pk}"
    headers = {"Idempotency_Key": "once", "If_Match": his.get(path)["ETag"]}
    body = {"changes": {"model": "ACS-15"}, "reason": "铭牌核对过"}
    first, again = (his.post(f"{path}/proposals", body, **headers) for _ in range(2))
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert [verb for verb, _ in acts()].count("change_proposed") == 1


def test_what_a_user_declared_is_listed_and_confirmed_from_the_paper(
    program: Any, market: Entity, officer: Actor, operator: Actor
) -> None:
    make_institute()
    today = timezone.localdate()
    until = today + timedelta(days=200)
    scale = make_instrument(market, provenance=Provenance.DECLARED, verified_on=today, valid_until=until,
                            trusted_until=until)  # fmt: skip
    row = make_verification(scale, provenance=Provenance.DECLARED, verified_on=today, valid_until=until,
                            certificate_number="", institute="")  # fmt: skip
    make_verification(scale)
    system, path = program(officer), f"/instruments/{scale.pk}/verifications/{row.pk}/confirm"
    listed = system.get("/verifications", {"waiting": "unconfirmed"}).json()["items"]
    assert [one["id"] for one in listed] == [row.pk]
    paper = {"certificate_number": "川-9", "institute": "市计量院", "paper_seen": True}
    assert system.post(path, paper).json()["code"] == "no_valid_until"
    paper |= {"valid_until": str(until)}
    assert system.post(path, paper | {"paper_seen": False}).json()["code"] == "paper_not_seen"
    assert program(operator).post(path, paper).status_code == 403
    answer = system.post(path, paper)
    assert (answer.status_code, answer.json()["provenance"]) == (201, "recorded"), answer.content.decode()
    assert trust(system, scale) == ("green", "valid")


def test_voiding_takes_two_keys_and_the_first_may_take_it_back(
    program: Any, scale: Instrument, officer: Actor, second: Actor, operator: Actor
) -> None:
    row = make_verification(scale, certificate_number="川-1", valid_until=scale.valid_until)
    one, other = program(officer), program(second)
    path = f"/instruments/{scale.pk}/verifications/{row.pk}"
    assert program(operator).post(f"{path}/dispute", WHY).status_code == 403
    assert one.post(f"{path}/dispute", WHY).status_code == 201
    assert trust(one, scale) == ("amber", "disputed")
    listed = {
        name: [found["id"] for found in system.get("/verifications", {"waiting": name}).json()["items"]]
        for system, name in ((one, "asked"), (other, "disputed"))
    }
    assert listed == {"asked": [row.pk], "disputed": [row.pk]}
    assert one.get("/verifications", {"waiting": "disputed"}).json()["items"] == []
    assert one.post(f"{path}/decide", {"agreed": True}).json()["code"] == "same_person"
    assert other.post(f"{path}/withdraw-dispute", WHY).json()["code"] == "not_the_asker"
    assert one.post(f"{path}/withdraw-dispute", WHY).status_code == 201
    assert trust(one, scale) == ("green", "valid")
    one.post(f"{path}/dispute", WHY)
    decided = other.post(f"{path}/decide", {"agreed": True})
    assert (decided.status_code, decided.json()["in_error"]) == (201, True)
    assert trust(one, scale) == ("red", "never_verified")
    with acting_in(EVERYTHING):
        assert Verification.objects.unscoped().get(pk=row.pk).disputed_at is None


@pytest.mark.parametrize("act", ["confirm", "dispute", "decide", "withdraw-dispute"])
def test_the_record_of_another_county_is_not_there(program: Any, scale: Instrument, act: str) -> None:
    row = make_verification(scale)
    stranger = program(make_actor(Role.COUNTY_OFFICER, area=make_area()))
    bodies: dict[str, dict[str, Any]] = {
        "confirm": {"certificate_number": "C", "institute": "院", "paper_seen": True},
        "decide": {"agreed": True},
    }
    where = f"/instruments/{scale.pk}/verifications/{row.pk}/{act}"
    answer = stranger.post(where, bodies.get(act, WHY))
    assert (answer.status_code, answer.json()["code"]) == (404, "instrument_not_found")
    assert stranger.get("/verifications").json()["items"] == []

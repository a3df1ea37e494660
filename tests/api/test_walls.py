"""Whose rows a key reaches: own rows answer 200, others' 404 and do not change; a scope opens its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from quanheng.api.v1 import api
from quanheng.apps.accounts.enums import KeyScope, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import (
    make_actor,
    make_area,
    make_contact,
    make_entity,
    make_instrument,
    make_placement,
    make_proposal,
    make_seal,
    make_verification,
)

pytestmark = pytest.mark.django_db

READS = [
    "/entities/{entity}", "/entities/{entity}/contacts", "/instruments/{instrument}",
    "/instruments/{instrument}/verifications", "/instruments/{instrument}/seals",
    "/instruments/{instrument}/placements", "/proposals/{proposal}",
]  # fmt: skip
WRITES: list[tuple[str, dict[str, Any]]] = [
    ("/instruments",
     {"entity_id": "{entity}", "item": "digital-indicating-scale", "name": "秤", "serial_number": "新"}),
    ("/filings", {"instrument_ids": ["{instrument}"]}),
    ("/instruments/{instrument}/verifications",
     {"verified_on": "2026-01-01", "result": "passed", "certificate_number": "C", "institute": "院"}),
    ("/instruments/{instrument}/seals", {"number": "F", "on": "2026-01-01"}),
    ("/instruments/{instrument}/seals/{seal}/break", {"on": "2026-01-02", "reason": "断裂"}),
    ("/instruments/{instrument}/verifications/{verification}/confirm",
     {"certificate_number": "C", "institute": "院", "paper_seen": "1"}),
    ("/instruments/{instrument}/verifications/{verification}/dispute", {"reason": "录错了"}),
    ("/instruments/{instrument}/verifications/{verification}/decide", {"agreed": "1"}),
    ("/instruments/{instrument}/verifications/{verification}/withdraw-dispute", {"reason": "录错了"}),
    ("/instruments/{instrument}/repair", {"reason": "示值漂移", "on": "2026-01-01"}),
    ("/instruments/{instrument}/repair/receive", {}),
    ("/instruments/{instrument}/repair/decline", {"reason": "没有配件"}),
    ("/instruments/{instrument}/repair/change-repairer", {"repairer_id": "{entity}", "reason": "太远"}),
    ("/instruments/{instrument}/repair/finish", {"work": "换传感器", "on": "2026-01-02"}),
    ("/instruments/{instrument}/repair/dispute", {"reason": "点错了"}),
    ("/instruments/{instrument}/repair/decide", {"agreed": "1", "seen_whole": "1"}),
    ("/instruments/{instrument}/repair/withdraw-dispute", {"reason": "不必了"}),
    ("/proposals/{proposal}/accept", {}),
    ("/proposals/{proposal}/return", {"reason": "补照片"}),
    ("/proposals/{proposal}/withdraw", {"reason": "不必了"}),
    ("/contacts/{contact}/reveal", {"reason": "核实信息"}),
]  # fmt: skip


ELSEWHERE = ("application_id", "import_id", "line_id", "certificate_id", "webhook_id", "delivery_id")


class Place:
    """An entity with an instrument and everything that hangs on it."""

    def __init__(self, area: Area, canary: str) -> None:
        entity = make_entity(canary, area=area)
        scale = make_instrument(entity, serial_number=canary, name=canary)
        seal = make_seal(scale, number=canary)
        verification = make_verification(scale, certificate_number=canary)
        proposal = make_proposal(scale, facts={"model": canary}, asked_because=canary)
        make_placement(scale, place=canary)
        self.entity = entity
        self.ids = {
            "entity": entity.pk, "instrument": scale.pk, "seal": seal.pk,
            "verification": verification.pk, "proposal": proposal.pk,
            "contact": make_contact(entity, name=canary).pk,
        }  # fmt: skip

    def fill(self, pattern: Any) -> Any:
        if isinstance(pattern, dict):
            return {name: self.fill(value) for name, value in pattern.items()}
        if isinstance(pattern, list):
            return [self.fill(value) for value in pattern]
        text = str(pattern).format(**self.ids)
        return int(text) if text.isdecimal() else text


@pytest.fixture
def places() -> tuple[Place, Place]:
    county = make_area()
    return Place(county, "鹦鹉甲"), Place(make_area(parent=county.parent), "金丝雀乙")


def actors_of(own: Place) -> list[Any]:
    return [
        make_actor(Role.COUNTY_OFFICER, area=own.entity.area),
        make_actor(Role.MARKET_OPERATOR, entity=own.entity),
    ]


@pytest.mark.parametrize("pattern", READS)
def test_own_rows_answer_and_others_do_not_exist(program: Any, places: Any, pattern: str) -> None:
    own, other = places
    for actor in actors_of(own):
        system = program(actor)
        assert system.get(own.fill(pattern)).status_code == 200
        assert system.get(other.fill(pattern)).status_code == 404


@pytest.mark.parametrize("pattern", ["/entities", "/instruments"])
def test_lists_hold_own_rows_only_also_through_every_filter(program: Any, places: Any, pattern: str) -> None:
    own, other = places
    for actor in actors_of(own):
        system = program(actor)
        assert [row["id"] for row in system.get(pattern).json()["items"]] == [
            own.ids[pattern.strip("/").replace("ies", "y").removesuffix("s")]
        ]
        for query in (
            {"entity_id": other.entity.pk},
            {"area": other.entity.area.code},
            {"serial_number": "金丝雀乙"},
        ):
            assert "金丝雀" not in system.get(pattern, query).content.decode()


@pytest.mark.parametrize(("pattern", "body"), WRITES)
def test_nobody_writes_to_others_rows(program: Any, places: Any, pattern: str, body: dict[str, Any]) -> None:
    own, other = places
    for actor in actors_of(own):
        answer = program(actor).post(other.fill(pattern), other.fill(body))
        assert answer.status_code in {403, 404}
        assert "金丝雀" not in answer.content.decode()
    with acting_in(EVERYTHING):
        assert not Act.objects.unscoped().exclude(verb__startswith="key_").exists()


@pytest.mark.parametrize("wall", ["querysets", "policies"])
def test_each_wall_holds_alone(program: Any, places: Any, wall: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = places
    system = program(actors_of(own)[0])
    if wall == "policies":  # take the first wall down
        monkeypatch.setattr("quanheng.kit.scope.ScopedQuerySet.visible_to", lambda self, actor: self)
    else:  # take the second wall down: every transaction may see everything
        monkeypatch.setattr("quanheng.api.door.acting_in", lambda scope, read_only: acting_in(EVERYTHING))
    for pattern in READS:
        assert system.get(other.fill(pattern)).status_code == 404


@pytest.mark.parametrize("scope", list(KeyScope))
def test_every_operation_needs_its_scope(program: Any, places: Any, scope: KeyScope) -> None:
    """One key with this scope alone: exactly the operations that name it get past the check."""
    own, _other = places
    system = program(actors_of(own)[0], scope)
    for path, method, wanted in operations():
        answer = getattr(system, method)(own.fill(path), {})
        refused = answer.status_code == 403 and answer.json()["code"] == "scope_missing"
        assert refused == (wanted != scope), (method, path)


def operations() -> list[tuple[str, str, str]]:
    """Return every operation with a scope: address with own numbers to fill in, method, scope."""
    numbers = {
        "entity_id": "{entity}", "instrument_id": "{instrument}", "seal_id": "{seal}",
        "contact_id": "{contact}", "verification_id": "{verification}", "proposal_id": "{proposal}",
    }  # fmt: skip
    found = []
    for address, methods in api.get_openapi_schema(path_prefix="")["paths"].items():
        for method, operation in methods.items():
            if "x-scope" in operation:
                others = dict.fromkeys(ELSEWHERE, "0")
                path = address.format(**numbers, **others)
                found.append((path.removeprefix("/api/v1"), method, operation["x-scope"]))
    assert len(found) >= 14
    return found


def test_a_get_cannot_write(program: Any, places: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    own, _other = places

    def write_on_the_sly(*args: Any, **kwargs: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_user SET name = 'x'")

    monkeypatch.setattr("quanheng.apps.instruments.queries.exchange.instrument", write_on_the_sly)
    answer = program(actors_of(own)[0]).get(own.fill("/instruments/{instrument}"))
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")


def test_personal_data_needs_its_own_scope(program: Any, places: Any) -> None:
    own, _other = places
    stall = make_entity("张三丰", kind="stall", area=own.entity.area)
    seal = make_seal(make_instrument(stall), applied_by="李封人")
    path = f"/instruments/{seal.instrument_id}/seals"
    officer = actors_of(own)[0]

    plain = program(officer, KeyScope.READ_LEDGER)
    assert plain.get(f"/entities/{stall.pk}").json()["name"] == "张**"
    assert plain.get(path).json()["items"][0]["applied_by"] is None
    cleared = program(officer, KeyScope.READ_LEDGER, KeyScope.READ_PERSONAL)
    assert cleared.get(f"/entities/{stall.pk}").json()["name"] == "张三丰"
    assert cleared.get(path).json()["items"][0]["applied_by"] == "李封人"


def test_a_phone_number_is_masked_until_somebody_says_why(program: Any) -> None:
    officer = make_actor()
    entity = make_entity(area=Area.objects.get(pk=officer.area_id or 0))
    contact = make_contact(entity, name="王小明", phone="13812345678")
    system = program(officer)
    assert system.get(f"/entities/{entity.pk}/contacts").json()["items"] == [
        {"id": contact.pk, "duty": "contact", "name": "王**", "phone": "138****5678"}
    ]
    shown = system.post(f"/contacts/{contact.pk}/reveal", {"reason": "通知到期检定"})
    assert (shown.status_code, shown.json()["phone"]) == (200, "13812345678")
    with acting_in(EVERYTHING):
        act = Act.objects.unscoped().get(verb="personal_data_revealed")
    assert (act.actor_id, act.reason) == (officer.user_id, "通知到期检定")

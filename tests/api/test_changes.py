"""The feed of changes as a program reads it: whose changes, from where, what a list shows of them."""

from __future__ import annotations

from typing import Any

import pytest

from quanheng.apps.accounts.enums import KeyScope, Role
from quanheng.apps.changes.services.begin_epoch import begin_epoch
from quanheng.apps.changes.services.mark_instant import mark_instant
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import (
    make_actor,
    make_entity,
    make_institute,
    make_instrument,
    make_placement,
    make_proposal,
    make_seal,
    make_verification,
)
from tests.factories.verification import make_line

pytestmark = pytest.mark.django_db(transaction=True)


def started(system: Any, **query: Any) -> str:
    answer = system.get("/changes", query).json()
    assert answer["items"] == []
    return str(answer["cursor"])


def test_a_program_starts_at_now_and_reads_on_by_the_address_it_is_given(program: Any) -> None:
    entity = make_entity()
    system = program(make_actor(area=entity.area), KeyScope.READ_LEDGER)
    cursor = started(system)
    scale = make_instrument(entity)
    verification = make_verification(scale)
    page = system.get("/changes", {"since": cursor, "limit": 1}).json()
    assert page["items"][0] | {"at": ""} == {
        "kind": "instrument", "id": scale.pk, "what": "created", "at": "", "instrument_id": None,
        "href": f"/api/v1/instruments/{scale.pk}",
    }  # fmt: skip
    assert page["has_more"] is True
    rest = system.get(page["next"].removeprefix("http://testserver/api/v1")).json()
    assert [(told["kind"], told["id"]) for told in rest["items"]] == [("verification", verification.pk)]
    assert rest["items"][0]["href"] == f"/api/v1/instruments/{scale.pk}/verifications"
    assert system.get(rest["next"].removeprefix("http://testserver/api/v1")).json()["items"] == []


def test_every_address_that_a_change_names_shows_the_row(program: Any) -> None:
    entity = make_entity()
    system = program(make_actor(area=entity.area))
    cursor = started(system)
    scale = make_instrument(entity)
    rows: list[Any] = [make(scale) for make in (make_verification, make_seal, make_placement, make_proposal)]
    rows.append(make_line(scale, make_institute()).application)
    told = system.get("/changes", {"since": cursor}).json()["items"]
    assert {one["id"] for one in told} >= {row.pk for row in rows}
    for one in told:
        answer = system.get(one["href"].removeprefix("/api/v1"))
        found = answer.json().get("items", [answer.json()])
        assert one["id"] in [row["id"] for row in found]
        assert all(row["changed_at"] for row in found)


def test_a_deleted_row_is_a_tombstone_without_an_address(program: Any) -> None:
    entity = make_entity()
    scale = make_instrument(entity)
    system = program(make_actor(area=entity.area))
    cursor = started(system, kind="instrument")
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).delete()
    told = system.get("/changes", {"since": cursor, "kind": "instrument"}).json()["items"]
    assert [(one["id"], one["what"], one["href"]) for one in told] == [(scale.pk, "deleted", None)]


def test_nobody_reads_others_changes_nor_with_others_cursors(program: Any) -> None:
    mine, theirs = make_entity(), make_entity()
    system, other = (program(make_actor(Role.INSTRUMENT_USER, entity=entity)) for entity in (mine, theirs))
    cursor, foreign = started(system), started(other)
    make_instrument(theirs)
    assert system.get("/changes", {"since": cursor}).json()["items"] == []
    refused = system.get("/changes", {"since": foreign})
    assert (refused.status_code, refused.json()["code"]) == (410, "position_gone")


@pytest.mark.parametrize("since", ["x", "2026-11-30", "2026-11-30T09:00:00", "2026-99-99T09:00:00Z"])
def test_what_is_no_position_is_refused_with_what_is_one(program: Any, since: str) -> None:
    refused = program(make_actor()).get("/changes", {"since": since})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_position")


def test_an_instant_before_the_changes_are_kept_says_how_to_go_on(program: Any) -> None:
    begin_epoch()
    refused = program(make_actor()).get("/changes", {"since": "2020-01-01T00:00:00+08:00"})
    assert (refused.status_code, refused.json()["code"]) == (410, "position_gone")
    assert "全量" in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/instruments", "/entities", "/verifications", "/proposals"])
def test_a_list_shows_what_changed_since_alone(program: Any, path: str) -> None:
    entity = make_entity()
    old = make_instrument(entity)
    make_verification(old)
    make_proposal(old)
    mark_instant()
    system = program(make_actor(area=entity.area))
    cursor = started(system)
    assert system.get(path, {"changed_since": cursor}).json()["items"] == []
    stall = make_entity(kind="stall", parent=entity)
    scale = make_instrument(stall)
    rows = {
        "/entities": stall, "/instruments": scale, "/verifications": make_verification(scale),
        "/proposals": make_proposal(scale),
    }  # fmt: skip
    items = system.get(path, {"changed_since": cursor}).json()["items"]
    assert [row["id"] for row in items] == [rows[path].pk]
    assert system.get(path, {"changed_since": "gestern"}).json()["code"] == "bad_position"


def test_an_instrument_lists_what_changed_on_it(program: Any) -> None:
    scale = make_instrument()
    system = program(make_actor(area=scale.area))
    make_seal(scale)
    cursor = started(system)
    seal = make_seal(scale, broken_on=scale.verified_on)
    items = system.get(f"/instruments/{scale.pk}/seals", {"changed_since": cursor}).json()["items"]
    assert [row["id"] for row in items] == [seal.pk]


def test_what_a_write_answers_says_when_it_was_written(program: Any) -> None:
    scale = make_instrument(verified_on=None, valid_until=None, trusted_until=None, result="")
    system = program(make_actor(area=scale.area))
    path = f"/instruments/{scale.pk}/seals"
    made = system.post(path, {"number": "封一", "on": "2026-01-01"}).json()
    broken = system.post(f"{path}/{made['id']}/break", {"on": "2026-01-02", "reason": "断裂"}).json()
    assert broken["changed_at"] > made["changed_at"]
    assert system.get(path).json()["items"][0]["changed_at"] == broken["changed_at"]

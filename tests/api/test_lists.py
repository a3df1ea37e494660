"""Orders, counts, what comes along, what is due, applications, many at once: as the pages have them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from quanheng.apps.accounts.enums import KeyScope, Role
from quanheng.apps.certificates.models import Application
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.lists.pages import COUNT_CAP
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument
from tests.factories.verification import issue_for_test, make_bench

pytestmark = pytest.mark.django_db

DAYS = [date(2027, 3, 1), None, date(2026, 12, 1), date(2027, 1, 1), None]


@pytest.fixture
def entity() -> Entity:
    return make_entity("清泉市场", kind="market_operator")


@pytest.fixture
def system(program: Any, entity: Entity) -> Any:
    return program(make_actor(area=entity.area))


def paged(system: Any, path: str, **query: Any) -> list[dict[str, Any]]:
    """Read a list to its end, two rows a page, by the addresses that it gives."""
    found, page = [], system.get(path, query | {"limit": 2}).json()
    while True:
        found += page["items"]
        if page["next"] is None:
            return found
        page = system.get(page["next"].removeprefix("http://testserver/api/v1")).json()


def test_an_order_is_kept_over_pages_and_what_has_no_value_comes_last(system: Any, entity: Entity) -> None:
    made = [make_instrument(entity, valid_until=day).pk for day in DAYS]
    by_hand = {"valid_until": [2, 3, 0, 1, 4], "-valid_until": [0, 3, 2, 4, 1], "-id": [4, 3, 2, 1, 0]}
    for sort, order in by_hand.items():
        assert [row["id"] for row in paged(system, "/instruments", sort=sort)] == [made[n] for n in order]
    assert [row["id"] for row in paged(system, "/instruments")] == made


@pytest.mark.parametrize("sort", ["registered_at", "-verified_on", "manufacturer"])
def test_every_order_of_instruments_shows_each_row_once(system: Any, entity: Entity, sort: str) -> None:
    made = {make_instrument(entity).pk for _ in range(5)}
    found = [row["id"] for row in paged(system, "/instruments", sort=sort)]
    assert (len(found), set(found)) == (5, made)


def test_a_cursor_belongs_to_its_order(system: Any, entity: Entity) -> None:
    for _ in range(3):
        make_instrument(entity)
    cursor = system.get("/instruments", {"limit": 1, "sort": "-id"}).json()["next_cursor"]
    refused = system.get("/instruments", {"limit": 1, "sort": "id", "cursor": cursor})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_cursor")


def test_entities_are_ordered_by_name(system: Any, entity: Entity) -> None:
    make_entity("安居超市", area=entity.area)
    assert [row["name"] for row in paged(system, "/entities", sort="-name")] == ["清泉市场", "安居超市"]


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/instruments", {"sort": "serial_number"}, "sort"),
        ("/entities", {"sort": "address"}, "sort"),
        ("/certificates", {"sort": "number"}, "sort"),
        ("/applications", {"sort": "--id"}, "sort"),
        ("/instruments", {"expand": "root"}, "expand"),
        ("/instruments", {"totals": "many"}, "totals"),
        ("/verification-lines", {"state": "lost"}, "state[0]"),
        ("/due", {"by": "soon"}, "by"),
        ("/due", {"sort": "id"}, "sort"),
    ],
)
def test_what_a_list_does_not_know_is_refused_by_name(
    system: Any, path: str, query: dict[str, str], field: str
) -> None:
    refused = system.get(path, query)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize("path", ["/instruments", "/entities", "/certificates", "/applications", "/due"])
def test_how_many_there_are_is_counted_when_it_is_asked_and_once(system: Any, path: str) -> None:
    assert system.get(path).json()["total"] is None
    assert system.get(path, {"totals": "true"}).json()["total"]["at_least"] is False
    page = system.get("/instruments", {"totals": "true", "limit": 1}).json()
    assert page["next"] is None or "totals" not in page["next"]


def test_a_count_ends_where_the_pages_end_theirs(
    system: Any, entity: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert COUNT_CAP == 1_000
    monkeypatch.setattr("quanheng.kit.lists.pages.COUNT_CAP", 2)
    for _ in range(3):
        make_instrument(entity)
    first = system.get("/instruments", {"totals": "true", "limit": 1}).json()
    assert first["total"] == {"number": 2, "at_least": True}
    assert "totals" not in first["next"]


def test_an_instrument_brings_its_entity_along_as_the_key_may_see_it(program: Any, entity: Entity) -> None:
    trader = make_entity("张小三", kind="sole_trader", area=entity.area)
    make_instrument(trader)
    county = make_actor(area=entity.area)
    assert "entity" not in program(county).get("/instruments").json()["items"][0] or (
        program(county).get("/instruments").json()["items"][0]["entity"] is None
    )
    seen = program(county).get("/instruments", {"expand": "entity"}).json()["items"][0]
    assert (seen["entity"]["id"], seen["entity"]["name"]) == (trader.pk, "张小三")
    reader = program(county, KeyScope.READ_LEDGER).get("/instruments", {"expand": "entity"}).json()
    assert reader["items"][0]["entity"]["name"] == "张**"


def test_what_is_due_is_what_the_page_says(system: Any, entity: Entity) -> None:
    today = timezone.localdate()
    soon, late = today + timedelta(days=10), today + timedelta(days=100)
    due = make_instrument(entity, trusted_until=soon)
    make_instrument(entity, trusted_until=late)
    never = make_instrument(entity, state=InstrumentState.FILED, trusted_until=None, result="")
    assert [row["id"] for row in system.get("/due").json()["items"]] == [due.pk, never.pk]
    early = system.get("/due", {"by": today.isoformat()}).json()["items"]
    assert [row["id"] for row in early] == [never.pk]


def test_a_program_applies_for_many_and_follows_them(program: Any, entity: Entity) -> None:
    bench = make_bench(entity.area)
    scales = [make_instrument(entity, item=bench.item).pk for _ in range(2)]
    user = program(make_actor(Role.MARKET_OPERATOR, entity=entity))
    wish = {"instrument_ids": scales, "place_of_work": "on_site", "wanted_on": "2099-01-05"}
    made = user.post("/applications", wish)
    assert made.status_code == 201, made.content.decode()
    (application,) = made.json()["items"]
    assert (application["entity_id"], application["institute"]) == (entity.pk, bench.institute.name)
    assert user.get(f"/applications/{application['id']}").json() == application
    assert [row["id"] for row in user.get("/applications").json()["items"]] == [application["id"]]
    lines = user.get("/verification-lines", {"application_id": application["id"]}).json()["items"]
    assert [(line["instrument_id"], line["state"]) for line in lines] == [(pk, "applied") for pk in scales]
    again = user.post("/applications", wish)
    assert (again.status_code, again.json()["code"]) == (409, "already_applied")
    unapplied = user.get("/due", {"by": "2099-01-01", "unapplied": "true"}).json()["items"]
    assert unapplied == []
    institute = program(bench.verifier)
    assert [row["id"] for row in institute.get("/verification-lines").json()["items"]] == [
        line["id"] for line in lines
    ]
    stranger = program(make_actor())
    assert stranger.get(f"/applications/{application['id']}").status_code == 404
    with acting_in(EVERYTHING):
        assert Application.objects.unscoped().count() == 1


def test_certificates_tell_what_changed_since(system: Any, entity: Entity, at: datetime) -> None:
    cursor = system.get("/changes").json()["cursor"]
    scale = make_instrument(entity, accuracy_class="III", max_capacity_g=15000, e_g=5)
    with time_machine.travel(at):
        certificate = issue_for_test(at, scale)
    found = system.get("/certificates", {"changed_since": cursor, "sort": "-id", "totals": "true"}).json()
    assert [row["id"] for row in found["items"]] == [certificate.pk]
    assert found["items"][0]["changed_at"]
    assert system.get("/certificates", {"changed_since": "gestern"}).json()["code"] == "bad_position"


def test_many_are_confirmed_as_they_are_and_the_others_are_told(program: Any, entity: Entity) -> None:
    scale = make_instrument(entity)
    draft = make_instrument(entity, state=InstrumentState.DRAFT)
    elsewhere = make_instrument(make_entity(area=make_area()))
    user = program(make_actor(Role.MARKET_OPERATOR, entity=entity))
    answer = user.post(
        "/instruments/confirm-unchanged", {"instrument_ids": [scale.pk, draft.pk, elsewhere.pk]}
    ).json()
    assert answer["confirmed"] == 1
    assert {row["id"]: row["code"] for row in answer["refused"]} == {
        draft.pk: "not_to_be_confirmed", elsewhere.pk: "instrument_not_found",
    }  # fmt: skip
    with acting_in(EVERYTHING):
        assert Instrument.objects.unscoped().get(pk=scale.pk).seen_on == timezone.localdate()
    files = user.post("/entities/confirm-unchanged", {"entity_ids": [entity.pk]}).json()
    assert files == {"confirmed": 1, "refused": []}


def test_a_cursor_holds_the_longest_name(system: Any, entity: Entity) -> None:
    made = [make_instrument(entity, manufacturer=f"{'某' * 119}{turn}").pk for turn in range(3)]
    assert [row["id"] for row in paged(system, "/instruments", sort="manufacturer")] == made


def test_what_is_counted_is_counted_with_the_first_page(system: Any, entity: Entity) -> None:
    for _ in range(3):
        make_instrument(entity)
    first = system.get("/instruments", {"limit": 1, "totals": "true"}).json()
    assert first["total"] == {"number": 3, "at_least": False}
    later = system.get("/instruments", {"limit": 1, "totals": "true", "cursor": first["next_cursor"]}).json()
    assert later["total"] is None

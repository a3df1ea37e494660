"""Pages: every row once, whatever arrives in between."""

from __future__ import annotations

from typing import Any

import pytest

from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.models import Area
from quanheng.kit.scope import ScopedQuerySet
from tests.factories import make_actor, make_entity, make_instrument

pytestmark = pytest.mark.django_db
SLOW = "(SELECT pg_sleep(0.3)) IS NOT NULL"


@pytest.fixture
def reader(program: Any) -> Any:
    return program(make_actor(), KeyScope.READ_LEDGER)


def entity_of(reader: Any) -> Any:
    return make_entity(area=Area.objects.get(pk=reader.actor.area_id))


def follow(reader: Any, address: str) -> Any:
    assert address.startswith("http://testserver/api/v1/")
    return reader.get(address.removeprefix("http://testserver/api/v1")).json()


def test_pages_hold_every_row_once_while_rows_arrive_and_change(reader: Any) -> None:
    entity = entity_of(reader)
    first = [make_instrument(entity).pk for _ in range(5)]
    page = reader.get("/instruments", {"limit": 2, "state": "in_use"}).json()
    seen = [row["id"] for row in page["items"]]
    later: list[int | None] = []
    while page["next"]:
        later.append(make_instrument(entity).pk if len(later) < 2 else None)
        page = follow(reader, page["next"])
        seen += [row["id"] for row in page["items"]]
    assert seen == first + [pk for pk in later if pk]


def test_the_last_page_says_so(reader: Any) -> None:
    entity = entity_of(reader)
    for _ in range(4):
        make_instrument(entity)
    page = reader.get("/instruments", {"limit": 2}).json()
    assert follow(reader, page["next"])["next"] is None
    assert reader.get("/instruments", {"limit": 4}).json()["next"] is None


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "x"])
def test_no_page_is_without_limit(reader: Any, limit: str) -> None:
    answer = reader.get("/instruments", {"limit": limit})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "limit")


def test_a_cursor_that_was_touched_or_belongs_elsewhere_is_refused(reader: Any) -> None:
    entity = entity_of(reader)
    for _ in range(2):
        make_instrument(entity)
    following = reader.get("/instruments", {"limit": 1, "state": "in_use"}).json()["next"]
    cursor = following.partition("cursor=")[2]
    for path, query in [
        ("/instruments", {"state": "in_use", "cursor": cursor[:-1] + "?"}),
        ("/instruments", {"state": "in_use", "cursor": "rubbish"}),
        ("/instruments", {"state": "stopped", "cursor": cursor}),
        ("/entities", {"state": "in_use", "cursor": cursor}),
    ]:
        answer = reader.get(path, query)
        assert answer.status_code in {400, 422}
        assert answer.json()["code"] in {"bad_cursor", "unfit_content"}


@pytest.mark.parametrize("path", ["/instruments", "/entities"])
def test_a_page_costs_the_same_number_of_queries_however_long(
    reader: Any, path: str, django_assert_num_queries: Any
) -> None:
    for rows in (1, 5):
        while len(reader.get(path).json()["items"]) < rows:
            make_instrument(entity_of(reader))
        # key, pace, the scope, savepoint, scope, limit, rows, its end, rollback, release, the scope
        with django_assert_num_queries(11):
            reader.get(path)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/instruments", {}),
        ("/instruments", {"sort": "-valid_until"}),
        ("/due", {}),
        ("/entities", {"sort": "name"}),
    ],
)
def test_no_list_takes_longer_than_a_page_may(
    reader: Any, path: str, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database stops it, and what is told says how to go on; the key's next call is answered."""
    make_instrument(entity_of(reader))
    monkeypatch.setattr("quanheng.api.cursors.PAGE_LIMIT_MS", 50)
    visible = ScopedQuerySet.visible_to
    with monkeypatch.context() as slow:
        slow.setattr(ScopedQuerySet, "visible_to", lambda rows, by: visible(rows, by).extra(where=[SLOW]))
        refused = reader.get(path, query)
    assert (refused.status_code, refused.json()["code"]) == (422, "too_much_to_read")
    assert "缩小筛选范围" in refused.json()["detail"]
    assert reader.get(path, query).status_code == 200

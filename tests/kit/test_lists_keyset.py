"""Keyset pages: walking forward and backward meets every row once, in one order, the empty values last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.models import User
from quanheng.kit.lists.keyset import (
    BadCursor,
    Cut,
    Order,
    cursor_of,
    field_of,
    first_page,
    last_page,
    page_after,
    page_before,
    read_cursor,
)
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

days = st.none() | st.integers(1, 3).map(lambda day: date(2026, 1, day))
orders = st.builds(
    Order,
    field=st.sampled_from(["password_changed_at", "id"]),
    descending=st.booleans(),
    nullable=st.just(True),
    fenced=st.booleans(),
).map(lambda o: Order(o.field, o.descending, o.field != "id", o.fenced))


def expected(order: Order) -> list[int]:
    """Return the ids in the order that a person would write down: Python's own sorting."""
    rows = list(User.objects.values_list(order.field, "id"))
    full = sorted((row for row in rows if row[0] is not None), reverse=order.descending)
    empty = sorted((row for row in rows if row[0] is None), key=lambda row: row[1], reverse=order.descending)
    return [row_id for _value, row_id in full + empty]


def walk_forward(order: Order, size: int) -> Iterator[Cut]:
    cut = first_page(User.objects.all(), order, size)
    yield cut
    while cut.after:
        row_id, value = cut.found[-1]
        cut = page_after(User.objects.all(), order, (value, row_id), size)
        yield cut


def walk_backward(order: Order, size: int) -> Iterator[Cut]:
    cut = last_page(User.objects.all(), order, size)
    yield cut
    while cut.before:
        row_id, value = cut.found[0]
        cut = page_before(User.objects.all(), order, (value, row_id), size)
        yield cut


@contextmanager
def people(values: list[date | None]) -> Iterator[None]:
    from datetime import datetime, time
    from zoneinfo import ZoneInfo

    User.objects.all().delete()
    for value in values:
        moment = None if value is None else datetime.combine(value, time(), ZoneInfo("Asia/Shanghai"))
        User.objects.create(username=f"u{User.objects.count()}", name="x", password_changed_at=moment)
    yield


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(days, max_size=12), order=orders, size=st.integers(1, 5))
def test_walking_forward_meets_every_row_once(values: list[date | None], order: Order, size: int) -> None:
    with people(values):
        met = [row_id for cut in walk_forward(order, size) for row_id, _value in cut.found]
        assert met == expected(order)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(days, max_size=12), order=orders, size=st.integers(1, 5))
def test_walking_back_from_the_last_page_meets_every_row(
    values: list[date | None], order: Order, size: int
) -> None:
    with people(values):
        pages = list(walk_backward(order, size))
        met = [row_id for cut in pages[-1:] for row_id, _value in cut.found]
        for cut in reversed(pages[:-1]):  # the first page is filled up: it may repeat rows of the second
            met += [row_id for row_id, _value in cut.found if row_id not in met]
        assert met == expected(order)


def test_a_row_that_is_added_before_the_cursor_moves_nothing() -> None:
    for _ in range(4):
        make_user()
    order = Order("username")
    seen = first_page(User.objects.all(), order, 2).found
    User.objects.create(username="a-comes-first", name="x")
    row_id, value = seen[-1]
    following = page_after(User.objects.all(), order, (value, row_id), 2).found
    assert not {found[0] for found in following} & {found[0] for found in seen}


def test_a_fenced_order_is_sorted_and_not_walked() -> None:
    with CaptureQueriesContext(connection) as queries:
        first_page(User.objects.all(), Order("username", fenced=True), 2)
    assert "COALESCE" in queries[0]["sql"]


@pytest.mark.parametrize(
    "text", ["", "%%%", "bm90LWpzb24", "WzFd", "W251bGwsIngiXQ", "WyJub3QgYSBkYXRlIiwxXQ"]
)
def test_a_cursor_made_by_hand_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(text, field_of(User, "password_changed_at"))


def test_a_cursor_comes_back_as_it_went() -> None:
    assert read_cursor(cursor_of("张三", 7), field_of(User, "name")) == ("张三", 7)
    assert read_cursor(cursor_of(None, 7), field_of(User, "name")) == (None, 7)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(st.integers(0, 2), max_size=9),
    descending=st.booleans(),
    size=st.integers(1, 4),
)
def test_reading_area_by_area_meets_the_same_rows_in_the_same_order(
    places: list[int], descending: bool, size: int
) -> None:
    from quanheng.apps.registry.models import Entity
    from quanheng.kit.scope import EVERYTHING, acting_in
    from tests.factories.ledger import make_entity
    from tests.factories.people import make_area

    with acting_in(EVERYTHING):
        county, elsewhere = make_area(), make_area()
        streets = [make_area(level=AreaLevel.STREET, parent=county) for _ in range(2)]
        made = [make_entity(area=[*streets, elsewhere][place]) for place in places]
        inside = [entity.pk for entity in made if entity.area_id != elsewhere.pk]
        rows = Entity.objects.unscoped().filter(area_id__gte=county.pk, area_id__lte=county.last)
        order = Order("id", descending, within=(county.pk, county.last))
        walked: list[int] = []
        cut = first_page(rows, order, size)
        while True:
            walked += [row_id for row_id, _value in cut.found]
            if not cut.after:
                break
            cut = page_after(rows, order, (walked[-1], walked[-1]), size)
        assert walked == sorted(inside, reverse=descending)
        backward = last_page(rows, order, size)
        assert [row_id for row_id, _value in backward.found] == walked[-size:]

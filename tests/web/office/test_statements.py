"""How often a page asks the database: each statement costs a millisecond, whatever it reads."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_instrument, make_seal, make_verification

Desk = Callable[..., Client]
AtMost = Callable[[int], AbstractContextManager[Any]]
pytestmark = pytest.mark.django_db
# Session, person, roles; the scope, which a test puts into a transaction within another; the bell.
SIGNED_IN = 3 + 5 + 1


@pytest.fixture
def pages(stall: Entity) -> dict[str, str]:
    """Fifty instruments, and the addresses of what an officer looks at all day."""
    with acting_in(EVERYTHING):
        scales = [make_instrument(stall, serial_number=f"K-{number}") for number in range(50)]
        for scale in scales[:10]:
            make_verification(scale)
            make_seal(scale, number=f"封-{scale.pk}")
    return {"file": f"/instruments/{scales[0].pk}/", "move": f"/instruments/{scales[0].pk}/move/"}


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/instruments/", SIGNED_IN + 8),
        ("/instruments/?q=K-1", SIGNED_IN + 14),
        ("file", SIGNED_IN + 8 + 1),
    ],  # and one after it: which file was opened last
)
def test_a_page_asks_so_often_whatever_it_shows(
    desk: Desk, pages: dict[str, str], page: str, most: int, django_assert_max_num_queries: AtMost
) -> None:
    officer, address = desk(), pages.get(page, page)
    officer.get(address)
    with django_assert_max_num_queries(most):
        assert officer.get(address).status_code == 200


def test_a_page_read_area_by_area_names_the_area_once(desk: Desk, pages: dict[str, str]) -> None:
    """Named twice, it counts twice in what the planner expects, and a street is sorted to show fifty rows."""
    officer = desk()
    with CaptureQueriesContext(connection) as asked:
        officer.get("/instruments/?state=in_use")
    reading = next(each["sql"] for each in asked if "ARRAY(" in each["sql"])
    assert reading.count('U0."area_id"') == 1


def test_a_desk_asks_once_for_all_its_numbers(desk: Desk, django_assert_max_num_queries: AtMost) -> None:
    officer = desk()
    officer.get("/desk/")
    with django_assert_max_num_queries(SIGNED_IN + 10):  # three for the numbers, the tasks, the latest acts
        assert len(officer.get("/desk/").context["worklists"]) > 5


def test_a_move_asks_so_often(
    desk: Desk, pages: dict[str, str], stall: Entity, at: datetime, django_assert_max_num_queries: AtMost
) -> None:
    officer = desk()
    moved = {"entity": stall.pk, "entity_text": "", "place": "9 号位", "on": at.date().isoformat()}
    with django_assert_max_num_queries(SIGNED_IN + 40):
        assert officer.post(pages["move"], moved).status_code == 302

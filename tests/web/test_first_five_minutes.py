"""Whoever signs in and clicks on everything they are shown meets no closed door and no unfinished page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from quanheng.apps.accounts.enums import Role
from tests.factories import sign_in
from tests.factories.visitors import forget_visitors
from tests.walls.world import World, build_world
from tests.web.crawling import Read, Walk, known_data

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Build the world of the walls once: a row of every kind for everybody."""
    changed = override_settings(DATA_DIR=tmp_path_factory.mktemp("crawl"))
    with django_db_blocker.unblock(), changed, transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def data(world: World) -> re.Pattern[str]:
    return known_data()


@pytest.fixture(scope="module")
def read() -> Read:
    """What is the same whoever reads it is read once."""
    return Read()


@pytest.mark.parametrize("role", list(Role))
def test_a_role_meets_no_dead_end_on_its_way_from_the_desk(
    world: World, data: re.Pattern[str], read: Read, role: Role,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    forget_visitors(monkeypatch)
    walk = Walk(sign_in(Client(), world.places[0].actors[role]), data, read).go()
    assert walk.visited > 5
    assert not walk.faults, f"{len(walk.faults)} faults:\n" + "\n".join(walk.faults[:40])

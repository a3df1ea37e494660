"""Whatever is sent: 4xx, never 500. A sample in the suite; everything to everybody in `make test-long`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from quanheng.apps.accounts.enums import Role
from quanheng.kit.intake import is_fit
from tests.attacks.hostile import RAW, ROLES, SHAPES, TEXTS, Attacker, api_doors, openers, web_doors
from tests.walls.world import World, build_world

pytestmark = pytest.mark.django_db
SAMPLE = ("a\x00b", "9999-12-31", "99999999999999999999")


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Build the world once; nothing outlives the module's transaction."""
    changed = override_settings(DATA_DIR=tmp_path_factory.mktemp("bytes"))
    with django_db_blocker.unblock(), changed, transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def test_a_sample_of_hostile_texts_in_every_form(world: World) -> None:
    attackers: dict[Role | None, Attacker] = {}
    fell: list[str] = []
    for door in web_doors():
        role = openers(door)[0] if openers(door) else Role.COUNTY_OFFICER
        attacker = attackers.setdefault(role, Attacker(world, role))
        fell += attacker.feed(door, SAMPLE)
    assert not fell, f"{len(fell)} fell:\n" + "\n".join(fell[:60])


def test_a_sample_of_hostile_bodies_at_every_operation(world: World) -> None:
    attacker = Attacker(world, Role.COUNTY_OFFICER)
    fell = [one for door in api_doors() for one in attacker.bend(door, SHAPES[::3], RAW[::3])]
    assert not fell, f"{len(fell)} fell:\n" + "\n".join(fell[:60])


@pytest.mark.long
@pytest.mark.parametrize("role", [None, *ROLES], ids=str)
def test_every_hostile_text_in_every_form_by_everybody_who_may_open_it(
    world: World, role: Role | None
) -> None:
    attacker = Attacker(world, role)
    fell = [one for door in web_doors() if role in openers(door) for one in attacker.feed(door, TEXTS)]
    assert not fell, f"{len(fell)} fell:\n" + "\n".join(fell[:60])


@pytest.mark.long
@pytest.mark.parametrize("role", [None, *ROLES], ids=str)
def test_every_hostile_body_at_every_operation_with_every_key(world: World, role: Role | None) -> None:
    attacker = Attacker(world, role)
    fell = [one for door in api_doors() for one in attacker.bend(door, SHAPES, RAW)]
    assert not fell, f"{len(fell)} fell:\n" + "\n".join(fell[:60])


@pytest.mark.parametrize(
    ("path", "more"),
    [("/s/%00", {}), ("/c/?code=%00", {}), ("/accounts/login/?next=%00", {}), ("/desk/\x00", {}),
     ("/", {"HTTP_COOKIE": 'sessionid="\\000"'}), ("/", {"HTTP_USER_AGENT": "a\x00b"}),
     ("/api/v1/scan/%00", {}), ("/api/v1/instruments?code=%00", {"HTTP_AUTHORIZATION": "Bearer a\x00b"})],
)  # fmt: skip
def test_nul_in_a_path_a_query_a_cookie_or_a_header_is_a_bad_request(path: str, more: dict[str, Any]) -> None:
    assert 400 <= Client(raise_request_exception=False).get(path, **more).status_code < 500


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/s/none/report", "/calculators/draw/", "/api/v1/imports"]
)
def test_multipart_without_a_boundary_is_a_bad_request(path: str) -> None:
    answer = Client(raise_request_exception=False).generic("POST", path, b"x", "multipart/form-data")
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    ("value", "fit"),
    [
        ("ä", True),
        ("\ud83d", False),
        ("😀", True),
        (["a", {"b": "c\x00"}], False),
        ({"\x00": 1}, False),
        (None, True),
    ],
)
def test_what_can_be_kept(value: object, fit: bool) -> None:
    assert is_fit(value) is fit

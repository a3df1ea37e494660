"""No answer, at any address, to anybody, carries a canary of somebody else: both walls, then each alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, Role
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.lists import find_list
from quanheng.kit.scope import EVERYTHING, ScopedManager, ScopedQuerySet, acting_in
from quanheng.web.access import access_of
from tests.factories import make_api_key, sign_in
from tests.walls.routes import ROUTES, Open, Route
from tests.walls.visiting import Door, addresses, all_doors, everything_said, knock
from tests.walls.world import CANARY, Place, World, build_world, fingerprint

DOORS = all_doors()
# What a repairer does to an instrument of others that was sent there, and nothing else.
DONE_BY_REPAIRERS = re.compile("/(unseal|receive-repair|decline-repair|repaired|receive|decline|finish)/?$")
LIST = re.compile("/lists/([a-z-]+)/")
WEB = [door for door in DOORS if not door.pattern.startswith("api/")]
API = [door for door in DOORS if door.pattern.startswith("api/")]
# One role for every kind of scope: enough when a wall stands alone. With both walls every role knocks.
KINDS_OF_SCOPE = (
    None, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.MARKET_OPERATOR, Role.INSTRUMENT_USER, Role.VERIFIER,
    Role.AUDIT_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR, Role.REPAIRER, Role.HOTLINE_AGENT,
)  # fmt: skip


pytestmark = pytest.mark.django_db  # each test's savepoint lies in the module's transaction


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Build the world once; nothing of it, nor of what the visits do, outlives the module's transaction."""
    changed = override_settings(ACCOUNT_RATE_LIMITS=False, DATA_DIR=tmp_path_factory.mktemp("walls"))
    with django_db_blocker.unblock(), changed, transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def app_wall_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every query see all rows: row-level security stands alone."""
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda self, actor: self)
    monkeypatch.setattr(ScopedManager, "visible_to", lambda self, actor: self.unscoped())
    monkeypatch.setattr(ScopedQuerySet, "shown_to", lambda self, actor: self)
    monkeypatch.setattr(ScopedManager, "shown_to", lambda self, actor: self.unscoped())


@pytest.fixture
def database_wall_down(world: World) -> Iterator[None]:
    """Take every policy out of force: the querysets stand alone."""
    saved = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")
        cursor.execute("SELECT tablename FROM pg_policies")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        cursor.execute(f"SET CONSTRAINTS ALL DEFERRED; SET ROLE {settings.DATABASE_ROLE}")
    yield
    transaction.savepoint_rollback(saved)


def test_every_route_has_its_line() -> None:
    missing = [f'    "{door.name}": Route(…),   # /{door.pattern}' for door in WEB if door.name not in ROUTES]
    assert not missing, "Say in tests/walls/routes.py who may open these addresses:\n" + "\n".join(missing)
    gone = set(ROUTES) - {door.name for door in DOORS}
    assert not gone, f"tests/walls/routes.py names addresses that are gone: {sorted(gone)}"


@pytest.mark.parametrize("door", WEB, ids=lambda door: door.name)
def test_every_view_declares_what_the_table_expects(door: Door) -> None:
    access = access_of(door.view)
    assert access is not None, f"{door.name}: the view does not say who may open it (quanheng.web.access)."
    expected = ROUTES[door.name].who
    if access.public:
        found: Open | frozenset[Role] = Open.PUBLIC
    elif access.before_second_factor:
        found = Open.OWN
    else:
        found = Open.SIGNED_IN if access.roles is None else access.roles
    assert found == expected


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_both_walls_keep_foreign_rows_away(world: World, role: Role | None) -> None:
    visit_everything(world, role)


@pytest.mark.parametrize("role", KINDS_OF_SCOPE, ids=str)
@pytest.mark.usefixtures("app_wall_down")
def test_row_level_security_alone_keeps_foreign_rows_away(world: World, role: Role | None) -> None:
    visit_everything(world, role, ["GET"])


@pytest.mark.parametrize("role", KINDS_OF_SCOPE, ids=str)
@pytest.mark.usefixtures("database_wall_down")
def test_querysets_alone_keep_foreign_rows_away(world: World, role: Role | None) -> None:
    visit_everything(world, role, ["GET"])


@pytest.mark.parametrize("role", [*KINDS_OF_SCOPE, Role.PROVINCE_OFFICER], ids=str)
def test_the_api_keeps_foreign_rows_away_from_every_key(world: World, role: Role | None) -> None:
    visit_api(world, role)


@pytest.mark.parametrize(
    "role",
    [Role.COUNTY_OFFICER, Role.MARKET_OPERATOR, Role.AUDIT_ADMINISTRATOR, Role.REPAIRER],
    ids=str,
)
@pytest.mark.usefixtures("app_wall_down")
def test_row_level_security_alone_keeps_foreign_rows_out_of_the_api(world: World, role: Role | None) -> None:
    visit_api(world, role)


@pytest.mark.parametrize(
    "role",
    [Role.COUNTY_OFFICER, Role.MARKET_OPERATOR, Role.AUDIT_ADMINISTRATOR, Role.REPAIRER],
    ids=str,
)
@pytest.mark.usefixtures("database_wall_down")
def test_querysets_alone_keep_foreign_rows_out_of_the_api(world: World, role: Role | None) -> None:
    visit_api(world, role)


def visit_api(world: World, role: Role | None) -> None:
    """Ask every operation with every scope of a key, for one's own things, a neighbour's and a stranger's."""
    actor = world.places[0].actors[role] if role else None
    token = make_api_key(actor) if actor else ""
    visitor = Visitor(actor, token=token)
    faults: list[str] = []
    for door in API:
        for place in (world.places[0], world.places[1], world.places[3], world.lent):
            for method in ("GET", "POST", "PATCH"):
                faults += visit(world, visitor, door, method, place)
    assert not faults, f"{len(faults)} leaks or broken operations:\n" + "\n".join(faults[:40])


def visit_everything(world: World, role: Role | None, methods: Sequence[str] = ("GET", "POST")) -> None:
    """Knock at every door with one's own things, a neighbour's and a stranger's."""
    home, neighbour, stranger = world.places[0], world.places[1], world.places[3]
    actor = home.actors[role] if role else None
    visitor = Visitor(actor, sign_in(Client(), actor).cookies if actor else SimpleCookie())
    faults: list[str] = []
    for door in WEB:
        # A door that is closed to the role looks at nothing; a stranger's things say whether it is closed.
        places = [home, neighbour, stranger] if admits(door, role) else [stranger]
        if role in ENTITY_ROLES and admits(door, role):
            places.append(world.lent)
        # Without arguments the places differ in what a POST carries, and one GET says it all.
        for place in places:
            asked = [method for method in methods if method == "POST" or door.arguments or place is places[0]]
            for method in asked:
                faults += visit(world, visitor, door, method, place)
    assert not faults, f"{len(faults)} leaks or broken doors:\n" + "\n".join(faults[:40])


def admits(door: Door, role: Role | None) -> bool:
    """Say whether a door should open to a role; one without a line counts as open."""
    who = ROUTES[door.name].who if door.name in ROUTES else Open.PUBLIC
    if isinstance(who, frozenset):
        return role in who
    return role is not None or who not in {Open.SIGNED_IN, Open.OWN}


def is_closed_list(address: str, actor: Actor | None) -> bool:
    """Say whether an address is that of a list which is not there for this person."""
    part = LIST.match(address)
    listing = find_list(part[1]) if part else None
    return listing is not None and (actor is None or not listing.admits(actor))


def is_repairers(actor: Actor | None, address: str) -> bool:
    """Say whether an act is one that a repairer does to what was sent there."""
    return actor is not None and actor.role == Role.REPAIRER and bool(DONE_BY_REPAIRERS.search(address))


@dataclass(frozen=True)
class Visitor:
    """Who knocks, with the cookies of a sign-in or the key of a program."""

    actor: Actor | None
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    token: str = ""
    asked: set[str] = field(default_factory=set)
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def client(self) -> Client:
        """Return the browser as it was at the sign-in; its middleware is built once."""
        self.browser.cookies = SimpleCookie(self.cookies)
        return self.browser


def visit(world: World, visitor: Visitor, door: Door, method: str, place: Place) -> Iterator[str]:
    """Knock at each address of a route, undo whatever it did, and yield what is wrong with the answers.

    A GET that was asked already says the same again: many addresses hold nothing of a place.
    """
    actor = visitor.actor
    if door in WEB and door.name not in ROUTES:
        return  # test_every_route_has_its_line says so
    for address in addresses(door, ROUTES.get(door.name) or Route(Open.API), place):
        if place is not world.places[3] and is_closed_list(address, actor):
            continue  # a stranger's things say whether it is closed
        if method == "GET":
            if address in visitor.asked:
                continue
            visitor.asked.add(address)
        yield from knock_once(world, visitor, door, method, address, place)


def knock_once(
    world: World, visitor: Visitor, door: Door, method: str, address: str, place: Place
) -> Iterator[str]:
    actor, route = visitor.actor, ROUTES.get(door.name) or Route(Open.API)
    client = visitor.client()
    saved = transaction.savepoint()
    try:
        response = knock(client, method, address, place, visitor.token)
        status, said = response.status_code, everything_said(response)
        kept = "no-store" not in response.get("Cache-Control", "") and not route.may_be_kept
    except pytest.fail.Exception as failure:  # an undefined name in a template
        status, said, kept = 500, str(failure), False
    faults = [*faults_of(world, actor, route, said, place), *faults_of_door(route, actor, status)]
    if kept:
        faults.append("may be kept by a browser or a proxy")
    may_write = place is world.places[0] or world.reaches(actor, place) or route.who is Open.PUBLIC
    may_write |= place is world.lent and is_repairers(actor, address)
    if method != "GET" and status < 400 and not may_write and fingerprint(place) != place.rows:
        faults.append("writes where it may not")
    transaction.savepoint_rollback(saved)
    for fault in faults:
        yield f"{actor.role if actor else 'nobody'} {method} {address} → {status}: {fault}"


def faults_of(world: World, actor: Actor | None, route: Route, said: str, place: Place) -> list[str]:
    """Return the foreign canaries in an answer, but for what the question itself brought along."""
    asked = {str(value) for value in place.ids.values()}
    found = [world.canaries[int(number)] for number in sorted(set(CANARY.findall(said)))]
    return [
        f"leaks {canary.text}"
        for canary in found
        if not world.may_know(actor, canary)
        and canary.text not in asked
        and not (route.shows_public_facts and canary.public)
    ]


def faults_of_door(route: Route, actor: Actor | None, status: int) -> list[str]:
    """Say whether a closed door opened, or the house fell down."""
    if status >= 500 and status != 503:  # 503: readyz, when no worker runs
        return ["server error"]
    if status == 200 and actor is None and route.who in (Open.SIGNED_IN, Open.OWN):
        return ["opens to somebody who has not signed in"]
    if status == 200 and isinstance(route.who, frozenset) and (actor is None or actor.role not in route.who):
        return ["opens to a role that it should not"]
    return []


def test_a_repairer_finds_the_instrument_that_was_sent_there(world: World) -> None:
    """The walls have a door: what is assigned is seen, by its own people alone."""
    actor = world.places[0].actors[Role.REPAIRER]
    client = sign_in(Client(), actor)
    page = everything_said(client.get(f"/instruments/{world.lent.ids['instrument_id']}/"))
    lent = [canary for canary in world.canaries if canary.lent_to == actor.entity_id]
    assert len(lent) > 10
    assert sum(canary.text in page for canary in lent) > 10
    assert any(canary.text in everything_said(client.get("/repairs/")) for canary in lent)
    colleague = sign_in(Client(), world.places[0].actors[Role.INSTRUMENT_USER])
    assert colleague.get(f"/instruments/{world.lent.ids['instrument_id']}/").status_code == 404


def test_the_canaries_would_be_found(world: World) -> None:
    """The search itself works: somebody's own canaries are found on their own pages."""
    officer = world.places[0].actors[Role.COUNTY_OFFICER]
    own = [c for c in world.canaries if world.may_know(officer, c)]
    assert len(own) > 50
    assert len(world.foreign_to(officer)) > 100
    neighbour = world.places[1]
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=neighbour.ids["instrument_id"]).update(name="被改")
    assert fingerprint(neighbour) != neighbour.rows

"""Ask a province of a million all that its offices can ask, and look at what each statement really does.

    python -m tests.cost.walk 1000000 [ROLE…]

Every list of every role in each of its orders, with each value of each filter, first, next, previous and last
page, counted as on the page and to the end; its export; every page that an address leads to; and acts, each
rolled back. Prints as JSON what was wrong (`watching`): nothing, where all is well. The province is the
benchmarks' (`benchmarks.provinces`), built when it is not there.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any

from benchmarks import provinces
from tests.cost.watching import Watch, watching

EXPORTED = 200  # rows of an export that are taken: its plan is for all of them
SKIPPED_LISTS = ("gallery", "test")


def main() -> None:
    rows = int(sys.argv[1])
    if not provinces.is_built(rows):
        raise provinces.NotBuilt(rows)
    with provinces.province(rows):
        print(json.dumps(walk(sys.argv[2:]), ensure_ascii=False))


def walk(only: Collection[str] = ()) -> dict[str, Any]:
    """Walk for each role and return how many statements were looked at and what was wrong.

    Args:
        only: these roles, to try; all of them when empty.
    """
    from django.conf import settings
    from django.db import connection

    from quanheng.kit.database import as_owner
    from quanheng.kit.lists.discovery import load_declarations

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ACCOUNT_RATE_LIMITS = False
    load_declarations()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    watch, asked = Watch(), 0
    for role, actor in actors():
        if only and role not in only:
            continue
        asked += sum(1 for _ in _ask_lists(watch, role, actor))
        asked += sum(1 for _ in _ask_pages(watch, role, actor))
        asked += sum(1 for _ in _search(watch, role, actor))
    asked += sum(1 for _ in _do_acts(watch))
    return {"asked": asked, "statements": watch.statements, "faults": watch.faults}


def actors() -> Iterator[tuple[str, Any]]:
    """Yield every role where it has most to look at: the largest city and county, the largest market."""
    import secrets

    from django.db.models import Count

    from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, AgencyKind, Role
    from quanheng.apps.accounts.models import Agency, Area
    from quanheng.apps.instruments.models import Instrument
    from quanheng.apps.registry.models import Entity
    from quanheng.kit.scope import EVERYTHING, acting_in
    from tests.factories.people import make_actor, make_user

    with acting_in(EVERYTHING):
        by_root = Instrument.objects.unscoped().values("root_id").annotate(n=Count("pk")).order_by("-n")
        entity = Entity.objects.unscoped().get(pk=by_root[0]["root_id"])
        street = Area.objects.get(pk=entity.area_id)
        county = Area.objects.get(pk=street.pk // 10**6 * 10**6)
        city, province = Area.objects.get(pk=street.pk // 10**8 * 10**8), Area.objects.get(level=1)
        places = {Role.COUNTY_OFFICER: county, Role.CITY_OFFICER: city, Role.INSPECTOR: street}
        for role in Role:
            area = places.get(role, city if role in INSTITUTE_STAFF else province)
            kind = AgencyKind.INSTITUTE if role in INSTITUTE_STAFF else AgencyKind.BUREAU
            agency, _new = Agency.objects.get_or_create(
                name=f"走查{role.label}", defaults={"area": area, "kind": kind}
            )
            person = make_user(f"walk-{secrets.token_hex(6)}")
            if role in ENTITY_ROLES:
                yield str(role), make_actor(role, entity=entity, user=person)
            else:
                yield str(role), make_actor(role, area=area, agency=agency, user=person)


def _ask_lists(watch: Watch, role: str, actor: Any) -> Iterator[None]:
    from quanheng.kit.lists import List
    from quanheng.kit.scope import acting_in
    from tests.cost.asking import questions

    for key, declared in sorted(List.known.items()):
        listing = declared()
        if key.startswith(SKIPPED_LISTS) or not listing.admits(actor):
            continue
        with acting_in(actor.scope, read_only=True):
            every = list(questions(listing, actor))
        for question in every:
            watch.where = f"{role} {key}?{question}"
            with acting_in(actor.scope, read_only=True), watching(watch):
                _ask_list(listing, actor, question)
            yield


def _ask_list(listing: Any, actor: Any, question: str) -> None:
    """Read a list as its page does, forward and back, to its end, counted, and as a file."""
    from django.http import QueryDict

    from quanheng.kit.lists.exporting import cells
    from quanheng.kit.lists.pages import capped_count, exact_count, read_page
    from quanheng.kit.lists.request import read_request

    asked = read_request(listing, QueryDict(question), actor)
    first = read_page(asked, asked.query)
    capped_count(asked)
    for turn in ("page=last", f"after={first.after}" if first.after else "", "before=" + first.after):
        if turn and first.after:
            read_page(asked, QueryDict(f"{question}&{turn}"))
    if not question:
        exact_count(asked)
        list(islice(cells(asked), EXPORTED))


def _ask_pages(watch: Watch, role: str, actor: Any) -> Iterator[None]:
    """Open every address whose things this province has."""
    from django.test import Client
    from django.urls import NoReverseMatch

    from tests.factories.people import sign_in
    from tests.walls.routes import ROUTES, Open
    from tests.walls.visiting import addresses, all_doors

    client = sign_in(Client(raise_request_exception=False), actor)
    place = _place(actor)
    for door in all_doors():
        route = ROUTES.get(door.name)
        if route is None or door.pattern.startswith("api/") or door.name.startswith(("gallery", "mfa")):
            continue
        if not isinstance(route.who, Open) and actor.role not in route.who:
            continue
        try:
            found = addresses(door, route, place)
        except (LookupError, NoReverseMatch):
            continue  # of such a thing there is none here
        for address in found:
            watch.where = f"{role} {address}"
            with watching(watch):
                client.get(address)
            yield


def _search(watch: Watch, role: str, actor: Any) -> Iterator[None]:
    """Type into the search of the header what people type, of what the actor sees and of nothing."""
    from quanheng.apps.instruments.models import Instrument
    from quanheng.kit.scope import acting_in
    from quanheng.regulation.search_terms import read_term
    from quanheng.web.search.results import search

    with acting_in(actor.scope, read_only=True):
        row = Instrument.objects.visible_to(actor).exclude(code=None).select_related("root").first()
    typed = [
        "S0000",
        "0001",
        "农贸市场",
        "A-012",
        "农贸市场 B-001",
        "上海",
        "川510107-2026",
        "91510",
        "ZZZ-9",
    ]
    if row is not None:
        typed += [row.serial_number, row.serial_number[-4:], row.code or "", row.root.name, row.manufacturer]
    for words in typed:
        watch.where = f"{role} search {words}"
        with acting_in(actor.scope, read_only=True), watching(watch):
            search(read_term(words), actor)
        yield


def _place(actor: Any) -> Any:
    """Return what this actor sees, as the addresses of the walls' tests name it."""
    from quanheng.apps.accounts.models import Area
    from quanheng.apps.instruments.models import CatalogueItem, Instrument
    from quanheng.kit.scope import acting_in
    from tests.walls.world import Place

    area = Area.objects.get(level=1)
    ids: dict[str, Any] = {"area_id": area.pk, "item_id": CatalogueItem.objects.order_by("pk")[0].pk}
    with acting_in(actor.scope):
        row = Instrument.objects.visible_to(actor).exclude(code=None).order_by("pk").first()
    if row is not None:
        ids |= {"instrument_id": row.pk, "entity_id": row.entity_id, "code": row.code}
    return Place(area, area, ids)


def _do_acts(watch: Watch) -> Iterator[None]:
    """Do what offices do all day, and take it back."""
    from django.db import transaction
    from django.utils import timezone

    from quanheng.apps.accounts.enums import Role
    from quanheng.kit.scope import set_scope

    officer = next(actor for role, actor in actors() if role == Role.COUNTY_OFFICER)
    at = timezone.now()
    for name, act in acts().items():
        watch.where = f"act {name}"
        with transaction.atomic():
            set_scope(officer.scope)
            with watching(watch):
                act(officer, timezone.localdate(at), at)
            transaction.set_rollback(True)
        yield


def acts() -> dict[str, Callable[..., object]]:
    """Return acts of a county officer, by what they are called in the log."""
    from quanheng.apps.instruments.models import Instrument, Seal
    from quanheng.apps.instruments.services import file_instruments
    from quanheng.apps.instruments.services.break_seal import break_seal
    from quanheng.apps.instruments.services.move_instrument import move_instrument
    from quanheng.apps.instruments.services.stop_use import stop_use

    def some(by: Any, **facts: Any) -> list[Any]:
        return list(
            Instrument.objects.visible_to(by).filter(parent=None, **facts).order_by("area_id", "pk")[:20]
        )

    def moved(by: Any, on: Any, at: Any) -> None:
        it = some(by, state="in_use")[0]
        place = f"{time.time_ns()}"
        move_instrument(instrument_id=it.pk, entity_id=it.entity_id, place=place, on=on, by=by, at=at)

    def stopped(by: Any, on: Any, at: Any) -> None:
        stop_use(instrument_id=some(by, state="in_use")[1].pk, reason="停业", on=on, by=by, at=at)

    def broken(by: Any, on: Any, at: Any) -> None:
        ids = [row.pk for row in some(by, state="in_use")]
        seal = Seal.objects.visible_to(by).filter(broken_on=None, instrument_id__in=ids)[0]
        break_seal(instrument_id=seal.instrument_id, seal_id=seal.pk, reason="断开", on=on, by=by, at=at)

    def accepted(by: Any, _on: Any, at: Any) -> None:
        ids = [row.pk for row in some(by, state="filing")]
        file_instruments.accept(instrument_ids=ids, by=by, at=at)

    def returned(by: Any, _on: Any, at: Any) -> None:
        ids = [row.pk for row in some(by, state="filing")]
        file_instruments.return_filing(instrument_ids=ids, reason="请补充", by=by, at=at)

    return {
        "moved": moved, "use_stopped": stopped, "seal_broken": broken, "filing_accepted": accepted,
        "filing_returned": returned,
    }  # fmt: skip


if __name__ == "__main__":
    main()

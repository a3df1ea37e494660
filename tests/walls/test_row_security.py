"""The second wall by itself: no context, a stale one, another's; writes across; the log for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, NOTHING, ActorMissing, Scope, acting_in, set_scope
from tests.factories import make_actor, make_area, make_entity, make_instrument

pytestmark = pytest.mark.django_db

# Tables that point at an area or an entity and have no wall, with the reason. Everything else must have one.
OPEN_TABLES = {
    "accounts_area": "the tree itself is public",
    "accounts_areasuccession": "the tree itself is public",
    "accounts_agency": "who sits where is public; sign-in reads it before a scope exists",
    "accounts_appointment": "sign-in reads it to find the scope",
    "instruments_stagedrow": "COPY is refused behind a wall; rows live for the minutes of an import",
    "instruments_scanday": "how often a code was scanned on a day: a count, no fact of a place",
    "instruments_entrycount": "counts, no rows; the page asks for the actor's own areas",
    "instruments_entryclosing": "published counts, no rows; the page asks for the actor's own areas",
    "instruments_ratechange": "counts, no rows: indicators compare areas with each other",
    "certificates_authorisation": "which institute may verify what, and where, is public",
    "indicators_indicatorday": "published figures",
}


def walled_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE relrowsecurity AND relforcerowsecurity"
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_table_with_rows_of_a_place_has_a_wall_or_a_reason() -> None:
    walled = walled_tables()
    pointing = {
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_config.name.startswith("quanheng")
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label in {"accounts.Area", "registry.Entity", "instruments.Instrument"}
    } | {m._meta.db_table for m in apps.get_models() if hasattr(m, "scope_fields")}
    without = sorted(pointing - walled - set(OPEN_TABLES))
    assert not without, f"these tables need a policy (kit.scope.row_security) or a reason here: {without}"
    assert not walled & set(OPEN_TABLES)


def test_the_application_role_owns_nothing_and_cannot_step_over_a_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("scope", [None, NOTHING, Scope(user_id=1), Scope(log=True)], ids=str)
def test_without_a_context_there_are_no_rows(scope: Scope | None) -> None:
    make_instrument()
    if scope is not None:
        set_scope(scope)
    assert not Instrument.objects.unscoped().exists()
    assert not Entity.objects.unscoped().exists()


@pytest.mark.django_db(transaction=True)
def test_a_pooled_connection_forgets_whom_it_served() -> None:
    instrument = make_instrument()
    with acting_in(EVERYTHING):
        assert Instrument.objects.unscoped().filter(pk=instrument.pk).exists()
    assert not Instrument.objects.unscoped().exists(), "the settings read '' now, not NULL"
    with acting_in(Scope(first=instrument.area_id, last=instrument.area_id)):
        assert Instrument.objects.unscoped().exists()
    with transaction.atomic():
        assert not Instrument.objects.unscoped().exists()


def test_a_scope_inside_another_ends_with_its_block() -> None:
    here, there = make_instrument(), make_instrument()
    with acting_in(Scope(first=here.area_id, last=here.area_id)):
        with acting_in(EVERYTHING):
            assert Instrument.objects.unscoped().filter(pk=there.pk).exists()
        assert not Instrument.objects.unscoped().filter(pk=there.pk).exists()
        with pytest.raises(ZeroDivisionError), acting_in(EVERYTHING):
            _ = 1 / 0
        assert not Instrument.objects.unscoped().filter(pk=there.pk).exists()


def test_a_queryset_without_an_actor_is_a_mistake_in_the_code() -> None:
    with pytest.raises(ActorMissing):
        Instrument.objects.all()
    with pytest.raises(ActorMissing):
        Instrument.objects.count()


@pytest.mark.parametrize("level", ["county", "street"])
def test_an_area_reaches_what_lies_below_it_and_nothing_beside_it(level: str) -> None:
    county = make_area()
    inside = make_instrument(make_entity(area=make_area(parent=county, level=AreaLevel.STREET)))
    beside = make_instrument(make_entity(area=make_area(parent=county.parent)))
    officer = make_actor(Role.COUNTY_OFFICER, area=county if level == "county" else inside.area)
    with acting_in(officer.scope):
        assert Instrument.objects.unscoped().filter(pk=inside.pk).exists()
        assert not Instrument.objects.unscoped().filter(pk=beside.pk).exists()


def test_rows_elsewhere_can_be_neither_changed_nor_added_nor_pushed_away() -> None:
    mine, theirs = make_instrument(), make_instrument()
    with acting_in(make_actor(area=mine.area).scope):
        assert Instrument.objects.unscoped().filter(pk=theirs.pk).update(name="被改") == 0
        assert Instrument.objects.unscoped().filter(pk=theirs.pk).delete()[0] == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Instrument.objects.unscoped().filter(pk=mine.pk).update(area=theirs.area)
        theirs.pk, theirs.serial_number = None, "新"
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            theirs.save(force_insert=True)


def test_an_operator_reaches_the_stalls_of_their_market_and_no_other_market() -> None:
    market, other = make_entity(kind="market_operator"), make_entity(kind="market_operator")
    stall = make_entity(kind="stall", parent=market, area=other.area)  # even in another county
    scale, foreign = make_instrument(stall), make_instrument(make_entity(kind="stall", parent=other))
    with acting_in(make_actor(Role.MARKET_OPERATOR, entity=market).scope):
        seen = set(Instrument.objects.unscoped().values_list("pk", flat=True))
    assert scale.pk in seen
    assert foreign.pk not in seen


@pytest.mark.parametrize(
    ("change", "owner"),
    [
        ("UPDATE audit_act SET subject = 'x'", False),
        ("DELETE FROM audit_act", False),
        ("UPDATE audit_act SET subject = 'x'", True),
        ("DELETE FROM audit_act", True),
        ("TRUNCATE audit_act", True),
    ],
)
def test_nobody_changes_the_act_log_the_owner_included(change: str, owner: bool, at: datetime) -> None:
    officer = make_actor()
    with acting_in(officer.scope):
        act = record(acts.CHECKED, by=officer, at=at, subject="原样")
    as_whom = _as_owner() if owner else transaction.atomic()
    with as_whom, pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    with acting_in(officer.scope):
        assert Act.objects.unscoped().get(pk=act.pk).subject == "原样"


@contextmanager
def _as_owner() -> Iterator[None]:
    """Become the owner with every trigger in force (the suite's flush has the TRUNCATE trigger off)."""
    with connection.cursor() as cursor, acting_in(EVERYTHING):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")
        cursor.execute("ALTER TABLE audit_act ENABLE TRIGGER act_log_is_never_emptied")
        yield
        cursor.execute("ALTER TABLE audit_act DISABLE TRIGGER act_log_is_never_emptied")
        cursor.execute("SET ROLE quanheng_app")


def test_an_act_is_written_in_its_scope_or_not_at_all(at: datetime) -> None:
    officer, elsewhere = make_actor(), make_area()
    with acting_in(officer.scope):
        record(acts.CHECKED, by=officer, at=at, area_id=elsewhere.pk)  # their own act, wherever it falls
        forged = make_actor()
    with (
        acting_in(officer.scope),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        record(acts.CHECKED, by=forged, at=at, area_id=elsewhere.pk)


def test_the_log_is_read_whole_by_its_administrator_and_by_area_by_officers(at: datetime) -> None:
    here, there = make_actor(), make_actor()
    for officer in (here, there):
        with acting_in(officer.scope):
            record(acts.CHECKED, by=officer, at=at)
    auditor = make_actor(Role.AUDIT_ADMINISTRATOR)
    with acting_in(auditor.scope):
        seen = set(Act.objects.visible_to(auditor).values_list("actor_id", flat=True))
    assert {here.user_id, there.user_id} <= seen
    with acting_in(here.scope):
        seen = set(Act.objects.visible_to(here).values_list("actor_id", flat=True))
    assert here.user_id in seen
    assert there.user_id not in seen


def test_areas_themselves_are_open() -> None:
    area = make_area()
    assert Area.objects.filter(pk=area.pk).exists()

"""What triggers note of a statement: each kind, created, changed and gone; what moves, and what touches."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from quanheng.apps.changes.enums import ChangeKind
from quanheng.apps.changes.models import Change
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.models import Instrument
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import TaskState
from tests.factories import (
    make_area,
    make_entity,
    make_import_run,
    make_institute,
    make_instrument,
    make_placement,
    make_proposal,
    make_seal,
    make_verification,
)
from tests.factories.verification import make_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

OF_INSTRUMENT: dict[str, Any] = {
    "verification": (make_verification, {"void_reason": "x"}),
    "seal": (make_seal, {"break_reason": "x"}),
    "placement": (make_placement, {"place": "x"}),
    "proposal": (make_proposal, {"asked_because": "x"}),
}


def noted(after: int = 0) -> list[tuple[str, int, str]]:
    rows = Change.objects.unscoped().filter(number__gt=after).order_by("number")
    return [(row.kind, row.row_id, row.what) for row in rows]


def last() -> int:
    return Change.objects.unscoped().order_by("number").values_list("number", flat=True).last() or 0


def change(row: Model, **fields: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**fields)


@pytest.mark.parametrize("kind", sorted(OF_INSTRUMENT))
def test_what_hangs_on_an_instrument_is_noted_with_it(kind: str) -> None:
    make, changed = OF_INSTRUMENT[kind]
    scale = make_instrument()
    before = last()
    row = make(scale)
    change(row, **changed)
    number = row.pk
    row.delete()
    assert noted(before) == [(kind, number, what) for what in ("created", "changed", "deleted")]
    places = Change.objects.unscoped().filter(number__gt=before)
    assert {(p.area_id, p.root_id, p.entity_id, p.instrument_id) for p in places} == {
        (scale.area_id, scale.root_id, scale.entity_id, scale.pk)
    }


def test_an_instrument_and_an_entity_are_noted() -> None:
    entity = make_entity()
    scale = make_instrument(entity)
    change(scale, name="天平")
    change(entity, name="改名")
    assert noted()[-4:] == [
        ("entity", entity.pk, "changed"), ("instrument", scale.pk, "created"),
        ("instrument", scale.pk, "changed"), ("entity", entity.pk, "changed"),
    ]  # fmt: skip


def test_a_statement_that_changes_nothing_notes_nothing() -> None:
    scale = make_instrument()
    before = last()
    change(scale, name=scale.name)
    assert noted(before) == []


def test_what_moves_is_gone_where_it_was_and_new_where_it_is() -> None:
    scale, elsewhere = make_instrument(), make_entity()
    old = (scale.area_id, scale.root_id, scale.entity_id)
    before = last()
    change(scale, area=elsewhere.area, entity=elsewhere, root=elsewhere)
    rows = Change.objects.unscoped().filter(number__gt=before, kind="instrument").order_by("number")
    assert [(r.what, (r.area_id, r.root_id, r.entity_id)) for r in rows] == [
        ("deleted", old),
        ("created", (elsewhere.area_id, elsewhere.pk, elsewhere.pk)),
    ]


def test_an_instrument_takes_with_it_what_is_reached_through_it() -> None:
    market = make_entity(kind="market_operator")
    one, other = make_entity(kind="stall", parent=market), make_entity(kind="stall", parent=market)
    scale = make_instrument(one)
    seal, verification = make_seal(scale), make_verification(scale)
    before = last()
    change(scale, entity=other)
    rows = Change.objects.unscoped().filter(number__gt=before).exclude(kind="instrument").order_by("number")
    assert [(r.kind, r.row_id, r.what, r.entity_id) for r in rows] == [
        ("seal", seal.pk, "deleted", one.pk), ("seal", seal.pk, "created", other.pk),
        ("verification", verification.pk, "deleted", one.pk),
        ("verification", verification.pk, "created", other.pk),
    ]  # fmt: skip


def test_an_application_changes_with_its_lines() -> None:
    scale = make_instrument()
    line = make_line(scale, make_institute(area=make_area()))
    before = last()
    change(line, return_reason="补材料")
    assert noted(before) == [("application", line.application_id, "changed")]


def test_an_imports_steps_are_noted_and_not_its_progress() -> None:
    run = make_import_run(area=make_area(), stage=ImportStage.READING)
    before = last()
    change(run, rows_read=1_000)
    assert noted(before) == []
    change(run, stage=ImportStage.DONE, state=TaskState.DONE)
    assert noted(before) == [("import", run.pk, "changed")]


def test_every_kind_is_noted_by_a_trigger_for_each_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger"
            " WHERE tgname IN ('changes_insert', 'changes_update', 'changes_delete')"
            " GROUP BY 1 HAVING count(*) = 3"
        )
        assert len(cursor.fetchall()) == len(ChangeKind)


def test_when_a_row_changed_the_database_says() -> None:
    seal = make_seal(make_instrument())
    change(seal, changed_at=datetime(2020, 1, 1).astimezone(), break_reason="x")
    seal.refresh_from_db()
    assert seal.changed_at.date() > date(2026, 1, 1)


@pytest.mark.parametrize(
    "forged", ["INSERT INTO changes_change DEFAULT VALUES", "UPDATE changes_change SET row_id = 1"]
)
def test_nobody_writes_changes_but_the_triggers(forged: str) -> None:
    make_instrument()
    refused = pytest.raises(DatabaseError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(forged)


def test_a_change_is_noted_in_whatever_scope_it_was_made() -> None:
    scale = make_instrument()
    with acting_in(EVERYTHING):
        before = last()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('quanheng.everything', '', true)")
        cursor.execute(
            "SELECT set_config('quanheng.area_first', %s, true), set_config('quanheng.area_last', %s, true)",
            [str(scale.area_id)] * 2,
        )
        Instrument.objects.unscoped().filter(pk=scale.pk).update(name="天平")
        cursor.execute("SELECT set_config('quanheng.everything', '1', true)")
    assert noted(before) == [("instrument", scale.pk, "changed")]

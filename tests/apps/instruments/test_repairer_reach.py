"""Who is sent an instrument reaches it alone, while it is in repair; and makes nothing green."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.apps.instruments.queries.ledger import instrument_file, ledger, shown_ledger
from quanheng.apps.instruments.queries.repairs import repairs
from quanheng.apps.instruments.services import mistaken_repair
from quanheng.apps.instruments.services.change_repairer import change_repairer
from quanheng.apps.instruments.services.decline_repair import decline_repair
from quanheng.apps.instruments.services.receive_for_repair import receive_for_repair
from quanheng.apps.instruments.services.repair import record_repair
from quanheng.apps.instruments.services.scrap import scrap
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.apps.registry.models import Entity
from quanheng.kit.acts import may, verbs
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from tests.factories import (
    make_actor,
    make_instrument,
    make_placement,
    make_repairer,
    make_seal,
    make_verification,
    once_more,
)
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")
WITNESS = "市场计量管理员"


Send = Callable[[Instrument], Actor]


def test_who_is_sent_an_instrument_sees_it_and_nothing_beside_it(
    stall: Entity, repairer: Actor, send: Send
) -> None:
    scale, neighbour = make_instrument(stall), make_instrument(stall)
    seal, its_seal = make_seal(scale), make_seal(neighbour)
    make_verification(scale)
    make_placement(scale)
    by = send(scale)
    file = instrument_file(scale.pk, by)
    assert file is not None
    assert file.instrument.entity.name == stall.name
    assert [each.pk for each in file.seals] == [seal.pk]
    assert (file.verifications, file.placements) == ([], [])
    assert instrument_file(neighbour.pk, by) is None
    assert set(Instrument.objects.unscoped().values_list("pk", flat=True)) == {scale.pk}
    assert set(Seal.objects.unscoped().values_list("pk", flat=True)) == {seal.pk}
    assert not Verification.objects.unscoped().exists()
    assert its_seal.pk not in set(Seal.objects.shown_to(by).values_list("pk", flat=True))
    assert not ledger(by).exists(), "what asks for rows in reach finds none that is only assigned"


def test_four_acts_and_no_other_are_a_repairers(stall: Entity, send: Send) -> None:
    """No seal put on, no verification, no return to use, no change of what is registered."""
    scale = make_instrument(stall)
    by = send(scale)
    held = instrument_file(scale.pk, by)
    assert held is not None
    about_instruments = [verb for verb in verbs() if verb.app in {"instruments", "certificates"}]
    assert {str(verb) for verb in about_instruments if may(verb, by, held.instrument)} == {
        "repair_received", "repair_declined", "seal_opened", "repaired",
    }  # fmt: skip


def test_the_database_lets_a_repairer_make_nothing_green(
    stall: Entity, send: Send, at: datetime, today: date
) -> None:
    """Whatever the code above would do: the second wall says how a repairer leaves a row."""
    scale = make_instrument(stall)
    seal = make_seal(scale)
    send(scale)
    rows = Instrument.objects.unscoped().filter(pk=scale.pk)
    for wrong in ({"state": "in_use", "result": "passed"}, {"state": "filed", "result": "passed"}):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            rows.update(**wrong)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Seal.objects.unscoped().filter(pk=seal.pk).update(number="换过的")
    seal.pk = None
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        seal.save(force_insert=True)
    assert rows.delete()[0] == 0
    assert Assignment.objects.unscoped().all().delete()[0] == 0
    handed_on = Assignment.objects.unscoped().get()
    handed_on.pk, handed_on.ended_at = None, at
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        handed_on.save(force_insert=True)


def test_colleagues_in_another_role_and_another_repairer_see_nothing(
    stall: Entity, repairer: Actor, send: Send
) -> None:
    scale = make_instrument(stall)
    send(scale)
    with acting_in(EVERYTHING):
        company = Entity.objects.unscoped().get(pk=repairer.entity_id or 0)
    for other in (make_actor(Role.INSTRUMENT_USER, entity=company), make_repairer("别家维修")):
        with acting_in(other.scope):
            assert not Instrument.objects.unscoped().exists()
            assert instrument_file(scale.pk, other) is None
        set_scope(other.scope)
        with refused("instrument_not_found"):
            receive_for_repair(instrument_id=scale.pk, by=other, at=last_act().at)


@pytest.mark.parametrize("end", ["stop", "scrap", "repaired", "decline", "change", "take_back"])
def test_whatever_ends_the_repair_ends_what_the_repairer_reaches(
    stall: Entity, send: Send, officer: Actor, inspector: Actor, at: datetime, today: date, end: str
) -> None:
    scale = make_instrument(stall)
    make_verification(scale)
    by = send(scale)
    assert shown_ledger(by).exists()
    if end == "decline":
        decline_repair(instrument_id=scale.pk, reason="没有配件", by=by, at=at)
    else:
        set_scope(officer.scope)
        _end(end, scale, officer, inspector, at, today)
    now = once_more(by)
    assert now.scope.assigned == ()
    with acting_in(now.scope):
        assert not Instrument.objects.unscoped().exists()
        assert not Assignment.objects.unscoped().exists()
        assert not Seal.objects.unscoped().exists()
    set_scope(by.scope)  # who holds an old scope reaches nothing by it either
    assert not shown_ledger(by).exists()


def _end(end: str, it: Instrument, by: Actor, inspector: Actor, at: datetime, today: date) -> None:
    common: dict[str, Any] = {"instrument_id": it.pk, "by": by, "at": at}
    if end == "stop":
        stop_use(reason="停业", on=today, **common)
    elif end == "scrap":
        scrap(reason="修不好", on=today, **common)
    elif end == "repaired":
        record_repair(work="换主板", on=today, **common)
        assert last_act().after["repairer"] == "川准衡器维修"
    elif end == "change":
        other = make_repairer("别家维修")
        change_repairer(repairer_id=other.entity_id or 0, reason="太远", **common)
        assert once_more(other).scope.assigned != ()
    else:
        mistaken_repair.ask_to_correct(instrument_id=it.pk, reason="点错了", by=inspector, at=at)
        mistaken_repair.take_back_repair(seen_whole=True, **common)


def test_after_its_last_day_and_before_its_first_it_reaches_nothing(stall: Entity, send: Send) -> None:
    scale = make_instrument(stall)
    by = send(scale)
    today = date.today()  # noqa: DTZ011 - the database asks its own clock
    for days in ((-9, -1), (1, 9)):
        first, last = (today + timedelta(days=each) for each in days)
        with acting_in(EVERYTHING):
            Assignment.objects.unscoped().update(valid_from=first, valid_to=last)
        assert once_more(by).scope.assigned == ()
        set_scope(by.scope)
        assert not shown_ledger(by).exists()


def test_a_repairer_of_the_same_instrument_before_stays_unknown_to_the_next(
    stall: Entity, send: Send, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    by = send(scale)
    other = make_repairer("别家维修")
    set_scope(officer.scope)
    change_repairer(
        instrument_id=scale.pk, repairer_id=other.entity_id or 0, reason="太远", by=officer, at=at
    )
    now = once_more(other)
    with acting_in(now.scope):
        assert [row.name for row in repairs(now)] == ["别家维修"]
        assert [row.name for row in Assignment.objects.unscoped()] == ["别家维修"]
    with acting_in(by.scope):
        assert not Assignment.objects.unscoped().exists()


def test_the_wall_looks_nothing_up_for_a_role_that_can_hold_no_assignment(officer: Actor) -> None:
    with acting_in(officer.scope), connection.cursor() as cursor:
        cursor.execute("SELECT assigned_rows('instrument', ARRAY['repair'])")
        assert cursor.fetchone() == ([],)
    assert officer.scope.capacities == ()

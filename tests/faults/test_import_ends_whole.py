"""A fault at any statement of any step of an import: it ends done, or undone as a whole, and says so.

Every statement that a run sends is a place where something may stop it: the worker is killed, PostgreSQL is
(which empties the unlogged stage), or the disk is full. After each, whoever comes next carries the run on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.models import (
    ImportRow,
    ImportRun,
    Instrument,
    InstrumentCode,
    Seal,
    StagedRow,
    Verification,
)
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.imports import commit, reading
from quanheng.apps.instruments.services.imports.undo import ask_to_undo
from quanheng.apps.instruments.services.imports.work import confirm, resume_run
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.kit import free_space
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.tasks import TaskState
from quanheng.kit.tasks.running import MOST_STARTS
from quanheng.kit.tasks.states import AT_WORK
from tests.factories import make_actor, make_area, make_entity, make_instrument, make_item
from tests.factories.sheets import preview, row, row_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

CHUNK, ROWS = 3, 8
MB = 1_000_000
QUICK = 4  # places of each kind of fault in each step; all of them under `long`
NEW = ("2026-10-01", "2027-09-30", "", "县计量所", "合格")


class Killed(BaseException):
    """The process is gone: nothing of it runs any more, no handler either."""


class Faults:
    """Counts the statements of all threads, and fails at one of them."""

    def __init__(self, kind: str, at: int) -> None:
        self.kind, self.at, self.seen, self.happened = kind, at, 0, False

    def before(self, cursor: CursorWrapper) -> None:
        self.seen += 1
        if self.happened and self.kind != "disk full":
            raise Killed  # the others of a process that is gone
        if self.seen == self.at:
            self.happened = True
            if self.kind == "disk full":
                raise OperationalError("could not extend file: No space left on device")
            cursor.db.connection.close()
            raise Killed if self.kind == "worker killed" else OperationalError("server closed the connection")


@contextmanager
def failing(kind: str, at: int) -> Iterator[Faults]:
    """Let the statement with this number fail, whoever sends it; 0 lets all pass and counts them."""
    faults, name = Faults(kind, at), "_execute_with_wrappers"
    send = getattr(CursorWrapper, name)

    def sent(self: CursorWrapper, *rest: Any, **more: Any) -> Any:
        faults.before(self)
        return send(self, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CursorWrapper, name, sent)
        yield faults


@pytest.fixture
def officer(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Actor:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(commit, "AT_ONCE", CHUNK)
    monkeypatch.setattr(reading, "AT_ONCE", CHUNK)
    load_catalogue()
    return make_actor(Role.COUNTY_OFFICER, area=make_area("锦江区"))


class Round:
    """One market with a scale that the sheet changes, and a sheet with seven new ones."""

    def __init__(self, officer: Actor, number: int) -> None:
        self.officer = officer
        area = Area.objects.get(pk=officer.area_id or 0)
        with acting_in(EVERYTHING):
            self.market = make_entity(f"第{number}市场", kind="market_operator", area=area)
            self.known = make_instrument(self.market, item=make_item("nonautomatic-scale"), model="旧")
            rate_changes.add([self.known.pk])
        verified = [(*NEW[:2], f"证{number}-{n}", *NEW[3:]) for n in range(ROWS)]
        self.rows = [
            row(self.market.name, f"{number:04d}{n:04d}", verified=verified[n], seal=f"QF{number}-{n}")
            for n in range(ROWS - 1)
        ]
        self.rows.insert(4, row_of(self.known, model="新", verified=verified[ROWS - 1]))

    def ledger(self) -> tuple[Any, ...]:
        """What the ledger says of the market, without what differs from round to round."""
        with acting_in(EVERYTHING):
            mine = Instrument.objects.unscoped().filter(root=self.market)
            of_mine = {"instrument__in": mine}
            return (
                mine.count(), Verification.objects.unscoped().filter(**of_mine).count(),
                Seal.objects.unscoped().filter(**of_mine).count(),
                InstrumentCode.objects.unscoped().filter(**of_mine).count(),
                mine.get(pk=self.known.pk).model, sorted(mine.values_list("state", flat=True)),
            )  # fmt: skip


BEFORE = (1, 0, 0, 0, "旧", ["in_use"])
AFTER = (8, 8, 7, 7, "新", ["in_use"] * 8)


def next_process(kind: str) -> None:
    """What the next worker finds: no connection of the one before; after a crash an empty stage."""
    connections.close_all()
    if kind == "postgres killed":
        with acting_in(EVERYTHING):
            StagedRow.objects.all().delete()


def state_of(run: ImportRun) -> ImportRun:
    with acting_in(EVERYTHING):
        return ImportRun.objects.unscoped().get(pk=run.pk)


def until_it_rests(run: ImportRun) -> ImportRun:
    """What workers do, minute after minute."""
    for _minute in range(4):
        run = resume_run(run.pk, at=timezone.now())
        if run.stage in {ImportStage.PREVIEW, ImportStage.DONE, ImportStage.UNDONE, ImportStage.REFUSED}:
            break
    return run


def read(it: Round) -> ImportRun:
    return preview(it.rows, it.officer)


def uploaded(it: Round) -> ImportRun:
    run = read(it)
    with acting_in(EVERYTHING):
        rows = ImportRun.objects.unscoped().filter(pk=run.pk)
        rows.update(stage=ImportStage.UPLOADED, state=TaskState.WAITING)
    return run


def decided(it: Round) -> ImportRun:
    run = read(it)
    with acting_in(it.officer.scope):
        confirm(run_id=run.pk, by=it.officer, at=timezone.now())
    return run


def after_a_crash(it: Round) -> ImportRun:
    """Confirmed, one chunk in, and the stage lost: it is read again while it is committed."""
    run = decided(it)
    chunk_of = commit.commit_chunk
    with pytest.MonkeyPatch.context() as patch:

        def one_alone(run: ImportRun, *rest: Any) -> None:
            if run.rows_committed:
                raise OperationalError("server closed the connection")
            chunk_of(run, *rest)

        patch.setattr(commit, "commit_chunk", one_alone)
        with pytest.raises(OperationalError):
            resume_run(run.pk, at=timezone.now())
    next_process("postgres killed")
    return run


def to_be_undone(it: Round) -> ImportRun:
    run = until_it_rests(decided(it))
    with acting_in(it.officer.scope):
        ask_to_undo(run_id=run.pk, reason="导错了", by=it.officer)
    return run


STEPS: dict[str, tuple[Callable[[Round], ImportRun], ImportStage, tuple[Any, ...]]] = {
    "reading": (uploaded, ImportStage.PREVIEW, BEFORE),
    "committing": (decided, ImportStage.DONE, AFTER),
    "reading again": (after_a_crash, ImportStage.DONE, AFTER),
    "undoing": (to_be_undone, ImportStage.UNDONE, BEFORE),
}
KINDS = ("worker killed", "postgres killed", "disk full")


def statements_of(step: str, officer: Actor) -> int:
    """Return how many statements the step sends when nothing happens."""
    run = STEPS[step][0](Round(officer, 0))
    with failing("nothing", 0) as counted:
        resume_run(run.pk, at=timezone.now())
    return counted.seen


def fail_once(step: str, kind: str, at: int, officer: Actor) -> None:
    begin, ends, ledger = STEPS[step]
    it = Round(officer, at)
    run = begin(it)
    with failing(kind, at) as faults, suppress(Killed, Exception):  # whatever it became on its way up
        resume_run(run.pk, at=timezone.now())
    assert faults.happened, (step, kind, at)
    next_process(kind)
    run = until_it_rests(run)
    assert (run.stage, it.ledger()) == (ends, ledger), (step, kind, at, run.message)
    with acting_in(EVERYTHING):
        of_run = Act.objects.unscoped().filter(batch_id=run.pk, instrument_id=None)
        told = list(of_run.values_list("verb", flat=True))
        chunks = 0 if ends == ImportStage.PREVIEW else -(-ROWS // CHUNK)
        assert told.count(acts.IMPORT_COMMITTED) == chunks, "none was lost, none came twice"
        assert told.count(acts.IMPORT_UNDONE) == (ends == ImportStage.UNDONE)
        rate_changes.fold()
        assert rate_changes.compare() == []
        if ends == ImportStage.DONE:
            assert run.rows_new + run.rows_updated == ROWS
            assert not ImportRow.objects.filter(run=run, action="rejected").exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", STEPS)
def test_a_fault_in_the_middle_of_a_step_ends_whole(step: str, kind: str, officer: Actor) -> None:
    total = statements_of(step, officer)
    for place in range(QUICK):
        fail_once(step, kind, 2 + (total - 3) * place // (QUICK - 1) if place else 2, officer)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", STEPS)
def test_a_fault_at_every_statement_of_a_step_ends_whole(step: str, kind: str, officer: Actor) -> None:
    for at in range(1, statements_of(step, officer) + 1):
        fail_once(step, kind, at, officer)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], None]:
    """Return a function that lets the disk be nearly full from the look with this number on; None: never."""

    def full_from(look: int | None) -> None:
        looks = iter(range(1, 1_000_000))
        monkeypatch.setattr(free_space, "LOOK_AGAIN", -1.0)
        monkeypatch.setattr(
            free_space, "_measured", lambda _place: MB * (1_000 if look and next(looks) >= look else 9_000)
        )

    return full_from


@pytest.mark.parametrize("look", [1, 2, 3])
@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_fills_up_stops_it_whole_and_room_lets_it_go_on(
    step: str, look: int, officer: Actor, disk: Callable[[int | None], None]
) -> None:
    """PostgreSQL still has the room between this mark and none: nothing of it fails."""
    begin, ends, ledger = STEPS[step]
    disk(None)
    it = Round(officer, look)
    run = begin(it)
    disk(look)
    for _minute in range(MOST_STARTS + 1):  # waiting is no try
        run = resume_run(run.pk, at=timezone.now())
    assert (run.state in AT_WORK, run.is_paused, run.tries) == (True, True, 0)
    assert run.rows_committed % CHUNK == 0 or run.rows_committed == ROWS
    with acting_in(EVERYTHING):
        mine = Instrument.objects.unscoped().filter(root=it.market)
        assert mine.count() == (AFTER[0] if step == "undoing" else mine_after(run.rows_committed))
    disk(None)
    run = until_it_rests(run)
    assert (run.stage, it.ledger(), run.is_paused) == (ends, ledger, False)
    with acting_in(EVERYTHING):
        rate_changes.fold()
        assert rate_changes.compare() == []


def mine_after(rows_committed: int) -> int:
    """How many scales the market has after so many rows: the fifth changes the one that was there."""
    return 1 + rows_committed - (rows_committed >= 5)

"""A run is tried a bounded number of times, and a confirmed one is in, or taken back as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.models import ImportRun, Instrument, StagedRow
from quanheng.apps.instruments.services.imports import commit, reading, undo
from quanheng.apps.instruments.services.imports.undo import ask_to_undo
from quanheng.apps.instruments.services.imports.work import confirm, give_up, resume_run
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.apps.instruments.tasks import IMPORT
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.sheets import SheetRefused, read_rows
from quanheng.kit.tasks import TaskState
from quanheng.kit.tasks import running as engine
from quanheng.kit.uploads import uploads_dir
from tests.factories import make_actor, make_area, make_entity, make_import_run
from tests.factories.sheets import confirmed, preview, row
from tests.factories.tasks import next_minute

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, CHUNK = 12, 4


@pytest.fixture
def officer(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Actor:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(commit, "AT_ONCE", CHUNK)
    monkeypatch.setattr(reading, "AT_ONCE", CHUNK)
    load_catalogue()
    area = make_area("锦江区")
    make_entity("青羊农贸市场", kind="market_operator", area=area)
    return make_actor(Role.COUNTY_OFFICER, area=area)


def twelve() -> list[tuple[str, ...]]:
    return [row("青羊农贸市场", f"2026{number:04d}") for number in range(ROWS)]


def instruments() -> int:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().count()


def fails(fault: Exception) -> Any:
    def failing(*_: Any, **__: Any) -> None:
        raise fault

    return failing


def test_a_confirmed_run_that_is_read_again_and_stopped_there_is_still_confirmed(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash emptied the stage after the first chunk, and the worker died while it read again."""
    run = preview(twelve(), officer)
    with acting_in(officer.scope):
        confirm(run_id=run.pk, by=officer, at=timezone.now())
    chunk_of = commit.commit_chunk
    entered: list[int] = []

    def first_alone(run: ImportRun, *rest: Any) -> None:
        if entered:
            raise OperationalError("server closed the connection")
        chunk_of(run, *rest)
        entered.append(run.rows_committed)

    monkeypatch.setattr(commit, "commit_chunk", first_alone)
    with pytest.raises(OperationalError):
        resume_run(run.pk, at=timezone.now())
    with acting_in(EVERYTHING):
        StagedRow.objects.all().delete()
    monkeypatch.setattr(reading, "_read_rows", fails(OperationalError("killed")))
    for _ in range(3):
        with pytest.raises(OperationalError):
            resume_run(run.pk, at=timezone.now())
    monkeypatch.undo()

    run = resume_run(run.pk, at=timezone.now())
    assert (run.stage, run.rows_new, instruments()) == (ImportStage.DONE, ROWS, ROWS)


def test_a_file_that_makes_the_reader_fail_is_refused_with_its_reason_and_stops_no_other(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = preview(twelve(), officer)
    bad = make_import_run(area=good.area, file_path="poison.csv", requested_by_id=officer.user_id,
                          appointment_id=officer.appointment_id, stage=ImportStage.UPLOADED)  # fmt: skip
    with acting_in(officer.scope):
        confirm(run_id=good.pk, by=officer, at=timezone.now())
    (uploads_dir() / bad.file_path).write_text("坏", encoding="utf-8")
    read = read_rows

    def poison(path: Path) -> Any:
        if path.name == bad.file_path:
            raise ValueError("no sheet ever looked like this")
        return read(path)

    monkeypatch.setattr(reading, "read_rows", poison)
    for _minute in range(engine.MOST_FAULTS):
        next_minute()
    with acting_in(EVERYTHING):
        states = dict(ImportRun.objects.unscoped().values_list("pk", "stage"))
        message = ImportRun.objects.unscoped().get(pk=bad.pk).message
    assert states == {good.pk: ImportStage.DONE, bad.pk: ImportStage.REFUSED}
    assert "处理 5 次未成功" in message
    assert engine.waiting_tasks(IMPORT) == []


def test_a_run_that_kills_its_worker_each_time_is_given_up(officer: Actor) -> None:
    run = preview(twelve(), officer)
    with acting_in(EVERYTHING):
        ImportRun.objects.unscoped().filter(pk=run.pk).update(
            stage=ImportStage.READING, state=TaskState.RUNNING, tries=engine.MOST_STARTS
        )
    run = resume_run(run.pk, at=timezone.now())
    assert run.stage == ImportStage.REFUSED
    assert "中途停止" in run.message


def test_what_cannot_be_finished_is_taken_back_as_a_whole_and_says_so(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = preview(twelve(), officer)
    with acting_in(officer.scope):
        confirm(run_id=run.pk, by=officer, at=timezone.now())
    digest = commit._file_the_act

    def third_chunk_fails(run: ImportRun, *rest: Any, **facts: Any) -> Any:
        if facts["last"] > 2 * CHUNK:
            raise ValueError("a fault of ours")
        return digest(run, *rest, **facts)

    monkeypatch.setattr(commit, "_file_the_act", third_chunk_fails)
    for turn in range(engine.MOST_FAULTS + 1):  # the first one got two chunks on
        with pytest.raises(ValueError, match="fault of ours"):
            resume_run(run.pk, at=timezone.now())
        assert instruments() == (2 * CHUNK if turn < engine.MOST_FAULTS else 0)
    with acting_in(EVERYTHING):
        run = ImportRun.objects.unscoped().get(pk=run.pk)
        verbs = list(
            Act.objects.unscoped().filter(batch_id=run.pk).order_by("pk").values_list("verb", flat=True)
        )
    assert (run.stage, run.state) == (ImportStage.UNDONE, TaskState.FAILED)
    assert "已入库的 8 行已整体撤销" in run.message
    assert verbs == [acts.IMPORT_COMMITTED, acts.IMPORT_COMMITTED, acts.IMPORT_UNDONE]


def test_a_file_that_is_refused_when_it_is_read_again_is_taken_back_as_a_whole(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = preview(twelve(), officer)
    with acting_in(EVERYTHING):
        ImportRun.objects.unscoped().filter(pk=run.pk).update(staged_with="")  # by the rights of before
    monkeypatch.setattr(reading, "read_rows", fails(SheetRefused("gone", "文件已不在。")))
    run = confirmed(run, officer)
    assert (run.stage, run.message, instruments()) == (ImportStage.REFUSED, "文件已不在。", 0)


def test_an_undo_that_fails_half_way_leaves_everything_as_it_was(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = confirmed(preview(twelve(), officer), officer)
    monkeypatch.setattr(undo, "AT_ONCE", CHUNK)
    monkeypatch.setattr(
        undo, "withdraw_drafts", fails(OperationalError("could not extend file: No space left"))
    )
    with acting_in(officer.scope):
        ask_to_undo(run_id=run.pk, reason="导错了", by=officer)
    with pytest.raises(OperationalError):
        resume_run(run.pk, at=timezone.now())
    assert instruments() == ROWS
    monkeypatch.undo()
    assert (resume_run(run.pk, at=timezone.now()).stage, instruments()) == (ImportStage.UNDONE, 0)


def test_of_two_who_decide_at_once_one_is_too_late(officer: Actor) -> None:
    run = preview(twelve(), officer)
    with acting_in(officer.scope):
        confirm(run_id=run.pk, by=officer, at=timezone.now())
        with pytest.raises(RuleBroken, match="已开始导入"):
            give_up(run_id=run.pk, by=officer, at=timezone.now())
        with pytest.raises(RuleBroken, match="不在待确认状态"):
            confirm(run_id=run.pk, by=officer, at=timezone.now())
    assert resume_run(run.pk, at=timezone.now()).stage == ImportStage.DONE


def test_a_run_that_is_given_up_while_it_is_read_stops_there_and_leaves_no_staged_row(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = reading._take

    def given_up_after_the_first_block(run: ImportRun, *rest: Any) -> None:
        take(run, *rest)
        if run.rows_read == CHUNK:
            with acting_in(officer.scope):
                give_up(run_id=run.pk, by=officer, at=timezone.now())

    monkeypatch.setattr(reading, "_take", given_up_after_the_first_block)
    run = preview(twelve(), officer)
    assert (run.stage, run.state, run.rows_read) == (ImportStage.REFUSED, TaskState.CANCELLED, CHUNK)
    assert (run.message, run.finished_at is None) == ("已放弃导入。", False)
    assert not StagedRow.objects.filter(run_id=run.pk).exists()


def test_a_run_that_is_taken_back_as_wished_is_cancelled(
    officer: Actor,
) -> None:
    run = confirmed(preview(twelve(), officer), officer)
    assert run.state == TaskState.DONE
    with acting_in(officer.scope):
        ask_to_undo(run_id=run.pk, reason="导错了", by=officer)
    assert resume_run(run.pk, at=timezone.now()).state == TaskState.CANCELLED


def test_the_table_refuses_a_state_that_contradicts_the_stage(officer: Actor) -> None:
    run = preview(twelve(), officer)
    with pytest.raises(IntegrityError, match="import_state_of_its_stage"), acting_in(EVERYTHING):
        ImportRun.objects.unscoped().filter(pk=run.pk).update(state=TaskState.DONE)

"""Rows enter the ledger on a second connection while the file is still being read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.import_ledger import write_ledger
from quanheng.apps.accounts.services.load_areas import load_areas
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.management.commands.import_ledger import import_file
from quanheng.apps.instruments.models import ImportRun, Instrument, StagedRow
from quanheng.apps.instruments.services.imports import commit, reading
from quanheng.apps.instruments.services.imports.work import resume_run
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.sheets import SheetRefused, read_rows

ROWS, CHUNK, BLOCK = 500, 100, 40

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ledger(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(commit, "AT_ONCE", CHUNK)
    monkeypatch.setattr(reading, "AT_ONCE", BLOCK)
    load_areas()
    load_catalogue()
    file = tmp_path / "ledger.csv"
    write_ledger(file, ROWS)
    return file


def run_and_rows() -> tuple[ImportRun, int, int]:
    with acting_in(EVERYTHING):
        return (
            ImportRun.objects.unscoped().latest("id"),
            Instrument.objects.unscoped().count(),
            StagedRow.objects.count(),
        )


def test_whole_chunks_enter_behind_the_reader_and_the_rest_after_it(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[tuple[int, int]] = []
    chunk_of = commit.commit_chunk

    def watched(run: ImportRun, last: int, *rest: Any) -> None:
        entered.append((run.rows_committed + 1, last))
        chunk_of(run, last, *rest)

    monkeypatch.setattr(commit, "commit_chunk", watched)
    report = import_file(ledger, "", dry_run=False)

    run, instruments, staged = run_and_rows()
    assert entered == [(1, 100), (101, 200), (201, 300), (301, 400), (401, 500)]
    assert (report["rows"], report["accepted"], instruments) == (ROWS, ROWS - 2, ROWS - 2)
    assert (run.stage, run.rows_new, staged) == (ImportStage.DONE, ROWS - 2, 0)
    with acting_in(EVERYTHING):
        assert Act.objects.unscoped().filter(verb=acts.IMPORT_COMMITTED).count() == len(entered)


def test_a_file_that_is_refused_half_way_leaves_nothing_in_the_ledger(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(path: Path) -> Iterator[Any]:
        for row in read_rows(path):
            if row.number > 350:
                raise SheetRefused("broken", "文件在中途损坏，请重新导出后上传。")
            yield row

    monkeypatch.setattr(reading, "read_rows", cut_off)
    with pytest.raises(RuleBroken, match="中途损坏"):
        import_file(ledger, "", dry_run=False)

    run, instruments, _ = run_and_rows()
    assert run.rows_committed >= CHUNK
    assert (run.stage, instruments) == (ImportStage.UNDONE, 0)


def test_what_stops_a_chunk_stops_the_reader_and_no_later_chunk_enters(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[int] = []
    chunk_of = commit.commit_chunk

    def second_fails(run: ImportRun, last: int, *rest: Any) -> None:
        if last > CHUNK:
            raise OSError("the disk is full")
        chunk_of(run, last, *rest)
        entered.append(last)

    monkeypatch.setattr(commit, "commit_chunk", second_fails)
    with pytest.raises(OSError, match="disk is full"):
        import_file(ledger, "", dry_run=False)
    assert entered == [CHUNK]
    run, *_ = run_and_rows()
    assert (run.stage, run.rows_committed) == (ImportStage.READING, CHUNK)

    monkeypatch.setattr(commit, "commit_chunk", chunk_of)
    resume_run(run.pk, at=run.requested_at)
    run, instruments, _ = run_and_rows()
    assert (run.stage, instruments) == (ImportStage.DONE, ROWS - 2)

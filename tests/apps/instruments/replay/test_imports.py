"""What an import brings is kept beside its act: every column of every row is proved, undone or not."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from benchmarks.import_ledger import write_ledger
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.services.load_areas import load_areas
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.management.commands.import_ledger import import_file
from quanheng.apps.instruments.models import ImportRun, Instrument
from quanheng.apps.instruments.services.hold import lock
from quanheng.apps.instruments.services.imports.undo import ask_to_undo
from quanheng.apps.instruments.services.imports.work import resume_run
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.apps.instruments.replay.conftest import found, replayed

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 300


@pytest.fixture
def imported(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    load_areas()
    load_catalogue()
    file = tmp_path / "ledger.csv"
    write_ledger(file, ROWS)
    import_file(file, "", dry_run=False)
    return file


@contextmanager
def everywhere() -> Iterator[None]:
    with acting_in(EVERYTHING):
        yield


def test_an_import_is_clean_and_every_column_of_it_is_known(imported: Path) -> None:
    result = replayed()
    assert (result.findings, result.partly, result.unproved) == ([], 0, 0)
    with everywhere():
        assert result.instruments == Instrument.objects.unscoped().count() > ROWS * 0.9


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("UPDATE instruments_instrument SET valid_until = '2036-01-01' WHERE id = {id}", "valid_until"),
        ("UPDATE instruments_instrument SET import_run_id = NULL WHERE id = {id}", "import_run_id"),
        (
            "UPDATE instruments_verification SET institute = '另一家' WHERE instrument_id = {id}",
            "verification",
        ),
        ("UPDATE instruments_instrument SET state = 'scrapped' WHERE id = {id}", "state"),
    ],
)
def test_a_change_of_an_imported_row_is_found_by_instrument_and_column(
    change: str, where: str, imported: Path
) -> None:
    with everywhere():
        number = Instrument.objects.unscoped().exclude(verified_on=None).earliest("pk").pk
        lock(
            instrument_id=number, reason="开壳", by=SYSTEM, at=ImportRun.objects.unscoped().get().requested_at
        )
        with connection.cursor() as cursor:
            cursor.execute(change.format(id=number))
    wheres = list(found())
    assert len(wheres) == 1
    assert wheres[0].startswith(f"instrument {number} {where}")


def test_a_second_file_updates_and_taking_it_back_is_told_to_the_log(imported: Path) -> None:
    with imported.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    model = head.index(next(name for name in head if "型号" in name))
    for row in rows[:40]:
        row[model] = "XYZ-9"
    second = imported.with_name("second.csv")
    with second.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    import_file(second, "", dry_run=False)
    with everywhere():
        updated = ImportRun.objects.unscoped().latest("pk").rows_updated
    assert updated > 30
    assert found() == {}
    _undo()
    assert found() == {}
    with everywhere():
        assert not Instrument.objects.unscoped().filter(model="XYZ-9").exists()
        back = Act.objects.unscoped().filter(reason__startswith="撤销导入").count()
    assert back == updated


def test_what_an_undone_import_took_away_is_told_and_does_not_come_back(imported: Path) -> None:
    with everywhere():
        kept = list(Instrument.objects.unscoped().values_list("pk", flat=True))
    _undo()
    assert (replayed().instruments, found()) == (0, {})
    with everywhere():
        gone = [act.after["removed"] for act in Act.objects.unscoped().filter(verb=acts.IMPORT_UNDONE)]
    assert sum(last - first + 1 for ranges in gone for first, last in ranges) == len(kept)


def _undo() -> None:
    with everywhere():
        run = ImportRun.objects.unscoped().latest("pk")
        ask_to_undo(run_id=run.pk, reason="传错了文件", by=SYSTEM)
    resume_run(run.pk, at=run.requested_at)


def test_an_instrument_that_is_removed_from_an_import_is_found(imported: Path) -> None:
    with everywhere(), connection.cursor() as cursor:
        number = Instrument.objects.unscoped().exclude(parent__isnull=False).latest("pk").pk
        for table in ("verification", "seal", "instrumentcode"):
            cursor.execute(f"DELETE FROM instruments_{table} WHERE instrument_id = %s", [number])
        cursor.execute("DELETE FROM instruments_instrument WHERE id = %s", [number])
    assert [where.split(" (")[0] for where in found()] == [f"instrument {number}"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE instruments_entryproof SET content = '\\x00'", "无法读取"),
        ("DELETE FROM instruments_entryproof", "凭据已被删除"),
        ("UPDATE instruments_entryproof SET act_id = act_id + 1000000", "没有对应的操作记录"),
    ],
)
def test_what_is_kept_beside_the_act_is_believed_only_while_it_fits(
    change: str, what: str, imported: Path, tamper: Callable[[str], None]
) -> None:
    tamper(change)
    assert any(what in said for said in found().values())

"""What people hand in lies where its owner alone reads it, and is deleted when its term is over."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.models import ImportRun, ShopperReport
from quanheng.apps.instruments.models.imports import STATES_OF
from quanheng.apps.instruments.services.imports.report import write_report
from quanheng.jobs.uploads import forget_pictures, forget_sheets
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.sheets.limits import SheetRefused
from quanheng.kit.tasks import TaskState
from quanheng.kit.uploads import keep_upload, uploaded
from tests.factories import make_area, make_import_run, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings: SimpleNamespace, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def age(file: Path, at: datetime, days: float) -> None:
    then = (at - timedelta(days=days)).timestamp()
    os.utime(file, (then, then))


def run_of(stage: ImportStage, days: float, at: datetime, letter: str) -> ImportRun:
    path, _digest = keep_upload("ledger.csv", [letter.encode()])
    age(path, at, days)
    run = make_import_run(area=make_area())
    with acting_in(EVERYTHING):
        ImportRun.objects.unscoped().filter(pk=run.pk).update(
            stage=stage,
            state=max(STATES_OF[stage]),
            file_path=path.name,
            requested_at=at - timedelta(days=days),
        )
        return ImportRun.objects.unscoped().get(pk=run.pk)


def test_an_uploaded_sheet_is_read_by_its_owner_alone(data_dir: Path) -> None:
    (data_dir / "uploads").mkdir(mode=0o755)  # of an earlier version
    path, _digest = keep_upload("ledger.csv", [b"a,b"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_sheets_go_after_their_term_with_the_imports_that_nobody_confirmed(at: datetime) -> None:
    done, young = run_of(ImportStage.DONE, 91, at, "a"), run_of(ImportStage.DONE, 89, at, "b")
    asked, busy = run_of(ImportStage.PREVIEW, 91, at, "c"), run_of(ImportStage.COMMITTING, 91, at, "d")
    assert forget_sheets(at=at) == 2
    for gone in (done, asked):
        with pytest.raises(SheetRefused, match="已过保存期限"):
            uploaded(gone.file_path)
    assert uploaded(young.file_path).exists()
    assert uploaded(busy.file_path).exists()
    with acting_in(EVERYTHING):
        asked.refresh_from_db()
    assert (asked.stage, asked.state) == (ImportStage.REFUSED, TaskState.EXPIRED)
    assert "已自动放弃" in asked.message
    assert forget_sheets(at=at) == 0


def test_the_report_of_a_deleted_sheet_says_that_it_is_deleted(at: datetime, data_dir: Path) -> None:
    run = run_of(ImportStage.DONE, 91, at, "a")
    forget_sheets(at=at)
    with acting_in(EVERYTHING):
        write_report(run, data_dir / "report.xlsx")
    assert (data_dir / "report.xlsx").stat().st_size > 0


def test_pictures_go_after_their_term_and_at_once_where_no_report_names_them(
    at: datetime, data_dir: Path
) -> None:
    folder = data_dir / "photos" / "reports"
    folder.mkdir(parents=True)
    names = {"old": 366.0, "kept": 364.0, "stray": 1.5, "just": 0.1}
    for name, days in names.items():
        (folder / f"{name}.jpg").write_bytes(b"")
        age(folder / f"{name}.jpg", at, days)
    for name in ("old", "kept"):
        report = make_report()
        with acting_in(EVERYTHING):
            ShopperReport.objects.unscoped().filter(pk=report.pk).update(
                photo=f"reports/{name}.jpg", received_at=at - timedelta(days=names[name])
            )
    assert forget_pictures(at=at) == 2
    assert {file.stem for file in folder.iterdir()} == {"kept", "just"}
    with acting_in(EVERYTHING):
        assert ShopperReport.objects.unscoped().exclude(photo="").count() == 1

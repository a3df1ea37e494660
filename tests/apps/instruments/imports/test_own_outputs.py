"""What the platform writes it reads: exports, e-CQS files, reports, template come back, changing nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from openpyxl import load_workbook

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.services.load_areas import load_areas
from quanheng.apps.instruments.management.commands.import_ledger import import_file
from quanheng.apps.instruments.models import ImportRow, ImportRun, Instrument
from quanheng.apps.instruments.services.imports.receive import receive_upload
from quanheng.apps.instruments.services.imports.report import write_report, write_template
from quanheng.apps.instruments.services.imports.work import resume_run
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.kit.lists.exporting import cells, heads
from quanheng.kit.lists.request import read_request
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.sheets import write_csv, write_xlsx
from quanheng.web.instruments.lists import InstrumentList
from tests.factories import make_actor, make_area
from tests.factories.sheets import confirmed

pytestmark = pytest.mark.django_db
HEAD = "使用单位,器具名称,规格型号,出厂编号,制造单位,测量范围,准确度等级,检定日期,有效期至,结论,摊位号,备注"
ROWS = (
    "东门市场,电子计价秤,-X1,RT1,测试衡器厂,'-30~50℃,±0.5℃,2026-03-01,2027-02-28,合格,A1,+3 待查",
    "东门市场,电子计价秤,ACS,00012,测试衡器厂,+35~42℃,-0.5级,2026-03-01,2027-02-28,合格,A2,-",
    "东门市场,电子计价秤,ACS,@7,,30kg,III,,,,,=备注",
)


@pytest.fixture
def officer() -> Actor:
    load_catalogue()
    return make_actor(Role.COUNTY_OFFICER, area=make_area("锦江区"))


def read(path: Path, by: Actor) -> ImportRun:
    """Hand a file in and have it read, without an answer to any question."""
    with acting_in(by.scope):
        run = receive_upload(name=path.name, chunks=[path.read_bytes()], by=by, at=timezone.now())
    return resume_run(run.pk, at=timezone.now())


@pytest.fixture
def ledger(officer: Actor, tmp_path: Path) -> list[dict[str, Any]]:
    path = tmp_path / "first.csv"
    path.write_text("\n".join((HEAD, *ROWS)), encoding="utf-8")
    run = confirmed(read(path, officer), officer)
    assert (run.rows_new, run.rows_rejected) == (3, 0)
    return standing()


def standing() -> list[dict[str, Any]]:
    with acting_in(EVERYTHING):
        return [dict(row) for row in Instrument.objects.unscoped().order_by("pk").values()]


def nothing_changed(run: ImportRun, by: Actor, ledger: list[dict[str, Any]]) -> None:
    assert run.questions == []
    done = confirmed(run, by)
    with acting_in(EVERYTHING):
        told = [row.reason or row.notice for row in ImportRow.objects.filter(run=run)]
    assert told == []
    assert (done.rows_new, done.rows_updated, done.rows_unchanged) == (0, 0, len(ledger))
    assert standing() == ledger


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("columns", ["shown", "all"])
def test_an_exported_list_comes_back_unchanged(
    officer: Actor, ledger: list[dict[str, Any]], tmp_path: Path, kind: str, columns: str
) -> None:
    listing = InstrumentList()
    every = ",".join(column.key for column in InstrumentList.columns)
    query = QueryDict(f"columns={every}" if columns == "all" else "")
    path = tmp_path / f"out.{kind}"
    with acting_in(officer.scope):
        asked = read_request(listing, query, officer)
        write = write_csv if kind == "csv" else write_xlsx
        assert write(path, heads(asked), cells(asked)) == len(ledger)
    nothing_changed(read(path, officer), officer, ledger)


def test_the_report_is_corrected_and_sent_again(officer: Actor, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    rows = (*ROWS, "东门市场,电子计价秤,ACS,RT9,甲厂,'-20~50℃,,2026-03-01,2027年2月,合格,A3,+3 待查")
    path.write_text("\n".join((HEAD, *rows)), encoding="utf-8")
    first = read(path, officer)
    assert first.rows_rejected == 1
    report = tmp_path / "report.xlsx"
    with acting_in(EVERYTHING):
        write_report(first, report)
    book = load_workbook(report)
    cell = next(cell for line in book.worksheets[0].iter_rows() for cell in line if cell.value == "2027年2月")
    cell.value = "2027-02-28"
    book.save(report)

    done = confirmed(read(report, officer), officer)

    assert (done.questions, done.rows_rejected, done.rows_new) == ([], 0, 4)
    corrected = standing()[-1]
    assert corrected["measuring_range"] == "-20~50°C"
    assert corrected["details"] == {"remarks": "+3 待查"}


def test_the_template_with_its_example_row_is_read_without_a_question(
    everything: None, settings: pytest.FixtureRequest, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    load_areas()
    load_catalogue()
    path = tmp_path / "template.xlsx"
    write_template(path)
    told = import_file(path, "", dry_run=True)
    assert (told["questions"], told["faults"], told["rows"]) == ([], [], 1)
    assert "other" not in told["columns"]

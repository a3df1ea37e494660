"""What a sheet says becomes the fields of its own rows, whatever it says."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.services.load_areas import load_areas
from quanheng.apps.instruments.enums import ImportStage
from quanheng.apps.instruments.models import ImportRun, StagedRow
from quanheng.apps.instruments.services.imports.receive import receive_upload
from quanheng.apps.instruments.services.imports.report import write_report
from quanheng.apps.instruments.services.imports.work import resume_run
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.kit.sheets import read_rows
from tests.kit.hostile_sheets import workbook

pytestmark = pytest.mark.django_db

HEAD = ("使用单位", "器具名称", "出厂编号", "制造单位")
ROW = ("青羊农贸市场", "电子计价秤", "20260001", "衡器厂")
# As the attack had it: a tab ends the field "sheet", a line end ends the row.
HOSTILE = "台账&#9;伪造市场&#10;幽灵&#9;行&#13;\\N"


@pytest.fixture(autouse=True)
def province(everything: None, settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    load_areas()
    load_catalogue()


def row_xml(number: int, cells: tuple[str, ...]) -> str:
    texts = "".join(
        f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in zip("ABCD", cells, strict=True)
    )
    return f'<row r="{number}">{texts}</row>'


def upload(names: list[str], rows: str) -> ImportRun:
    plain = workbook(rows, sheets=len(names))
    book = _renamed(plain, names)
    run = receive_upload(name="台账.xlsx", chunks=[book], area_id=510104_000000, by=SYSTEM, at=timezone.now())
    return resume_run(run.pk, at=timezone.now())


def _renamed(book: bytes, names: list[str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            if member == "xl/workbook.xml":
                for number, name in enumerate(names, 1):
                    content = content.replace(f'name="s{number}"'.encode(), f'name="{name}"'.encode())
            new.writestr(member, content)
    return out.getvalue()


def test_a_tab_and_a_line_end_in_a_worksheets_name_stage_no_row_of_their_own(tmp_path: Path) -> None:
    run = upload([HOSTILE], row_xml(1, HEAD) + row_xml(2, ROW))

    assert (run.stage, run.rows_read) == (ImportStage.PREVIEW, 1)
    staged = StagedRow.objects.get(run_id=run.pk)
    assert (staged.position, staged.serial_number, staged.entity_name) == (1, "20260001", "青羊农贸市场")
    assert staged.sheet == "台账 伪造市场 幽灵 行 \\N"
    report = tmp_path / "report.xlsx"
    write_report(run, report)
    assert [row.number for row in read_rows(report)] == [1, 2]


def test_worksheets_whose_names_become_the_same_stay_two(tmp_path: Path) -> None:
    rows = row_xml(1, HEAD) + row_xml(2, ("", "电子计价秤", "", "衡器厂"))
    run = upload(["'台账", "台账'", "台账&#10;", "台账"], rows)

    assert (run.rows_read, run.rows_rejected) == (4, 4)
    report = tmp_path / "report.xlsx"
    write_report(run, report)
    tabs = openpyxl.load_workbook(report)
    assert len(tabs.sheetnames) == len(set(tabs.sheetnames)) == 4
    assert all(tab["E2"].value for tab in tabs)


@pytest.mark.parametrize("text", ["秤\\", "\\N", "a\\tb", '秤","{}', "\\.", '{"x": 1}'])
def test_marks_of_copy_in_a_cell_stay_text(text: str) -> None:
    cells = tuple(text.replace('"', "&quot;") if cell == "衡器厂" else cell for cell in ROW)
    run = upload(["s1"], row_xml(1, HEAD) + row_xml(2, cells))
    assert StagedRow.objects.get(run_id=run.pk).manufacturer == text

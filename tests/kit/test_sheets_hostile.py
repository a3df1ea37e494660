"""Files that mean harm: one refusal each, in Chinese, and the reader lives on (reliability F1, F2)."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import psutil
import pytest

from quanheng.kit.sheets import Limits, SheetRefused, read_rows
from tests.kit import hostile_sheets
from tests.kit.hostile_sheets import CORPUS, DOCTYPE, LAUGHS, SECRET, cell, old_workbook, workbook


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_gets_a_clear_refusal_and_nothing_else(name: str, tmp_path: Path) -> None:
    path = hostile_sheets.write(name, tmp_path)
    started = time.monotonic()
    with pytest.raises(SheetRefused) as refused:
        list(read_rows(path))
    assert refused.value.code in CORPUS[name][1]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused.value.message)
    assert refused.value.message.endswith("。")
    assert time.monotonic() - started < 60


def test_the_reader_stays_small_while_its_child_is_refused_memory(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SheetRefused):
        list(read_rows(hostile_sheets.write("a far cell under another quote mark", tmp_path)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


@pytest.mark.parametrize(
    ("before", "word"), [(DOCTYPE, "&amp;leak;"), (DOCTYPE, "&leak;"), (LAUGHS, "&a11;")]
)
def test_entities_in_a_sheet_open_no_file_and_do_not_grow(before: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "entities.xlsx"
    path.write_bytes(workbook(cell("A1", word), before=before))
    try:
        text = repr(list(read_rows(path)))
    except SheetRefused:
        return
    assert Path(SECRET).read_text(encoding="utf-8").strip() not in text
    assert len(text) < 1000


def test_an_old_workbook_renamed_to_xlsx_is_read_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(old_workbook())
    assert [row.cells for row in read_rows(path)] == [["出厂编号"]]


@pytest.mark.parametrize(
    "limits",
    [Limits(memory_bytes=24 * 2**20, ratio=10_000), Limits(wall_seconds=0.001, ratio=10_000)],
    ids=["memory", "time"],
)
def test_a_child_that_wants_more_than_its_share_is_ended(limits: Limits, tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    path.write_bytes(workbook("".join(cell(f"A{number}", "x" * 50) for number in range(1, 40_000))))
    with pytest.raises(SheetRefused) as refused:
        list(read_rows(path, limits))
    assert refused.value.code == "too_heavy"


def test_whoever_stops_reading_leaves_no_child_behind(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    path.write_bytes(workbook("".join(cell(f"A{number}", "x" * 50) for number in range(1, 20_000))))
    before = set(psutil.Process().children())
    rows = read_rows(path, Limits(ratio=10_000))
    assert next(iter(rows)).number == 1
    (child,) = set(psutil.Process().children()) - before
    rows.close()  # type: ignore[attr-defined]
    assert not child.is_running()

"""A sheet that is made while somebody waits."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from quanheng.kit.sheets import SheetRefused
from quanheng.web.downloads import sheet_answer


def test_a_sheet_is_sent_whole_and_its_folder_is_gone_before() -> None:
    places: list[Path] = []

    def write(path: Path) -> None:
        places.append(path)
        path.write_bytes(b"cells")

    answer = sheet_answer(write, "台账模板.xlsx")
    assert not places[0].parent.exists()
    assert answer.getvalue() == b"cells"
    assert "filename*=utf-8''%E5%8F%B0" in answer.headers["Content-Disposition"]
    assert answer.file_to_stream is not None
    answer.file_to_stream.close()


def test_a_sheet_that_is_refused_leaves_nothing_open_and_no_folder() -> None:
    """A file left open would be a ResourceWarning here, and with it a failure."""
    places: list[Path] = []

    def write(path: Path) -> None:
        places.append(path)
        path.write_bytes(b"half")
        raise SheetRefused("file_gone", "原文件已过保存期限，已被删除。")

    with pytest.raises(SheetRefused):
        sheet_answer(write, "x.xlsx")
    gc.collect()
    assert not places[0].parent.exists()

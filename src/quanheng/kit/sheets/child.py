"""The child process that parses a workbook: `python -m quanheng.kit.sheets.child PATH MEMORY CPU`.

Writes one JSON line per block of rows: {"sheet": name, "first": number of the first row, "rows": [[cell]]}.
A cell is text, a number, true/false, null, or one of {"d": ISO date}, {"t": ISO time}, {"e": error value},
{"k": days since 1904}. A number that its format shows otherwise (00012345) is the text that the clerk sees.
A parser that runs away or aborts takes only this process with it. Hidden sheets are left out: the clerk does
not see them either.
"""

from __future__ import annotations

import json
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from quanheng.kit.sheets.beside import Beside
from quanheng.kit.sheets.cells import day_meant
from quanheng.kit.sheets.defusing import undefused

ROWS_AT_ONCE = 500
DAYS_1904 = range(16_802, 71_589)  # 1950 to 2099


def main() -> int:
    """Limit this process, parse the workbook, write its rows."""
    path, memory, cpu = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    from python_calamine import (  # noqa: PLC0415  (after the limits)
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        # By content: from_path believes the ending of the name.
        with Path(path).open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            beside = Beside(Path(path))
            for about in book.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
                    _write_sheet(about.name, book.get_sheet_by_name(about.name), beside)
    except (CalamineError, OSError, ValueError) as problem:
        code = "encrypted" if "password" in str(problem).lower() else "damaged"
        sys.stdout.write(json.dumps({"refused": code}) + "\n")
    sys.stdout.flush()
    return 0


def _write_sheet(name: str, sheet: Any, beside: Beside) -> None:
    if not sheet.height:
        return
    rows = _rows(sheet, beside.of(name))
    plain = _plain_of_1904 if beside.counts_from_1904 else _plain
    first = 1
    while block := [[plain(cell) for cell in row] for row in islice(rows, ROWS_AT_ONCE)]:
        sys.stdout.write(json.dumps({"sheet": name, "first": first, "rows": block}, ensure_ascii=True))
        sys.stdout.write("\n")
        first += len(block)


def _rows(sheet: Any, beside: dict[int, dict[int, Any]]) -> Iterator[list[Any]]:
    """Yield the rows from row 1, column A on; a merged value holds for its whole range downwards.

    Across columns a merged value stays one: it is a title, or a heading over several columns.
    """
    blank = [""] * sheet.start[1]
    starting: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top:
            starting[top].append((left, bottom))
    open_ranges: list[tuple[int, int, Any]] = []  # (column, last row, value)
    for number, cells in enumerate(sheet.iter_rows()):
        row = blank + cells
        for column, cell in beside.get(number, {}).items():
            if column < len(row):
                row[column] = cell
        for left, _, value in open_ranges:
            if left < len(row) and row[left] == "":
                row[left] = value
        open_ranges += [(left, last, row[left]) for left, last in starting.pop(number, ()) if left < len(row)]
        if open_ranges:
            open_ranges = [spread for spread in open_ranges if spread[1] > number]
        yield row


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"d": day_meant(cell).isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return {"t": str(cell)}
    if isinstance(cell, str):
        return undefused(cell) or None
    return cell


def _plain_of_1904(cell: Any) -> Any:
    if isinstance(cell, float) and not isinstance(cell, bool) and cell in DAYS_1904:
        return {"k": cell}
    return _plain(cell)


if __name__ == "__main__":
    sys.exit(main())

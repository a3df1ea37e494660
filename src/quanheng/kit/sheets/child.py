"""The child process that parses a workbook: `python -m quanheng.kit.sheets.child PATH MEMORY CPU`.

Writes one JSON line per block of rows: {"sheet": name, "first": number of the first row, "rows": [[cell]]}.
A cell is text, a number, true/false, null, or {"d": ISO date} / {"t": ISO time}. A parser that runs away or
aborts takes only this process with it. Hidden sheets are left out: the clerk does not see them either.
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

ROWS_AT_ONCE = 500


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
            for about in book.sheets_metadata:
                if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
                    _write_sheet(about.name, book.get_sheet_by_name(about.name))
    except (CalamineError, OSError, ValueError) as problem:
        code = "encrypted" if "password" in str(problem).lower() else "damaged"
        sys.stdout.write(json.dumps({"refused": code}) + "\n")
    sys.stdout.flush()
    return 0


def _write_sheet(name: str, sheet: Any) -> None:
    if not sheet.height:
        return
    rows = _rows(sheet)
    first = 1
    while block := [[_plain(cell) for cell in row] for row in islice(rows, ROWS_AT_ONCE)]:
        sys.stdout.write(json.dumps({"sheet": name, "first": first, "rows": block}, ensure_ascii=True))
        sys.stdout.write("\n")
        first += len(block)


def _rows(sheet: Any) -> Iterator[list[Any]]:
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
        for left, _, value in open_ranges:
            if left < len(row) and row[left] == "":
                row[left] = value
        open_ranges += [(left, last, row[left]) for left, last in starting.pop(number, ()) if left < len(row)]
        if open_ranges:
            open_ranges = [spread for spread in open_ranges if spread[1] > number]
        yield row


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime | date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return {"t": str(cell)}
    return None if cell == "" else cell


if __name__ == "__main__":
    sys.exit(main())

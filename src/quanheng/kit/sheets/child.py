"""The child process that parses a workbook: `python -m quanheng.kit.sheets.child PATH MEMORY CPU`.

Writes one JSON line per block of rows: {"sheet": name, "first": number of the first row, "rows": [[cell, …], …]}.
A cell is text, a number, true/false, null, or {"d": ISO date} / {"t": ISO time}. A parser that runs away or aborts takes
only this process with it.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

ROWS_AT_ONCE = 500


def main() -> int:
    path, memory, cpu = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  (after the limits)

    try:
        with CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                _write_sheet(name, book.get_sheet_by_name(name))
    except CalamineError as problem:
        print(json.dumps({"refused": str(problem)[:300]}), flush=True)
    return 0


def _write_sheet(name: str, sheet: Any) -> None:
    if not sheet.height:
        return
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _spread(rows, top, left, bottom, right)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        block = [[_plain(cell) for cell in row] for row in rows[start : start + ROWS_AT_ONCE]]
        sys.stdout.write(json.dumps({"sheet": name, "first": start + 1, "rows": block}, ensure_ascii=True))
        sys.stdout.write("\n")
    sys.stdout.flush()


def _spread(rows: list[list[Any]], top: int, left: int, bottom: int, right: int) -> None:
    """A merged value holds for its whole range downwards; across columns it stays one title."""
    if top >= len(rows) or left >= len(rows[top]):
        return
    value = rows[top][left]
    for row in rows[top + 1 : bottom + 1]:
        if left < len(row) and row[left] in ("", None) and right == left:
            row[left] = value


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"d": cell.isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return {"t": str(cell)}
    if cell == "":
        return None
    return cell


if __name__ == "__main__":
    sys.exit(main())

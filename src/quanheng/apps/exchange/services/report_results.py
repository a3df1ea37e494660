"""处理结果: the sheet of results as it came, with what became of each row and why beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from quanheng.apps.exchange.enums import RowOutcome
from quanheng.apps.exchange.models import ExchangeRun, ResultRow
from quanheng.kit.bulk import chunks
from quanheng.kit.sheets import SheetRow, read_rows, write_xlsx
from quanheng.kit.uploads import uploaded

WHOLE_UP_TO = 20_000  # of a longer sheet only the rows come back that somebody has to look at
AT_ONCE = 1_000
HEADS = ("行号", "处理", "原因", "原表各列")
TO_LOOK_AT = (RowOutcome.CONFLICT, RowOutcome.REJECTED)


def write_report(run: ExchangeRun, path: Path) -> None:
    """Write every row of the run's file that was decided: its number, its outcome, the reason, its cells."""
    rows = read_rows(uploaded(run.file_path))
    write_xlsx(path, HEADS, _rows(run, rows), sheet="处理结果")


def _rows(run: ExchangeRun, rows: Iterable[SheetRow]) -> Iterator[list[Any]]:
    """Yield the header and notes as they are, and each data row with what became of it."""
    is_long = run.rows > WHOLE_UP_TO
    for block in chunks(rows, AT_ONCE):
        decided = _decided(run, block)
        for row in block:
            became = decided.get((row.sheet[:80], row.number))
            if is_long and row.number > 1 and (became is None or became.outcome not in TO_LOOK_AT):
                continue
            told = [str(became.get_outcome_display()), became.reason] if became else ["", ""]
            yield [row.number, *told, *(_plain(cell) for cell in row.cells)]


def _decided(run: ExchangeRun, block: list[SheetRow]) -> dict[tuple[str, int], ResultRow]:
    rows = ResultRow.objects.filter(run=run, number__in=[row.number for row in block])
    return {(row.sheet, row.number): row for row in rows}


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell

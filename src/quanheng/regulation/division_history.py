"""What stands today in the place of an administrative division's code.

A code that was right when it was written stays what it was; what stands in its place follows from dated rows
that are handed in. A division may end in several others, and a code may come back for another one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division under one code.

    Args:
        valid_to: the last day, included; None while it stands.
    """

    code: str
    valid_from: date
    valid_to: date | None = None

    def stands_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Succession:
    """From this day on, all or part of a division belongs to another."""

    predecessor: str
    successor: str
    on: date


@dataclass(frozen=True, slots=True)
class DivisionToday:
    """What stands in the place of a code.

    Args:
        codes: none where the division ended without a known successor; several where it was divided.
        path: the successions that led there.
        dead_ends: codes that ended and of which no successor is known.
    """

    codes: tuple[str, ...]
    path: tuple[Succession, ...]
    dead_ends: tuple[str, ...]

    @property
    def is_certain(self) -> bool:
        return len(self.codes) == 1 and not self.dead_ends


def division_on(
    day: date,
    code: str,
    rows: Iterable[DivisionRow],
    successions: Iterable[Succession],
    written_on: date | None = None,
) -> DivisionToday:
    """Return what stands on a day in the place of a code.

    Args:
        written_on: when the code was written down; it tells two divisions apart that bore one code. Without
            it the code is taken for the division that bore it last, up to the day.

    Raises:
        CaseFault: no division bore the code then.
    """
    by_code = _by_code(rows)
    start = _row_of(by_code, code, written_on or day, is_exact=written_on is not None)
    if start is None:
        message = tell("没有代码为 {code} 的区划，请核对代码和日期。", code=code[:12])
        raise CaseFault("division", "unknown", message, division=code)
    known = sorted(
        (step for step in successions if step.on <= day), key=lambda step: (step.on, step.successor)
    )
    return _followed(day, start, by_code, known)


def _followed(
    day: date, start: DivisionRow, by_code: Mapping[str, Sequence[DivisionRow]], known: Sequence[Succession]
) -> DivisionToday:
    """Follow the successions from one row to all rows that stand on the day, each row once."""
    pending, seen = deque([start]), {start}
    path: list[Succession] = []
    codes: list[str] = []
    dead_ends: list[str] = []
    while pending:
        row = pending.popleft()
        if row.stands_on(day):
            codes.append(row.code)
            continue
        steps = [step for step in known if _ends(row, step)]
        path += steps
        found = _rows_after(steps, by_code)
        if not found:
            dead_ends.append(row.code)
        pending += [following for following in found if following not in seen]
        seen.update(found)
    return DivisionToday(tuple(sorted(codes)), tuple(path), tuple(sorted(dead_ends)))


def _rows_after(
    steps: Iterable[Succession], by_code: Mapping[str, Sequence[DivisionRow]]
) -> list[DivisionRow]:
    found = (_row_of(by_code, step.successor, step.on, is_exact=True) for step in steps)
    return list(dict.fromkeys(row for row in found if row is not None))


def _by_code(rows: Iterable[DivisionRow]) -> dict[str, list[DivisionRow]]:
    by_code: dict[str, list[DivisionRow]] = {}
    for row in sorted(rows, key=lambda row: row.valid_from):
        by_code.setdefault(row.code, []).append(row)
    return by_code


def _row_of(
    by_code: Mapping[str, Sequence[DivisionRow]], code: str, day: date, *, is_exact: bool
) -> DivisionRow | None:
    """Return the row that bore the code on the day; unless exact, the last one that had begun."""
    begun = [row for row in by_code.get(code, ()) if row.valid_from <= day]
    fitting = [row for row in begun if row.stands_on(day)] if is_exact else begun
    return fitting[-1] if fitting else None


def _ends(row: DivisionRow, step: Succession) -> bool:
    """Say whether the succession takes the place of this row, not of another one with the same code."""
    if step.predecessor != row.code or step.on < row.valid_from:
        return False
    return row.valid_to is None or step.on <= row.valid_to + timedelta(days=1)

"""The whole ledger against the log, a set of instruments at a time: memory does not grow with the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from django.db import connection

from quanheng.apps.audit.log.checking import AT_MOST, Finding
from quanheng.apps.instruments.ledger_lines import columns_today, parse_line, read_lines
from quanheng.apps.instruments.replay import acts
from quanheng.apps.instruments.replay.beside import strangers
from quanheng.apps.instruments.replay.compare import differences, unknown_columns
from quanheng.apps.instruments.replay.fold import LoggedValues, Moved, replay
from quanheng.apps.instruments.replay.numbers import Numbers
from quanheng.apps.instruments.replay.proofs import Proof, proofs
from quanheng.kit.bulk import chunks

AT_ONCE = 5_000
NEXT = "SELECT id FROM instruments_instrument WHERE id > %s ORDER BY id LIMIT %s"
ABSENT = """
SELECT told.id FROM (SELECT DISTINCT instrument_id AS id FROM audit_act WHERE instrument_id IS NOT NULL) told
WHERE NOT EXISTS (SELECT FROM instruments_instrument i WHERE i.id = told.id) ORDER BY told.id
"""
GONE = "操作记录中有这台器具，台账中没有：已被删除。"


@dataclass(slots=True)
class Replayed:
    """What replaying found.

    Args:
        instruments: how many were compared; partly: of how many of them the log does not know every column.
        unproved: how many the log knows nothing of but that they entered by an import of before.
    """

    instruments: int = 0
    partly: int = 0
    unproved: int = 0
    findings: list[Finding] = field(default_factory=list)


def check_ledger() -> Replayed:
    """Replay the acts of every instrument. The scope must let everything through; call it in one snapshot."""
    replaying = _Replaying()
    found = chain(replaying.entered_in_bulk(), replaying.entered_alone(), replaying.absent(), strangers())
    replaying.result.findings = list(islice(found, AT_MOST))
    return replaying.result


class _Replaying:
    def __init__(self) -> None:
        self.result = Replayed()
        self.today = columns_today()
        self.moves: list[Moved] = acts.reorganisations()
        self.untold = acts.untold_undoings()
        self.unproved = acts.unproved_imports()
        self.proved, self.removed = Numbers(), Numbers()
        for numbers in acts.removed_numbers():
            self.removed.add(numbers)

    def entered_in_bulk(self) -> Iterator[Finding]:
        """Yield what differs from what entered and from the acts since."""
        for proof in proofs():
            if isinstance(proof, Finding):
                yield proof
                continue
            self.proved.add(proof.lines)
            for block in chunks(proof.lines, AT_ONCE):
                yield from self._since(proof, block)

    def _since(self, proof: Proof, ids: Sequence[int]) -> Iterator[Finding]:
        """Whatever no act has touched has to be the line that entered; of the rest, acts are replayed."""
        comparable = all(set(names) <= set(self.today[name]) for name, names in proof.columns.items())
        rows = read_lines(proof.columns if comparable else self.today, ids)
        touched = acts.deeds_of(ids)
        quiet = comparable and not any(move.act > proof.act for move in self.moves)
        changed = []
        for number in ids:
            if number not in rows:
                if number not in self.removed:
                    yield Finding(f"instrument {number} (act {proof.act})", GONE)
            elif number in self.removed:
                yield Finding(f"instrument {number}", "已随撤销的导入去除，台账中又出现。")
            elif not quiet or number in touched or rows[number] != proof.lines[number]:
                changed.append(number)
            else:
                self.result.instruments += 1
                self.result.partly += proof.columns != self.today
        lines = read_lines(self.today, changed) if changed else {}
        for number in changed:
            told = LoggedValues()
            told.enter(proof.act, *parse_line(proof.columns, proof.lines[number]))
            replay(told, touched.get(number, ()), self.moves, self.untold)
            yield from self._compared(number, told, lines[number])

    def _compared(self, number: int, told: LoggedValues, line: str) -> Iterator[Finding]:
        values, records = parse_line(self.today, line)
        self.result.instruments += 1
        self.result.partly += not told.complete or bool(unknown_columns(told, values))
        yield from differences(number, told, values, records)

    def entered_alone(self) -> Iterator[Finding]:
        """Yield what differs on instruments that entered by an act of their own, or by none."""
        for ids in self._unproved_numbers():
            rows, deeds = read_lines(self.today, ids), acts.deeds_of(ids)
            for number in ids:
                told = replay(LoggedValues(), deeds.get(number, ()), self.moves, self.untold)
                if told.entered or self._from_before(rows[number]):
                    self.result.unproved += not told.entered
                    yield from self._compared(number, told, rows[number])
                else:
                    yield Finding(f"instrument {number}", "没有登记它的操作记录：未经登记。")

    def _from_before(self, line: str) -> bool:
        return parse_line(self.today, line)[0].get("import_run_id") in self.unproved

    def _unproved_numbers(self) -> Iterator[list[int]]:
        after = 0
        while found := _numbers(NEXT, [after, AT_ONCE]):
            if left := [number for number in found if number not in self.proved]:
                yield left
            after = found[-1]

    def absent(self) -> Iterator[Finding]:
        """Yield the instruments that acts speak of and the ledger does not have.

        An import that was taken back before the log was told which instruments went may have taken them.
        """
        for number in _numbers(ABSENT, []):
            if number not in self.removed and number not in self.proved and not self.untold:
                yield Finding(f"instrument {number}", GONE)


def _numbers(statement: str, values: Iterable[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return [row[0] for row in cursor.fetchall()]

"""导入检定结果: each row is taken, known already, in conflict, or rejected; nothing is overwritten.

A row that tells again what an office had recorded, or a user had declared, confirms it (核实) and counts as
taken. Our own export proves nothing about our own rows: it confirms none.

The file is read twice: first whole, so that a damaged file is refused before anything is taken and rows that
contradict each other are known; then block by block, each block one transaction with how far the run is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.exchange import refusals
from quanheng.apps.exchange.contradictions import Contradiction, contradictions, differences
from quanheng.apps.exchange.enums import Direction, RowOutcome
from quanheng.apps.exchange.mapping import ECQS, FieldMapping, mapping_of
from quanheng.apps.exchange.models import ExchangeRun, ResultRow
from quanheng.apps.exchange.results_sheet import ReportedResult, ResultLine, read_results
from quanheng.apps.exchange.services.match_results import Matches
from quanheng.apps.exchange.services.runs import finish
from quanheng.apps.instruments.enums import Provenance, Result, VerificationKind
from quanheng.apps.instruments.queries.exchanged import Known, certificates_recorded
from quanheng.apps.instruments.services.confirm_verification import enter_confirmation
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, open_ledger
from quanheng.apps.instruments.services.record_verification import VerificationResult, enter_verification
from quanheng.kit import refusals as of_kit
from quanheng.kit.bulk import chunks
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.kit.sheets import SheetRefused, read_rows
from quanheng.kit.tasks import note
from quanheng.kit.tones import Text
from quanheng.kit.uploads import uploaded
from quanheng.regulation.provenance import is_proven

AT_ONCE = 500
MOST_ROWS = 1_000_000  # what is remembered of each row to find contradictions is about 200 bytes


def take_results(run: ExchangeRun, *, by: Actor, at: datetime) -> None:
    """Take the rows of a run's file from where it stopped, and finish the run.

    Raises:
        RuleBroken: file_refused, too_many_rows, no_rows, mapping_unreadable.
    """
    mapping = mapping_of(ECQS, timezone.localdate(run.requested_at))
    try:
        contradicted = contradictions(_lines(run, mapping))
        left = (line for line in _lines(run, mapping) if line.position > run.position)
        for block in chunks(left, AT_ONCE):
            with acting_in(EVERYTHING):
                _take(run, block, contradicted, by=by, at=at)
    except SheetRefused as refused:
        raise of_kit.FILE_REFUSED(why=refused.message) from refused
    if not run.rows:
        raise refusals.NO_ROWS()
    finish(run, by=by, at=at, message="" if run.taken or run.conflicts or run.rejected else NO_CHANGE)


NO_CHANGE = "文件中的检定结果都已登记，没有变化。"


def _lines(run: ExchangeRun, mapping: FieldMapping) -> Iterator[ResultLine]:
    for line in read_results(read_rows(uploaded(run.file_path)), mapping):
        if line.position > MOST_ROWS:
            raise refusals.TOO_MANY_ROWS(most=MOST_ROWS)
        yield line


def _take(
    run: ExchangeRun,
    block: Sequence[ResultLine],
    contradicted: dict[int, Contradiction],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Decide the rows of a block and write down what became of each."""
    matches, found, rows = Matches(block, by), {}, {}
    for line in block:
        try:
            found[line.position] = _readable(line, contradicted, matches)
        except RuleBroken as refused:
            rows[line.position] = _row(run, line, refused)
    with open_ledger({one.instrument_id for one in found.values()}, by=by, at=at) as ledger:
        numbers = [line.certificate_number for line in block]
        book = Book(ledger, numbers, run.file_name, confirms=not is_own_export(run))
        for line in block:
            if one := found.get(line.position):
                rows[line.position] = _row(run, line, book.enter(line, one), one.instrument_id)
    ResultRow.objects.bulk_create(rows.values())
    counts = Counter(row.outcome for row in rows.values())
    note(
        run, tries=0, position=block[-1].position, rows=run.rows + len(block),
        taken=run.taken + counts[RowOutcome.TAKEN], known=run.known + counts[RowOutcome.KNOWN],
        conflicts=run.conflicts + counts[RowOutcome.CONFLICT],
        rejected=run.rejected + counts[RowOutcome.REJECTED],
    )  # fmt: skip


def _readable(line: ResultLine, contradicted: dict[int, Contradiction], matches: Matches) -> Known:
    if line.faults:
        raise refusals.UNREADABLE(why=" ".join(line.faults))
    if reason := contradicted.get(line.position):
        raise refusals.CONTRADICTED(number=reason.number, fields=reason.fields)
    return matches.find(line)


class Book:
    """The open ledger, and what is recorded anywhere under the certificate numbers of a block."""

    def __init__(
        self, ledger: LedgerBatch, numbers: Sequence[str], file_name: str, *, confirms: bool
    ) -> None:
        self._ledger, self._file_name, self._confirms = ledger, file_name, confirms
        self._wholes: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for row in certificates_recorded(set(numbers)):
            whole = row.instrument.parent_id or row.instrument_id
            self._wholes[row.institute, row.certificate_number].add(whole)

    def enter(self, line: ResultLine, one: Known) -> RowOutcome | RuleBroken:
        """Record what a row says, unless it is known, or contradicts what is recorded."""
        try:
            with self._ledger.all_or_nothing():
                return self._enter(line, one)
        except RuleBroken as refused:
            return refused

    def _enter(self, line: ResultLine, one: Known) -> RowOutcome:
        number, institute = line.certificate_number, line.said.institute
        if recorded := self._recorded(line, one):
            row = min(recorded, key=lambda row: len(_differing(line, row)))
            if is_proven(row.provenance) and (differing := _differing(line, row)):
                raise refusals.DIFFERS(number=number, fields=differing)
            return self._confirm(line, row)
        if not number:
            raise refusals.NO_CERTIFICATE_NUMBER()
        if not institute:
            raise refusals.NO_INSTITUTE()
        if line.voided_on:
            raise refusals.VOIDED()
        wholes = self._wholes[institute, number]
        if wholes - {one.whole_id}:
            raise refusals.ELSEWHERE(institute=institute, number=number)
        enter_verification(self._ledger, one.instrument_id, self._verified(line))
        wholes.add(one.whole_id)
        return RowOutcome.TAKEN

    def _recorded(self, line: ResultLine, one: Known) -> list[Any]:
        """Return what is recorded, or declared, of the verification that a line tells."""
        rows = self._ledger.page(one.instrument_id).verifications
        return [
            row for row in rows
            if not row.in_error and (_is_same(line, row) or _is_declared(line, row))
        ]  # fmt: skip

    def _confirm(self, line: ResultLine, row: Any) -> RowOutcome:
        weaker = row.provenance in {Provenance.RECORDED, Provenance.DECLARED}
        if not (weaker and self._confirms and line.certificate_number and line.said.institute):
            return RowOutcome.KNOWN
        told = copy(row)
        told.certificate_number, told.institute = line.certificate_number, line.said.institute
        told.regulation = line.said.regulation or row.regulation
        told.valid_until = line.said.valid_until or row.valid_until
        enter_confirmation(self._ledger, told, Provenance.RECEIVED, self._source(line))
        return RowOutcome.TAKEN

    def _source(self, line: ResultLine) -> str:
        return f"{self._file_name} 第 {line.number} 行"[:200]

    def _verified(self, line: ResultLine) -> VerificationResult:
        said = line.said
        assert said.verified_on is not None  # noqa: S101  (a row without a day is at fault)
        return VerificationResult(
            said.verified_on, Result(said.result), line.certificate_number, said.institute,
            Provenance.RECEIVED, said.valid_until,
            VerificationKind(said.kind or VerificationKind.SUBSEQUENT), said.regulation,
            source=self._source(line),
        )  # fmt: skip


def _is_same(line: ResultLine, row: Any) -> bool:
    """Say whether a record is what a line tells: under its number; without one, on its day."""
    same = row.certificate_number == line.certificate_number
    return same and bool(line.certificate_number or row.verified_on == line.said.verified_on)


def _is_declared(line: ResultLine, row: Any) -> bool:
    """Say whether a record is what a user declared of the verification that a line tells."""
    if row.provenance != Provenance.DECLARED or row.certificate_number not in ("", line.certificate_number):
        return False
    return row.voided_on is None and (row.verified_on, row.result) == (
        line.said.verified_on,
        line.said.result,
    )


def is_own_export(run: ExchangeRun) -> bool:
    """Say whether the file is one that this platform wrote."""
    exports = ExchangeRun.objects.unscoped().filter(direction=Direction.OUT, file_hash=run.file_hash)
    return exports.exists()


def _differing(line: ResultLine, row: Any) -> list[Text]:
    recorded = ReportedResult(
        row.verified_on, row.result, row.valid_until, row.kind, row.regulation, row.institute
    )
    voided = [_("失效日期")] if line.voided_on and line.voided_on != row.voided_on else []
    return differences(line.said, recorded) + voided


def _row(
    run: ExchangeRun, line: ResultLine, became: RowOutcome | RuleBroken, instrument_id: int | None = None
) -> ResultRow:
    if isinstance(became, RuleBroken):
        outcome = RowOutcome.CONFLICT if became.refusal in refusals.FOR_A_PERSON else RowOutcome.REJECTED
        code, reason = became.code, became.message
    else:
        outcome, code, reason = became, "", ""
    return ResultRow(
        run=run, position=line.position, number=line.number, sheet=line.sheet, outcome=outcome,
        code=code[:40], reason=reason[:300], label=line.label,
        certificate_number=line.certificate_number, instrument_id=instrument_id,
    )  # fmt: skip

"""核实检定记录: what a user declared, or an office typed, is confirmed by somebody who answers for it.

An office confirms one declared verification at a time, with the paper before it. Many at once are confirmed
by what e-CQS or an institute tells, and by nothing else.
"""

from __future__ import annotations

from copy import copy
from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import Provenance
from quanheng.apps.instruments.models import Verification
from quanheng.apps.instruments.services.certificate_paper import check_paper
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, open_ledger
from quanheng.apps.instruments.services.record_verification import (
    check_dates,
    counts,
    let_it_count,
    put_on_row,
    renews,
    void_if_overtaken,
)
from quanheng.regulation.provenance import confirmed, is_proven


def confirm_verification(
    *, instrument_id: int, verification_id: int, certificate_number: str, institute: str,
    valid_until: date | None = None, regulation: str = "", paper_seen: bool, by: Actor, at: datetime,
) -> Verification:  # fmt: skip
    """Confirm a declared verification from its certificate: it counts from now on as recorded by the office.

    Args:
        valid_until: as the certificate prints it; needed for one that was passed, never taken from what was
            declared.
        paper_seen: the officer had the certificate, or its picture, before him.

    Raises:
        RuleBroken: verification_not_found, not_declared, already_void, already_disputed, paper_not_seen,
            no_valid_until, and what `check_paper` and `check_dates` raise.
        NotYours: not an office, or the instrument lies outside its area.
    """
    if not paper_seen:
        raise refusals.PAPER_NOT_SEEN()
    with open_ledger([instrument_id], by=by, at=at) as ledger:
        known = found(ledger, instrument_id, verification_id)
        if is_proven(known.provenance):
            raise refusals.NOT_DECLARED()
        if known.disputed_at:
            raise refusals.DISPUTED_BEFORE_CONFIRMED(asker=known.disputed_by_name)
        paper = check_paper(
            ledger.page(instrument_id).instrument, number=certificate_number, institute=institute,
            regulation=regulation, by=by,
        )  # fmt: skip
        row = copy(known)
        row.certificate_number, row.institute = paper.number, paper.institute
        row.regulation = paper.regulation or row.regulation
        if renews(row.result, row.kind):
            if valid_until is None:
                raise refusals.NO_VALID_UNTIL()
            row.valid_until = valid_until
        enter_confirmation(ledger, row, Provenance.RECORDED)
    return row


def enter_confirmation(ledger: LedgerBatch, row: Verification, told_by: Provenance, source: str = "") -> None:
    """Put a confirmed copy of a verification in its place, in a ledger that is open; let it count if it may.

    Args:
        row: a copy with number, institute and dates as they are told now.
        source: where it was read, for the log of acts: a file and its row.

    Raises:
        RuleBroken: what `check_dates` raises, or cannot_pass...
    """
    with ledger.act_on(acts.VERIFICATION_CONFIRMED, row.instrument_id) as act:
        page, was = ledger.page(row.instrument_id), row.provenance
        on_row = act.instrument.verified_on == row.verified_on and act.instrument.provenance == was
        row.provenance = Provenance(confirmed(was, told_by))
        check_dates(row, ledger)
        void_if_overtaken(row, ledger, page)
        if on_row and not row.voided_on:
            put_on_row(act.instrument, row)
        elif not is_proven(was) and counts(row, act.instrument):
            let_it_count(act, row, ledger, page.last_day)
        ledger.change_verification(row)
        act.facts |= {
            "certificate_number": row.certificate_number, "was": was, "provenance": row.provenance,
        }  # fmt: skip
        if source:
            act.facts |= {"source": source}


def found(ledger: LedgerBatch, instrument_id: int, verification_id: int) -> Verification:
    """Return one verification of an instrument that can still be acted on.

    Raises:
        RuleBroken: instrument_not_found, verification_not_found, already_void.
    """
    rows = ledger.page(instrument_id).verifications
    row = next((row for row in rows if row.pk == verification_id), None)
    if row is None:
        raise refusals.VERIFICATION_NOT_FOUND()
    if row.in_error:
        raise refusals.ALREADY_VOID()
    return row

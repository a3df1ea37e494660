"""作废检定记录: what was recorded wrongly is voided with a reason, by two people: one asks, another decides.

Until then it counts, and whoever scans reads 复核中 (`regulation.trust`); whoever asked may take it back.

A verification recorded in error never was: it counts on no day, and the one that stood before it stands
again unless something else ended it. (A certificate that its institute revokes: `void_verification`.)
"""

from __future__ import annotations

from copy import copy
from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState, Provenance, Result, VerificationKind
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.services.confirm_verification import found
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, Page, open_ledger
from quanheng.apps.instruments.services.question_certificate import NOBODY_DOUBTS
from quanheng.apps.instruments.services.record_verification import put_on_row
from quanheng.apps.instruments.services.void_verification import nothing_counts
from quanheng.regulation.instrument_states import FREE_FOR_VERIFICATION, state_in_service
from quanheng.regulation.provenance import may_stand

REASON_AT_MOST = 200


def ask_to_void(
    *, instrument_id: int, verification_id: int, reason: str, by: Actor, at: datetime
) -> Verification:
    """Ask for a wrongly recorded verification to be voided; a second person decides.

    Raises:
        RuleBroken: verification_not_found, already_void, already_disputed, no_reason, reason_too_long,
            issued_here.
        NotYours: not an office, or the instrument lies outside its area.
    """
    reason = reason_of(reason)
    with open_ledger([instrument_id], by=by, at=at) as ledger:
        row = copy(found(ledger, instrument_id, verification_id))
        _check_not_issued(row)
        if row.disputed_at:
            raise refusals.ALREADY_DISPUTED(asker=row.disputed_by_name)
        with ledger.act_on(acts.VERIFICATION_DISPUTED, instrument_id) as act:
            row.disputed_by, row.disputed_by_name, row.disputed_at = by.user_id, by.name, at
            row.dispute = reason
            ledger.change_verification(row)
            _show_doubt(act.instrument, row, ledger)
            act.facts |= {"certificate_number": row.certificate_number, "why": reason}
    return row


def decide_to_void(
    *, instrument_id: int, verification_id: int, agreed: bool, reason: str = "", by: Actor, at: datetime
) -> Verification:
    """Void what another person asked to void, or uphold it with a reason.

    Raises:
        RuleBroken: verification_not_found, already_void, not_disputed, same_person, no_reason,
            reason_too_long.
        NotYours: not an office, or the instrument lies outside its area.
    """
    with open_ledger([instrument_id], by=by, at=at) as ledger:
        row = _waiting(ledger, instrument_id, verification_id)
        if row.disputed_by == by.user_id:
            raise refusals.VOIDER_DECIDES_NOT()
        _decide(ledger, row, agreed=agreed, reason=reason)
    return row


def withdraw_dispute(
    *, instrument_id: int, verification_id: int, reason: str, by: Actor, at: datetime
) -> Verification:
    """Take back what one asked to void, before a second person has decided.

    Raises:
        RuleBroken: verification_not_found, already_void, not_disputed, issued_here, not_the_asker, no_reason,
            reason_too_long.
        NotYours: not an office, or the instrument lies outside its area.
    """
    with open_ledger([instrument_id], by=by, at=at) as ledger:
        row = _waiting(ledger, instrument_id, verification_id)
        if row.disputed_by != by.user_id:
            raise refusals.ONLY_VOIDER_WITHDRAWS()
        why = reason_of(reason)
        with ledger.act_on(acts.DISPUTE_WITHDRAWN, instrument_id) as act:
            _no_doubt(act.instrument, row, ledger)
            act.facts |= {"certificate_number": row.certificate_number, "why": why}
    return row


def _waiting(ledger: LedgerBatch, instrument_id: int, verification_id: int) -> Verification:
    row = copy(found(ledger, instrument_id, verification_id))
    if not row.disputed_at:
        raise refusals.NOT_DISPUTED()
    if row.asks_back:
        raise refusals.ASKS_BACK()
    _check_not_issued(row)
    return row


def _check_not_issued(row: Verification) -> None:
    if row.provenance == Provenance.ISSUED:
        raise refusals.ISSUED_HERE()


def _decide(ledger: LedgerBatch, row: Verification, *, agreed: bool, reason: str) -> None:
    verb = acts.VERIFICATION_VOIDED if agreed else acts.VERIFICATION_UPHELD
    why = row.dispute if agreed else reason_of(reason)
    asked_by = row.disputed_by_name
    with ledger.act_on(verb, row.instrument_id) as act:
        if agreed:
            row.in_error, row.voided_on, row.void_reason = True, row.verified_on, why
            row.voided_at = ledger.at
        _no_doubt(act.instrument, row, ledger)
        if agreed and _is_on_row(act.instrument, row):
            _stand_again(act.instrument, ledger.page(row.instrument_id), ledger)
        act.facts |= {"certificate_number": row.certificate_number, "why": why, "asked_by": asked_by}


def _no_doubt(it: Instrument, row: Verification, ledger: LedgerBatch) -> None:
    for name, value in NOBODY_DOUBTS.items():
        setattr(row, name, value)
    ledger.change_verification(row)
    _show_doubt(it, row, ledger)


def _show_doubt(it: Instrument, row: Verification, ledger: LedgerBatch) -> None:
    """Have the instrument say whether the verification that counts is under review."""
    if _is_on_row(it, row):
        it.disputed_on = ledger.today if row.disputed_at else None


def _is_on_row(it: Instrument, row: Verification) -> bool:
    return (it.verified_on, it.certificate_number) == (row.verified_on, row.certificate_number)


def _stand_again(it: Instrument, page: Page, ledger: LedgerBatch) -> None:
    """Put the verification back on the row that stands without the one in error; none where none does."""
    standing: Verification | None = None
    for row in page.verifications:
        over = standing.provenance if standing else None
        in_service = row.kind == VerificationKind.IN_SERVICE and row.result == Result.PASSED
        if row.in_error or in_service or not may_stand(row.provenance, over=over):
            continue
        if standing is None or row.verified_on >= standing.verified_on:
            standing = row
    if standing is None or standing.voided_on:
        nothing_counts(it)
        return
    put_on_row(it, standing)
    if it.state in FREE_FOR_VERIFICATION:
        it.state = _state_with(standing, ledger)


def _state_with(standing: Verification, ledger: LedgerBatch) -> InstrumentState:
    if standing.result == Result.FAILED:
        return InstrumentState.FAILED
    holds = standing.valid_until is None or standing.valid_until >= ledger.today
    return InstrumentState(state_in_service(verified=holds))


def reason_of(text: str) -> str:
    """Return why somebody asks or decides, without blanks around it. Raises no_reason, reason_too_long."""
    reason = text.strip()
    if not reason:
        raise refusals.NO_REASON_TO_VOID()
    if len(reason) > REASON_AT_MOST:
        raise refusals.REASON_TO_VOID_TOO_LONG(most=REASON_AT_MOST)
    return reason

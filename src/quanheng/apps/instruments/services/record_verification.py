"""检定登记: institute, certificate number, date, result, valid until, and where it comes from.

Every verification enters the ledger through `enter_verification`, whoever tells it: a certificate of this
platform, e-CQS, an office. `record_verification` is the office's own door: what it reads from the paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import Provenance, Result, VerificationKind
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.services.act_on import InstrumentAct
from quanheng.apps.instruments.services.certificate_paper import check_paper
from quanheng.apps.instruments.services.end_seal import why_ended
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, Page, open_ledger
from quanheng.regulation.instrument_states import Event
from quanheng.regulation.periods import gives_validity, latest_end
from quanheng.regulation.periods import valid_until as period_end
from quanheng.regulation.provenance import may_stand


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What a certificate says to the ledger.

    Args:
        provenance: who answers for it (`regulation.provenance`).
        valid_until: as the certificate prints it; None lets the dated period of the catalogue item decide.
        source: where it was read, for the log of acts: a file and its row.
        also_on: serial numbers of the same user's instruments that carry the number, told in the log of acts.
    """

    verified_on: date
    result: Result
    certificate_number: str
    institute: str
    provenance: Provenance
    valid_until: date | None = None
    kind: VerificationKind = VerificationKind.SUBSEQUENT
    regulation: str = ""
    source: str = ""
    also_on: tuple[str, ...] = ()


def record_verification(
    *, instrument_id: int, verified_on: date, result: Result, certificate_number: str, institute: str,
    valid_until: date | None = None, kind: VerificationKind = VerificationKind.SUBSEQUENT,
    regulation: str = "", by: Actor, at: datetime,
) -> Verification:  # fmt: skip
    """Record what an office read from a certificate (监管部门录入). Institutes have their own procedure.

    An older one than the verification that counts only joins the history; so does one from before a broken
    seal or a repair, which voided it, and a check in service (使用中检查) that was passed: it is no
    verification and gives no validity. Passing a verification clears the broken-seal flag when every position
    is sealed again.

    Args:
        valid_until: as the certificate prints it; None lets the dated period of the catalogue item decide.

    Raises:
        RuleBroken: verified_in_future, verified_before_made, validity_backward, validity_too_long,
            already_recorded, seal_missing, cannot_pass..., and what `check_paper` raises.
        NotYours: not an office, or the instrument lies outside its area.
    """
    with open_ledger([instrument_id], by=by, at=at) as ledger:
        paper = check_paper(
            ledger.page(instrument_id).instrument, number=certificate_number, institute=institute,
            regulation=regulation, by=by,
        )  # fmt: skip
        said = VerificationResult(
            verified_on, result, paper.number, paper.institute, Provenance.RECORDED, valid_until, kind,
            paper.regulation, also_on=paper.also_on,
        )  # fmt: skip
        return enter_verification(ledger, instrument_id, said)


def enter_verification(ledger: LedgerBatch, instrument_id: int, said: VerificationResult) -> Verification:
    """Record a verification in a ledger that is open. Raises what `record_verification` raises."""
    with ledger.act_on(acts.VERIFICATION_RECORDED, instrument_id) as act:
        page = ledger.page(instrument_id)
        verification = _written(ledger, act.instrument, said)
        check_dates(verification, ledger)
        _check_is_new(verification, page)
        void_if_overtaken(verification, ledger, page)
        if counts(verification, act.instrument):
            let_it_count(act, verification, ledger, page.last_day)
        ledger.add_verification(verification)
        act.facts |= {
            "certificate_number": verification.certificate_number, "result": said.result,
            "provenance": said.provenance,
        }  # fmt: skip
        if said.source:
            act.facts |= {"source": said.source}
        if said.also_on:
            act.facts |= {"also_on": list(said.also_on)}
    if act.instrument.parent_id and not act.instrument.is_unsealed:
        _clear_whole(ledger, act.instrument.parent_id, act.instrument)
    return verification


def _written(ledger: LedgerBatch, it: Instrument, said: VerificationResult) -> Verification:
    until = said.valid_until if renews(said.result, said.kind) else None
    if renews(said.result, said.kind) and until is None:
        until = period_end(said.verified_on, ledger.period_months(it.item_id, said.verified_on))
    return Verification(
        instrument=it, root_id=it.root_id, area_id=it.area_id, kind=said.kind, verified_on=said.verified_on,
        valid_until=until, result=said.result,
        certificate_number=said.certificate_number.strip(), institute=said.institute.strip(),
        regulation=said.regulation.strip(), provenance=said.provenance, recorded_at=ledger.at,
    )  # fmt: skip


def renews(result: str, kind: str) -> bool:
    """Say whether a verification gives validity (`regulation.periods`)."""
    return gives_validity(passed=result == Result.PASSED, in_service=kind == VerificationKind.IN_SERVICE)


def check_dates(verification: Verification, ledger: LedgerBatch) -> None:
    """Check that the days of a verification stand in order, and that it holds no longer than its rule allows.

    Raises:
        RuleBroken: verified_in_future, verified_before_made, validity_backward, validity_too_long.
    """
    on, until = verification.verified_on, verification.valid_until
    made = ledger.page(verification.instrument_id).instrument.manufactured_on
    if on > ledger.today:
        raise refusals.VERIFIED_IN_FUTURE()
    if made and on < made:
        raise refusals.VERIFIED_BEFORE_MADE(made=made)
    if until is None:
        return
    if until < on:
        raise refusals.VALIDITY_BACKWARD()
    latest = latest_end(on, ledger.longest_period(verification.instrument.item_id, on))
    if latest and until > latest:
        raise refusals.VALIDITY_TOO_LONG(on=on, latest=latest)


def _check_is_new(verification: Verification, page: Page) -> None:
    day, number = verification.verified_on, verification.certificate_number
    standing = (row for row in page.verifications if not row.in_error)
    if any((row.verified_on, row.certificate_number) == (day, number) for row in standing):
        raise refusals.ALREADY_RECORDED(number=number)


def void_if_overtaken(verification: Verification, ledger: LedgerBatch, page: Page) -> None:
    """A certificate that arrives after the seal broke, or after a repair, was void before."""
    if verification.result != Result.PASSED:
        return
    ends = [end for end in _ends(ledger, page) if end[0] > verification.verified_on]
    if ends:
        verification.voided_on, verification.void_reason = min(ends)
        verification.voided_at = ledger.at


def _ends(ledger: LedgerBatch, page: Page) -> Iterator[tuple[date, str]]:
    """When something ended the trust in the instrument, and why."""
    for row in page.verifications:
        if row.voided_on and not row.in_error:
            yield row.voided_on, row.void_reason
    for seal in ledger.seals_protecting(page.instrument):
        if seal.broken_on:
            yield seal.broken_on, why_ended(seal)


def counts(verification: Verification, instrument: Instrument) -> bool:
    """Say whether a verification becomes the one on the instrument's row."""
    if verification.voided_on or (
        verification.kind == VerificationKind.IN_SERVICE and verification.result == Result.PASSED
    ):
        return False
    if not may_stand(verification.provenance, over=instrument.provenance or None):
        return False
    newest = instrument.verified_on or instrument.revoked_on  # an older one brings no revoked trust back
    return newest is None or verification.verified_on >= newest


def let_it_count(
    act: InstrumentAct, verification: Verification, ledger: LedgerBatch, last_day: date | None
) -> None:
    """Make a verification the one on the row."""
    it = act.instrument
    passed = verification.result == Result.PASSED
    act.advance(Event.PASS if passed else Event.FAIL)
    if passed and it.is_unsealed:
        _check_sealed_again(ledger, it)
        it.seal_broken = it.seal_opened = False
    put_on_row(it, verification)
    if it.placed_on is None:
        after_last = last_day + timedelta(days=1) if last_day else verification.verified_on
        it.placed_on = max(verification.verified_on, after_last)
        it.in_use_since = it.in_use_since or it.placed_on


def put_on_row(it: Instrument, verification: Verification) -> None:
    """Copy what lists and figures read of the verification that counts."""
    it.verified_on, it.result = verification.verified_on, verification.result
    it.valid_until = it.trusted_until = verification.valid_until
    it.revoked_on = None
    it.certificate_number, it.institute = verification.certificate_number, verification.institute
    it.provenance = verification.provenance
    it.disputed_on = timezone.localdate(verification.disputed_at) if verification.disputed_at else None


def _check_sealed_again(ledger: LedgerBatch, instrument: Instrument) -> None:
    """Every position that lost its seal carries a whole one again before the flag is cleared."""
    seals = ledger.seals_protecting(instrument)
    whole = {seal.position for seal in seals if seal.broken_on is None}
    bare = {seal.position for seal in seals} - whole
    if bare:
        raise refusals.SEAL_MISSING(positions=sorted(bare))


def _clear_whole(ledger: LedgerBatch, whole_id: int, part: Instrument) -> None:
    """A dispenser is trusted again when its last nozzle has been verified behind whole seals."""
    whole = ledger.page(whole_id)
    if not whole.instrument.is_unsealed or whole.broken_parts:
        return
    with ledger.act_on(acts.VERIFICATION_RECORDED, whole_id) as act:
        _check_sealed_again(ledger, act.instrument)
        act.instrument.seal_broken = act.instrument.seal_opened = False
        act.facts |= {"part": part.serial_number}

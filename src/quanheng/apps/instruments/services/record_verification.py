"""检定登记: institute, certificate number, date, result, valid until. A record with history from the first day."""

from __future__ import annotations

from datetime import date, datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.enums import Result, VerificationKind
from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.apps.instruments.queries.periods import period_months
from quanheng.apps.instruments.services.doing import Doing, act_on
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.instrument_states import Event
from quanheng.regulation.periods import valid_until as period_end


def record_verification(
    *, instrument_id: int, verified_on: date, result: Result, certificate_number: str, institute: str,
    valid_until: date | None = None, kind: VerificationKind = VerificationKind.SUBSEQUENT,
    regulation: str = "", by: Actor, at: datetime,
) -> Verification:  # fmt: skip
    """Record a verification. Passing one clears the broken-seal flag when every position is sealed again.

    Args:
        valid_until: as the certificate prints it; None lets the dated period of the catalogue item decide.

    Raises:
        RuleBroken: verified_in_future, validity_backward, verification_recorded, seal_missing, cannot_pass...
    """
    with act_on(Verb.VERIFICATION_RECORDED, instrument_id, by=by, at=at) as act:
        it = act.instrument
        if verified_on > at.date():
            raise RuleBroken("verified_in_future", "检定日期不能晚于今天。")
        if result == Result.PASSED and valid_until is None:
            valid_until = period_end(verified_on, period_months(it.item_id, verified_on))
        if valid_until and valid_until < verified_on:
            raise RuleBroken("validity_backward", "有效期至不能早于检定日期。")
        if Verification.objects.unscoped().filter(
            instrument=it, verified_on=verified_on, certificate_number=certificate_number
        ).exists():
            raise RuleBroken("verification_recorded", f"证书 {certificate_number} 已经登记过。")
        verification = Verification.objects.unscoped().create(
            instrument=it, root_id=it.root_id, area_id=it.area_id, kind=kind, verified_on=verified_on,
            valid_until=valid_until if result == Result.PASSED else None, result=result,
            certificate_number=certificate_number, institute=institute, regulation=regulation, recorded_at=at,
        )  # fmt: skip
        if it.verified_on is None or verified_on >= it.verified_on:
            _let_it_count(act, verification)
        act.facts |= {"certificate_number": certificate_number, "result": result}
    return verification


def _let_it_count(act: Doing, verification: Verification) -> None:
    """The newest verification is the one on the row."""
    it = act.instrument
    passed = verification.result == Result.PASSED
    act.advance(Event.PASS if passed else Event.FAIL)
    if passed and it.seal_broken:
        _check_sealed_again(it)
        it.seal_broken = False
    it.verified_on, it.result = verification.verified_on, verification.result
    it.valid_until = it.trusted_until = verification.valid_until
    it.certificate_number, it.institute = verification.certificate_number, verification.institute
    if it.placed_on is None:
        it.placed_on = verification.verified_on
        it.in_use_since = it.in_use_since or verification.verified_on


def _check_sealed_again(instrument: Instrument) -> None:
    """Every position that lost its seal carries a whole one again before the flag is cleared."""
    seals = Seal.objects.unscoped().filter(instrument=instrument)
    whole = set(seals.filter(broken_on=None).values_list("position", flat=True))
    bare = set(seals.values_list("position", flat=True)) - whole
    if bare:
        raise RuleBroken("seal_missing", "铅封破损后须先重新施封，再登记检定合格。", positions=sorted(bare))

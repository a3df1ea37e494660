"""检定登记: institute, certificate number, date, result, valid until; with history from the first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.enums import InstrumentState, Result, VerificationKind
from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.apps.instruments.queries.periods import period_months
from quanheng.apps.instruments.services.doing import Doing, act_on, last_day_in_service
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.instrument_states import Event
from quanheng.regulation.periods import valid_until as period_end


def record_verification(
    *, instrument_id: int, verified_on: date, result: Result, certificate_number: str, institute: str,
    valid_until: date | None = None, kind: VerificationKind = VerificationKind.SUBSEQUENT,
    regulation: str = "", by: Actor, at: datetime,
) -> Verification:  # fmt: skip
    """Record a verification. Passing one clears the broken-seal flag when every position is sealed again.

    An older one than the verification that counts only joins the history; so does one from before a broken
    seal or a repair, which voided it, and a check in service (使用中检查) that was passed.

    Args:
        valid_until: as the certificate prints it; None lets the dated period of the catalogue item decide.

    Raises:
        RuleBroken: verified_in_future, validity_backward, verification_recorded, seal_missing, cannot_pass...
    """
    with transaction.atomic():
        with act_on(Verb.VERIFICATION_RECORDED, instrument_id, by=by, at=at) as act:
            it = act.instrument
            if result == Result.PASSED and valid_until is None:
                valid_until = period_end(verified_on, period_months(it.item_id, verified_on))
            verification = Verification(
                instrument=it, root_id=it.root_id, area_id=it.area_id, kind=kind, verified_on=verified_on,
                valid_until=valid_until if result == Result.PASSED else None, result=result,
                certificate_number=certificate_number.strip(), institute=institute.strip(),
                regulation=regulation.strip(), recorded_at=at,
            )  # fmt: skip
            _check(verification, act.today)
            _void_if_overtaken(verification)
            verification.save()
            if _counts(verification, it):
                _let_it_count(act, verification)
            act.facts |= {"certificate_number": verification.certificate_number, "result": result}
        if it.parent_id and not it.seal_broken:
            _clear_whole(it.parent_id, it, by=by, at=at)
    return verification


def _check(verification: Verification, today: date) -> None:
    if verification.verified_on > today:
        raise RuleBroken("verified_in_future", "检定日期不能晚于今天。")
    if verification.valid_until and verification.valid_until < verification.verified_on:
        raise RuleBroken("validity_backward", "有效期至不能早于检定日期。")
    number = verification.certificate_number
    if (
        Verification.objects.unscoped()
        .filter(
            instrument=verification.instrument,
            verified_on=verification.verified_on,
            certificate_number=number,
        )
        .exists()
    ):
        raise RuleBroken("verification_recorded", f"证书 {number} 已经登记过。")


def _void_if_overtaken(verification: Verification) -> None:
    """A certificate that arrives after the seal broke, or after a repair, was void before."""
    if verification.result != Result.PASSED:
        return
    ends = [(day, why) for day, why in _ends_after(verification) if day is not None]
    if ends:
        verification.voided_on, verification.void_reason = min(ends)


def _ends_after(verification: Verification) -> Iterator[tuple[date | None, str]]:
    later = Verification.objects.unscoped().filter(
        instrument=verification.instrument, voided_on__gt=verification.verified_on
    )
    yield from later.values_list("voided_on", "void_reason")
    broken = _seals(verification.instrument).filter(broken_on__gt=verification.verified_on)
    yield from ((seal.broken_on, f"铅封 {seal.number} 破损") for seal in broken)


def _counts(verification: Verification, instrument: Instrument) -> bool:
    if verification.voided_on or (
        verification.kind == VerificationKind.IN_SERVICE and verification.result == Result.PASSED
    ):
        return False
    return instrument.verified_on is None or verification.verified_on >= instrument.verified_on


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
        last_day = last_day_in_service(it)
        it.placed_on = (
            max(verification.verified_on, last_day + timedelta(days=1))
            if last_day
            else verification.verified_on
        )
        it.in_use_since = it.in_use_since or it.placed_on


def _seals(instrument: Instrument) -> QuerySet[Seal]:
    """The seals that protect an instrument: its own, and those of the whole that it is part of."""
    return Seal.objects.unscoped().filter(Q(instrument=instrument) | Q(instrument=instrument.parent_id))


def _check_sealed_again(instrument: Instrument) -> None:
    """Every position that lost its seal carries a whole one again before the flag is cleared."""
    seals = _seals(instrument)
    whole = set(seals.filter(broken_on=None).values_list("position", flat=True))
    bare = set(seals.values_list("position", flat=True)) - whole
    if bare:
        raise RuleBroken("seal_missing", "铅封破损后须先重新施封，再登记检定合格。", positions=sorted(bare))


def _clear_whole(whole_id: int, part: Instrument, *, by: Actor, at: datetime) -> None:
    """A dispenser is trusted again when its last nozzle has been verified behind whole seals."""
    others = Instrument.objects.unscoped().filter(parent_id=whole_id, seal_broken=True)
    whole = Instrument.objects.unscoped().get(pk=whole_id)
    if not whole.seal_broken or others.exclude(state=InstrumentState.SCRAPPED).exists():
        return
    with act_on(Verb.VERIFICATION_RECORDED, whole_id, by=by, at=at) as act:
        _check_sealed_again(act.instrument)
        act.instrument.seal_broken = False
        act.facts |= {"part": part.serial_number}

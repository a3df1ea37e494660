"""What the ledger can be asked: instruments by grade, what is due and who must do it.

The grade is regulation.trust.judge; here it is once more as conditions of the database, for a million rows
are counted there (test_ledger_queries.py compares the two on every combination).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from quanheng.apps.instruments.enums import InstrumentState, Provenance, Result
from quanheng.apps.instruments.models import Instrument, Placement, Seal, Verification
from quanheng.apps.instruments.queries.reports import open_reports
from quanheng.kit.columns import labels_of
from quanheng.kit.scope import Actor, ScopedQuerySet, seeing_everything
from quanheng.regulation.instrument_states import FREE_FOR_VERIFICATION
from quanheng.regulation.provenance import PROVEN, is_proven
from quanheng.regulation.trust import (
    DUE_SOON_DAYS,
    NOT_TO_BE_USED,
    OUT_OF_USE,
    Current,
    Grade,
    Reason,
    Trust,
    TrustFacts,
    current,
    judge,
)

UNDOUBTED = Q(provenance__in=PROVEN, disputed_on=None)
SEAL_ORDER = ("position", "-applied_on", "-pk")  # as `Instrument.all_seals`


def ledger(by: Actor) -> ScopedQuerySet[Instrument]:
    """Return the instruments that an actor sees."""
    return Instrument.objects.visible_to(by)


def shown_ledger(by: Actor) -> ScopedQuerySet[Instrument]:
    """Return what an actor may look at: the same, and what is assigned. Acts ask `kit.acts.may`."""
    return Instrument.objects.shown_to(by)


def ledger_with_names(by: Actor) -> QuerySet[Instrument]:
    """Return that with the names of what an instrument belongs to, and no more of it."""
    return (
        shown_ledger(by)
        .select_related("entity", "root", "area", "item")
        .only(*labels_of(Instrument), "entity__name", "root__name", "area__full_name", "item__name")
    )


def trust_of(instrument: Instrument, on: date) -> Trust:
    """Judge an instrument on a day."""
    return judge(facts_of(instrument), on)


def current_of(instrument: Instrument, on: date) -> Current:
    """Say what the newest verification of an instrument is worth on a day."""
    return current(facts_of(instrument), on)


def facts_of(instrument: Instrument) -> TrustFacts:
    """What the row says to the rule."""
    it = instrument
    return TrustFacts(
        state=it.state,
        verified_on=it.verified_on,
        valid_until=it.valid_until,
        passed=it.result == Result.PASSED if it.result else None,
        seal_broken=it.seal_broken,
        locked=it.locked,
        impounded=it.impounded,
        proven=is_proven(it.provenance),
        revoked_on=it.revoked_on,
        seal_opened=it.seal_opened,
        trusted_until=it.trusted_until,
        disputed_on=it.disputed_on,
    )


def verification_disputed(instrument_id: int, certificate_number: str) -> date | None:
    """Return since when the verification behind a certificate is under review; None while it is not."""
    rows = Verification.objects.unscoped().filter(
        instrument_id=instrument_id, certificate_number=certificate_number, disputed_at__isnull=False
    )
    asked = rows.values_list("disputed_at", flat=True).first()
    return timezone.localdate(asked) if asked else None


def verification_ended(instrument_id: int, certificate_number: str) -> date | None:
    """Return since when the verification behind a certificate is void; None while it stands."""
    row = void_verification_of(instrument_id, certificate_number)
    return row.voided_on if row else None


def void_verification_of(instrument_id: int, certificate_number: str) -> Verification | None:
    """Return the verification behind a certificate where it is void; None while it stands.

    Whoever reads the certificate is told, wherever the instrument has gone since: the scan page says it too.
    """
    rows = Verification.objects.unscoped().filter(
        instrument_id=instrument_id, certificate_number=certificate_number, voided_on__isnull=False
    )
    with seeing_everything():
        return rows.order_by("-verified_on", "-id").first()


def graded(grade: Grade, on: date) -> Q:
    """Return the condition for a grade on a day. Every instrument meets exactly one of the four."""
    grey, red = Q(state__in=OUT_OF_USE), _red(on)
    soon = on + timedelta(days=DUE_SOON_DAYS)
    if grade == Grade.GREY:
        return grey
    if grade == Grade.RED:
        return ~grey & red
    trusted = ~grey & ~_red_whatever_the_date(on)
    lasting = Q(valid_until=None) | Q(valid_until__gte=soon)
    if grade == Grade.AMBER:
        return trusted & (Q(valid_until__gte=on, valid_until__lt=soon) | lasting & ~UNDOUBTED)
    return trusted & lasting & UNDOUBTED


def _red(on: date) -> Q:
    return _red_whatever_the_date(on) | Q(valid_until__isnull=False, valid_until__lt=on)


def _red_whatever_the_date(on: date) -> Q:
    return (
        Q(impounded=True)
        | Q(seal_broken=True)
        | Q(seal_opened=True)
        | Q(locked=True)
        | Q(state__in=[InstrumentState.FAILED, *NOT_TO_BE_USED])
        | ~Q(result=Result.PASSED)
        | Q(verified_on=None)
        | Q(verified_on__gt=on)
    )


def grade_counts(rows: QuerySet[Instrument], on: date) -> dict[Grade, int]:
    """Count rows by grade in one pass."""
    counted = rows.order_by().aggregate(
        **{grade.value: Count("pk", filter=graded(grade, on)) for grade in Grade}
    )
    return {grade: counted[grade.value] for grade in Grade}


class Duty(StrEnum):
    """Who must do what is due next."""

    OWNER = "owner"
    OFFICE = "office"
    INSTITUTE = "institute"
    NOBODY = "nobody"


class Next(StrEnum):
    """What is due next with an instrument."""

    SUBMIT = "submit"
    CORRECT = "correct"
    REVIEW = "review"
    VERIFY = "verify"
    CONFIRM = "confirm"
    DECIDE = "decide"
    DECIDE_REVOCATION = "decide_revocation"
    RENEW = "renew"
    AWAIT_RESULT = "await_result"
    SEAL_AND_VERIFY = "seal_and_verify"
    REPAIR_OR_STOP = "repair_or_stop"
    FINISH_REPAIR = "finish_repair"
    RELEASE = "release"
    UNLOCK = "unlock"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Due:
    """What is due next: what, who must do it, by when (None: now, or never where nothing is due)."""

    what: Next
    duty: Duty
    by: date | None = None


BY_REASON = {
    Reason.IMPOUNDED: Due(Next.RELEASE, Duty.OFFICE),
    Reason.SEAL_BROKEN: Due(Next.SEAL_AND_VERIFY, Duty.OWNER),
    Reason.SEAL_OPENED: Due(Next.SEAL_AND_VERIFY, Duty.OWNER),
    Reason.LOCKED: Due(Next.UNLOCK, Duty.OWNER),
    Reason.FAILED: Due(Next.REPAIR_OR_STOP, Duty.OWNER),
    Reason.UNDER_REPAIR: Due(Next.FINISH_REPAIR, Duty.OWNER),
    Reason.UNDER_VERIFICATION: Due(Next.AWAIT_RESULT, Duty.INSTITUTE),
    Reason.OVERDUE: Due(Next.VERIFY, Duty.OWNER),
    Reason.NEVER_VERIFIED: Due(Next.VERIFY, Duty.OWNER),
    Reason.REVOKED: Due(Next.VERIFY, Duty.OWNER),
    Reason.UNCONFIRMED: Due(Next.CONFIRM, Duty.OFFICE),
    Reason.DISPUTED: Due(Next.DECIDE, Duty.OFFICE),
}
BEFORE_FILING = {
    InstrumentState.DRAFT: Due(Next.SUBMIT, Duty.OWNER),
    InstrumentState.RETURNED: Due(Next.CORRECT, Duty.OWNER),
    InstrumentState.FILING: Due(Next.REVIEW, Duty.OFFICE),
}


def due_next(instrument: Instrument, on: date) -> Due:
    """Say what has to happen next with an instrument, and whose turn it is."""
    if instrument.state in BEFORE_FILING:
        return BEFORE_FILING[InstrumentState(instrument.state)]
    trust = trust_of(instrument, on)
    if trust.grade == Grade.GREY:
        return Due(Next.NOTHING, Duty.NOBODY)
    if trust.reason == Reason.DISPUTED and instrument.provenance == Provenance.ISSUED:
        return Due(Next.DECIDE_REVOCATION, Duty.INSTITUTE)
    if trust.reason in BY_REASON:
        return BY_REASON[trust.reason]
    if instrument.valid_until is None:
        return Due(Next.NOTHING, Duty.NOBODY)
    return Due(Next.RENEW, Duty.OWNER, instrument.valid_until)


@dataclass(frozen=True, slots=True)
class InstrumentFile:
    """An instrument with everything that hangs on it, newest first."""

    instrument: Instrument
    verifications: list[Verification]
    seals: list[Seal]
    placements: list[Placement]
    parts: list[Instrument]
    open_reports: int = 0


def instrument_file(instrument_id: int, by: Actor) -> InstrumentFile | None:
    """Return the file of an instrument that the actor sees, None otherwise.

    What hangs on it is reached through it: verifications and seals carry the root only, and whoever acts for
    a stall or a station sees those of its instruments all the same. Of what is only assigned, no more is read
    than the capacity reads.
    """
    rows = shown_ledger(by).select_related("entity", "root", "area", "item__parent")
    instrument = rows.filter(pk=instrument_id).annotate(open_reports=open_reports(by)).first()
    if instrument is None:
        return None
    parts = list(shown_ledger(by).filter(parent=instrument).order_by("place", "id"))
    if not instrument.reached_by(by):
        return _assigned_file(instrument, parts, by)
    placements = Placement.objects.unscoped().filter(instrument=instrument).select_related("entity")
    ended = list(placements.order_by("-first_day", "-id"))
    return InstrumentFile(
        instrument, instrument.records, instrument.all_seals, ended, parts, instrument.open_reports
    )


def _assigned_file(it: Instrument, parts: list[Instrument], by: Actor) -> InstrumentFile:
    """What is read of an instrument that is assigned; kept on it, so that no form reads more of it."""
    it.records = list(Verification.objects.shown_to(by).filter(instrument=it))
    it.all_seals = list(Seal.objects.shown_to(by).filter(instrument=it).order_by(*SEAL_ORDER))
    ended = list(Placement.objects.shown_to(by).filter(instrument=it).select_related("entity"))
    return InstrumentFile(it, it.records, it.all_seals, ended, parts)


def seals_of(instrument_id: int) -> list[Seal]:
    """Return the seals of an instrument that one may see, old and new."""
    return list(Seal.objects.unscoped().filter(instrument_id=instrument_id).order_by("pk"))


def parts_in_service(wholes: Collection[int], by: Actor) -> dict[int, dict[str, int]]:
    """Return the parts of each whole that are verified with it, by the name that the bench gives them."""
    rows = ledger(by).filter(parent_id__in=wholes, state__in=FREE_FOR_VERIFICATION)
    found: dict[int, dict[str, int]] = {}
    for part in rows.order_by("pk"):
        found.setdefault(part.parent_id or 0, {}).setdefault(part_name(part), part.pk)
    return found


def part_name(part: Instrument) -> str:
    """Return what a part is called on site: its place, such as 1号枪, else its serial number."""
    return part.place or part.serial_number

"""Verification records that wait for somebody: unconfirmed, or disputed as recorded in error."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.second_persons import come_to, offices_asked
from quanheng.apps.instruments.enums import Provenance, VerificationKind
from quanheng.apps.instruments.models import Instrument, Verification

# A certificate of this platform is under review at its institute, and no office decides that. Said so
# that the index of what is disputed serves it: a desk counts these rows for everybody.
DISPUTED = Q(disputed_at__isnull=False) & (Q(asks_back=True) | ~Q(provenance=Provenance.ISSUED))
UNCONFIRMED = Q(provenance=Provenance.DECLARED, voided_on=None, disputed_at=None)


def records(by: Actor) -> QuerySet[Verification]:
    """Return the verification records that an actor sees, with their instruments."""
    rows = Verification.objects.visible_to(by).select_related("instrument__entity", "area")
    return rows.order_by("-pk")


class Waits(StrEnum):
    """What a record waits for: to be confirmed, to be decided by this person, or by others for him.

    `TURN` is what of the disputed has come to this level: the offices below have nobody who could decide, or
    have let it wait.
    """

    UNCONFIRMED = "unconfirmed"
    DISPUTED = "disputed"
    TURN = "turn"
    ASKED = "asked"


def waiting_for(what: str, by: Actor) -> Q:
    """Return the condition of records that wait for somebody; whoever asked does not decide."""
    mine = Q(disputed_by=by.user_id)
    if what == Waits.TURN:
        day = timezone.localdate()
        return DISPUTED & come_to(by, area="area_id", asked_by="disputed_by", asked_at="disputed_at", day=day)
    return {
        Waits.UNCONFIRMED: UNCONFIRMED, Waits.DISPUTED: DISPUTED & ~mine, Waits.ASKED: DISPUTED & mine,
    }[Waits(what)]  # fmt: skip


def deciding_offices(row: Verification, day: date) -> list[str]:
    """Return the offices that may decide what was asked about a record; empty where nobody asked."""
    return offices_asked(row.area_id, row.disputed_by, row.disputed_at, day) if row.disputed_at else []


def waiting_records(what: Waits | None, by: Actor) -> QuerySet[Verification]:
    """Return the records that an actor sees, those that wait for one thing alone; in no order."""
    rows = Verification.objects.visible_to(by)
    return rows.filter(waiting_for(what, by)) if what else rows


def unconfirmed(instrument: Instrument) -> list[Verification]:
    """Return what was declared about an instrument, and nobody has confirmed or disputed."""
    return [row for row in instrument.records if row.is_unconfirmed]


def disputed(instrument: Instrument) -> list[Verification]:
    """Return the records of an instrument that somebody asked to void."""
    return [row for row in instrument.records if row.is_to_be_voided]


def disputable(instrument: Instrument) -> list[Verification]:
    """Return the records that can be asked to be voided; certificates of this platform are revoked."""
    return [
        row
        for row in instrument.records
        if row.disputed_at is None and not row.in_error and row.provenance != Provenance.ISSUED
    ]


def verified_before(instrument: Instrument) -> bool:
    """Say whether a verification of the instrument is known: otherwise the next one is its first."""
    return instrument.verified_on is not None or any(
        not row.in_error and row.kind != VerificationKind.IN_SERVICE for row in instrument.records
    )

"""Verification records that wait for somebody: unconfirmed, or disputed as recorded in error."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from quanheng.apps.instruments.enums import Provenance, VerificationKind
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.kit.scope import Actor

# A certificate of this platform is under review at its institute, and no office decides that.
DISPUTED = Q(disputed_at__isnull=False) & ~Q(provenance=Provenance.ISSUED)
UNCONFIRMED = Q(provenance=Provenance.DECLARED, voided_on=None, disputed_at=None)


def records(by: Actor) -> QuerySet[Verification]:
    """Return the verification records that an actor sees, with their instruments."""
    rows = Verification.objects.visible_to(by).select_related("instrument__entity", "area")
    return rows.order_by("-pk")


def unconfirmed(instrument: Instrument) -> QuerySet[Verification]:
    """Return what was declared about an instrument, and nobody has confirmed or disputed."""
    return _of(instrument).filter(UNCONFIRMED)


def disputed(instrument: Instrument) -> QuerySet[Verification]:
    """Return the records of an instrument that somebody asked to void."""
    return _of(instrument).filter(DISPUTED)


def disputable(instrument: Instrument) -> QuerySet[Verification]:
    """Return the records that can be asked to be voided; certificates of this platform are revoked."""
    return _of(instrument).filter(disputed_at=None, in_error=False).exclude(provenance=Provenance.ISSUED)


def verified_before(instrument: Instrument) -> bool:
    """Say whether a verification of the instrument is known: otherwise the next one is its first."""
    rows = _of(instrument).filter(in_error=False).exclude(kind=VerificationKind.IN_SERVICE)
    return instrument.verified_on is not None or rows.exists()


def _of(instrument: Instrument) -> QuerySet[Verification]:
    return Verification.objects.unscoped().filter(instrument=instrument).order_by("-verified_on", "-pk")

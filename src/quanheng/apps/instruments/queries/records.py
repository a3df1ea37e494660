"""Verification records that wait for somebody: unconfirmed, or disputed as recorded in error."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from quanheng.apps.instruments.enums import Provenance
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.kit.scope import Actor

UNCONFIRMED = Q(provenance=Provenance.DECLARED, voided_on=None)
DISPUTED = Q(disputed_at__isnull=False)


def records(by: Actor) -> QuerySet[Verification]:
    """Return the verification records that an actor sees, with their instruments."""
    rows = Verification.objects.visible_to(by).select_related("instrument__entity", "area")
    return rows.order_by("-pk")


def unconfirmed(instrument: Instrument) -> QuerySet[Verification]:
    """Return what was declared about an instrument that the caller sees, and nobody has confirmed."""
    return _of(instrument).filter(UNCONFIRMED)


def disputed(instrument: Instrument) -> QuerySet[Verification]:
    """Return the records of an instrument that somebody asked to void."""
    return _of(instrument).filter(DISPUTED)


def disputable(instrument: Instrument) -> QuerySet[Verification]:
    """Return the records that can be asked to be voided; certificates of this platform are revoked."""
    return _of(instrument).filter(~DISPUTED, in_error=False).exclude(provenance=Provenance.ISSUED)


def _of(instrument: Instrument) -> QuerySet[Verification]:
    return Verification.objects.unscoped().filter(instrument=instrument).order_by("-verified_on", "-pk")

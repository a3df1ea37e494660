"""Certificates, their versions and the changes that were asked for, as far as somebody may open them."""

from __future__ import annotations

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.enums import Decision
from quanheng.apps.certificates.models import (
    Certificate,
    CertificateChange,
    CertificateSignature,
    CertificateVersion,
)
from quanheng.kit.scope import ScopedQuerySet


def certificates(by: Actor) -> ScopedQuerySet[Certificate]:
    """Return the certificates that an actor may open; an institute opens its own."""
    rows = Certificate.objects.visible_to(by)
    return rows.filter(institute=by.agency_id or 0) if by.is_institute else rows


def certificate(certificate_id: int, by: Actor) -> Certificate | None:
    """Return one of them with what its page shows, or None."""
    rows = certificates(by).select_related("instrument", "replaced_by")
    return rows.filter(pk=certificate_id).first()


def certificates_of(instrument_id: int, by: Actor) -> dict[str, int]:
    """Return number → certificate, of those of an instrument."""
    rows = certificates(by).filter(instrument=instrument_id).order_by("pk")
    return dict(rows.values_list("number", "pk"))


def certificate_of_line(line_id: int, by: Actor) -> Certificate | None:
    """Return the certificate that a line of an application led to, if the scope reaches it."""
    return Certificate.objects.visible_to(by).filter(examination__line=line_id).first()


def versions_of(certificate_id: int, by: Actor) -> list[CertificateVersion]:
    """Return the versions of a certificate, the newest first."""
    rows = CertificateVersion.objects.visible_to(by).filter(certificate=certificate_id)
    return list(rows.select_related("made_by", "approved_by").order_by("-version"))


def signatures_of(version_id: int, by: Actor) -> list[str]:
    """Return the algorithms with which a version is signed."""
    rows = CertificateSignature.objects.visible_to(by).filter(version=version_id)
    return list(rows.order_by("id").values_list("algorithm", flat=True))


def waiting_change(certificate_id: int, by: Actor) -> CertificateChange | None:
    """Return the change of a certificate that waits to be decided; there is one at most."""
    rows = CertificateChange.objects.visible_to(by).filter(certificate=certificate_id)
    return rows.filter(decision=Decision.WAITING).first()


def changes_at_institute(by: Actor) -> ScopedQuerySet[CertificateChange]:
    """Return every change of a certificate of the actor's institute."""
    rows = CertificateChange.objects.visible_to(by).filter(certificate__institute=by.agency_id)
    return rows.select_related("certificate__instrument", "asked_by")

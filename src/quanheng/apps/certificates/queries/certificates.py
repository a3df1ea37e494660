"""Certificates, their versions and the changes that were asked for, as far as somebody may open them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import DateTimeField, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Greatest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.enums import Decision
from quanheng.apps.certificates.models import (
    Certificate,
    CertificateChange,
    CertificateSignature,
    CertificateVersion,
)
from quanheng.kit.lists.filters import after_prefix
from quanheng.kit.scope import ScopedQuerySet
from quanheng.regulation.instrument_identity import number_key

VOID_AT = (
    "certificate_void_at"  # instruments/sql: asked across the walls, as the scan page says it to anybody
)
SHORTEST_TAIL = 3  # by our own choice: two digits are the end of one certificate in a hundred


def certificates(by: Actor) -> ScopedQuerySet[Certificate]:
    """Return the certificates that an actor may open; an institute opens its own."""
    rows = Certificate.objects.visible_to(by)
    return rows.filter(institute=by.agency_id or 0) if by.is_institute else rows


def listed_certificates(by: Actor) -> QuerySet[Certificate]:
    """Return them as a list shows them: `version`, `valid_until` (ISO, or None), `serial_number` and
    `instrument_name` as the newest version says them, `holder` (None where the instrument is out of reach),
    `is_void`, and `told_at`: when any of this changed.

    A certificate is void when the verification that it documents no longer counts: the seal was broken, the
    instrument repaired or moved; the certificate itself stands as it was issued. It stays in the county that
    it was issued in, also when the instrument has left: no join may drop it then.
    """
    rows = certificates(by)
    if by.scope.entity_id is not None and not by.scope.everything:
        rows = rows.filter(pk__in=_at_entity(rows, by.scope.entity_id))
    newest = CertificateVersion.objects.visible_to(by).filter(certificate=OuterRef("pk")).order_by("-version")
    same = Certificate.objects.visible_to(by).filter(pk=OuterRef("pk"))
    shown = rows.annotate(
        version=Subquery(newest.values("version")[:1]),
        valid_until=_said(newest, "verification", "valid_until"),
        serial_number=_said(newest, "instrument", "serial_number"),
        instrument_name=_said(newest, "instrument", "name"),
        holder=Subquery(same.values("instrument__entity__name")[:1]),
        void_at=Func(F("instrument"), F("number"), function=VOID_AT, output_field=DateTimeField()),
    ).annotate(
        is_void=Q(void_at__isnull=False),
        told_at=Greatest("changed_at", Subquery(newest.values("at")[:1]), "void_at"),
    )  # fmt: skip
    return shown.select_related("institute", "area")


def _said(newest: QuerySet[CertificateVersion], part: str, name: str) -> Subquery:
    return Subquery(newest.annotate(said=KT(f"content__{part}__{name}")).values("said")[:1])


def at_entity(rows: QuerySet[Certificate], entity_id: int, by: Actor) -> QuerySet[Certificate]:
    """Keep the certificates of what stands, or was verified, at an entity or at anything inside it."""
    return rows.filter(pk__in=_at_entity(certificates(by), entity_id))


def _at_entity(rows: QuerySet[Certificate], entity_id: int) -> QuerySet[Certificate, Any]:
    """Return ids, each side from its own index: an OR over two tables would read them whole."""
    here, inside = rows.filter(instrument__entity=entity_id), rows.filter(root=entity_id)
    return here.values("pk").union(inside.values("pk"))


def with_number(rows: QuerySet[Certificate], typed: str) -> QuerySet[Certificate]:
    """Keep the certificates whose number begins with what was typed, or ends with three signs or more."""
    key = number_key(typed)
    if not key:
        return rows.none()
    found = Q(search_key__gte=key, search_key__lt=after_prefix(key))
    if len(key) >= SHORTEST_TAIL:
        tail = key[::-1]
        found |= Q(search_tail__gte=tail, search_tail__lt=after_prefix(tail))
    return rows.filter(found)


def certificates_of_lines(line_ids: Collection[int], by: Actor) -> dict[int, Certificate]:
    """Return line of an application → the certificate that it led to, where the actor may open it."""
    rows = certificates(by).filter(examination__line__in=line_ids).select_related("examination")
    return {row.examination.line_id: row for row in rows if row.examination}


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

"""申请变更证书: one person asks for a correction, a replacement or a revocation; another one decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.enums import VersionKind
from quanheng.apps.certificates.models import CertificateChange, CertificateVersion
from quanheng.apps.certificates.services.decide_change import act_on_certificate, latest_version
from quanheng.apps.instruments.services.question_certificate import question_certificate

# What a correction may touch. Readings, verdict and dates are not corrected: they are verified again.
CORRECTABLE: Mapping[str, frozenset[str]] = {
    "applicant": frozenset({"name"}),
    "instrument": frozenset({
        "name", "model", "serial_number", "manufacturer", "accuracy_class", "measuring_range", "place",
    }),
    "conditions": frozenset({"temperature_c", "humidity_percent"}),
}  # fmt: skip
LONGEST = 120


def ask_change(
    *, certificate_id: int, kind: VersionKind, reason: str, content: Mapping[str, Mapping[str, str]],
    by: Actor, at: datetime,
) -> CertificateChange:  # fmt: skip
    """Ask for a change of a certificate.

    Args:
        content: by part of the certificate, the fields with their right values; empty for a revocation.

    Raises:
        RuleBroken: certificate_not_found, no_reason, certificate_not_valid, nothing_corrected,
            not_correctable, change_waiting.
        NotYours: not of the institute that issued it.
    """
    verb, why = acts.CERTIFICATE_CHANGE_ASKED, reason.strip()[:300]
    with transaction.atomic():
        with act_on_certificate(verb, certificate_id, by=by, at=at, reason=why) as act:
            certificate = act.row
            if not why:
                raise refusals.NO_REASON_TO_CHANGE()
            wanted = _corrections(kind, content, latest_version(certificate))
            change = _save(
                CertificateChange(
                    certificate=certificate, kind=kind, root_id=certificate.root_id,
                    area_id=certificate.area_id, content=wanted, reason=why, asked_by_id=by.user_id or 0,
                    asked_at=at,
                )
            )  # fmt: skip
            act.facts |= {"kind": kind, "content": wanted}
        if kind == VersionKind.REVOKED:  # whoever scans is told that it is believed to be wrong
            question_certificate(
                verb, instrument_id=certificate.instrument_id,
                certificate_number=certificate.number, reason=f"申请注销证书：{why}", by=by, at=at,
            )  # fmt: skip
    return change


def _save(change: CertificateChange) -> CertificateChange:
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError:
        raise refusals.CHANGE_WAITING() from None
    return change


def _corrections(
    kind: VersionKind, content: Mapping[str, Mapping[str, str]], now: CertificateVersion
) -> dict[str, dict[str, str]]:
    if kind == VersionKind.REVOKED:
        return {}
    wanted: dict[str, dict[str, str]] = {}
    for part, fields in content.items():
        for name, value in fields.items():
            if name not in CORRECTABLE.get(part, ()):
                raise refusals.NOT_CORRECTABLE(field=name)
            if (said := value.strip()[:LONGEST]) != (now.content[part][name] or ""):
                wanted.setdefault(part, {})[name] = said
    if kind == VersionKind.AMENDED and not wanted:
        raise refusals.NOTHING_CORRECTED()
    return wanted

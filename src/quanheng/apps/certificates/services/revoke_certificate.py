"""注销证书: a second person confirms; the verification is void at once, and the scan page says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.enums import CertificateState, VersionKind
from quanheng.apps.certificates.models import CertificateVersion
from quanheng.apps.certificates.services.decide_change import corrected, decide, latest_version, next_version
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.services.void_verification import void_verification


def revoke_certificate(*, change_id: int, by: Actor, at: datetime) -> CertificateVersion:
    """Confirm a revocation that another person asked for.

    Raises:
        RuleBroken: as `decide_change.decide`.
        NotYours: not an approver of the institute that issued it.
    """
    with transaction.atomic():
        with decide(acts.CERTIFICATE_REVOKED, change_id, VersionKind.REVOKED, by=by, at=at) as deciding:
            certificate = deciding.certificate
            certificate.state = CertificateState.REVOKED
            now = latest_version(certificate)
            version = next_version(deciding, corrected(now.content, {}), at)
        void_verification(
            instrument_id=certificate.instrument_id, certificate_number=certificate.number,
            reason=f"证书注销：{deciding.change.reason}", by=by, at=at,
        )  # fmt: skip
    return version

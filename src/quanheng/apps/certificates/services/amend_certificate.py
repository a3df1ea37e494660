"""更正证书: a second person confirms what was wrong; the same number, the next version."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.enums import VersionKind
from quanheng.apps.certificates.models import CertificateVersion
from quanheng.apps.certificates.services.decide_change import (
    correct_the_ledger,
    corrected,
    decide,
    latest_version,
    next_version,
)
from quanheng.apps.instruments import acts


def amend_certificate(*, change_id: int, by: Actor, at: datetime) -> CertificateVersion:
    """Confirm a correction that another person asked for.

    Raises:
        RuleBroken: as `decide_change.decide`, and what the ledger refuses (serial_number_taken…).
        NotYours: not an approver of the institute that issued it.
    """
    with decide(acts.CERTIFICATE_AMENDED, change_id, VersionKind.AMENDED, by=by, at=at) as deciding:
        now = latest_version(deciding.certificate)
        version = next_version(deciding, corrected(now.content, deciding.change.content), at)
        correct_the_ledger(deciding, now.content, by=by, at=at)
    return version

"""撤回证书变更申请: whoever asked for a change takes it back; the certificate stays as it is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.enums import Decision
from quanheng.apps.certificates.models import CertificateChange
from quanheng.apps.certificates.services.decide_change import it_stays, locked_certificate, locked_change
from quanheng.kit.acts import check


def withdraw_change(*, change_id: int, reason: str, by: Actor, at: datetime) -> CertificateChange:
    """Take back a change that waits.

    Raises:
        RuleBroken: no_reason, change_not_found, already_decided, not_the_asker.
        NotYours: not of the institute that issued the certificate.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON_TO_WITHDRAW()
    verb = acts.CERTIFICATE_CHANGE_WITHDRAWN
    with transaction.atomic():
        change = locked_change(change_id, by)
        certificate = locked_certificate(change.certificate_id, by)
        check(verb, by, certificate)
        if change.asked_by_id != by.user_id:
            raise refusals.NOT_THE_ASKER()
        change.decision, change.decided_at = Decision.WITHDRAWN, at
        change.decision_reason = reason[:300]
        change.save()
        record(
            verb, by=by, at=at, area_id=certificate.area_id, root_id=certificate.root_id,
            instrument_id=certificate.instrument_id, subject=certificate.number, reason=reason,
            after={"change": change.pk, "kind": change.kind},
        )  # fmt: skip
        it_stays(verb, change, reason=reason, by=by, at=at)
    return change

"""撤回证书变更申请: whoever asked for a change takes it back; the certificate stays as it is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.enums import Decision
from quanheng.apps.certificates.models import CertificateChange
from quanheng.apps.certificates.services.decide_change import act_on_certificate, it_stays, locked_change


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
        with act_on_certificate(verb, change.certificate_id, by=by, at=at, reason=reason) as act:
            if change.asked_by_id != by.user_id:
                raise refusals.NOT_THE_ASKER()
            change.decision, change.decided_at = Decision.WITHDRAWN, at
            change.decision_reason = reason[:300]
            change.save()
            act.facts |= {"change": change.pk, "kind": change.kind}
        it_stays(verb, change, reason=reason, by=by, at=at)
    return change

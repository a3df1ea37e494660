"""不批准变更证书: the certificate stays as it is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.models import CertificateChange
from quanheng.apps.certificates.services.decide_change import decide, it_stays


def refuse_change(*, change_id: int, reason: str, by: Actor, at: datetime) -> CertificateChange:
    """Refuse a change that another person asked for.

    Raises:
        RuleBroken: no_reason, and as `decide_change.decide`.
        NotYours: not an approver of the institute that issued it.
    """
    if not reason.strip():
        raise refusals.NO_REASON_TO_REFUSE()
    verb = acts.CERTIFICATE_CHANGE_REFUSED
    with transaction.atomic():
        with decide(verb, change_id, None, by=by, at=at, reason=reason.strip()) as deciding:
            change = deciding.change
        it_stays(verb, change, reason=reason.strip(), by=by, at=at)
    return change

"""批准发证: a third person approves; certificate, version, seals and ledger follow in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.models import Certificate
from quanheng.apps.certificates.services.issue_certificates import issue_certificates


def issue_certificate(*, line_id: int, by: Actor, at: datetime) -> Certificate:
    """Approve a checked examination and issue its certificate or failure notice: a batch of one.

    Raises:
        RuleBroken: line_not_found, cannot_approve, same_person, not_qualified, not_authorised, and what the
            ledger refuses (seal_missing, position_sealed, already_recorded…).
        NotYours: not an approver of this institute.
    """
    with transaction.atomic():
        issued = issue_certificates(line_ids=[line_id], by=by, at=at)
        if line_id in issued.refused:
            raise issued.refused[line_id]
    return issued.certificates[0]

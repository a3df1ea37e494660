"""成批批准发证: an approver goes through a day's checked records at once; a refusal holds up no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates.models import Certificate
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.kit.refusal import NotYours, RuleBroken


@dataclass(slots=True)
class Issued:
    """What became of a batch.

    Args:
        refused: line → why, in Chinese.
    """

    certificates: list[Certificate] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def issue_certificates(*, line_ids: Sequence[int], by: Actor, at: datetime) -> Issued:
    """Approve checked examinations, in one transaction; a line that is refused is told and left as it was.

    Lines are taken in order of their id, so that two batches at once cannot wait for each other forever.
    """
    issued = Issued()
    with transaction.atomic():
        for line_id in sorted(set(line_ids)):
            try:
                issued.certificates.append(issue_certificate(line_id=line_id, by=by, at=at))
            except (RuleBroken, NotYours) as refusal:
                issued.refused[line_id] = refusal.message
    return issued

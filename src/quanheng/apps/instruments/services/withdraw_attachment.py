"""撤下附件: a file is taken off, with the reason. The row and its act stay; the office can still open it."""

from __future__ import annotations

from datetime import datetime

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowKind, act_on_row
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.attached import refusals
from quanheng.apps.instruments.models import Attachment


def _filed(row: Attachment) -> dict[str, object]:
    return {
        "area_id": row.instrument.area_id if row.instrument else row.entity.area_id,
        "entity_id": row.entity_id, "root_id": row.entity.root_id, "instrument_id": row.instrument_id,
        "subject": str(row.instrument or row.entity)[:80],
    }  # fmt: skip


ATTACHMENTS = RowKind(
    model=Attachment, missing=refusals.ATTACHMENT_NOT_FOUND, filed=_filed, related=("entity", "instrument")
)


def withdraw_attachment(*, attachment_id: int, reason: str, by: Actor, at: datetime) -> Attachment:
    """Take a file off. Whoever attached it may, and an officer of the place.

    Raises:
        RuleBroken: attachment_not_found, already_withdrawn, not_your_attachment, no_reason.
    """
    reason = reason.strip()
    with act_on_row(
        ATTACHMENTS, acts.ATTACHMENT_WITHDRAWN, attachment_id, by=by, at=at, reason=reason
    ) as act:
        row = act.row
        if row.withdrawn_at is not None:
            raise refusals.ALREADY_WITHDRAWN()
        if not (by.is_officer or by.scope.everything or row.attached_by == by.user_id):
            raise refusals.NOT_YOUR_ATTACHMENT()
        if not reason:
            raise refusals.NO_REASON_TO_WITHDRAW()
        row.withdrawn_at, row.withdrawn_by_name, row.withdraw_reason = at, by.name, reason[:300]
        act.facts |= {"title": row.title, "withdrawn_digest": row.digest}
    return row

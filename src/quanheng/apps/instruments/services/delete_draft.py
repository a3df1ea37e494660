"""删除草稿: what was registered by mistake and never accepted leaves the ledger; the log keeps its words."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.act_on import REMOVED, filed, logged
from quanheng.kit.acts import check
from quanheng.kit.scope import seeing_everything
from quanheng.regulation.instrument_states import WITH_THE_OWNER


def delete_draft(*, instrument_id: int, reason: str = "", by: Actor, at: datetime) -> Instrument:
    """Delete a draft, or what the office returned, with its declared verifications and seals; return it.

    Raises:
        RuleBroken: instrument_not_found, not_a_draft, draft_stood_upon.
        NotYours: the actor's role or scope does not reach the act.
    """
    with transaction.atomic(), rate_changes.tracking([instrument_id]):
        rows = Instrument.objects.visible_to(by).select_for_update(of=("self",))
        draft = rows.filter(pk=instrument_id).first()
        if draft is None:
            raise refusals.INSTRUMENT_NOT_FOUND()
        check(acts.DRAFT_DELETED, by, draft)
        if draft.state not in WITH_THE_OWNER:
            raise refusals.NOT_A_DRAFT(state=draft.get_state_display())
        record(
            acts.DRAFT_DELETED, by=by, at=at, reason=reason.strip()[:300], **filed(draft),
            before=logged(draft), after={REMOVED: [[draft.pk, draft.pk]]},
        )  # fmt: skip
        gone = copy(draft)
        _delete(draft)
    return gone


def _delete(draft: Instrument) -> None:
    try:
        with seeing_everything():
            draft.delete()
    except ProtectedError:
        raise refusals.DRAFT_STOOD_UPON() from None

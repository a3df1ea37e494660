"""打印标签: who had which labels printed is on record; a spare label is a forged one waiting to happen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.labels.layouts import LAYOUTS, Offset
from quanheng.apps.instruments.models import LabelPrint
from quanheng.apps.instruments.queries.labels import Selection, count_labels
from quanheng.apps.instruments.tasks import LABELS
from quanheng.kit.acts import check
from quanheng.kit.tasks import TaskState, queue_task

AT_ONCE = 240
"""So many labels are handed out at once; more are made by a worker."""


def print_labels(
    *, selection: Selection, layout: str, offset: Offset, skip: int = 0, by: Actor, at: datetime
) -> LabelPrint:
    """Put a print on record; a big one is queued, a small one the caller makes itself.

    Raises:
        RuleBroken: unknown_layout, bad_skip, nothing_to_print.
        NotYours: the role prints no labels.
    """
    check(acts.LABELS_PRINTED, by)
    if by.user_id is None:
        raise refusals.LABELS_NOT_YOURS()
    paper = LAYOUTS.get(layout)
    if paper is None:
        raise refusals.UNKNOWN_LAYOUT()
    if not 0 <= skip < paper.per_page:
        raise refusals.BAD_SKIP(most=paper.per_page - 1)
    with transaction.atomic():
        total = count_labels(selection, by)
        if not total:
            raise refusals.NOTHING_TO_PRINT()
        job = LabelPrint(
            selection=selection.as_json(), layout=layout, skip=skip,
            right_mm=offset.right, down_mm=offset.down,
            requested_by_id=by.user_id, appointment_id=by.appointment_id, requested_at=at, total=total,
        )  # fmt: skip
        if total <= AT_ONCE:
            job.state, job.done, job.finished_at = TaskState.DONE, total, at
        job.save()
        record(
            acts.LABELS_PRINTED, by=by, at=at, root_id=selection.entity, subject=f"{paper.name} {total}"[:80],
            after=selection.as_json() | {"layout": layout, "total": total},
            instrument_id=selection.instruments[0] if len(selection.instruments) == 1 else None,
        )  # fmt: skip
        if total > AT_ONCE:
            queue_task(LABELS, job)
    return job

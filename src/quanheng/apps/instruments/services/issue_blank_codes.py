"""空白码: codes that are printed first and bound on site by scanning."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.instruments import refusals
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.models import InstrumentCode
from quanheng.apps.instruments.services.issue_codes import new_codes
from quanheng.apps.registry import acts
from quanheng.kit.acts import check

BATCH_AT_MOST = 10_000  # made within the request in about a second; more rolls are more batches


def issue_blank_codes(*, area_id: int, count: int, batch: str, by: Actor, at: datetime) -> list[str]:
    """Make a batch of blank codes for an area; return them in the order in which they are printed.

    Args:
        area_id: only instruments in this area (and below) can take them.
        batch: what is written on the roll; one word for one batch within the area.

    Raises:
        RuleBroken: batch_size, no_batch, batch_exists.
        NotYours: the area lies outside the actor's scope, or the role does not issue codes.
    """
    check(acts.CODES_ISSUED, by)
    if not by.scope.covers_area(area_id):
        raise refusals.BLANK_CODES_NOT_YOURS(area_id=area_id)
    batch = batch.strip()
    if not 1 <= count <= BATCH_AT_MOST:
        raise refusals.BATCH_SIZE(most=f"{BATCH_AT_MOST:,}", count=count)
    if not batch:
        raise refusals.NO_BATCH()
    with transaction.atomic():
        if InstrumentCode.objects.unscoped().filter(area_id=area_id, batch=batch).exists():
            raise refusals.BATCH_EXISTS(batch=batch)
        codes = new_codes(count)
        InstrumentCode.objects.unscoped().bulk_create(
            (
                InstrumentCode(value=code, area_id=area_id, state=CodeState.BLANK, batch=batch, issued_at=at)
                for code in codes
            ),
            batch_size=5_000,
        )
        record(
            acts.CODES_ISSUED, by=by, at=at, area_id=area_id, subject=batch[:80],
            after={"blank": count, "first": codes[0], "last": codes[-1]},
        )  # fmt: skip
    return codes

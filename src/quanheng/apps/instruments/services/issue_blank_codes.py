"""空白码: codes that are printed first and bound on site by scanning."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import record
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.models import InstrumentCode
from quanheng.apps.instruments.services.issue_codes import new_codes
from quanheng.apps.registry import acts
from quanheng.kit.acts import check
from quanheng.kit.refusal import NotYours, RuleBroken

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
        raise NotYours("not_yours", "只能为本辖区发放空白码。", area_id=area_id)
    batch = batch.strip()
    if not 1 <= count <= BATCH_AT_MOST:
        raise RuleBroken("batch_size", f"一批空白码为 1 至 {BATCH_AT_MOST:,} 个。", count=count)
    if not batch:
        raise RuleBroken("no_batch", "请填写批次名称，例如“2026-11 一环路标签卷”。")
    with transaction.atomic():
        if InstrumentCode.objects.unscoped().filter(area_id=area_id, batch=batch).exists():
            raise RuleBroken("batch_exists", f"本辖区已有批次“{batch}”，请换一个名称。", batch=batch)
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

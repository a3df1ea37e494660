"""Two scales of the demonstration's market at the demonstration's repairer: one on its way, one in hand."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.apps.instruments.services.receive_for_repair import receive_for_repair
from quanheng.apps.instruments.services.repair import send_to_repair
from quanheng.demo.people import actor
from quanheng.kit.scope import acting_in

REASONS = ("示值漂移，称不准", "显示屏缺划，看不清示值")


def send_some(*, at: datetime) -> int:
    """Send two scales to the repairer, who has received the first.

    Returns:
        How many were sent: none where the market has no scales to spare.
    """
    operator, repairer = actor("shichang"), actor("weixiu")
    with acting_in(operator.scope):
        chosen = _scales(operator)
        for instrument_id, reason in zip(chosen, REASONS, strict=False):
            send_to_repair(
                instrument_id=instrument_id, reason=reason, on=timezone.localdate(at),
                repairer_id=repairer.entity_id, by=operator, at=at,
            )  # fmt: skip
    if chosen:
        by = actor("weixiu")
        with acting_in(by.scope):
            receive_for_repair(instrument_id=chosen[0], note="外观完好，铅封完好", by=by, at=at)
    return len(chosen)


def _scales(operator: Actor) -> list[int]:
    """The newest of the market: the first ones are on their way to be verified."""
    rows = ledger(operator).filter(state=InstrumentState.IN_USE, seal_broken=False, item__category="scale")
    return list(rows.order_by("-pk").values_list("pk", flat=True)[: len(REASONS)])

"""报送存量: the scales that carried a code before the platform was configured, told as they stand today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.queries import area
from quanheng.apps.audit.services import record
from quanheng.apps.exchange import acts, refusals
from quanheng.apps.exchange.area_by_area import area_by_area
from quanheng.apps.exchange.services.tell_platform import is_configured, message_of, scales_among
from quanheng.apps.exchange.topics import TOPIC
from quanheng.apps.instruments.queries.exchanged import Reach, coded_rows
from quanheng.apps.outbox.services import post_many
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.instrument_states import PUT_AWAY

AT_ONCE = 1_000
BEFORE_ANY_ACT = 0  # the sequence of a stock message: whatever happens to the scale later goes before it
FACTS = ("certificate_number", "result", "verified_on", "valid_until", "institute")


def tell_stock(*, area_id: int, at: datetime) -> int:
    """Post the code, the verification that counts, the lock and the stop of every scale of an area.

    Telling them again does no harm: each message says how the scale stands. Killed half-way, it is run again.

    Returns:
        How many scales there were.

    Raises:
        RuleBroken: not_configured, no_area, mapping_unreadable.
    """
    if not is_configured():
        raise refusals.NOT_CONFIGURED()
    place = area(area_id)
    if place is None:
        raise refusals.UNKNOWN_AREA()
    told = 0
    for rows in area_by_area(coded_rows, Reach(place.pk, 0, place.last), AT_ONCE):
        with acting_in(EVERYTHING):
            scales = scales_among({row.pk for row in rows}, timezone.localdate(at))
            told += len(scales)
            _post([row for row in rows if row.pk in scales], at)
    with acting_in(EVERYTHING):
        record(
            acts.EXCHANGE_RUN, by=SYSTEM, at=at, area_id=place.pk, subject="报送存量计价秤",
            after={"scales": told},
        )  # fmt: skip
    return told


def _post(rows: Sequence[Any], at: datetime) -> None:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        for event, facts in _standing(row):
            message = message_of(event, row.pk, sequence=BEFORE_ANY_ACT, at=at, **facts)
            found.setdefault(event, []).append(message)
    for event, messages in found.items():
        post_many(TOPIC + event, messages, at=at)


def _standing(row: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the events that bring somebody who knows nothing of a scale to how it stands."""
    yield "binding", {}
    if row.result:
        yield "verification", {name: str(value) for name in FACTS if (value := getattr(row, name))}
    if row.locked:
        yield "locked", {}
    if row.state in PUT_AWAY:
        yield "stopped", {}

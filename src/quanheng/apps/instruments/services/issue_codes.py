"""赋码: every filed instrument of a selection that has no code gets one; set by set, a million if need be."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import draft, record_many
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.models import Instrument, InstrumentCode
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.registry import acts
from quanheng.kit.acts import check
from quanheng.regulation.instrument_code import RANDOM_BYTES, codes_from_random
from quanheng.regulation.instrument_states import WITHOUT_CODE

AT_ONCE = 5_000
COPY_TO_INSTRUMENTS = """
UPDATE instruments_instrument i SET code = c.value, changed_at = %(at)s, version = i.version + 1
FROM instruments_instrumentcode c
WHERE c.instrument_id = i.id AND c.state = 'active' AND i.id = ANY(%(ids)s) AND i.code IS NULL
"""


def issue_codes(
    *, chosen: QuerySet[Instrument], by: Actor, at: datetime, told: Callable[[int], None] | None = None
) -> int:
    """Give a code to each chosen instrument that is filed and has none; return how many got one.

    Works through the selection in sets of 5,000, each its own transaction unless the caller holds one: broken
    off and run again, it goes on where it stopped.

    Args:
        told: called with the running total after each set.

    Raises:
        NotYours: the actor's role does not issue codes. Instruments out of scope are left alone.
    """
    check(acts.CODES_ISSUED, by)
    reached = Instrument.objects.visible_to(by).filter(pk__in=chosen.order_by().values("pk"))
    waiting = reached.filter(code=None).exclude(state__in=WITHOUT_CODE).order_by("pk")
    issued = last = 0
    while True:
        with transaction.atomic():
            rows = list(waiting.filter(pk__gt=last).select_for_update(of=("self",))[:AT_ONCE])
            if not rows:
                return issued
            with rate_changes.tracking([row.pk for row in rows]):
                _issue(rows, by=by, at=at)
        issued, last = issued + len(rows), rows[-1].pk
        if told:
            told(issued)


def new_codes(count: int) -> list[str]:
    """Return fresh codes; 100 random bits each, the primary key would refuse a repeat."""
    return list(codes_from_random(secrets.token_bytes(RANDOM_BYTES * count)))


def _issue(rows: list[Instrument], *, by: Actor, at: datetime) -> None:
    codes = new_codes(len(rows))
    InstrumentCode.objects.unscoped().bulk_create(
        InstrumentCode(
            value=code, instrument=row, area_id=row.area_id, state=CodeState.ACTIVE, issued_at=at, bound_at=at
        )
        for code, row in zip(codes, rows, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(COPY_TO_INSTRUMENTS, {"at": at, "ids": [row.pk for row in rows]})
    record_many([
        draft(
            acts.CODES_ISSUED, by=by, at=at, area_id=row.area_id, entity_id=row.entity_id,
            root_id=row.root_id, instrument_id=row.pk, subject=str(row)[:80], before={"code": None},
            after={"code": code},
        )
        for code, row in zip(codes, rows, strict=True)
    ])  # fmt: skip

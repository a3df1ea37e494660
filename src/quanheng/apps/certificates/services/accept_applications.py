"""成批受理: each instrument gets the first half day with room; a refusal holds up no other."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.queries.days import half_days
from quanheng.apps.certificates.services.receive_application import accept_application
from quanheng.apps.certificates.services.slots import When, check_day_to_come
from quanheng.kit.refusal import RuleBroken

NO_ROOM = {"day_is_full", "half_day_is_over"}


@dataclass(slots=True)
class Accepted:
    """What became of a batch.

    Args:
        refused: line → why, in Chinese.
    """

    lines: list[ApplicationLine] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def accept_applications(*, line_ids: Sequence[int], first_day: date, by: Actor, at: datetime) -> Accepted:
    """Accept instruments, filling the half days from a day on; a line that is refused is left as it was.

    Nobody is booked before the day that was wished for.

    Lines are locked first and in order of their id: whoever accepts one of them waits, and no two batches
    wait for each other.

    Raises:
        RuleBroken: day_is_past.
        NotYours: not the reception of this institute.
    """
    check_day_to_come(first_day, at)
    accepted = Accepted()
    with transaction.atomic():
        rows = ApplicationLine.objects.visible_to(by).filter(pk__in=line_ids).order_by("pk")
        lines = list(rows.select_related("instrument", "application").select_for_update(of=("self",)))
        free: dict[tuple[int, int, date], deque[When]] = {}
        for line in lines:
            start = max(first_day, line.application.wanted_on)
            kind = line.institute_id, line.instrument.item_id, start
            days = free.setdefault(kind, deque(When(*half) for half in half_days(start)))
            try:
                accepted.lines.append(_accept(line.pk, days, by, at))
            except RuleBroken as refusal:
                accepted.refused[line.pk] = refusal.message
    return accepted


def _accept(line_id: int, days: deque[When], by: Actor, at: datetime) -> ApplicationLine:
    """Accept on the first of the days that is not full; others are taken from the left."""
    while days:
        try:
            with transaction.atomic():
                return accept_application(line_id=line_id, when=days[0], by=by, at=at)
        except RuleBroken as refusal:
            if refusal.code not in NO_ROOM:
                raise
            days.popleft()
    raise refusals.NO_FREE_DAY()

"""到期提醒: who has instruments whose verification lapses is told in time, once for each stage.

One message for each entity and run, with counts: a market with three hundred scales gets one, not three
hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from quanheng.apps.certificates.models import Reminder
from quanheng.apps.certificates.notices import tell_of_due
from quanheng.apps.outbox.services import post_many
from quanheng.apps.outbox.texts import TEXT
from quanheng.apps.registry.queries import entity_names, reachable
from quanheng.kit.bulk import update_many
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.public_texts import signed_message
from quanheng.packs.shipped import shipped
from quanheng.regulation.verification_procedure import OPEN

TOPIC = TEXT
RULE = "verification/reminders"
OVERDUE = 0  # the stage after the last day
LONGEST_NAME = 20  # characters of an entity's name in a text message

# The most urgent stage that an instrument has reached, unless it was reminded of it. A nozzle goes with its
# dispenser; a broken seal is another matter; what is in a procedure needs no reminder. The two subqueries are
# asked row by row, by index: NOT EXISTS is joined, and where the statistics are those of an empty table the
# planner reads all reminders for each instrument.
REACHED = """
SELECT i.id, i.entity_id, i.root_id, i.area_id, i.trusted_until, reached.days
FROM instruments_instrument i
CROSS JOIN LATERAL (
  SELECT min(days) AS days FROM unnest(%(stages)s::int[]) days
  WHERE i.trusted_until <= %(today)s::date + days - (days = 0)::int
) reached
WHERE i.state = 'in_use' AND i.parent_id IS NULL AND NOT i.seal_broken AND NOT i.seal_opened
  AND i.area_id BETWEEN %(first)s AND %(last)s AND i.trusted_until <= %(until)s
  AND (
    SELECT r.id FROM certificates_reminder r
    WHERE r.instrument_id = i.id AND r.due_on = i.trusted_until AND r.days_before <= reached.days
    LIMIT 1) IS NULL
  AND (
    SELECT l.id FROM certificates_applicationline l
    WHERE l.instrument_id = i.id AND l.state = ANY(%(open)s) LIMIT 1) IS NULL
ORDER BY i.id
"""
# A statement of its own: one that also reads the table would look through the rows that it has just written,
# for each instrument anew, where the planner takes the table for empty; so it is on the first morning.
WRITE_DOWN = """
INSERT INTO certificates_reminder (instrument_id, root_id, area_id, due_on, days_before, at)
SELECT told.*, %s FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::int[]) told
ON CONFLICT DO NOTHING
RETURNING id, instrument_id
"""


@dataclass(frozen=True, slots=True)
class _Written:
    """One reminder that was noted, and who may be told."""

    reminder: int
    days: int
    entity: int
    root: int


@dataclass(frozen=True, slots=True)
class Reminded:
    """What one run did, in instruments and messages; `unreachable` have nobody to write to."""

    instruments: int = 0
    messages: int = 0
    unreachable: int = 0


@dataclass(slots=True)
class _Letter:
    """What one entity is told."""

    contact: int
    stages: Counter[int] = field(default_factory=Counter)
    reminders: list[int] = field(default_factory=list)


def remind(*, first: int, last: int, address: str, at: datetime) -> Reminded:
    """Remind everybody in an interval of areas, in one transaction; a second run sends nothing again.

    Args:
        address: where an entity applies, as the message gives it.
    """
    with acting_in(EVERYTHING), transaction.atomic():
        written = _write_down(first, last, at)
        tell_of_due(Counter(each for one in written for each in {one.entity, one.root}), at=at)
        letters = _letters(written)
        names = entity_names(letters)
        today = timezone.localdate(at)
        payloads = [
            {"contact": letter.contact, "text": text_for(names[entity], letter.stages, address, today)}
            for entity, letter in letters.items()
        ]
        messages = post_many(TOPIC, payloads, at=at)
        rows = [
            Reminder(pk=pk, message=message)
            for letter, message in zip(letters.values(), messages, strict=True)
            for pk in letter.reminders
        ]
        update_many(rows, {"message_id"})
    return Reminded(len(written), len(messages), len(written) - len(rows))


def stages_on(day: date) -> list[int]:
    """Return how many days before the end somebody is reminded, and 0 for after it."""
    return [OVERDUE, *shipped().in_force(RULE, day).table("stages").values["days_before"]]


def text_for(name: str, stages: Counter[int], address: str, day: date) -> str:
    """Return the text message: counts by stage, the most urgent first."""
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    parts = [
        f"{count} 台超期未检，不得使用" if days == OVERDUE else f"{count} 台 {days} 天内到期"
        for days, count in sorted(stages.items())
    ]
    return signed_message(f"{short}：您单位计量器具 {'，'.join(parts)}，请及时申请检定：{address}", day)


def _write_down(first: int, last: int, at: datetime) -> list[_Written]:
    """Note whom to remind of what."""
    today = timezone.localdate(at)
    stages = stages_on(today)
    given: dict[str, Any] = {
        "at": at, "today": today, "stages": stages, "until": today + timedelta(days=max(stages)),
        "first": first, "last": last, "open": sorted(OPEN),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(REACHED, given)
        reached = cursor.fetchall()
        if not reached:
            return []
        instruments, entities, roots, areas, ends, days = map(list, zip(*reached, strict=True))
        cursor.execute(WRITE_DOWN, [at, instruments, roots, areas, ends, days])
        ids = {instrument: pk for pk, instrument in cursor.fetchall()}
    told = zip(instruments, days, entities, roots, strict=True)
    return [_Written(ids[instrument], *rest) for instrument, *rest in told if instrument in ids]


def _letters(written: Sequence[_Written]) -> dict[int, _Letter]:
    """Group by who is written to: the user of the instrument, else the market or company above it."""
    contacts = reachable({entity for one in written for entity in (one.entity, one.root)})
    letters: dict[int, _Letter] = {}
    for one in written:
        entity = next((entity for entity in (one.entity, one.root) if entity in contacts), None)
        if entity is not None:
            letter = letters.setdefault(entity, _Letter(contacts[entity]))
            letter.stages[one.days] += 1
            letter.reminders.append(one.reminder)
    return letters

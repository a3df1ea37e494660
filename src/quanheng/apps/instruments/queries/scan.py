"""What a scanned code answers: one SELECT, public facts only, judged on the day of the scan."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import OperationalError, connection

from quanheng.apps.instruments.enums import CodeState, Result
from quanheng.regulation.provenance import is_proven
from quanheng.regulation.trust import Current, Grade, Trust, TrustFacts, current, judge

LISTED_AT_MOST = 200
# The card, and the newest act on the instrument with its place in the public log, in one round trip.
SCAN = """SELECT card || jsonb_build_object('record', public_record((card #>> '{instrument,id}')::bigint, 1))
    FROM scan_card(%s) AS card"""


@dataclass(frozen=True, slots=True)
class Card:
    """The public facts behind one code (`scan_card` in the database), and what they mean on a day.

    Args:
        facts: the function's JSON; its dates are ISO text, which is how the page shows them.
        trust: None where the code belongs to no instrument (blank or void).
        current: what its newest verification is worth; None likewise.
    """

    code: str
    code_state: CodeState
    facts: dict[str, Any]
    trust: Trust | None
    current: Current | None = None

    @property
    def instrument_id(self) -> int | None:
        instrument = self.facts["instrument"]
        return instrument and int(instrument["id"])

    @property
    def root_id(self) -> int:
        """The market, company or shop that the instrument belongs to; 0 where there is none."""
        place = self.facts["place"]
        return int(place["root_id"]) if place else 0


@dataclass(frozen=True, slots=True)
class EntityCard:
    """The public facts behind an entity's code: who, where, how many instruments of which grade."""

    facts: dict[str, Any]
    counts: dict[Grade, int]
    listed: list[tuple[dict[str, str], Trust]]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def scan_card(code: str, on: date) -> Card | None:
    """Return what a code answers on a day, None when it was never issued.

    Args:
        code: a code that `regulation.instrument_code.parse_code` returned.
    """
    facts = _one_value(SCAN, [code])
    if facts is None:
        return None
    instrument = facts["instrument"]
    if instrument is None:
        return Card(code, CodeState(facts["code_state"]), facts, None)
    known = _trust_facts(instrument)
    return Card(code, CodeState(facts["code_state"]), facts, judge(known, on), current(known, on))


def entity_card(code: str, on: date) -> EntityCard | None:
    """Return what an entity's code answers on a day, None when it was never issued."""
    facts = _one_value("SELECT entity_card(%s, %s)", [code, LISTED_AT_MOST])
    if facts is None:
        return None
    counts: Counter[Grade] = Counter()
    for *row, count in facts["groups"]:
        counts[_judge_row(row, on).grade] += count
    listed = [
        ({"name": row[0], "model": row[1], "spot": row[2]}, _judge_row(row[3:], on))
        for row in facts["listed"]
    ]
    return EntityCard(facts, {grade: counts[grade] for grade in Grade}, listed)


def public_record(instrument_id: int, at_most: int) -> list[tuple[str, str, int | None]]:
    """Return the acts on an instrument, newest first: verb, day (ISO), index in the public log or None."""
    rows = _one_value("SELECT public_record(%s, %s)", [instrument_id, at_most])
    return [(verb, day, index) for verb, day, index in rows]


def _one_value(statement: str, values: Sequence[str | int]) -> Any:
    """Ask once, without the question whether the connection still lives; ask again when it does not.

    The check before every request would double the round trips of a page that makes one.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        value = _fetch(statement, values)
    except OperationalError:
        if connection.in_atomic_block:
            raise
        connection.close()
        value = _fetch(statement, values)
    return None if value is None else json.loads(value)


def _fetch(statement: str, values: Sequence[str | int]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


FACTS = (
    "state", "verified_on", "valid_until", "result", "seal_broken", "locked", "impounded", "revoked_on",
    "provenance", "seal_opened", "disputed_on",
)  # fmt: skip


def _judge_row(row: Sequence[Any], on: date) -> Trust:
    return judge(_trust_facts(dict(zip(FACTS, row, strict=True))), on)


def _trust_facts(row: dict[str, Any]) -> TrustFacts:
    return TrustFacts(
        state=row["state"],
        verified_on=_day(row["verified_on"]),
        valid_until=_day(row["valid_until"]),
        passed=row["result"] == Result.PASSED if row["result"] else None,
        seal_broken=row["seal_broken"],
        locked=row["locked"],
        impounded=row["impounded"],
        proven=is_proven(row["provenance"]),
        revoked_on=_day(row["revoked_on"]),
        seal_opened=row["seal_opened"],
        trusted_until=_day(row.get("trusted_until")),
        disputed_on=_day(row["disputed_on"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

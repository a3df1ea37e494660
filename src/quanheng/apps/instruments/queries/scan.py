"""What a scanned code answers: one SELECT, public facts only, judged on the day of the scan."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import OperationalError, connection

from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.queries.card import (
    CardAct,
    CardInstrument,
    CardPlace,
    CardPlacement,
    CardSeal,
    CardVerification,
    trust_facts,
)
from quanheng.regulation.trust import Current, Grade, Trust, current, judge

LISTED_AT_MOST = 200
# The card, and the newest act on the instrument with its place in the public log, in one round trip.
SCAN = """SELECT card || jsonb_build_object('record', public_record((card #>> '{instrument,id}')::bigint, 1))
    FROM scan_card(%s) AS card"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The public facts behind one code (`scan_card` in the database), and what they mean on a day.

    Args:
        instrument, place: None where the code belongs to no instrument (blank or void).
        acts: those of which a shopper reads.
        record: the newest act's index in the public log; None while it waits for the next seal.
        trust: None where the code belongs to no instrument.
        current: what its newest verification is worth; None likewise.
    """

    code: str
    code_state: CodeState
    instrument: CardInstrument | None = None
    place: CardPlace | None = None
    seals: tuple[CardSeal, ...] = ()
    verifications: tuple[CardVerification, ...] = ()
    placements: tuple[CardPlacement, ...] = ()
    acts: tuple[CardAct, ...] = ()
    record: int | None = None
    trust: Trust | None = None
    current: Current | None = None

    @property
    def instrument_id(self) -> int | None:
        return self.instrument.id if self.instrument else None

    @property
    def root_id(self) -> int:
        """The market, company or shop that the instrument belongs to; 0 where there is none."""
        return self.place.root_id if self.place else 0


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
    instrument, place, record = facts["instrument"], facts["place"], facts["record"]
    known = trust_facts(instrument) if instrument else None
    return Card(
        code=code,
        code_state=CodeState(facts["code_state"]),
        instrument=CardInstrument(**instrument) if instrument else None,
        place=CardPlace(**place) if place else None,
        seals=tuple(CardSeal(**row) for row in facts["seals"]),
        verifications=tuple(CardVerification(**row) for row in facts["verifications"]),
        placements=tuple(CardPlacement(**row) for row in facts["placements"]),
        acts=tuple(CardAct(**row) for row in facts["acts"]),
        record=record[0]["index"] if record else None,
        trust=judge(known, on) if known else None,
        current=current(known, on) if known else None,
    )


def entity_card(code: str, on: date) -> EntityCard | None:
    """Return what an entity's code answers on a day, None when it was never issued."""
    facts = _one_value("SELECT entity_card(%s, %s)", [code, LISTED_AT_MOST])
    if facts is None:
        return None
    counts: Counter[Grade] = Counter()
    for group in facts["groups"]:
        counts[judge(trust_facts(group["facts"]), on).grade] += group["count"]
    listed = [
        (
            {"name": row["name"], "model": row["model"], "spot": row["spot"]},
            judge(trust_facts(row["facts"]), on),
        )
        for row in facts["listed"]
    ]
    return EntityCard(facts, {grade: counts[grade] for grade in Grade}, listed)


def public_record(instrument_id: int, at_most: int) -> list[tuple[str, str, int | None]]:
    """Return the acts on an instrument, newest first: verb, day (ISO), index in the public log or None."""
    rows = _one_value("SELECT public_record(%s, %s)", [instrument_id, at_most])
    return [(row["verb"], row["day"], row["index"]) for row in rows]


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

"""Which acts there are: of a set of instruments, of reorganisations, of what was taken back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from quanheng.apps.accounts import acts as accounts_acts
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.replay.fold import Deed, Moved
from quanheng.apps.instruments.services.act_on import REMOVED
from quanheng.apps.instruments.services.prove_entry import FACT
from quanheng.kit.acts import verb_of

# An act that changed nothing of the ledger (a check on site, a label printed) says nothing of before.
DEEDS = """
SELECT instrument_id, id, verb, at, batch_id, before, after FROM audit_act
WHERE instrument_id = ANY(%s) AND (verb = %s OR before <> '{}' OR after ?| '{records,code}')
ORDER BY instrument_id, id
"""
MOVES = """
SELECT id, after -> 'moves' FROM audit_act WHERE verb = %s AND after ? 'source' ORDER BY id
"""
UNPROVED_IMPORTS = """
SELECT DISTINCT batch_id FROM audit_act WHERE verb = %s AND batch_id IS NOT NULL AND NOT after ? %s
"""
TAKEN_BACK = "SELECT batch_id, after -> %s FROM audit_act WHERE verb = %s ORDER BY id"


def deeds_of(ids: Sequence[int]) -> dict[int, list[Deed]]:
    """Return the acts that changed something of these instruments, in the order of the log."""
    found: dict[int, list[Deed]] = {}
    for number, act, verb, at, batch, before, after in _rows(DEEDS, [list(ids), acts.INSTRUMENT_REGISTERED]):
        deed = Deed(act, verb, at.isoformat(), batch, _told(verb, before), _told(verb, after))
        found.setdefault(number, []).append(deed)
    return found


def reorganisations() -> list[Moved]:
    """Return the reorganisations of areas, in the order of the log."""
    return [
        Moved(act, None if moves is None else {int(old): new for old, new in _json(moves).items()})
        for act, moves in _rows(MOVES, [accounts_acts.AREA_REORGANISED])
    ]


def removed_numbers() -> Iterator[Iterable[int]]:
    """Yield the numbers of instruments that left the ledger: by imports taken back, as deleted drafts."""
    for verb in (acts.IMPORT_UNDONE, acts.DRAFT_DELETED):
        for _batch, ranges in _rows(TAKEN_BACK, [REMOVED, verb]):
            for first, last in _json(ranges) or []:
                yield range(first, last + 1)


def untold_undoings() -> frozenset[int]:
    """Return the imports that were taken back before the log was told what went and what was given back."""
    rows = _rows(TAKEN_BACK, [REMOVED, acts.IMPORT_UNDONE])
    return frozenset(batch for batch, ranges in rows if batch is not None and ranges is None)


def unproved_imports() -> frozenset[int]:
    """Return the imports from before what entered was kept beside the act."""
    return frozenset(batch for (batch,) in _rows(UNPROVED_IMPORTS, [acts.IMPORT_COMMITTED, FACT]))


def _told(verb: str, facts: Any) -> Any:
    told = _json(facts)
    # Steps of an application once told the state of its line under the name of the instrument's own.
    if verb_of(verb).app != acts.INSTRUMENT_REGISTERED.app:
        return {name: value for name, value in told.items() if name != "state"}
    return told


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value  # a plain cursor leaves jsonb to its reader


def _rows(statement: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        yield from cursor

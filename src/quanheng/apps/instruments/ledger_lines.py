"""One instrument of the ledger as a line of text: all its columns, its verifications, seals and placements.

PostgreSQL writes the line (jsonb has one text for one value), so that what stands in the ledger today can be
compared with what entered without reading either.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Model

from quanheng.apps.instruments.models import Instrument, Placement, Seal, Verification

# id → column → value, as the log keeps it.
Records: TypeAlias = dict[str, dict[str, Any]]

INSTRUMENT = "instrument"
BESIDE: dict[str, type[Model]] = {"verification": Verification, "seal": Seal, "placement": Placement}
# Which write it was: what it wrote is in the others. When somebody last said that it is there: a sheet does
# without an act; whoever confirmed is in the log all the same.
UNPROVED = frozenset({"id", "version", "changed_at", "seen_on"})
# A verification's and a seal's area and root are copies of the instrument's, for row-level security.
COPIES = frozenset({"area_id", "root_id"})


def columns_of(model: type[Model]) -> tuple[str, ...]:
    """Return the columns that the log answers for, in the order of the model."""
    beside = UNPROVED | {"instrument_id"}
    left_out = {Instrument: UNPROVED, Placement: beside}.get(model, COPIES | beside)
    proved = (field for field in model._meta.concrete_fields if not field.generated)
    return tuple(field.attname for field in proved if field.attname not in left_out)


def columns_today() -> dict[str, tuple[str, ...]]:
    """Return the columns of a line: `instrument`, then what stands beside it."""
    return {INSTRUMENT: columns_of(Instrument)} | {name: columns_of(model) for name, model in BESIDE.items()}


def read_lines(columns: Mapping[str, Sequence[str]], ids: Iterable[int]) -> dict[int, str]:
    """Return the lines of instruments as they stand, by id; what is not there is left out.

    The scope must let everything through.

    Args:
        columns: as `columns_today` returns them, or as they were when something entered.
    """
    beside = ", ".join(
        f"(SELECT coalesce(jsonb_agg(jsonb_build_array({_names('b', 'id', *columns[name])}) ORDER BY b.id),"  # noqa: S608
        f" '[]')::text FROM {model._meta.db_table} b WHERE b.instrument_id = i.id)"
        for name, model in BESIDE.items()
    )
    statement = (
        f"SELECT i.id, concat('[', i.id, ',', jsonb_build_array({_names('i', *columns[INSTRUMENT])}), ',',"  # noqa: S608
        f" concat_ws(',', {beside}), ']') FROM {Instrument._meta.db_table} i WHERE i.id = ANY(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return dict(cursor.fetchall())


def _names(table: str, *columns: str) -> str:
    return ", ".join(f'{table}."{column}"' for column in columns)


def parse_line(columns: Mapping[str, Sequence[str]], line: str) -> tuple[dict[str, Any], dict[str, Records]]:
    """Return the columns of the instrument, and what stands beside it, by table and id."""
    _number, instrument, *beside = json.loads(line, parse_float=Decimal)
    records = {
        name: {str(row[0]): dict(zip(columns[name], row[1:], strict=True)) for row in rows}
        for name, rows in zip(BESIDE, beside, strict=True)
    }
    return dict(zip(columns[INSTRUMENT], instrument, strict=True)), records


def records_of(instrument_ids: Iterable[int]) -> dict[int, dict[str, Records]]:
    """Return what stands beside instruments today. The scope must let everything through."""
    columns = columns_today()
    lines = read_lines(columns, instrument_ids)
    return {number: parse_line(columns, line)[1] for number, line in lines.items()}


def changed_records(
    then: Mapping[str, Records], now: Mapping[str, Records]
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return what an act changed beside an instrument: before and after, by table and id.

    A row that is new was None before, one that is gone is None after; of others the columns that changed.
    """
    before: dict[str, dict[str, Any]] = {}
    after: dict[str, dict[str, Any]] = {}
    for name in BESIDE:
        old, new = then.get(name, {}), now.get(name, {})
        for number in sorted(old.keys() | new.keys(), key=int):
            was, is_ = old.get(number), new.get(number)
            if was == is_:
                continue
            if was is not None and is_ is not None:
                changed = [column for column in is_ if was.get(column) != is_[column]]
                was, is_ = ({column: row.get(column) for column in changed} for row in (was, is_))
            before.setdefault(name, {})[number] = was
            after.setdefault(name, {})[number] = is_
    return before, after

"""What the log says of an instrument against what its rows say: each difference with both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from quanheng.apps.audit.log.checking import Finding
from quanheng.apps.instruments.ledger_lines import BESIDE, INSTRUMENT, Records
from quanheng.apps.instruments.replay.fold import LoggedValues
from quanheng.apps.instruments.replay.values import same


def differences(
    number: int, told: LoggedValues, values: Mapping[str, Any], records: Mapping[str, Records]
) -> Iterator[Finding]:
    """Yield what differs between the log and the rows of one instrument.

    Args:
        values, records: what stands in the ledger (`ledger_lines.parse_line`).
    """
    for found in told.breaks:
        then, said = shown(found.found), shown(found.said)
        what = f"办理该事项时台账为 {then}，此前操作记录为 {said}：两次操作之间被改动。"
        yield Finding(f"instrument {number} {found.column} (act {found.act})", what)
    for column, said in told.values.items():
        if column in values and not same(INSTRUMENT, column, said, values[column]):
            where = f"instrument {number} {column} (act {told.by[column]})"
            yield Finding(where, _contradiction(said, values[column]))
    for name in BESIDE:
        yield from _beside(number, told, name, records.get(name, {}))


def _beside(number: int, told: LoggedValues, name: str, rows: Records) -> Iterator[Finding]:
    known = told.records.get(name, {})
    for row, said in known.items():
        where = f"instrument {number} {name} {row}"
        by = f"(act {told.record_by[name, row]})"
        if said is None or row not in rows:
            if said is not None:
                yield Finding(f"{where} {by}", f"台账中没有这一行，操作记录为 {shown(said)}：已被删除。")
            elif row in rows:
                yield Finding(f"{where} {by}", f"操作记录已去除，台账仍有 {shown(rows[row])}。")
            continue
        for column, value in said.items():
            if column in rows[row] and not same(name, column, value, rows[row][column]):
                yield Finding(f"{where} {column} {by}", _contradiction(value, rows[row][column]))
    if told.complete:
        for row in rows.keys() - known.keys():
            yield Finding(
                f"instrument {number} {name} {row}", f"没有登记它的操作记录，台账有 {shown(rows[row])}。"
            )


def unknown_columns(told: LoggedValues, values: Mapping[str, Any]) -> list[str]:
    """Return the columns of which the log does not say what they should be."""
    return [column for column in values if column not in told.values]


def shown(value: Any) -> str:
    """Return a value as a finding shows it."""
    return json.dumps(value, ensure_ascii=False, default=str)[:400]


def _contradiction(said: Any, found: Any) -> str:
    return f"台账为 {shown(found)}，操作记录为 {shown(said)}。"

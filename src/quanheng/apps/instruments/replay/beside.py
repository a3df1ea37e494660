"""What stands outside of the instruments' own rows: copies for row-level security, codes, rows of nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from quanheng.apps.audit.log.checking import AT_MOST, Finding
from quanheng.apps.instruments.ledger_lines import BESIDE

OF_NOBODY = """
SELECT b.id, b.instrument_id FROM {table} b
WHERE NOT EXISTS (SELECT FROM instruments_instrument i WHERE i.id = b.instrument_id) ORDER BY b.id LIMIT %s
"""
OTHER_COPY = """
SELECT b.instrument_id, b.id, jsonb_build_array(b.area_id, b.root_id)::text,
    jsonb_build_array(i.area_id, i.root_id)::text
FROM {table} b JOIN instruments_instrument i ON i.id = b.instrument_id
WHERE b.area_id <> i.area_id OR b.root_id <> i.root_id ORDER BY b.id LIMIT %s
"""
# A code that leads to another instrument than the one that carries it shows that one's good name.
LEADS_ELSEWHERE = """
SELECT code.value, code.instrument_id FROM instruments_instrumentcode code
LEFT JOIN instruments_instrument i ON i.id = code.instrument_id
WHERE code.state = 'active' AND i.code IS DISTINCT FROM code.value ORDER BY code.value LIMIT %s
"""
LEADS_NOWHERE = """
SELECT i.id, i.code FROM instruments_instrument i
WHERE i.code IS NOT NULL AND NOT EXISTS (
    SELECT FROM instruments_instrumentcode code
    WHERE code.value = i.code AND code.instrument_id = i.id AND code.state = 'active')
ORDER BY i.id LIMIT %s
"""


def strangers() -> Iterator[Finding]:
    """Yield rows that do not belong where they stand. The scope must let everything through."""
    for name, model in BESIDE.items():
        table = model._meta.db_table
        for row, number in _rows(OF_NOBODY.format(table=table)):
            yield Finding(f"{name} {row}", f"所属器具 {number} 不在台账中。")
        if name != "placement":  # a past place stays where it was
            for number, row, copy, own in _rows(OTHER_COPY.format(table=table)):
                what = f"区划和上级主体为 {copy}，器具为 {own}。"
                yield Finding(f"instrument {number} {name} {row} area_id, root_id", what)
    for value, number in _rows(LEADS_ELSEWHERE):
        yield Finding(f"code {value}", f"编码指向器具 {number}，该器具登记的不是这个编码。")
    for number, value in _rows(LEADS_NOWHERE):
        yield Finding(f"instrument {number} code", f"器具登记的编码 {value} 未启用或指向别处。")


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [AT_MOST])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

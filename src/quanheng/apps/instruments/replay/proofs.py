"""What entered in bulk: kept beside its act, and believed only while the act's digest fits."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from quanheng.apps.audit.log.checking import Finding
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.services.prove_entry import FACT

HEADS = """
SELECT coalesce(act.id, proof.act_id), act.after ->> %s
FROM (SELECT id, after FROM audit_act WHERE verb = %s AND after ? %s) act
FULL JOIN instruments_entryproof proof ON proof.act_id = act.id ORDER BY 1
"""
CONTENT = "SELECT content FROM instruments_entryproof WHERE act_id = %s"


@dataclass(frozen=True, slots=True)
class Proof:
    """The rows that entered by one act.

    Args:
        columns: as they were then (`ledger_lines.columns_today`).
        lines: instrument → line.
    """

    act: int
    columns: dict[str, tuple[str, ...]]
    lines: dict[int, str]


def proofs() -> Iterator[Proof | Finding]:
    """Yield what entered, act by act; a finding where it cannot be believed. One at a time is in memory."""
    for act, digest in _rows(HEADS, [FACT, acts.IMPORT_COMMITTED, FACT]):
        content = _rows(CONTENT, [act])
        yield _proof(act, digest, content[0][0] if content else None)


def _proof(act: int, digest: str | None, content: bytes | None) -> Proof | Finding:
    where = f"act {act} (instruments_entryproof)"
    if digest is None:
        return Finding(where, "入账凭据没有对应的操作记录：未经登记。")
    if content is None:
        return Finding(where, "入账凭据已被删除，该批器具无法核对。")
    try:
        text = zlib.decompress(bytes(content))
    except zlib.error:
        return Finding(where, "入账凭据无法读取：内容被改动。")
    if hashlib.sha256(text).hexdigest() != digest:
        return Finding(where, "入账凭据与操作记录中的摘要不符：内容被改动。")
    head, *lines = text.decode().split("\n")
    columns = {name: tuple(names) for name, names in json.loads(head)["columns"].items()}
    return Proof(act, columns, {int(line[1 : line.index(",")]): line for line in lines})


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

"""What PostgreSQL plans for the queries of a block: which tables it would read from end to end.

    with planned() as plans:
        break_seal(...)
    assert plans.read_whole(GROWING) == []

Sequential scans are switched off for the block, and walks along an index for the sake of its order, so that
a table of three rows is planned as one of a million is: what an index serves is found by a bitmap, and a
query that none serves can still only scan.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

GROWING = (
    "instruments_instrument", "instruments_verification", "instruments_placement", "instruments_seal",
    "instruments_instrumentcode", "registry_entity", "registry_entityword", "registry_contact", "audit_act",
)  # fmt: skip
PLANNED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
SCANS = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan")
BITMAP = "Bitmap Heap Scan"
READS = ("Seq Scan", "Index Scan", "Index Only Scan", BITMAP)


@dataclass(frozen=True)
class Node:
    """One table read within a plan."""

    table: str
    kind: str
    conditions: str
    statement: str
    facts: dict[str, Any]

    @property
    def is_whole(self) -> bool:
        """Whether it reads the table from end to end: no condition that an index answers."""
        return self.kind != BITMAP and not self.conditions

    def __str__(self) -> str:
        return f"{self.kind} of {self.table} for {self.statement[:300]}"


@dataclass
class Plans:
    """The plans of a block."""

    nodes: list[Node] = field(default_factory=list)

    def read_whole(self, tables: Collection[str]) -> list[str]:
        """Return which of these tables would be read from end to end, and for what."""
        return sorted({str(node) for node in self.nodes if node.table in tables and node.is_whole})

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Plan a statement and let it run (Django's execute_wrapper)."""
        if not many and sql.lstrip().upper().startswith(PLANNED):
            self.nodes += reads(explained(sql, params), sql)
        return execute(sql, params, many, context)


@contextmanager
def planned() -> Iterator[Plans]:
    """Plan every statement of the block, with every scan but a bitmap's at an unbearable price."""
    plans = Plans()
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {scan} = off" for scan in SCANS))
    try:
        with connection.execute_wrapper(plans):
            yield plans
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("; ".join(f"SET LOCAL {scan} = on" for scan in SCANS))


def explained(sql: str, params: Any, options: str = "FORMAT JSON") -> dict[str, Any]:
    """Return the plan of a statement, below Django's own wrappers."""
    with connection.connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {sql}", params)
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = (found if isinstance(found, list) else json.loads(found))[0]["Plan"]
    return plan


def reads(plan: dict[str, Any], statement: str) -> Iterator[Node]:
    """Yield every read of a table below a node of a plan."""
    if plan["Node Type"] in READS and "Relation Name" in plan:
        conditions = str(plan.get("Index Cond", ""))
        yield Node(plan["Relation Name"], plan["Node Type"], conditions, statement, plan)
    for below in plan.get("Plans", ()):
        yield from reads(below, statement)

"""What every statement really does in a big ledger: EXPLAIN ANALYZE beside it, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from tests.plans import GROWING, PLANNED, READS, explained

# Rows that a page may read and throw away: a county's own, for a question that no index answers (of a million
# instruments the largest county has twenty thousand, each verified twice). More is somebody else's.
READ_IN_VAIN = 50_000
KEPT = 5  # a scan that keeps every fifth row is the right way to read them
FACTOR = 100
MATTERS = 10_000  # rows; below it a wrong guess costs nothing
NUMBER = re.compile(r"\d+")
QUOTED = re.compile(r"'[^']*'")


@dataclass
class Watch:
    """Looks at every statement while it is installed as an execute_wrapper.

    Args:
        where: what is being asked; set by whoever walks.
        faults: what was wrong, and where first; one for each shape of statement.
        statements: how many were looked at.
    """

    where: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    statements: int = 0
    seen: set[str] = field(default_factory=set)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().upper().startswith(PLANNED) and any(table in sql for table in GROWING):
            self._look(sql, params)
        return execute(sql, params, many, context)

    def _look(self, sql: str, params: Any) -> None:
        writes = not sql.lstrip().upper().startswith("SELECT")
        self.statements += 1
        plan = explained(sql, params, "FORMAT JSON" if writes else "ANALYZE, TIMING OFF, FORMAT JSON")
        for fault in faults_of(plan, limited=False):
            key = f"{fault.split(':')[0]}|{shape(sql)}"
            if key not in self.seen:
                self.seen.add(key)
                self.faults[f"{self.where}: {fault}"] = sql[:1500]


def shape(sql: str) -> str:
    """Return a statement without its values."""
    return NUMBER.sub("0", QUOTED.sub("''", sql))


def faults_of(plan: dict[str, Any], *, limited: bool) -> Iterator[str]:
    """Yield what is wrong with a plan and with what is below it.

    Args:
        limited: whether a LIMIT above may have stopped it early: fewer rows than planned is no fault then.
    """
    if plan["Node Type"] in READS and plan.get("Relation Name") in GROWING:
        yield from _reads(plan)
    yield from _guesses(plan, limited=limited)
    limited = limited or plan["Node Type"] == "Limit"
    for below in plan.get("Plans", ()):
        # What an inner side finds depends on the row outside, and EXISTS stops at the first.
        stops = limited or below.get("Parent Relationship") in {"SubPlan", "InitPlan"}
        yield from faults_of(below, limited=stops or plan.get("Join Type") in {"Semi", "Anti"})


def _reads(plan: dict[str, Any]) -> Iterator[str]:
    table, loops = plan["Relation Name"], plan.get("Actual Loops", 1)
    if "Actual Rows" not in plan:  # a write is only planned
        if plan["Node Type"] == "Seq Scan":
            yield f"a sequential scan of {table}: planned"
        return
    kept = plan["Actual Rows"] * loops
    vain = (plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)) * loops
    if vain > READ_IN_VAIN and vain > KEPT * kept:
        yield f"{plan['Node Type']} of {table} in vain: {vain:,.0f} rows read for {kept:,.0f}"
    elif plan["Node Type"] == "Seq Scan" and kept + vain > READ_IN_VAIN and vain > kept * KEPT:
        yield f"a sequential scan of {table}: {kept + vain:,.0f} rows"


def _guesses(plan: dict[str, Any], *, limited: bool) -> Iterator[str]:
    if "Actual Rows" not in plan:
        return
    planned, actual, loops = plan["Plan Rows"], plan["Actual Rows"], plan["Actual Loops"]
    where = f"{plan['Node Type']} {plan.get('Relation Name', '')}".strip()
    if actual * loops >= MATTERS and actual >= FACTOR * planned:
        yield f"a guess too low of {where}: {planned:,} planned, {actual:,.0f} came"
    if not limited and planned >= MATTERS and planned >= FACTOR * max(actual, 1) and loops == 1:
        yield f"a guess too high of {where}: {planned:,} planned, {actual:,.0f} came"


def watching(watch: Watch) -> Any:
    """Return the context in which a watch looks at every statement."""
    return connection.execute_wrapper(watch)

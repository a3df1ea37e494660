"""Reach beyond area and entity: a single row, assigned for a time, in a named capacity (ADR 0029).

    REPAIR = capacity("repair", _("维修"), kind="instrument", roles={Role.REPAIRER}, reads=(…,))
    REPAIRED = act("repaired", _("修理完成"), who=…, assigned_as=frozenset({REPAIR}))

A capacity is declared where its acts are, in `apps/<app>/acts.py`: which roles may hold it, which tables it
reads of the row. An act says itself in which capacities it is done to an assigned row; all others are
refused. The rows are `accounts.Assignment`. The second wall asks `capacities_reading(table)`, which
every run of the migrations writes anew: who reads what in a table that is read already needs no migration.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection

from quanheng.kit.tones import Text


@dataclass(frozen=True, slots=True)
class AssignedRow:
    """A row that somebody reaches by an assignment: which one, and as what."""

    kind: str
    row_id: int
    capacity: str


class Capacity(str):
    """As what a row is assigned. As a string it is its key, which the assignment keeps.

    Args:
        key: snake case; never used again for another capacity.
        label: what pages call it.
        kind: of row it is about.
        roles: who may hold it; a colleague of the same entity in another role gets nothing of it.
        reads: the tables of which the row, and what hangs on it, are read. Everything else stays hidden.
    """

    __slots__ = ("kind", "label", "reads", "roles")

    def __new__(
        cls, key: str, label: Text, *, kind: str, roles: Collection[Any], reads: tuple[str, ...]
    ) -> Self:
        made = super().__new__(cls, key)
        made.label, made.kind, made.roles, made.reads = label, kind, frozenset(roles), reads
        return made

    label: Text
    kind: str
    roles: frozenset[Any]
    reads: tuple[str, ...]

    def __getnewargs_ex__(self) -> tuple[tuple[str, Text], dict[str, Any]]:
        return (str(self), self.label), {"kind": self.kind, "roles": self.roles, "reads": self.reads}


_DECLARED: dict[str, Capacity] = {}


def capacity(key: str, label: Text, *, kind: str, roles: Collection[Any], reads: tuple[str, ...]) -> Capacity:
    """Declare a capacity. Raises ValueError where the key is declared already."""
    if key in _DECLARED:
        raise ValueError(f"The capacity {key!r} is declared twice.")
    _DECLARED[key] = Capacity(key, label, kind=kind, roles=roles, reads=reads)
    return _DECLARED[key]


def capacities() -> tuple[Capacity, ...]:
    """Return every capacity that is declared."""
    return tuple(_DECLARED.values())


def choices() -> list[tuple[str, Text]]:
    """Return key and label of every capacity: the choices of the column."""
    return [(str(each), each.label) for each in capacities()]


def capacities_of(role: Any) -> tuple[str, ...]:
    """Return what a role may hold an assignment as."""
    return tuple(str(each) for each in capacities() if role in each.roles)


def capacities_reading(table: str) -> frozenset[str]:
    """Return the capacities that read a table."""
    return frozenset(str(each) for each in capacities() if table in each.reads)


def is_assigned(row: Any, held: Collection[AssignedRow], wanted: Collection[str]) -> bool:
    """Say whether this very row (no part of it) is assigned in one of the capacities."""
    kind = getattr(type(row), "assigned_kind", "")
    return any(it.kind == kind and it.row_id == row.pk and it.capacity in wanted for it in held)


def write_to_database() -> None:
    """Tell the second wall which capacities read a table. Only the owner of the schema may."""
    tables = sorted({table for each in capacities() for table in each.reads})
    cases = " ".join(f"WHEN '{table}' THEN {_array(capacities_reading(table))}" for table in tables)
    body = f"CASE read {cases} ELSE {_array(())} END" if cases else _array(())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION capacities_reading(read text) RETURNS text[]"
            f" LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT {body} $$"
        )


def _array(keys: Collection[str]) -> str:
    return f"ARRAY[{', '.join(repr(key) for key in sorted(keys))}]::text[]"

"""Shipped packs, and the same with some values changed, as an office would."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Any

from quanheng.packs.rule_pack import RulePack, Table
from quanheng.packs.shipped import shipped


def shipped_pack(rule: str, **changed: dict[str, Any]) -> RulePack:
    """Return the pack of 2026-06-01; ``entry={"check": "instrument"}`` changes that value of that table."""
    pack = shipped().in_force(rule, date(2026, 6, 1))
    tables = {name: _changed(table, changed.get(name, {})) for name, table in pack.tables.items()}
    return RulePack(
        pack.rule, pack.edition, pack.title, pack.in_force_from, pack.in_force_to, MappingProxyType(tables)
    )


def _changed(table: Table, values: dict[str, Any]) -> Table:
    return Table(
        table.name, table.clause, table.source, table.is_verified, {**table.values, **values}, table.note
    )

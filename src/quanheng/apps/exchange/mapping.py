"""Which of our words is which of theirs: dated tables, shipped with the product or laid beside it.

The interfaces of the national systems are not public: every name of theirs is assumed. A province that knows
better lays its own edition (the same form, `packs/data/README.md`) into `exchange/` of the data folder; where
two editions are in force, the office's own goes before the shipped one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from quanheng.apps.exchange import refusals
from quanheng.apps.exchange.enums import Content
from quanheng.kit.refusal import RuleBroken
from quanheng.packs.rule_pack import RulePack, RulePacks, read_pack
from quanheng.packs.shipped import shipped

ECQS, SCALES = "exchange/ecqs", "exchange/national-scales"
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet of e-CQS: our field, the heading that is written, all headings that are read."""

    field: str
    heading: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldMapping:
    """One edition of one mapping."""

    pack: RulePack

    @property
    def name(self) -> str:
        return f"{self.pack.rule} {self.pack.edition}"[:80]

    @property
    def is_verified(self) -> bool:
        return self.pack.cite().is_verified

    def columns(self, content: Content) -> tuple[Column, ...]:
        """Return the columns of a sheet in their order."""
        rows = self.pack.table(content.value).values["columns"]
        return tuple(Column(row["field"], row["heading"], tuple(row.get("aliases", ()))) for row in rows)

    def names(self, table: str) -> Mapping[str, str]:
        """Return our word → theirs of a table of the platform for scales."""
        return self.pack.table(table).values

    def word(self, kind: str, ours: str) -> str:
        """Return their word for one of our values; ours where the table has none."""
        return str(self.pack.table("words").values.get(kind, {}).get(ours, ours))

    def our_word(self, kind: str, theirs: str) -> str | None:
        """Return our value for one of their words."""
        return self._ours.get((kind, theirs))

    @cached_property
    def _ours(self) -> dict[tuple[str, str], str]:
        words = self.pack.table("words").values
        return {
            (kind, theirs): ours
            for kind, table in words.items()
            if isinstance(table, Mapping)
            for ours, theirs in table.items()
        }


def mapping_of(rule: str, day: date) -> FieldMapping:
    """Return the mapping that is in force on a day.

    Raises:
        RuleBroken: mapping_unreadable, where a file of the office's own is not what it has to be.
    """
    own = tuple(_read(path) for path in _own_files())
    mapping = FieldMapping(RulePacks(shipped().packs + own).in_force(rule, day))
    _check(mapping)
    return mapping


def _own_files() -> Iterator[Path]:
    folder = Path(settings.DATA_DIR) / "exchange"
    yield from sorted(folder.glob("*.toml"))


def _read(path: Path) -> RulePack:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{MOST_BYTES} bytes at most")
        return read_pack(tomllib.loads(path.read_text("utf-8"), parse_float=Decimal))
    except (OSError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as fault:
        raise _unreadable(path.name, fault) from fault


def _check(mapping: FieldMapping) -> None:
    """An edition that lacks a table, or names two columns alike, is refused before anything is exchanged."""
    needed = {ECQS: ("ledger", "results", "words"), SCALES: ("scope", "address", "sent", "received", "words")}
    try:
        for table in needed[mapping.pack.rule]:
            mapping.pack.table(table)
        if mapping.pack.rule == ECQS:
            for content in Content:
                headings = [column.heading for column in mapping.columns(content)]
                if len(set(headings)) != len(headings) or not all(headings):
                    raise ValueError(f"table {content.value}: two columns have one heading")
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise _unreadable(mapping.name, fault) from fault


def _unreadable(name: str, fault: Exception) -> RuleBroken:
    words: Any = fault.args[0] if fault.args else type(fault).__name__
    return refusals.MAPPING_UNREADABLE(file=name, why=str(words)[:120])

"""A rule pack: one edition of one rule, with the days it is in force and where each table comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any

from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class Table:
    """One table, limit or amount of a rule.

    Args:
        clause: where it stands in the text, such as ``"表 4"`` or ``"art. 12"``.
        source: where its numbers were read.
        is_verified: False while nobody has held the official text beside it; verdicts show this.
        values: what the file states, keys as written; decimals are `Decimal`, never float.
    """

    name: str
    clause: str
    source: str
    is_verified: bool
    values: Mapping[str, Any]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """What a verdict says of the pack it used; the digest fixes every number of it."""

    rule: str
    edition: str
    digest: str
    clauses: tuple[str, ...]
    is_verified: bool


@dataclass(frozen=True)
class RulePack:
    """One edition of one rule.

    Args:
        rule: stable name of the rule across its editions, such as ``"net-content/cn"``.
        edition: the standard's or order's number and year, such as ``"JJF 1070-2005"``.
        title: its name in Chinese.
        in_force_from, in_force_to: first and last day, both included; no last day while it is in force.
    """

    rule: str
    edition: str
    title: str
    in_force_from: date
    in_force_to: date | None
    tables: Mapping[str, Table]

    def table(self, name: str) -> Table:
        """Return one table.

        Raises:
            KeyError: the pack does not have it; the message lists what it has.
        """
        if name not in self.tables:
            raise KeyError(f"{self.rule} {self.edition} has no table {name!r}; it has {sorted(self.tables)}")
        return self.tables[name]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of the whole pack, in hexadecimal."""
        content = [
            self.rule,
            self.edition,
            self.in_force_from,
            self.in_force_to,
            {
                table.name: [table.clause, table.source, table.is_verified, table.values]
                for table in self.tables.values()
            },
        ]
        text = json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def cite(self, *names: str) -> Citation:
        """Return the citation of the tables that a verdict used; of all of them when none is named."""
        used = [self.table(name) for name in names] if names else list(self.tables.values())
        return Citation(
            rule=self.rule,
            edition=self.edition,
            digest=self.digest,
            clauses=tuple(dict.fromkeys(table.clause for table in used if table.clause)),
            is_verified=all(table.is_verified for table in used),
        )

    def is_in_force(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


class NoRuleInForce(LookupError):
    """No edition of the rule is in force on the day."""

    def __init__(self, rule: str, day: date, known: Iterable[RulePack]) -> None:
        editions = [
            tell("{edition}（自 {first}）", edition=tell(pack.edition), first=pack.in_force_from)
            for pack in known
        ]
        self.message = tell(
            "{day} 没有现行有效的规则 {rule}；已收录的版本：{editions}。",
            day=day, rule=rule, editions=editions or tell("无"),
        )  # fmt: skip
        super().__init__(self.message)
        self.rule = rule
        self.day = day


@dataclass(frozen=True, slots=True)
class RulePacks:
    """Every pack that is known, as one value that can be handed to a calculation."""

    packs: tuple[RulePack, ...]

    def in_force(self, rule: str, day: date) -> RulePack:
        """Return the edition of the rule that is in force on the day; the latest where two overlap.

        Raises:
            NoRuleInForce: no edition covers the day.
        """
        known = sorted(self.editions(rule), key=lambda pack: pack.in_force_from)
        current = [pack for pack in known if pack.is_in_force(day)]
        if not current:
            raise NoRuleInForce(rule, day, known)
        return current[-1]

    def editions(self, rule: str) -> list[RulePack]:
        return [pack for pack in self.packs if pack.rule == rule]

    def edition(self, rule: str, edition: str) -> RulePack:
        """Return one edition by its name, for verdicts of the past and for comparisons.

        Raises:
            KeyError: no such edition; the message lists those that there are.
        """
        for pack in self.editions(rule):
            if pack.edition == edition:
                return pack
        raise KeyError(
            f"{rule} has no edition {edition!r}; it has {[p.edition for p in self.editions(rule)]}"
        )


def read_pack(content: Mapping[str, Any]) -> RulePack:
    """Build a pack from the content of one file (see `data/README.md` for its form).

    Raises:
        KeyError: a required key is missing.
        ValueError: a table without a source, or an end before the beginning.
    """
    tables = {name: _read_table(name, table) for name, table in content["tables"].items()}
    pack = RulePack(
        rule=content["rule"],
        edition=content["edition"],
        title=content["title"],
        in_force_from=content["in_force_from"],
        in_force_to=content.get("in_force_to"),
        tables=MappingProxyType(tables),
    )
    if pack.in_force_to is not None and pack.in_force_to < pack.in_force_from:
        raise ValueError(f"{pack.rule} {pack.edition} ends before it begins")
    return pack


def _read_table(name: str, content: Mapping[str, Any]) -> Table:
    if not content["source"]:
        raise ValueError(f"table {name} names no source")
    described = {"clause", "source", "verified", "note"}
    return Table(
        name=name,
        clause=content.get("clause", ""),
        source=content["source"],
        is_verified=content["verified"],
        note=content.get("note", ""),
        values=_frozen({key: value for key, value in content.items() if key not in described}),
    )


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, (Decimal, date)) else value

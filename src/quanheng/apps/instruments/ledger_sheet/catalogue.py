"""Finding the catalogue item that a clerk's word for an instrument means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from quanheng.apps.instruments.ledger_sheet.text import plain_text


@dataclass(frozen=True, slots=True)
class Item:
    """A catalogue item as the import needs it: key, use, whether it is only calibrated, period in months."""

    key: int
    slug: str
    use: str
    category: str
    calibration_only: bool = False


class CatalogueIndex(Protocol):
    """Whatever can say which item a name means."""

    def find(self, name: str) -> Item | None: ...
    def offer(self, name: str) -> str: ...


class NameIndex:
    """Items by name and synonym; a longer name is found by the synonym it ends or begins with."""

    def __init__(self, names: dict[str, Item]) -> None:
        self._exact = {key_of(name): item for name, item in names.items()}
        self._written = {key_of(name): name for name in names}
        self._offered: dict[str, str] = {}
        # A longer synonym tells more; one of two characters (台秤) still tells at the end of a name.
        self._parts = sorted((key for key in self._exact if len(key) >= 2), key=len, reverse=True)
        self._found: dict[str, Item | None] = {}

    def find(self, name: str) -> Item | None:
        """Return the item, or None when the name means nothing in the catalogue."""
        if name not in self._found:
            self._found[name] = self._look(key_of(name))
        return self._found[name]

    def offer(self, name: str) -> str:
        """Return the name of the catalogue that a misspelt one is nearest to, or nothing."""
        if name not in self._offered:
            near = get_close_matches(key_of(name), self._exact, n=1, cutoff=0.6)
            self._offered[name] = self._written[near[0]] if near else ""
        return self._offered[name]

    def _look(self, key: str) -> Item | None:
        if not key:
            return None
        if key in self._exact:
            return self._exact[key]
        if key.endswith(ACCESSORIES):
            return None
        for part in self._parts:
            if key.endswith(part) or (len(part) >= 4 and key.startswith(part)):
                return self._exact[part]
        inside = next((self._exact[part] for part in self._parts if len(part) >= 4 and part in key), None)
        return inside or (self._exact.get("秤") if key.endswith("秤") else None)


ACCESSORIES = (
    "袖带",
    "电极",
    "电极片",
    "探头",
    "支架",
    "配件",
    "附件",
    "打印纸",
    "托盘",
    "推车",
    "台车",
    "导联线",
    "电池",
    "外壳",
)


def key_of(name: str) -> str:
    """Return a name without case, blanks, brackets and marks."""
    return re.sub(r"[\s（）()、,，。/·\-]+", "", plain_text(name)).lower()

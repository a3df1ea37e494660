"""Finding areas by what clerks write: full and short names, with or without the levels above. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from quanheng.apps.accounts.enums import AreaLevel

SEPARATORS = re.compile(r"[\s,，、;；/\\|>＞·\-—_()（）]+")
PROVINCE_NAMES = ("四川省", "四川")
AUTONOMOUS = re.compile(r"^(..+?)(?:[\u4e00-\u9fff]族)+自治(州|县)$")
OFFICE_OF_STREET = re.compile(r"(?:街道办事处|街道办|街办|街道)$")
SUFFIXES = ("省", "街道", "市", "区", "县", "镇", "乡", "州")


@dataclass(frozen=True, slots=True)
class NamedArea:
    """An area as far as its name is concerned; `heirs` are the ids that took its place when it ended."""

    id: int
    last: int
    level: AreaLevel
    name: str
    full_name: str
    former_names: tuple[str, ...] = ()
    heirs: tuple[int, ...] = ()
    ended: bool = False


class AreaIndex:
    """All areas by every name they go by. Built once for an import; `find` answers from memory."""

    def __init__(self, areas: Iterable[NamedArea]) -> None:
        self._areas: Mapping[int, NamedArea] = {area.id: area for area in areas}
        self._exact: dict[str, list[NamedArea]] = defaultdict(list)
        self._former: dict[str, list[NamedArea]] = defaultdict(list)
        self._short: dict[str, list[NamedArea]] = defaultdict(list)
        for area in self._areas.values():
            names = self._former if area.ended else self._exact
            names[area.name].append(area)
            for name in area.former_names:
                self._former[name].append(area)
            for name in set(short_names(area.name)):
                self._short[name].append(area)
        self._books = (self._exact, self._former, self._short)
        self._longest = max((len(name) for book in self._books for name in book), default=0)
        self._found: dict[tuple[str, int | None], tuple[NamedArea, ...]] = {}

    def find(self, text: str, within: int | None = None) -> tuple[NamedArea, ...]:
        """Return the areas that a text can mean: none (unknown), one, or several (ambiguous; ask).

        Args:
            text: such as 锦江区, 成都市锦江区, 成都、锦江, 四川省成都市锦江区春熙路街道; an ended area (郫县)
                means the one that took its place.
            within: id of the area below which to look (the area itself included).
        """
        key = (text, within)
        if key not in self._found:
            self._found[key] = self._find(clean(text), within)
        return self._found[key]

    def _find(self, text: str, within: int | None) -> tuple[NamedArea, ...]:
        if not text:
            return ()
        bounds = self._areas.get(within) if within is not None else None
        if within is not None and bounds is None:
            return ()
        hits = set(self._read(text, bounds))
        if not hits:
            return ()
        best = min(rank for rank, _ in hits)
        living = {heir for rank, area in hits if rank == best for heir in self._living(area)}
        return tuple(sorted(living, key=lambda area: area.id))

    def _read(self, text: str, above: NamedArea | None) -> Iterator[tuple[tuple[int, int], NamedArea]]:
        """Yield (rank, area) for every way to read a text as a chain of areas, each below the one before.

        The rank puts names in force before former ones and those before short ones, then higher levels first.
        """
        for length in range(min(len(text), self._longest), 0, -1):
            name, rest = text[:length], text[length:]
            for book, names in enumerate(self._books):
                for area in names.get(name, ()):
                    if above is not None and not above.id <= area.id <= above.last:
                        continue
                    if not rest:
                        yield (book, area.level), area
                    else:
                        yield from self._read(rest, area)

    def _living(self, area: NamedArea) -> Iterator[NamedArea]:
        if not area.ended:
            yield area
        for heir in area.heirs:
            yield from self._living(self._areas[heir])


def clean(text: str) -> str:
    """Make one width of it, drop separators and the province in front."""
    text = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    province = next((name for name in PROVINCE_NAMES if text.startswith(name)), "")
    return text.removeprefix(province) or text


def short_names(name: str) -> Iterator[str]:
    """Yield the other forms in use: 锦江区 → 锦江; 北川羌族自治县 → 北川县, 北川; 合江街道 → 合江街道办."""
    autonomous = AUTONOMOUS.match(name)
    if autonomous:
        yield autonomous[1] + autonomous[2]
        yield autonomous[1]
        return
    if name.endswith("街道"):
        stem = OFFICE_OF_STREET.sub("", name)
        yield from (stem + ending for ending in ("街道办事处", "街道办", "街办"))
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            yield name.removesuffix(suffix)
            return

"""Tables that are not one instrument a row, one cell a value: blocks side by side, dates in three columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from quanheng.apps.instruments.ledger_sheet.columns import FIELD_OF, TELLING, plain_header
from quanheng.apps.instruments.ledger_sheet.text import plain_text

DAYS = frozenset({"verified_on", "valid_until", "commissioned_on", "manufactured_on"})
PART_OF_DAY = re.compile(r"[(（]?([年月日])[)）]?$")
LEAST_REPEATED = 2  # titles of a block: a serial number and one thing more


@dataclass(frozen=True, slots=True)
class Layout:
    """How the cells of a row are put in their places.

    Args:
        start, width, blocks: where a repeated block of columns starts, how wide it is, how often it stands.
        days: column of a year → title of its date; month and day stand in the two columns after it.
    """

    start: int = 0
    width: int = 0
    blocks: int = 1
    days: dict[int, str] = field(default_factory=dict)

    @property
    def repeated(self) -> range:
        """The columns of the second block and those after it."""
        return range(self.start + self.width, self.start + self.width * self.blocks)

    @property
    def parts(self) -> frozenset[int]:
        """The columns of months and days."""
        return frozenset(column + after for column in self.days for after in (1, 2))

    @property
    def is_plain(self) -> bool:
        return self.blocks == 1 and not self.days

    def title_of(self, column: int, name: str) -> str:
        return self.days.get(column, name)

    def rows(self, cells: Sequence[Any]) -> Iterator[list[Any]]:
        """Yield the rows that a row of the sheet holds, one for each block, dates put together."""
        for block in range(self.blocks):
            turned = list(cells)
            first = self.start + block * self.width
            taken = list(cells[first : first + self.width])
            turned[self.start : self.start + self.width] = taken + [None] * (self.width - len(taken))
            for column in self.days:
                turned[column] = _day(turned[column : column + 3])
            yield turned


def layout_of(names: Sequence[str]) -> Layout:
    """Return how a table with these headings is laid out."""
    start, width, blocks = _blocks(names)
    return Layout(start, width, blocks, _days(names))


def _blocks(names: Sequence[str]) -> tuple[int, int, int]:
    """Return start, width and number of blocks of equal headings that stand side by side."""
    plain = [plain_header(name) for name in names]
    for key in dict.fromkeys(name for name in plain if FIELD_OF.get(name) in TELLING):
        places = [column for column, name in enumerate(plain) if name == key]
        steps = {after - before for before, after in pairwise(places)}
        if len(places) < 2 or len(steps) != 1:
            continue
        width = steps.pop()
        start = places[0]
        while start > 0 and start + width < len(plain) and plain[start - 1] == plain[start - 1 + width] != "":
            start -= 1
        block = plain[start : start + width]
        alike = sum(
            bool(name) and name == twin for name, twin in zip(block, plain[start + width :], strict=False)
        )
        if alike >= LEAST_REPEATED:
            return start, width, len(places)
    return 0, 0, 1


def _days(names: Sequence[str]) -> dict[int, str]:
    """Return the columns of years whose neighbours are month and day of the same date."""
    found: dict[int, str] = {}
    for column in range(len(names) - 2):
        three = [PART_OF_DAY.search(name) for name in names[column : column + 3]]
        if "".join(part[1] for part in three if part) != "年月日":
            continue
        title = names[column][: three[0].start()] if three[0] else ""
        if FIELD_OF.get(plain_header(title)) in DAYS:
            found[column] = title
    return found


def _day(parts: Sequence[Any]) -> str | None:
    texts = [plain_text(part).rstrip("年月日") for part in parts]
    return "-".join(texts) if any(texts) else None

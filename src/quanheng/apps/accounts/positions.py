"""Areas as intervals of integers: which position a division gets (ADR 0004). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from quanheng.apps.accounts.enums import AreaLevel

CODE_DIGITS = {
    AreaLevel.PROVINCE: 2,
    AreaLevel.CITY: 4,
    AreaLevel.COUNTY: 6,
    AreaLevel.STREET: 9,
}
LEVEL_OF_DIGITS = {digits: level for level, digits in CODE_DIGITS.items()}


class NoRoom(ValueError):
    """Every position below the parent is taken."""


def width(level: AreaLevel) -> int:
    """Return how many positions a division of this level occupies, itself and its descendants."""
    return int(10 ** (12 - CODE_DIGITS[level]))


def position_of(code: str) -> tuple[int, int]:
    """Return the interval (first, last) of a code of 2, 4, 6 or 9 digits, as the statistics lay it out.

    Raises:
        KeyError: the code has another length.
    """
    level = LEVEL_OF_DIGITS[len(code)]
    first = int(code.ljust(12, "0"))
    return first, first + width(level) - 1


def free_position(
    code: str, level: AreaLevel, parent: tuple[int, int], taken: Iterable[tuple[int, int]]
) -> tuple[int, int]:
    """Choose the interval of a new division below a parent.

    Its own code's place if that lies below the parent and is free; otherwise (a functional zone, a division
    that keeps its code in another parent, a code that is used again) the highest free block, where the
    official codes hardly ever reach.

    Args:
        code: up to twelve digits; may lie outside the parent's prefix.
        parent: interval of the parent.
        taken: intervals below the parent that are in use, ended divisions included.

    Raises:
        NoRoom: no block of this width is free.
    """
    size = width(level)
    used = list(taken)

    def is_free(first: int) -> bool:
        return all(first + size - 1 < a or b < first for a, b in used)

    wished = int(code.ljust(12, "0"))
    if parent[0] < wished and wished + size - 1 <= parent[1] and wished % size == 0 and is_free(wished):
        return wished, wished + size - 1
    block = parent[1] - size + 1
    while block > parent[0]:
        if is_free(block):
            return block, block + size - 1
        block -= size
    raise NoRoom(f"No position of width {size} is free in {parent[0]}..{parent[1]}.")

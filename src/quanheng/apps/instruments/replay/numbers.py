"""A set of instruments' numbers, an eighth of a byte each: ten million take 1.25 MB."""

from __future__ import annotations

from collections.abc import Iterable


class Numbers:
    """Numbers that were seen."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, numbers: Iterable[int]) -> None:
        """Remember numbers, each 0 or more."""
        for number in numbers:
            place = number >> 3
            if place >= len(self._bits):
                self._bits.extend(bytes(place + 1 - len(self._bits) + (1 << 16)))
            self._bits[place] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] & (1 << (number & 7)))

"""What is kept of a tree to append to it: the heads of its complete subtrees, one for each bit of its size.

A tree of a billion leaves needs at most 30 hashes. Whoever appends gets, level by level, the heads that
became complete on the way (`Growth.rows`): those at every eighth level are what tiles are made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.tree import EMPTY_ROOT, HASH_BYTES, node_hash

LARGEST_SIZE = 2**63 - 1
SIZE_BYTES = 8


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Return the leaf hash of each entry (RFC 9162 section 2.1.1), as fast as hashing goes."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


@dataclass(frozen=True, slots=True)
class Row:
    """Heads of complete subtrees of one level, new since the last time.

    Args:
        first: index of the first one within its level.
    """

    first: int
    hashes: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Growth:
    """What an append brought: the frontier afterwards, and what became complete, by level (0 = leaves)."""

    frontier: Frontier
    rows: Mapping[int, Row]


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree.

    Args:
        size: number of leaves.
        peaks: heads of the complete subtrees from left to right, so the largest first.

    Raises:
        CaseFault: the size does not have that many peaks.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= LARGEST_SIZE or self.size.bit_count() != len(self.peaks):
            raise CaseFault("peaks", "wrong_number", "树的大小与其完整子树的个数不符。", size=self.size)
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise CaseFault("peaks", "wrong_length", "每个散列值应为 32 字节。")

    @property
    def root(self) -> bytes:
        """Head of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        *others, head = self.peaks
        for peak in reversed(others):
            head = node_hash(peak, head)
        return head

    def append(self, leaves: Sequence[bytes]) -> Growth:
        """Append leaf hashes, one pass for each level."""
        rows, peaks = {}, []
        level, row, size = 0, list(leaves), self.size
        waiting = list(self.peaks)
        while row or size:
            if row:
                rows[level] = Row(size, row)
            paired = [waiting.pop(), *row] if size & 1 else row
            if len(paired) & 1:
                peaks.append(paired[-1])
            nodes = iter(paired)
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(nodes, nodes, strict=False)]
            level, size = level + 1, size >> 1
        return Growth(Frontier(self.size + len(leaves), tuple(reversed(peaks))), rows)

    def to_bytes(self) -> bytes:
        """Return the size, eight bytes big endian, and the peaks."""
        return self.size.to_bytes(SIZE_BYTES, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """Read what `to_bytes` wrote. Raises CaseFault when it is anything else."""
        peaks = (data[at : at + HASH_BYTES] for at in range(SIZE_BYTES, len(data), HASH_BYTES))
        return cls(int.from_bytes(data[:SIZE_BYTES], "big"), tuple(peaks))

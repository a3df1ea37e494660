"""The tree as static files, as C2SP tlog-tiles lays them out, and proofs read back from them.

A tile of level l holds up to 256 heads of complete subtrees of 256**l leaves. Full tiles never change; the
right edge is published as partial tiles, `….p/<width>`. Entry bundles hold the entries of a tile of level 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.transparency.frontier import Growth
from quanheng.regulation.transparency.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    Range,
    consistency_path,
    inclusion_path,
    node_hash,
    root_of,
)

WIDTH = 256  # hashes in a full tile
LEVEL_BITS = 8  # levels of the tree in one level of tiles
DEEPEST = 63
ENTRIES = -1  # the level of a bundle of entries
LONGEST_ENTRY = 2**16 - 1  # bytes
PATH = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)

Fetch = Callable[[str], bytes | None]  # a path below the log's prefix -> the file; None where it is missing


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Where a tile, or a bundle of entries, lies.

    Args:
        level: 0 to 63; `ENTRIES` for a bundle.
        index: from the left, within the level.
        width: hashes or entries in it, 1 to 256.
    """

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Address below the log's prefix, such as ``tile/0/x001/x234/067.p/112``."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([f"x{part}" for part in parts[:-1]] + parts[-1:])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{number}" + ("" if self.width == WIDTH else f".p/{self.width}")

    @property
    def full(self) -> Tile:
        """The tile that this one becomes."""
        return Tile(self.level, self.index)


def parse_path(path: str) -> Tile:
    """Read an address below the prefix.

    Raises:
        CaseFault: no tile has this address; one tile has one address.
    """
    found = PATH.fullmatch(path)
    if found is None or len(path) > 100:
        raise CaseFault("path", "no_tile", "地址应形如 tile/0/x001/067 或 tile/entries/000.p/5。")
    level, groups, last, width = found.groups()
    index = int(groups.replace("x", "").replace("/", "") + last)
    tile = Tile(ENTRIES if level == "entries" else int(level), index, int(width or WIDTH))
    if tile.level > DEEPEST or tile.path != path:
        raise CaseFault("path", "no_tile", tell("没有这样的数据块：{path}。", path=path))
    return tile


def tiles_of(size: int, old_size: int = 0) -> Iterator[Tile]:
    """Yield every tile of hashes that a tree has and that it did not have at a smaller size.

    A tree of 70,000 has 273 full tiles of level 0 and one of width 112, one full and one of width 17 at
    level 1, and one of width 1 at level 2.
    """
    level = 0
    while size:
        yield from _row_of(level, size, old_size)
        level, size, old_size = level + 1, size >> LEVEL_BITS, old_size >> LEVEL_BITS


def bundles_of(size: int, old_size: int = 0) -> Iterator[Tile]:
    """Yield every bundle of entries that a log has and that it did not have at a smaller size."""
    yield from _row_of(ENTRIES, size, old_size)


def _row_of(level: int, size: int, old_size: int) -> Iterator[Tile]:
    for index in range(old_size // WIDTH, size // WIDTH):
        yield Tile(level, index)
    if size % WIDTH and size != old_size:
        yield Tile(level, size // WIDTH, size % WIDTH)


def tiles_grown(growth: Growth, fetch: Fetch) -> dict[Tile, bytes]:
    """Return the content of every tile that an append brought.

    Args:
        fetch: reads the partial tiles of the tree before, of which there is at most one for each level.

    Raises:
        CaseFault: such a tile is missing or does not have its length.
    """
    written = {}
    for level in range(0, max(growth.rows, default=-1) + 1, LEVEL_BITS):
        row = growth.rows[level]
        tile_level, first = level // LEVEL_BITS, row.first // WIDTH
        before = row.first % WIDTH
        held = read_tile(Tile(tile_level, first, before), fetch) if before else []
        hashes = [*held, *row.hashes]
        for tile in _row_of(tile_level, row.first + len(row.hashes), row.first):
            at = (tile.index - first) * WIDTH
            written[tile] = b"".join(hashes[at : at + tile.width])
    return written


def read_tile(tile: Tile, fetch: Fetch) -> list[bytes]:
    """Return the hashes of a tile; a partial one that is gone is cut from the full one.

    Raises:
        CaseFault: missing, or not of its length.
    """
    data = fetch(tile.path)
    if data is None and tile.width < WIDTH:
        tile_found, data = tile.full, fetch(tile.full.path)
    else:
        tile_found = tile
    if data is None:
        raise CaseFault("tile", "missing", tell("缺少数据块 {path}。", path=tile.path), path=tile.path)
    if len(data) != tile_found.width * HASH_BYTES:
        raise CaseFault(
            "tile",
            "wrong_length",
            tell("数据块 {path} 的长度不对。", path=tile_found.path),
            path=tile_found.path,
        )
    return [data[at : at + HASH_BYTES] for at in range(0, tile.width * HASH_BYTES, HASH_BYTES)]


def read_bundle(tile: Tile, fetch: Fetch) -> list[bytes]:
    """Return the entries of a bundle; a partial one that is gone is cut from the full one.

    Raises:
        CaseFault: missing, or not what its address says.
    """
    data = fetch(tile.path)
    if data is not None:
        return list(entries_in(data, tile))
    whole = fetch(tile.full.path) if tile.width < WIDTH else None
    if whole is None:
        raise CaseFault("bundle", "missing", tell("缺少条目包 {path}。", path=tile.path), path=tile.path)
    return list(entries_in(whole, tile.full))[: tile.width]


class TileReader:
    """A tree of one size, read from its tiles.

    What comes out is only as good as the tiles: verify it with `tree.is_included` or `tree.is_consistent`
    against a signed checkpoint.

    Args:
        size: of the tree, from a checkpoint.
        fetch: returns the file at a path below the prefix, None where there is none. Each is asked for once.
    """

    def __init__(self, size: int, fetch: Fetch) -> None:
        self.size = size
        self._fetch = fetch
        self._held: dict[tuple[int, int], list[bytes]] = {}

    def root(self) -> bytes:
        """Return the tree's head, calculated from its right edge."""
        return self._head((0, self.size)) if self.size else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """Return the hash of a leaf. Raises CaseFault where there is none."""
        inclusion_path(index, self.size)
        return self._head((index, index + 1))

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Return the proof that a leaf is in the tree. Raises CaseFault."""
        return [self._head(part) for part in inclusion_path(index, self.size)]

    def consistency_proof(self, old_size: int) -> list[bytes]:
        """Return the proof that the tree grew out of its first leaves. Raises CaseFault."""
        return [self._head(part) for part in consistency_path(old_size, self.size)]

    def _head(self, part: Range) -> bytes:
        start, end = part
        leaves = end - start
        if leaves & (leaves - 1):  # the right edge: a complete subtree and what is left
            middle = start + (1 << leaves.bit_length() - 1)
            return node_hash(self._head((start, middle)), self._head((middle, end)))
        level, bits = divmod(leaves.bit_length() - 1, LEVEL_BITS)
        first = start >> level * LEVEL_BITS
        hashes = self._tile(level, first // WIDTH)
        return root_of(hashes[first % WIDTH : first % WIDTH + (1 << bits)])

    def _tile(self, level: int, index: int) -> list[bytes]:
        if (level, index) not in self._held:
            there = (self.size >> level * LEVEL_BITS) - index * WIDTH
            self._held[level, index] = read_tile(Tile(level, index, min(there, WIDTH)), self._fetch)
        return self._held[level, index]


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return the entries as a bundle, each behind its length as two bytes, big endian.

    Raises:
        CaseFault: an entry of more than 65,535 bytes.
    """
    parts = []
    for number, entry in enumerate(entries):
        if len(entry) > LONGEST_ENTRY:
            raise CaseFault(
                f"entries[{number}]",
                "too_long",
                tell("条目最长 {longest_entry} 字节。", longest_entry=LONGEST_ENTRY),
            )
        parts.append(len(entry).to_bytes(2, "big") + entry)
    return b"".join(parts)


def entries_in(data: bytes, tile: Tile) -> Sequence[bytes]:
    """Return the entries of a bundle.

    Raises:
        CaseFault: it ends within an entry, or holds another number of entries than its address says.
    """
    entries, at = [], 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at != len(data) or len(entries) != tile.width:
        raise CaseFault(
            "bundle", "wrong_length", tell("条目包 {path} 不完整或多出内容。", path=tile.path), path=tile.path
        )
    return entries

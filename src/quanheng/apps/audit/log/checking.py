"""The database against the published files, row by row: what was changed, removed, moved or slipped in.

The files are believed first: their root stands under the log's signature, and they lie elsewhere. Each leaf
of the database then has to be the entry of the files at its place, made anew from its act. An act that is in
neither the log nor the queue was slipped in or cut off from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from quanheng.apps.audit.log.entries import ActRow, sealed_rows
from quanheng.apps.audit.log.files import LogFiles
from quanheng.apps.audit.models import LogHead
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.checkpoints import Checkpoint
from quanheng.regulation.transparency.frontier import Frontier, leaf_hashes
from quanheng.regulation.transparency.tiles import (
    WIDTH,
    Tile,
    TileReader,
    bundles_of,
    read_bundle,
    read_tile,
)
from quanheng.regulation.transparency.tree import root_of

AT_MOST = 1_000  # findings; after that many the rest says nothing new
ACT_NUMBER = re.compile(rb'^{"act":(\d+),')
Leaf = tuple[int, int, ActRow | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was promised.

    Args:
        where: the row or the file, such as ``"act 4711 (entry 4600)"``.
        what: in one sentence.
    """

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found.

    Args:
        entries: entries that were compared with their acts.
        waiting: acts that were written since and wait for the log.
    """

    entries: int
    waiting: int
    findings: tuple[Finding, ...]


def check(files: LogFiles, checkpoint: Checkpoint) -> Checked:
    """Compare database and files. Call it in one snapshot that was taken after the checkpoint was read.

    Args:
        checkpoint: of the files, its signature verified.
    """
    findings: list[Finding] = []
    leaves = _Compared(checkpoint.size)
    for finding in leaves.walk(_published(files, checkpoint, findings), sealed_rows()):
        findings.append(finding)
        if len(findings) >= AT_MOST:
            break
    else:
        findings += _check_heads(leaves, checkpoint, files)
    return Checked(leaves.count, _waiting(), tuple([*findings, *_strays()][:AT_MOST]))


class _Compared:
    """Walks entries and leaves side by side, and grows the tree that the database stands for."""

    def __init__(self, published: int) -> None:
        self.published = published
        self.count = 0
        self.frontier = Frontier()
        self._hashes: list[bytes] = []

    def walk(self, published: Iterable[bytes | None], leaves: Iterable[Leaf]) -> Iterator[Finding]:
        """Yield what differs; a leaf beyond the checkpoint has no entry yet."""
        rows = iter(leaves)
        row = next(rows, None)
        for expected, entry in enumerate(published):
            while row is not None and row[0] < expected:
                yield Finding(f"leaf {row[0]}", "公开记录的序号重复或错乱。")
                row = next(rows, None)
            if row is None or row[0] > expected:
                yield Finding(*_missing_leaf(expected, entry))
                continue
            yield from self._compare(row, entry)
            row = next(rows, None)
        expected = self.published
        while row is not None:
            if row[0] != expected:
                yield Finding(f"leaf {row[0]}", f"公开记录缺序号 {expected}。")
            yield from self._compare(row, None)
            expected, row = row[0] + 1, next(rows, None)
        self.frontier = self.frontier.append(self._hashes).frontier

    def _compare(self, leaf: Leaf, entry: bytes | None) -> Iterator[Finding]:
        index, act_id, act = leaf
        where = f"act {act_id} (entry {index})"
        if act is None:
            yield Finding(where, "该操作记录已被删除。")
            self._add(entry or b"")
            return
        ours = act.entry()
        self._add(ours)
        if entry is not None and ours != entry:
            yield Finding(where, _difference(ours, entry))

    def _add(self, entry: bytes) -> None:
        self.count += 1
        self._hashes += leaf_hashes([entry])
        if len(self._hashes) >= 2**16:
            self.frontier = self.frontier.append(self._hashes).frontier
            self._hashes = []


def _missing_leaf(index: int, entry: bytes | None) -> tuple[str, str]:
    if entry is None:
        return f"entry {index}", "数据库中没有这一条。"
    found = ACT_NUMBER.search(entry)
    where = f"act {found[1].decode()} (entry {index})" if found else f"entry {index}"
    return where, f"数据库中没有这一条，公布的内容为 {entry.decode(errors='replace')[:400]}。"


def _difference(ours: bytes, entry: bytes) -> str:
    own, published = (text.decode(errors="replace")[:400] for text in (ours, entry))
    return f"操作记录与公布的不同：现为 {own}，公布为 {published}。"


def _published(files: LogFiles, checkpoint: Checkpoint, findings: list[Finding]) -> Iterator[bytes | None]:
    """Yield the entries of the files, each bundle checked against the tree; None for what cannot be read."""
    try:
        if TileReader(checkpoint.size, files.fetch).root() != checkpoint.root:
            findings.append(Finding("checkpoint", "数据块的根散列与检查点不符。"))
    except CaseFault as fault:
        findings.append(Finding(str(fault.facts.get("path", "tile")), fault.message))
    for place in bundles_of(checkpoint.size):
        try:
            entries = read_bundle(place, files.fetch)
            if leaf_hashes(entries) != read_tile(Tile(0, place.index, place.width), files.fetch):
                what = f"条目与 {Tile(0, place.index, place.width).path} 的散列不符：文件被改动。"
                findings.append(Finding(place.path, what))
            yield from entries
        except CaseFault as fault:
            findings.append(Finding(str(fault.facts.get("path", place.path)), fault.message))
            yield from [None] * place.width


def _check_heads(leaves: _Compared, checkpoint: Checkpoint, files: LogFiles) -> Iterator[Finding]:
    head = LogHead.objects.filter(pk=1).first()
    frontier = Frontier() if head is None else Frontier.from_bytes(bytes(head.frontier))
    if frontier != leaves.frontier:
        what = f"记录的进度（{frontier.size} 条）与操作记录（{leaves.count} 条）不符。"
        yield Finding("audit_loghead", what)
    if frontier.size < checkpoint.size:
        yield Finding(
            "audit_loghead", f"数据库只有 {frontier.size} 条，已公布 {checkpoint.size} 条：被截断或回退。"
        )
    yield from _middle_tiles(files, checkpoint.size)


def _middle_tiles(files: LogFiles, size: int) -> Iterator[Finding]:
    """Each hash of an upper tile has to be the head of the tile below it."""
    level, width = 1, size // WIDTH
    while width:
        for index in range(-(-width // WIDTH)):
            tile = Tile(level, index, min(WIDTH, width - index * WIDTH))
            yield from _tile_over_its_children(files, tile)
        level, width = level + 1, width // WIDTH


def _tile_over_its_children(files: LogFiles, tile: Tile) -> Iterator[Finding]:
    try:
        for place, hash_ in enumerate(read_tile(tile, files.fetch)):
            child = Tile(tile.level - 1, tile.index * WIDTH + place)
            if root_of(read_tile(child, files.fetch)) != hash_:
                yield Finding(tile.path, f"第 {place} 个散列与下一层 {child.path} 不符。")
    except CaseFault as fault:
        yield Finding(str(fault.facts.get("path", tile.path)), fault.message)


def _strays() -> list[Finding]:
    """Acts that are neither sealed nor waiting, and what waits without being an act."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM audit_act act WHERE NOT EXISTS (SELECT FROM audit_leaf WHERE act_id = act.id)"
            " AND NOT EXISTS (SELECT FROM audit_unsealedact WHERE act_id = act.id) ORDER BY id LIMIT %s",
            [AT_MOST],
        )
        found = [
            Finding(f"act {act}", "该操作记录未经登记：既不在公开记录中，也不在待载入之列。")
            for (act,) in cursor
        ]
        cursor.execute(
            "SELECT act_id FROM audit_unsealedact waiting"
            " WHERE NOT EXISTS (SELECT FROM audit_act WHERE id = waiting.act_id) ORDER BY act_id LIMIT %s",
            [AT_MOST],
        )
        return found + [Finding(f"act {act}", "待载入的操作记录已被删除。") for (act,) in cursor]


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_unsealedact")
        return int(cursor.fetchone()[0])

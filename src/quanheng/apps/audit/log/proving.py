"""The proof that an act is in the public log, from the published files."""

from __future__ import annotations

from dataclasses import dataclass

from quanheng.apps.audit.log.files import LogFiles
from quanheng.apps.audit.models import Leaf
from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.checkpoints import parse_checkpoint
from quanheng.regulation.transparency.evidence import Evidence
from quanheng.regulation.transparency.notes import parse_note
from quanheng.regulation.transparency.tiles import ENTRIES, WIDTH, Tile, TileReader, read_bundle


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry with its proof."""

    entry: bytes
    evidence: Evidence


def index_of(act_id: int) -> int | None:
    """Return where an act stands in the log, None while it waits."""
    return Leaf.objects.filter(act_id=act_id).values_list("index", flat=True).first()


def prove(index: int, files: LogFiles) -> Proof:
    """Return an entry of the published log with its proof.

    Raises:
        CaseFault: the published log has no such entry, or its files are damaged.
    """
    note = files.checkpoint()
    size = 0 if note is None else parse_checkpoint(parse_note(note).text).size
    if note is None or not 0 <= index < size:
        raise CaseFault("index", "outside_tree", f"公开记录现有 {size} 条，没有第 {index} 条。", size=size)
    hashes = TileReader(size, files.fetch).inclusion_proof(index)
    number = index // WIDTH
    place = Tile(ENTRIES, number, min(WIDTH, size - number * WIDTH))
    entry = read_bundle(place, files.fetch)[index % WIDTH]
    return Proof(entry, Evidence(index, tuple(hashes), note))

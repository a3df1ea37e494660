"""How fast the public log's tree takes leaves, and what a proof from its tiles costs. One core.

Asked for: 300,000 leaves a second.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from benchmarks import common
from quanheng.regulation.transparency.frontier import Frontier, leaf_hashes
from quanheng.regulation.transparency.tiles import TileReader, tiles_grown
from quanheng.regulation.transparency.tree import is_included

MEASURES = ("src/quanheng/regulation/transparency",)
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
LEAVES = int(1_000_000 * SCALE)
BATCH = 10_000
ENTRY = b'{"act":"verification","id":%d,"digest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15"}'


def main() -> None:
    entries = [ENTRY % number for number in range(LEAVES)]
    plain, frontier = _best_of(3, lambda: _append(entries))
    published, (again, files) = _best_of(3, lambda: _publish(entries))
    assert again == frontier
    reader = TileReader(frontier.size, files.get)
    assert reader.root() == frontier.root
    indexes = range(0, LEAVES, max(LEAVES // 1000, 1))
    started = time.perf_counter()
    for index in indexes:
        proof = TileReader(frontier.size, files.get).inclusion_proof(index)
        assert is_included(leaf_hashes([entries[index]])[0], index, frontier.size, proof, frontier.root)
    common.report(
        "transparency_tree",
        leaves=LEAVES,
        batch=BATCH,
        appended_per_second=round(LEAVES / plain),
        appended_with_tiles_per_second=round(LEAVES / published),
        proof_from_tiles_ms=round((time.perf_counter() - started) * 1000 / len(indexes), 3),
        frontier_bytes=len(frontier.to_bytes()),
    )


def _append(entries: list[bytes]) -> Frontier:
    frontier = Frontier()
    for at in range(0, len(entries), BATCH):
        frontier = frontier.append(leaf_hashes(entries[at : at + BATCH])).frontier
    return frontier


def _publish(entries: list[bytes]) -> tuple[Frontier, dict[str, bytes]]:
    frontier, files = Frontier(), {}
    for at in range(0, len(entries), BATCH):
        growth = frontier.append(leaf_hashes(entries[at : at + BATCH]))
        files |= {tile.path: data for tile, data in tiles_grown(growth, files.get).items()}
        frontier = growth.frontier
    return frontier, files


def _best_of(times: int, call: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest time in seconds and the last answer."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        answer = call()
        taken.append(time.perf_counter() - started)
    return min(taken), answer


if __name__ == "__main__":
    main()

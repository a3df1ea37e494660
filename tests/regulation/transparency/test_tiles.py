"""A tree as static files (C2SP tlog-tiles)."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.frontier import Frontier, leaf_hashes
from quanheng.regulation.transparency.tiles import (
    ENTRIES,
    Tile,
    TileReader,
    bundle,
    bundles_of,
    entries_in,
    parse_path,
    read_bundle,
    read_tile,
    tiles_grown,
    tiles_of,
)
from quanheng.regulation.transparency.tree import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    root_of,
)

SIZE = 70_000
LEAVES = leaf_hashes(number.to_bytes(4, "big") for number in range(SIZE))


def grown(*sizes: int) -> tuple[dict[str, bytes], Frontier]:
    """Publish a tree step by step, as a log does."""
    files: dict[str, bytes] = {}
    frontier = Frontier()
    for size in sizes:
        growth = frontier.append(LEAVES[frontier.size : size])
        files |= {tile.path: data for tile, data in tiles_grown(growth, files.get).items()}
        frontier = growth.frontier
    return files, frontier


FILES, FRONTIER = grown(1, 255, 256, 257, 1000, 65_535, 65_536, 65_536, 69_999, SIZE)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(2, 999, 1), "tile/2/999.p/1"),
        (Tile(63, 1000, 255), "tile/63/x001/000.p/255"),
        (Tile(ENTRIES, 1234067), "tile/entries/x001/x234/067"),
        (Tile(ENTRIES, 5, 17), "tile/entries/005.p/17"),
    ],
)
def test_a_tile_has_one_address(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0/1", "tile/00/001", "tile/64/001", "tile/0/x000/001", "tile/0/001/002", "tile/0/x001",
        "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/001.p/", "tile/entries",
        "tile/-1/001",
        "/tile/0/001", "tile/0/001\n", "tile/0/００１", "tile/0/../001", "tile/0/" + "x001/" * 40 + "001",
    ],
)  # fmt: skip
def test_an_address_that_no_tile_has_is_refused(path: str) -> None:
    with pytest.raises(CaseFault):
        parse_path(path)


@given(st.text(alphabet="tile/entris0123456789x.p", max_size=40))
def test_no_address_brings_the_reader_down(path: str) -> None:
    with suppress(CaseFault):
        assert parse_path(path).path == path


def test_the_published_example_of_seventy_thousand() -> None:
    count = Counter((tile.level, tile.width) for tile in tiles_of(SIZE))
    assert count == {(0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1}
    assert [tile.width for tile in bundles_of(SIZE)] == [256] * 273 + [112]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_growing_writes_the_tiles_of_the_size_and_no_others() -> None:
    assert {tile.path for tile in tiles_of(SIZE)} <= set(FILES)
    new = {tile.path for tile in tiles_of(SIZE, 69_999)}
    assert new == {"tile/0/273.p/112"}
    assert list(tiles_of(SIZE, SIZE)) == []
    assert list(bundles_of(300, 255)) == [Tile(ENTRIES, 0), Tile(ENTRIES, 1, 44)]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=6))
def test_tiles_are_the_same_in_whatever_steps_a_log_grows(sizes: list[int]) -> None:
    steps = sorted(sizes)
    files, frontier = grown(*steps)
    at_once, _ = grown(steps[-1])
    assert {path: files[path] for path in at_once} == at_once
    assert set(at_once) == {tile.path for tile in tiles_of(steps[-1])}
    assert TileReader(steps[-1], files.get).root() == frontier.root


def test_a_proof_read_from_tiles_is_that_of_the_whole_tree() -> None:
    reader = TileReader(SIZE, FILES.get)
    assert reader.root() == FRONTIER.root == root_of(LEAVES)
    for index in (0, 1, 255, 256, 65_535, 65_536, 69_887, SIZE - 1):
        proof = reader.inclusion_proof(index)
        assert is_included(reader.leaf(index), index, SIZE, proof, FRONTIER.root)
        assert reader.leaf(index) == LEAVES[index]
    for old_size in (1, 2, 255, 256, 257, 1000, 65_535, 65_536, 69_999, SIZE):
        growth = reader.consistency_proof(old_size)
        assert is_consistent(old_size, root_of(LEAVES[:old_size]), SIZE, FRONTIER.root, growth)


@settings(deadline=None)
@given(st.integers(1, 2000), st.data())
def test_tiles_and_leaves_give_the_same_proofs(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    reader = TileReader(size, FILES.get)
    assert reader.inclusion_proof(index) == inclusion_proof(index, LEAVES[:size])
    assert reader.consistency_proof(index + 1) == consistency_proof(index + 1, LEAVES[:size])


def test_a_partial_tile_that_is_gone_is_cut_from_the_full_one() -> None:
    full = {path: data for path, data in FILES.items() if ".p/" not in path}
    assert read_tile(Tile(0, 0, 7), full.get) == LEAVES[:7]
    assert TileReader(200, full.get).root() == root_of(LEAVES[:200])


def test_each_file_is_asked_for_once() -> None:
    asked: Counter[str] = Counter()
    reader = TileReader(SIZE, lambda path: asked.update([path]) or FILES.get(path))
    for index in range(0, SIZE, 5000):
        reader.inclusion_proof(index)
    assert set(asked.values()) == {1}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "missing"),
        ({"tile/0/000.p/5": bytes(31)}, "wrong_length"),
        ({"tile/0/000": bytes(32 * 5)}, "wrong_length"),
    ],
)
def test_a_tile_that_is_missing_or_cut_is_named(files: dict[str, bytes], code: str) -> None:
    with pytest.raises(CaseFault, match="tile/0/000") as refused:
        TileReader(5, files.get).root()
    assert refused.value.code == code


def test_a_leaf_outside_the_tree_is_refused() -> None:
    with pytest.raises(CaseFault, match="序号"):
        TileReader(5, FILES.get).leaf(5)
    assert TileReader(0, FILES.get).root() == root_of([])


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert entries_in(bundle(entries), Tile(ENTRIES, 3, len(entries))) == entries


def test_a_partial_bundle_that_is_gone_is_cut_from_the_full_one() -> None:
    entries = [bytes([number]) for number in range(256)]
    files = {"tile/entries/000": bundle(entries)}
    assert read_bundle(Tile(ENTRIES, 0), files.get) == entries
    assert read_bundle(Tile(ENTRIES, 0, 7), files.get) == entries[:7]
    with pytest.raises(CaseFault, match=r"tile/entries/001\.p/7"):
        read_bundle(Tile(ENTRIES, 1, 7), files.get)
    with pytest.raises(CaseFault, match="tile/entries/001"):
        read_bundle(Tile(ENTRIES, 1), files.get)


def test_a_bundle_is_length_and_entry_in_turn() -> None:
    assert bundle([b"", b"abc"]) == b"\0\0\0\3abc"
    assert len(bundle([bytes(65_535)])) == 65_537
    with pytest.raises(CaseFault, match=r"entries\[1\].*65535"):
        bundle([b"", bytes(65_536)])


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\5abc", b"\0\0\0\0\0\0", b"\0\1a\0\1b\0"])
def test_a_bundle_that_is_cut_or_holds_more_is_refused(data: bytes) -> None:
    with pytest.raises(CaseFault, match=r"tile/entries/000\.p/2"):
        entries_in(data, Tile(ENTRIES, 0, 2))


@given(st.binary(max_size=60), st.integers(1, 5))
def test_no_bundle_brings_the_reader_down(data: bytes, width: int) -> None:
    with suppress(CaseFault):
        assert len(entries_in(data, Tile(ENTRIES, 0, width))) == width

"""The Merkle tree of RFC 9162: published vectors, an independent library, and every small tree."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.transparency.frontier import Frontier, leaf_hashes
from quanheng.regulation.transparency.tree import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
)

ENTRIES = [
    bytes.fromhex(text)
    for text in [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
BC1A = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
CA85 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
ONE = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
TWO = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
LEAVES = leaf_hashes(ENTRIES)
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=8)


def hexed(proof: list[bytes]) -> list[str]:
    return [hash_.hex() for hash_ in proof]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]
    assert Frontier().append(LEAVES[:size]).frontier.root.hex() == ROOTS[size]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert sha256(b"").digest() == EMPTY_ROOT == root_of([])


def test_the_published_inclusion_proofs() -> None:
    assert hexed(inclusion_proof(5, LEAVES)) == [BC1A, CA85, ROOTS[4]]
    assert hexed(inclusion_proof(2, LEAVES[:3])) == [ROOTS[2]]
    assert inclusion_proof(0, LEAVES[:1]) == []


def test_the_published_consistency_proofs() -> None:
    assert hexed(consistency_proof(6, LEAVES)) == [ONE, CA85, ROOTS[4]]
    assert hexed(consistency_proof(2, LEAVES[:5])) == [TWO, BC1A]
    assert consistency_proof(3, LEAVES[:3]) == []


@pytest.mark.parametrize("size", range(1, 20))
def test_every_proof_of_a_small_tree_holds_and_no_changed_one_does(size: int) -> None:
    leaves = leaf_hashes(bytes([number]) for number in range(size))
    root = root_of(leaves)
    for index in range(size):
        proof = inclusion_proof(index, leaves)
        assert is_included(leaves[index], index, size, proof, root)
        assert not is_included(leaf_hash(b"other"), index, size, proof, root)
        assert not is_included(leaves[index], index, size, [*proof, root], root)
        assert not is_included(leaves[index], index, size, proof[:-1], root) or not proof
        assert not is_included(leaves[index], size, size, proof, root)
        old_size = index + 1
        old_root, growth = root_of(leaves[:old_size]), consistency_proof(old_size, leaves)
        assert is_consistent(old_size, old_root, size, root, growth)
        assert not is_consistent(old_size, old_root, size, root, [*growth, root])
        assert not is_consistent(old_size, leaf_hash(b"other"), size, root, growth)
        assert not is_consistent(old_size, old_root, size, leaf_hash(b"other"), growth)
        assert not growth or not is_consistent(old_size, old_root, size, root, growth[:-1])


def test_every_bit_of_a_proof_counts() -> None:
    leaves = leaf_hashes(bytes([number]) for number in range(11))
    root, proof = root_of(leaves), inclusion_proof(6, leaves)
    for at, hash_ in enumerate(proof):
        for bit in range(256):
            flipped = bytes(a ^ b for a, b in zip(hash_, (1 << bit).to_bytes(32, "big"), strict=True))
            changed = [*proof[:at], flipped, *proof[at + 1 :]]
            assert not is_included(leaves[6], 6, 11, changed, root)


def test_nothing_is_proved_by_an_empty_tree_or_a_larger_one() -> None:
    assert not is_consistent(0, EMPTY_ROOT, 8, root_of(LEAVES), [])
    assert not is_consistent(8, root_of(LEAVES), 7, root_of(LEAVES[:7]), [])
    for old_size in (0, 9):
        with pytest.raises(CaseFault, match="旧树大小应在 1 至 8"):
            consistency_proof(old_size, LEAVES)


@pytest.mark.parametrize("index", [-1, 8])
def test_a_leaf_outside_the_tree_has_no_proof(index: int) -> None:
    with pytest.raises(CaseFault, match="序号应在 0 至 7"):
        inclusion_proof(index, LEAVES)


@given(st.integers(-1, 9), st.integers(-1, 9), HASHES, st.binary(max_size=40))
def test_no_proof_brings_the_verifier_down(one: int, other: int, proof: list[bytes], root: bytes) -> None:
    assert is_included(LEAVES[0], one, other, proof, root) in {True, False}
    assert is_consistent(one, LEAVES[0], other, root, proof) in {True, False}


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70))
def test_an_independent_library_finds_the_same_root(entries: list[bytes]) -> None:
    oracle = InmemoryTree(algorithm="sha256")
    for entry in entries:
        oracle.append_entry(entry)
    assert root_of(leaf_hashes(entries)) == oracle.get_root()


@given(st.lists(st.integers(0, 40), max_size=8))
def test_a_tree_grows_to_the_same_root_in_any_steps(steps: list[int]) -> None:
    leaves = leaf_hashes(number.to_bytes(2, "big") for number in range(sum(steps)))
    frontier, at = Frontier(), 0
    for step in steps:
        growth = frontier.append(leaves[at : at + step])
        frontier, at = growth.frontier, at + step
        assert frontier.root == root_of(leaves[:at])
        for level, row in growth.rows.items():
            for number, hash_ in enumerate(row.hashes, row.first):
                assert hash_ == root_of(leaves[number << level : (number + 1) << level])
    assert Frontier.from_bytes(frontier.to_bytes()) == frontier
    assert frontier == Frontier().append(leaves).frontier


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bytes(7) + b"\x03" + bytes(32), "个数不符"),
        (bytes(8) + bytes(32), "个数不符"),
        (bytes(7) + b"\x01" + bytes(31), "32 字节"),
        (b"\xff" * 8 + bytes(32 * 64), "个数不符"),
        (bytes(7) + b"\x01", "个数不符"),
    ],
)
def test_a_frontier_that_is_none_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(CaseFault, match=message):
        Frontier.from_bytes(data)

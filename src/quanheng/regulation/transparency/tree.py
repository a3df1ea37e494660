"""The Merkle tree of RFC 9162 section 2.1 over SHA-256: heads, proofs and their verification.

A proof is the list of heads of some subtrees. Which ones is said by `inclusion_path` and `consistency_path`
as ranges of leaves, so that the heads may come from a list (here) or from tiles (`tiles.TileReader`).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
Range = tuple[int, int]  # leaves from the first up to but without the second


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry (2.1.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash over two heads (2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the head of a tree from all its leaf hashes (2.1.1)."""
    row = list(leaves) or [EMPTY_ROOT]
    while len(row) > 1:
        paired = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=False)]
        row = paired + row[len(row) & ~1 :]
    return row[0]


def inclusion_path(index: int, size: int) -> list[Range]:
    """Return the subtrees whose heads prove a leaf, its sibling first (2.1.3.1).

    Raises:
        CaseFault: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise CaseFault(
            "index",
            "outside_tree",
            tell("序号应在 0 至 {last} 之间，现为 {index}。", last=size - 1, index=index),
            size=size,
        )
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_path(old_size: int, size: int) -> list[Range]:
    """Return the subtrees whose heads prove that a tree grew out of a smaller one (2.1.4.1).

    Raises:
        CaseFault: the old tree is empty (everything is consistent with nothing, so that it proves nothing) or
            larger than the new one.
    """
    if not 0 < old_size <= size:
        raise CaseFault(
            "old_size",
            "no_growth",
            tell("旧树大小应在 1 至 {size} 之间，现为 {old_size}。", size=size, old_size=old_size),
            size=size,
        )
    path, start, end = [], 0, size
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    if start:  # the old tree's own head is known to whoever asks
        path.append((start, end))
    return path[::-1]


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the proof that a leaf is in the tree of these leaf hashes. Raises CaseFault."""
    return [root_of(leaves[start:end]) for start, end in inclusion_path(index, len(leaves))]


def consistency_proof(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the proof that these leaf hashes begin with the tree of their first ones. Raises CaseFault."""
    return [root_of(leaves[start:end]) for start, end in consistency_path(old_size, len(leaves))]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Verify an inclusion proof (2.1.3.2).

    Args:
        leaf: the leaf's hash, calculated by the verifier from the entry itself.
        size, root: of the tree, from a checkpoint whose signature was verified.
    """
    if not 0 <= index < size:
        return False
    node, last, head = index, size - 1, leaf
    for hash_ in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            head = node_hash(hash_, head)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            head = node_hash(head, hash_)
        node, last = node >> 1, last >> 1
    return last == 0 and head == root


def is_consistent(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Verify a consistency proof (2.1.4.2). An empty old tree is refused: nothing was promised by it."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    hashes = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not hashes:
        return False
    return _grown(old_size - 1, size - 1, hashes) == (old_root, root)


def _grown(node: int, last: int, hashes: list[bytes]) -> tuple[bytes, bytes] | None:
    """Return the old and the new head that the hashes lead to; None where their number is wrong."""
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for hash_ in hashes[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(hash_, old), node_hash(hash_, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, hash_)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else None


def _split(size: int) -> int:
    """Return the largest power of two smaller than the size."""
    return 1 << (size - 1).bit_length() - 1

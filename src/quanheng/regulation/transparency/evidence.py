"""One entry's proof as one text that is checked without a network (C2SP tlog-proof).

It holds the entry's index, the inclusion proof and the signed checkpoint; a certificate or a scan page offers
it as a file, `….tlog-proof`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.transparency.checkpoints import Checkpoint, open_checkpoint
from quanheng.regulation.transparency.notes import Key, Signed, Verify, decode_base64
from quanheng.regulation.transparency.tree import HASH_BYTES, is_included, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proof with the checkpoint that it leads to.

    Args:
        checkpoint: the signed note, verbatim.
        extra: for the application; authenticated by nothing.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def to_text(self) -> str:
        """Return the proof as it is handed out."""
        extra = [f"extra {b64encode(self.extra).decode()}"] if self.extra else []
        hashes = (b64encode(hash_).decode() for hash_ in self.proof)
        return "\n".join([HEADER, *extra, f"index {self.index}", *hashes, "", self.checkpoint])


def parse_evidence(text: str) -> Evidence:
    """Read a proof; nothing is verified. Raises CaseFault when it is anything else."""
    head, gap, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if not gap or header != HEADER:
        raise CaseFault(
            "evidence", "no_proof", tell("证明应以 {header} 开头，空行之后为检查点。", header=HEADER)
        )
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = decode_base64("extra", lines.pop(0).removeprefix("extra "))
    if not 0 < len(lines) <= MOST_HASHES + 1:
        raise CaseFault(
            "proof",
            "wrong_length",
            tell("证明应有序号一行和至多 {most_hashes} 个散列值。", most_hashes=MOST_HASHES),
        )
    hashes = [decode_base64(f"proof[{number}]", line) for number, line in enumerate(lines[1:])]
    for number, hash_ in enumerate(hashes):
        if len(hash_) != HASH_BYTES:
            raise CaseFault(f"proof[{number}]", "wrong_length", "每个散列值应为 32 字节。")
    return Evidence(_index(lines[0]), tuple(hashes), checkpoint, extra)


def _index(line: str) -> int:
    digits = line.removeprefix("index ")
    plain = line.startswith("index ") and digits.isascii() and digits.isdigit() and len(digits) < 20
    if not plain or str(int(digits)) != digits:
        raise CaseFault("index", "not_a_number", "序号应写作“index 数字”，前面不加 0。")
    return int(digits)


def check_evidence(
    entry: bytes, evidence: Evidence, origin: str, keys: Iterable[Key], verify: Verify
) -> tuple[Checkpoint, tuple[Signed, ...]]:
    """Verify that the entry is in the log; return the checkpoint that says so and who signed it.

    Raises:
        CaseFault: the checkpoint does not hold, see `open_checkpoint`, or the entry is not in its tree.
    """
    checkpoint, _, signed = open_checkpoint(evidence.checkpoint, origin, keys, verify)
    leaf = leaf_hash(entry)
    if not is_included(leaf, evidence.index, checkpoint.size, evidence.proof, checkpoint.root):
        raise CaseFault("proof", "not_included", "该条目不在检查点所示的日志中，或内容已被改动。")
    return checkpoint, signed

"""The head of a log as it is signed (C2SP tlog-checkpoint): origin, size, root, each on its line."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.transparency.frontier import LARGEST_SIZE
from quanheng.regulation.transparency.notes import (
    CONTROL,
    Key,
    Note,
    Signed,
    Verify,
    check_note,
    decode_base64,
    parse_note,
)
from quanheng.regulation.transparency.tree import EMPTY_ROOT, HASH_BYTES


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says it is.

    Args:
        origin: the log's name, such as ``"log.example.gov.cn/sichuan"``.
        size: number of entries.
        root: head of the tree over them.
        extensions: further lines; nobody can audit them, so that ours has none.

    Raises:
        CaseFault: it could not be written as a checkpoint.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field, line in (("origin", self.origin), *(("extensions", line) for line in self.extensions)):
            if not line or "\n" in line or CONTROL.search(line):
                raise CaseFault(field, "not_a_line", "应为不空的一行，不含控制字符。")
        if not 0 <= self.size <= LARGEST_SIZE:
            raise CaseFault("size", "outside", "条目数应为不小于 0 的整数。", size=self.size)
        if len(self.root) != HASH_BYTES or (self.size == 0 and self.root != EMPTY_ROOT):
            raise CaseFault("root", "not_a_root", "根散列应为 32 字节；空日志只有一个根。")

    def to_text(self) -> str:
        """Return the text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, without its signatures. Raises CaseFault when it is anything else."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:
        raise CaseFault("checkpoint", "not_three_lines", "检查点至少有三行，每行以换行结束。")
    origin, size, root, *extensions = lines[:-1]
    if not (size.isascii() and size.isdigit() and len(size) < 20 and str(int(size)) == size):
        raise CaseFault("size", "not_a_number", "条目数应为十进制整数，前面不加 0。")
    return Checkpoint(origin, int(size), decode_base64("root", root), tuple(extensions))


def open_checkpoint(
    text: str, origin: str, keys: Iterable[Key], verify: Verify
) -> tuple[Checkpoint, Note, tuple[Signed, ...]]:
    """Read a signed checkpoint, verify it, and return it with its note and the keys that signed it.

    Args:
        keys: the log's, and those of witnesses whose cosignatures count. Whether enough of them signed is for
            the caller to say; the log itself must have.

    Raises:
        CaseFault: no checkpoint, of another log, not signed by the log, or wrongly signed by a known key.
    """
    note = parse_note(text)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise CaseFault(
            "origin", "another_log", tell("这是另一个日志的检查点：{origin}。", origin=checkpoint.origin)
        )
    signed = check_note(note, keys, verify)
    if not any(one.time is None for one in signed):
        raise CaseFault("signatures", "not_signed_by_log", "检查点缺少日志本身的签名。")
    return checkpoint, note, signed

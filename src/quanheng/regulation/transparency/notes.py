"""Signed notes (C2SP signed-note, Ed25519) and witnesses' cosignatures (C2SP tlog-cosignature).

A note is text, an empty line, and signature lines `— <name> <base64 of key id and signature>`. Signing and
verifying are handed in: this room knows no keys.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

ED25519 = 0x01
COSIGNATURE = 0x04  # an Ed25519 signature with its time, by a witness
KEY_ID_BYTES, KEY_BYTES, SIGNATURE_BYTES, TIME_BYTES = 4, 32, 64, 8
MOST_SIGNATURES = 100  # the format asks for at least 16
LONGEST_NOTE = 2**20  # characters
LATEST_TIME = 2**63 - 1
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
DASH = "— "

Sign = Callable[[bytes], bytes]  # message -> signature, by whoever holds the private key
Verify = Callable[[bytes, bytes, bytes], bool]  # public key, signature, message


@dataclass(frozen=True, slots=True)
class Key:
    """Whose signatures are believed.

    Args:
        name: as it stands in the signature line: no blanks, no plus.
        public_key: 32 bytes of Ed25519.
        algorithm: `ED25519` for a log, `COSIGNATURE` for a witness.

    Raises:
        CaseFault: a name or a key that the format does not allow.
    """

    name: str
    public_key: bytes
    algorithm: int = ED25519

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.algorithm not in {ED25519, COSIGNATURE}:
            raise CaseFault("algorithm", "unknown", "只支持 Ed25519 签名（1）和见证联署（4）。")
        if len(self.public_key) != KEY_BYTES:
            raise CaseFault("public_key", "wrong_length", "Ed25519 公钥应为 32 字节。")

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256 over name, line feed, algorithm and public key."""
        material = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public_key
        return sha256(material).digest()[:KEY_ID_BYTES]

    def to_text(self) -> str:
        """Return the key as it is published (a "vkey"): name, key id, and base64 of algorithm and key."""
        material = b64encode(bytes([self.algorithm]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    @classmethod
    def from_text(cls, text: str) -> Key:
        """Read a published key. Raises CaseFault when it is none, or its id is another key's."""
        name, _, rest = text.partition("+")
        key_id, _, material = rest.partition("+")
        raw = decode_base64("key", material)
        key = cls(name, raw[1:], raw[0])
        if key.key_id.hex() != key_id:
            raise CaseFault("key", "wrong_id", "公钥的编号与其内容不符。", key_id=key_id)
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. `blob` is what follows the key id: for a witness the time stands before it."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        return f"{DASH}{self.name} {b64encode(self.key_id + self.blob).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """Text with signatures, none of them verified."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def to_text(self) -> str:
        """Return the whole note."""
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)

    def with_signatures(self, *signatures: Signature) -> Note:
        """Return the note with more signatures; one that is there already is not repeated."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *signatures))))


@dataclass(frozen=True, slots=True)
class Signed:
    """A key that signed, and for a witness when, in seconds since 1970."""

    key: Key
    time: int | None = None


def parse_note(text: str) -> Note:
    """Read a note; nothing is verified.

    Raises:
        CaseFault: it is no note of the format.
    """
    if len(text) > LONGEST_NOTE or CONTROL.search(text):
        raise CaseFault("note", "not_plain", "签名文本过长，或含有控制字符。")
    body, gap, lines = text.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise CaseFault("note", "no_signatures", "签名文本应为正文、空行、签名行，每行以换行结束。")
    found = lines[:-1].split("\n")
    if len(found) > MOST_SIGNATURES:
        raise CaseFault(
            "note",
            "too_many_signatures",
            tell("签名最多 {most_signatures} 个。", most_signatures=MOST_SIGNATURES),
        )
    return Note(f"{body}\n", tuple(_signature(number, line) for number, line in enumerate(found)))


def _signature(number: int, line: str) -> Signature:
    field = f"signatures[{number}]"
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH):
        raise CaseFault(field, "no_signature", "签名行应为“— 名称 签名”。")
    try:
        check_name(name)
        data = decode_base64("", encoded)
    except CaseFault as fault:
        raise CaseFault(field, fault.code, fault.message) from None
    if len(data) <= KEY_ID_BYTES:
        raise CaseFault(field, "wrong_length", "签名过短。")
    return Signature(name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


def sign_note(text: str, key: Key, sign: Sign) -> Signature:
    """Return the log's signature over a note's text.

    Raises:
        CaseFault: the text is none that a note can have, or `sign` returned no Ed25519 signature.
    """
    check_text(text)
    return Signature(key.name, key.key_id, _checked(sign(text.encode())))


def cosign(text: str, key: Key, time: int, sign: Sign) -> Signature:
    """Return a witness's signature: at this time it had seen the log grow consistently up to here.

    Args:
        time: seconds since 1970.

    Raises:
        CaseFault: see `sign_note`; or no such time.
    """
    check_text(text)
    if not 0 <= time <= LATEST_TIME:
        raise CaseFault("time", "outside", "联署时间应为 1970 年以来的秒数。", time=time)
    signature = _checked(sign(cosigned_message(text, time)))
    return Signature(key.name, key.key_id, time.to_bytes(TIME_BYTES, "big") + signature)


def cosigned_message(text: str, time: int) -> bytes:
    """Return what a witness signs: `cosignature/v1`, the time, and the text of the note."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def check_note(note: Note, keys: Iterable[Key], verify: Verify) -> tuple[Signed, ...]:
    """Return which of the keys signed. Signatures by others are ignored, as the format orders.

    Raises:
        CaseFault: none of the keys signed, or a signature in the name of one of them is wrong.
    """
    known = {(key.name, key.key_id): key for key in keys}
    signed = []
    for number, signature in enumerate(note.signatures):
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        message, time = _message_of(note.text, key, signature)
        if message is None or not verify(key.public_key, signature.blob[-SIGNATURE_BYTES:], message):
            raise CaseFault(
                f"signatures[{number}]",
                "wrong_signature",
                tell("以 {name} 名义所作的签名不正确。", name=key.name),
            )
        signed.append(Signed(key, time))
    if not signed:
        raise CaseFault("signatures", "not_signed", "没有可信密钥的签名。")
    return tuple(dict.fromkeys(signed))


def _message_of(text: str, key: Key, signature: Signature) -> tuple[bytes | None, int | None]:
    if key.algorithm == ED25519:
        return (text.encode() if len(signature.blob) == SIGNATURE_BYTES else None), None
    time = int.from_bytes(signature.blob[:TIME_BYTES], "big")
    if len(signature.blob) != TIME_BYTES + SIGNATURE_BYTES or time > LATEST_TIME:
        return None, None
    return cosigned_message(text, time), time


def check_name(name: str) -> None:
    """Raise CaseFault unless the name may stand in a signature line."""
    if not name or "+" in name or name.split() != [name] or CONTROL.search(name):
        raise CaseFault("name", "not_a_name", "密钥名称不能为空，不能含空白或加号。")


def check_text(text: str) -> None:
    """Raise CaseFault unless the text may stand in a note."""
    if not text.endswith("\n") or CONTROL.search(text) or len(text) > LONGEST_NOTE:
        raise CaseFault("text", "not_plain", "正文应以换行结束，不含控制字符。")


def decode_base64(field: str, text: str) -> bytes:
    """Return what standard base64 says; one content has one spelling. Raises CaseFault."""
    try:
        data = b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        data = b""
    if not data or b64encode(data).decode() != text:
        raise CaseFault(field, "not_base64", "不是正确的 base64。")
    return data


def _checked(signature: bytes) -> bytes:
    if len(signature) != SIGNATURE_BYTES:
        raise CaseFault("signature", "wrong_length", "Ed25519 签名应为 64 字节。")
    return signature

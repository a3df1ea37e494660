"""The signature in a label's QR code: what is signed and how it is laid out. Pure; Ed25519 is the signer's.

A QR code holds one address, `<public address>/s/<code>.<mark>`. The mark is base 32 (Crockford's alphabet, so
that the QR code stays in its dense alphanumeric mode) of

| bytes | what |
|---|---|
| 1 | format, 1 |
| 3 | key id: the first bytes of SHA-256 of the public key |
| 2 | day of issue, days since 2020-01-01, big endian |
| 4 | digest of the serial number on the nameplate, zero on a blank code |
| 64 | Ed25519 signature over `quanheng code 1` NUL code NUL and the ten bytes above |

The whole mark is checked without a network: code, day and serial number stand in it or on the label, the key
in the published list.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from quanheng.regulation.instrument_code import ALPHABET, SYMBOLS, normalise

FORMAT = 1
KEY_ID_BYTES, DIGEST_BYTES, SIGNATURE_BYTES = 3, 4, 64
HEAD_BYTES = 1 + KEY_ID_BYTES + 2 + DIGEST_BYTES
MARK_BYTES = HEAD_BYTES + SIGNATURE_BYTES
MARK_SYMBOLS = -(-MARK_BYTES * 8 // 5)
EPOCH = date(2020, 1, 1)
CONTEXT = b"quanheng code 1\0"
NO_SERIAL = bytes(DIGEST_BYTES)


class MarkUnreadable(ValueError):
    """The mark is not one of ours: wrong length, wrong symbols, or a format we never printed."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says, before anybody checked its signature."""

    key_id: str
    issued_on: date
    serial_digest: bytes
    signature: bytes = b""

    @property
    def was_blank(self) -> bool:
        """The label was printed before anybody knew which instrument it would stand on."""
        return self.serial_digest == NO_SERIAL


def head(mark: Mark) -> bytes:
    """Return the ten bytes before the signature."""
    days = (mark.issued_on - EPOCH).days
    return bytes([FORMAT]) + bytes.fromhex(mark.key_id) + days.to_bytes(2, "big") + mark.serial_digest


def message(code: str, mark: Mark) -> bytes:
    """Return the bytes that are signed: context, code, head."""
    return CONTEXT + code.encode("ascii") + b"\0" + head(mark)


def serial_digest(code: str, serial_number: str) -> bytes:
    """Return four bytes by which the number on a nameplate can be compared without a network.

    Width, case and spaces do not count: clerks and nameplates differ in them.
    """
    plain = "".join(unicodedata.normalize("NFKC", serial_number).upper().split())
    if not plain:
        return NO_SERIAL
    return hashlib.sha256(f"{code}\0{plain}".encode()).digest()[:DIGEST_BYTES]


def key_id_of(public_key: bytes) -> str:
    """Return the id under which a raw 32-byte public key is listed: six hexadecimal digits."""
    return hashlib.sha256(public_key).hexdigest()[: 2 * KEY_ID_BYTES]


def pack(mark: Mark) -> str:
    """Return the mark as it stands in the address."""
    data = head(mark) + mark.signature
    number = int.from_bytes(data, "big") << (MARK_SYMBOLS * 5 - len(data) * 8)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(MARK_SYMBOLS * 5 - 5, -1, -5))


def unpack(text: str) -> Mark:
    """Return what a mark says.

    Raises:
        MarkUnreadable: nothing that we print looks like this.
    """
    value = normalise(text[: 2 * MARK_SYMBOLS])
    if len(value) != MARK_SYMBOLS or not all(sign in SYMBOLS for sign in value):
        raise MarkUnreadable("length or symbols")
    number = 0
    for sign in value:
        number = number << 5 | SYMBOLS[sign]
    spare = MARK_SYMBOLS * 5 - MARK_BYTES * 8
    if number & ((1 << spare) - 1):
        raise MarkUnreadable("spare bits are not zero")
    data = (number >> spare).to_bytes(MARK_BYTES, "big")
    if data[0] != FORMAT:
        raise MarkUnreadable(f"format {data[0]}")
    return Mark(
        key_id=data[1:4].hex(),
        issued_on=EPOCH + timedelta(days=int.from_bytes(data[4:6], "big")),
        serial_digest=data[6:HEAD_BYTES],
        signature=data[HEAD_BYTES:],
    )

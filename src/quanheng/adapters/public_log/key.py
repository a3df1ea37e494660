"""The key of the public log, in a file that its owner alone reads. An HSM takes the same place.

The log signs each checkpoint twice: as a log, and with the time beside it as a witness does. Without the time
the checkpoint of a log to which nothing is added would look the same for days, and nobody could tell its age.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from quanheng.kit.durable_files import read_or_make_secret
from quanheng.regulation.transparency.checkpoints import Checkpoint
from quanheng.regulation.transparency.notes import (
    COSIGNATURE,
    ED25519,
    Key,
    Note,
    Signature,
    cosign,
    sign_note,
)


class LogKey:
    """The private key of one log.

    Args:
        file: 64 hexadecimal digits; made when it is not there.
        origin: the log's name, which is the name of its key too.
        clock: seconds since 1970, for the timed signature.
    """

    def __init__(self, file: Path, origin: str, *, clock: Callable[[], float] = time.time) -> None:
        self.origin = origin
        self._clock = clock
        self._private = _read_or_make(file)
        raw = self._private.public_key().public_bytes_raw()
        self.public = Key(origin, raw, ED25519)
        self.timed = Key(origin, raw, COSIGNATURE)

    def sign(self, checkpoint: Checkpoint, more: Iterable[Signature] = ()) -> str:
        """Return the signed checkpoint, with further signatures such as those of witnesses."""
        text = checkpoint.to_text()
        own = sign_note(text, self.public, self._private.sign)
        timed = cosign(text, self.timed, int(self._clock()), self._private.sign)
        return Note(text).with_signatures(own, timed, *more).to_text()


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read_or_make(file: Path) -> Ed25519PrivateKey:
    digits = read_or_make_secret(file, lambda: Ed25519PrivateKey.generate().private_bytes_raw().hex())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(digits))

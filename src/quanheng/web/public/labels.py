"""What the QR code's signature says about the label in hand."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from quanheng.adapters.signer import Answer, KeyRing, PublicKey, check_mark
from quanheng.regulation.signed_code import serial_digest

READ_KEYS_EVERY = 5.0  # seconds: a rotation in another process is known that soon


@dataclass(frozen=True, slots=True)
class Label:
    """The label that was scanned.

    Args:
        signature: `typed` where no mark came with the code, else the signer's answer.
        signed_on: ISO day of issue of a valid mark, else empty.
        serial_digest: of the instrument for which the label was printed; None when it was blank or not valid.
    """

    signature: str
    signed_on: str = ""
    serial_digest: bytes | None = None

    @property
    def is_forged(self) -> bool:
        return self.signature not in {"typed", Answer.VALID}

    def differs_from(self, code: str, serial_number: str) -> bool:
        """Say whether the label was printed for another serial number than the register has now."""
        return self.serial_digest is not None and self.serial_digest != serial_digest(code, serial_number)


TYPED = Label("typed")


@lru_cache(maxsize=1)
def key_ring() -> KeyRing:
    """Return the site's keys."""
    return KeyRing(settings.DATA_DIR / "keys" / "codes", settings.PUBLIC_URL)


def read_label(code: str, mark_text: str) -> Label:
    """Check the mark behind a scanned code; an empty one was typed."""
    if not mark_text:
        return TYPED
    answer, mark = check_mark(code, mark_text, _keys_at(int(time.monotonic() / READ_KEYS_EVERY)))
    if answer != Answer.VALID or mark is None:
        return Label(answer.value)
    return Label(answer.value, mark.issued_on.isoformat(), None if mark.was_blank else mark.serial_digest)


@lru_cache(maxsize=1)
def _keys_at(_moment: int) -> Mapping[str, PublicKey]:
    """The keys, read once for each stretch of time."""
    return key_ring().keys()

"""Calls between two systems that share a secret: HMAC-SHA-256 over the time and the content (RFC 2104).

    X-Timestamp: 1795400000          seconds since 1970
    X-Signature: hex(HMAC(secret, timestamp + "." + content))

The content is the body; of a GET it is the address from its path on.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

STAMP, SIGNATURE = "X-Timestamp", "X-Signature"
TOLERATED = timedelta(minutes=5)  # between the two clocks; what is older may be somebody's recording


def headers_of(secret: str, content: bytes, at: float) -> dict[str, str]:
    """Return the two headers of a call.

    Args:
        at: seconds since 1970.
    """
    stamp = str(int(at))
    return {STAMP: stamp, SIGNATURE: signature(secret, stamp, content)}


def signature(secret: str, stamp: str, content: bytes) -> str:
    """Return what proves that a call comes from somebody who knows the secret."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + content, hashlib.sha256).hexdigest()


def is_genuine(secret: str, stamp: str, signed: str, content: bytes, at: datetime) -> bool:
    """Say whether a call was signed with the secret, and lately."""
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12 and signed.isascii()):
        return False
    is_fresh = abs(at.timestamp() - int(stamp)) <= TOLERATED.total_seconds()
    return hmac.compare_digest(signature(secret, stamp, content), signed) and is_fresh

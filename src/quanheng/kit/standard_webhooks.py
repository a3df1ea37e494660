"""Signatures of what we tell others, as Standard Webhooks 1.0 says (standardwebhooks.com).

    webhook-id: msg_…                      the same at every attempt
    webhook-timestamp: 1795400000          seconds since 1970, of this attempt
    webhook-signature: v1,BASE64           HMAC-SHA-256 over id.timestamp.body; several, separated by blanks

A secret is `whsec_` and 24 to 64 bytes in base64. While one takes the place of another, both sign.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes


def new_secret() -> str:
    """Return a secret of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def is_secret(text: str) -> bool:
    """Say whether a text is a secret of the standard."""
    return SHORTEST <= len(_bytes(text)) <= LONGEST


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.removeprefix(PREFIX), validate=True) if text.startswith(PREFIX) else b""
    except (binascii.Error, ValueError):
        return b""


def headers_of(key: str, body: bytes, at: float, signing: Iterable[str]) -> dict[str, str]:
    """Return the three headers of a call.

    Args:
        at: seconds since 1970; signing: the secrets, the newest first.
    """
    stamp = str(int(at))
    signed = " ".join(signature(secret, key, stamp, body) for secret in signing)
    return {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": signed}


def signature(secret: str, key: str, stamp: str, body: bytes) -> str:
    """Return one signature: its version, and the MAC in base64."""
    mac = hmac.new(_bytes(secret), f"{key}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(mac.digest()).decode()}"

"""Numbers and codes of invitations. The number leads to the row, the code opens it; only its hash is kept.

A code is 40 random bits, tried a few times at most. That of a text message is drawn from the number with the
platform's own key, so that a message that is sent again carries the same one and no row holds it.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata

from quanheng.kit.fields import keyed_hash
from quanheng.regulation.instrument_code import ALPHABET

NUMBER_SYMBOLS, CODE_SYMBOLS = 10, 8
LOOKS_LIKE = str.maketrans("OIL", "011")  # as people read them; the alphabet has none of the three
AS_SYMBOLS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)


def new_number() -> str:
    """Return the number of an invitation: nobody counts through them."""
    return _random(NUMBER_SYMBOLS)


def new_code() -> str:
    """Return a code that is shown once, on paper."""
    return _random(CODE_SYMBOLS)


def code_by_text(number: str) -> str:
    """Return the code of an invitation that goes by text message."""
    return keyed_hash(f"invitation by text {number}")[:CODE_SYMBOLS].translate(AS_SYMBOLS)


def digest_of(number: str, code: str) -> str:
    """Return what is kept of a code."""
    return keyed_hash(f"invitation {number} {code}")


def opens(number: str, digest: str, typed: str) -> bool:
    """Say whether what was typed is the code."""
    return hmac.compare_digest(digest_of(number, plain(typed)), digest)


def plain(typed: str) -> str:
    """Return a code or number as it is kept: half width, upper case, without blanks and hyphens."""
    text = unicodedata.normalize("NFKC", typed).upper().translate(LOOKS_LIKE)
    return "".join(symbol for symbol in text if symbol.isalnum())


def in_fours(code: str) -> str:
    """Return a code as it is printed: ABCD-EFGH."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _random(symbols: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(symbols))

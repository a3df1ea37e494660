"""Numbers of seals: when two of them are the same number.

A clerk's keyboard decides about width, case and blanks; the lead does not. `seal_key` in the database
(migration seal_endings) is the same rule, and test_seal_numbers.py compares the two.
"""

from __future__ import annotations

import string
import unicodedata

LONGEST = 60
UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


def seal_key(number: str) -> str:
    """Return what two writings of one number share: no blanks, half width, Latin letters upper case."""
    plain = unicodedata.normalize("NFKC", number)
    return "".join(plain.split()).translate(UPPER)


def is_readable(number: str) -> bool:
    """Say whether the text can be a number: printable, of 60 characters at most, with a letter or a digit."""
    text = number.strip()
    return len(text) <= LONGEST and text.isprintable() and any(symbol.isalnum() for symbol in text)

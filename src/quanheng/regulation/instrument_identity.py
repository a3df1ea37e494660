"""When two writings of maker and serial number mean one instrument.

A clerk's keyboard decides about width, case and blanks, and about the legal form of a maker; the nameplate
does not. `seal_key` and `maker_key` in the database are the same rules; test_instrument_identity.py compares.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from quanheng.regulation.seal_numbers import seal_key

LEGAL_FORM = re.compile(r"(?:股份)?有限(?:责任)?公司$")
SAID_BESIDE = re.compile(r"[\s()·.,。]+")


def number_key(number: str) -> str:
    """Return what two writings of one serial number share: no blanks, half width, upper case."""
    return seal_key(number)


@lru_cache(1 << 14)
def maker_key(name: str) -> str:
    """Return a maker's name without what clerks leave out: legal form, brackets, blanks, width, case."""
    bare = SAID_BESIDE.sub("", unicodedata.normalize("NFKC", name)).lower()
    return LEGAL_FORM.sub("", bare)


def may_be_one(maker: str, other: str, *, same_entity: bool) -> bool:
    """Say whether instruments with the same number and these makers can be one.

    A maker that nobody wrote down may be any, within what one entity has.
    """
    one, two = maker_key(maker), maker_key(other)
    return one == two or (same_entity and not (one and two))

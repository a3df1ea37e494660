"""What somebody may have typed into the one search box: which number, code or name it can be.

A label is scanned, a nameplate is copied, a certificate is read out on the telephone: whole addresses, any
width and case, blanks where there are none. One reading for every door (header, lists), by the same identity
as the ledger (`instrument_identity`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TypedDict, Unpack

from quanheng.regulation.instrument_code import SYMBOLS, CodeUnreadable, normalise, parse_code
from quanheng.regulation.instrument_identity import SAID_BESIDE, number_key

LONGEST = 300  # a scanned address with its mark has 150 signs
SHORTEST_NAME, SHORTEST_NUMBER = 2, 3  # by our own choice: a sign of a name tells more than one of a number
SHORTEST_TAIL = 3  # by our own choice: two digits are the end of one number in a hundred
SHORTEST_CODE = 6  # the prefix and four signs: of a million codes it leaves one or two
LONGEST_WORD = (
    20  # as much of a name as is kept for finding its middle; registry/sql/entity_words.sql says the same
)
# What the platform prints: /s/CODE.MARK, /e/CODE, /c/CODE/NUMBER, /open/CODE; printed upper case too.
ADDRESS = re.compile(r"(?:^|/)(s|e|c|open)/([^/?#\s]+)(?:/([^/?#\s]+))?", re.IGNORECASE)
QUOTED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
ENTRY = re.compile(r"^(?:#|第)(\d{1,18})条?$")


class Read(TypedDict, total=False):
    """What a text means besides a number and a name; see `Term`."""

    code: str
    code_begins: str
    code_fault: str
    certificate: str
    entry: int


@dataclass(frozen=True, slots=True)
class Term:
    """What was typed, read in each way that it can mean something.

    Args:
        text: as typed, without blanks around it; of an address the part that names something.
        key: as a number: half width, upper case, no blanks (`instrument_identity.number_key`).
        name: as a part of a name: the same, without what clerks leave out.
        code: a whole instrument's or entity's code; empty for none.
        code_begins: the beginning of one; empty for none.
        code_fault: why what looks like a code is none: `CodeUnreadable.fault`; empty where nothing is wrong.
        certificate: the verification code in a certificate's address; empty for none.
        entry: number of an entry in the public log; None for none.
    """

    text: str
    key: str
    name: str
    code: str = ""
    code_begins: str = ""
    code_fault: str = ""
    certificate: str = ""
    entry: int | None = None

    @property
    def is_too_short(self) -> bool:
        """Whether it would find half the ledger: one sign of a name, two of a number."""
        if self.entry is not None:
            return False
        return len(self.key) < (SHORTEST_NUMBER if self.key.isascii() else SHORTEST_NAME)

    @property
    def tail(self) -> str:
        """The key from its end, as tails are kept; empty where it is too short to be one."""
        return self.key[::-1] if len(self.key) >= SHORTEST_TAIL else ""

    @property
    def market_and_stall(self) -> tuple[str, str] | None:
        """The name of a market and the number of a stall in it, where both were typed; None otherwise."""
        name, _blank, stall = unicodedata.normalize("NFKC", self.text).rpartition(" ")
        return (name_key(name), stall) if len(name_key(name)) >= SHORTEST_NAME and stall else None


def _unquoted(part: str) -> str:
    """Undo the percent signs of an address: an institute's prefix is written so."""
    return QUOTED.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode(errors="replace"), part)


def name_key(name: str) -> str:
    """Return a name as its parts are found: half width, upper case, without blanks, brackets and points."""
    return SAID_BESIDE.sub("", number_key(name))


def read_term(typed: str) -> Term:
    """Read what was typed, a whole scanned address too."""
    text = " ".join(typed[:LONGEST].split())
    found = ADDRESS.search(text) if "/" in text else None
    if found is None:
        return _read(text)
    kind, named, further = found[1].lower(), _unquoted(found[2]), _unquoted(found[3] or "")
    if kind == "c":
        return _of(further or named, certificate=named)
    return _read(named.partition(".")[0])


def _read(text: str) -> Term:
    if entry := ENTRY.match("".join(text.split())):
        return _of(text, entry=int(entry[1]))
    plain = normalise(text[:200])
    if not (plain.startswith("Q1") and len(plain) >= SHORTEST_CODE and SYMBOLS.keys() >= set(plain)):
        return _of(text)
    try:
        return _of(text, code=parse_code(text))
    except CodeUnreadable as unreadable:
        if unreadable.fault == "length":
            return _of(text, code_begins=plain)
        return _of(text, code_fault=unreadable.fault)


def _of(text: str, **read: Unpack[Read]) -> Term:
    return Term(text, number_key(text), name_key(text)[:LONGEST_WORD], **read)

"""References to what the work is done by: JJG, JJF, GB, local and OIML documents, and which edition is newer.

Normal forms: ``JJG 539-2016``, ``JJG(川) 12-2020``, ``JJF 1070.1-2023``, ``GB/T 8170-2008``,
``DB51/T 2345-2017``, ``OIML R 76-1:2006``. Without a year a reference means the newest edition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.plain_text import plain

LONGEST = 80
CHINESE = re.compile(
    r"(?P<series>JJG|JJF|GB|DB(?:\d{2}|\d{4}|\d{6})(?=[ /(]))"
    r"(?: ?(?P<kind>/ ?[TZ])|/)?"
    r"(?: ?\( ?(?P<issuer>[^()\d ]{1,12}) ?\))?"
    r" ?(?P<number>\d{1,5}(?:\.\d{1,3})?)"
    r"(?: ?- ?(?P<year>\d{4}|\d{2}))?"
)
OIML = re.compile(
    r"(?:OIML ?)?(?P<series>[RDVGBE]) ?(?P<number>\d{1,3}(?:-\d{1,2})?)"
    r"(?:(?: ?: ?| ?EDITION ?|-| )(?P<year>(?:19|20)\d{2}))?(?: ?\([EF]\))?"
)
WITH_OIML = re.compile(r"OIML|.*(:|EDITION)")
DECORATION = re.compile(r"['\"“”《》]")
OLDEST_TWO_DIGIT_YEAR = 50  # 87 is 1987; no document is quoted as of 2049


class EditionOrder(StrEnum):
    """How one reference stands to another."""

    SAME = "same"
    NEWER = "newer"
    OLDER = "older"
    UNDATED = "undated"
    OTHER_DOCUMENT = "other_document"


@dataclass(frozen=True, slots=True)
class NormativeReference:
    """One document, in one edition or undated.

    Args:
        series: ``"JJG"``, ``"JJF"``, ``"GB/T"``, ``"DB51/T"``, ``"OIML R"`` and so on.
        issuer: the province or ministry of a local or ministerial document, such as ``"川"``; else empty.
        number: with its part, such as ``"1070.1"`` or ``"76-1"``.
        year: of the edition; None in an undated reference.
    """

    series: str
    issuer: str
    number: str
    year: int | None

    def __str__(self) -> str:
        joint = ":" if self.is_international else "-"
        return self.undated if self.year is None else f"{self.undated}{joint}{self.year}"

    @property
    def undated(self) -> str:
        """The document, whatever its edition."""
        issuer = f"({self.issuer})" if self.issuer else ""
        return f"{self.series}{issuer} {self.number}"

    @property
    def is_international(self) -> bool:
        return self.series.startswith("OIML")

    @property
    def is_verification_regulation(self) -> bool:
        return self.series == "JJG"

    def compared_with(self, other: NormativeReference) -> EditionOrder:
        """Return how this edition stands to the other: NEWER where this one is newer."""
        if self.undated != other.undated:
            return EditionOrder.OTHER_DOCUMENT
        if self.year == other.year:
            return EditionOrder.SAME
        if self.year is None or other.year is None:
            return EditionOrder.UNDATED
        return EditionOrder.NEWER if self.year > other.year else EditionOrder.OLDER


def parse_reference(text: str) -> NormativeReference:
    """Read a reference as people write it: ``"ＪＪＧ 539—2016"``, ``"OIML R76-1 Edition 2006 (E)"``.

    Raises:
        CaseFault: it names no document of a series that is known here.
    """
    shown = text.strip()[:LONGEST]
    written = plain(DECORATION.sub("", text[:LONGEST]))
    if len(text) <= LONGEST and (found := CHINESE.fullmatch(written)):
        return NormativeReference(
            series=found["series"] + (found["kind"] or "").replace(" ", ""),
            issuer=found["issuer"] or "",
            number=found["number"],
            year=_year(found["year"]),
        )
    if len(text) <= LONGEST and WITH_OIML.match(written) and (found := OIML.fullmatch(written)):
        return NormativeReference(f"OIML {found['series']}", "", found["number"], _year(found["year"]))
    raise CaseFault(
        "reference",
        "no_reference",
        tell("编号“{shown}”无法识别，请写成“JJG 539-2016”“JJF 1070-2023”的形式。", shown=shown),
    )


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    year = int(text)
    if len(text) == 2:
        return year + (1900 if year >= OLDEST_TWO_DIGIT_YEAR else 2000)
    return year

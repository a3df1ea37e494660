"""Codes of administrative divisions: GB/T 2260 to the county, GB/T 10114 to the street, and the village's."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

LENGTHS = (2, 4, 6, 9, 12)
FULL = 12
PROVINCES = frozenset(
    str(number)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for number in range(first, last + 1)
)


class DivisionLevel(StrEnum):
    """How far down a division stands."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STREET = "street"
    VILLAGE = "village"


LEVELS = dict(zip(LENGTHS, DivisionLevel, strict=True))


@dataclass(frozen=True, slots=True, order=True)
class DivisionCode:
    """A code in its shortest form: 51, 5101, 510104, 510104017 or 510104017001."""

    digits: str

    def __str__(self) -> str:
        return self.digits

    @property
    def level(self) -> DivisionLevel:
        return LEVELS[len(self.digits)]

    @property
    def twelve(self) -> str:
        """The form with twelve digits."""
        return self.digits.ljust(FULL, "0")

    @property
    def six(self) -> str:
        """The county's form with six digits, as a credit code or an application form holds it."""
        return self.twelve[:6]

    def ancestors(self) -> tuple[DivisionCode, ...]:
        """Return the divisions above, the nearest first; under a city without counties none is a county."""
        above = (self.twelve[:length].ljust(FULL, "0") for length in LENGTHS if length < len(self.digits))
        return tuple(sorted({DivisionCode(_shortest(code)) for code in above}, reverse=True))

    def contains(self, other: DivisionCode) -> bool:
        """Say whether the other is this division or lies in it."""
        return other.digits.startswith(self.digits)


def parse_division_code(text: str) -> DivisionCode:
    """Read a code of 6, 9 or 12 digits, or in its short form of 2 or 4.

    Raises:
        CaseFault: no digits, another length, a province that does not exist, or a gap above what is stated.
    """
    digits = "".join(unicodedata.normalize("NFKC", text[:40]).split())
    if not (digits.isascii() and digits.isdigit()):
        raise CaseFault("division", "digits", "行政区划代码只有数字，请核对。")
    if len(digits) not in LENGTHS:
        raise CaseFault(
            "division", "length", tell("行政区划代码为 6、9 或 12 位，现为 {count} 位。", count=len(digits))
        )
    if digits[:2] not in PROVINCES:
        raise CaseFault(
            "division", "province", tell("没有代码以 {start} 开头的省级区划，请核对。", start=digits[:2])
        )
    code = DivisionCode(_shortest(digits.ljust(FULL, "0")))
    twelve = code.twelve
    if (len(code.digits) > 4 and twelve[2:4] == "00") or (len(code.digits) == FULL and twelve[6:9] == "000"):
        raise CaseFault("division", "gap", tell("代码 {digits} 缺少上一级的代码，请核对。", digits=digits))
    return code


def _shortest(twelve: str) -> str:
    """Cut the zeros below what is stated, level by level."""
    for length, shorter in zip(LENGTHS[:0:-1], LENGTHS[-2::-1], strict=True):
        if twelve[shorter:length].strip("0"):
            return twelve[:length]
    return twelve[:2]

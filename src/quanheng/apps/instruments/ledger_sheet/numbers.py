"""Numbers and numbers that are names: serial numbers, masses, telephones, coordinates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from quanheng.apps.instruments.ledger_sheet.text import (
    NOTHING,
    REMEMBERED,
    WHOLE_FLOAT,
    Normalised,
    became_a_day,
    plain_text,
)

SCIENTIFIC = re.compile(r"(\d(?:\.\d+)?)e(\+?)(\d{1,3})", re.IGNORECASE)
HAS_LETTER_OR_DIGIT = re.compile(r"[0-9A-Za-z]")
EXACT = 10**15  # a spreadsheet keeps 15 significant digits
DIGITS_LOST = "被表格软件改成了数字，后几位已丢失；请把该列设为文本格式后重新填写。"
LONGEST_SERIAL = 50


def serial_number(raw: Any) -> Normalised:
    """Return a serial number; what Excel made of it (23143583.0, 2.3143583E7) is undone if no digit is lost.

    Not remembered: serial numbers do not repeat.
    """
    if type(raw) is str and raw.isascii() and raw.isalnum() and not SCIENTIFIC.fullmatch(raw):
        value = raw
    elif isinstance(raw, float | int):
        return (None, f"出厂编号{DIGITS_LOST}") if abs(raw) >= EXACT else (plain_text(raw), "")
    else:
        value = plain_text(raw).lstrip("'`")
        if problem := became_a_day(value) or _several(str(raw), value):
            return None, problem
        value = value.replace(" ", "")
    return ("", "") if value.lower() in NOTHING else _checked(value)


def _checked(value: str) -> Normalised:
    if len(value) > LONGEST_SERIAL:
        return None, f"出厂编号超过 {LONGEST_SERIAL} 个字，请核对是否串列。"
    if not HAS_LETTER_OR_DIGIT.search(value):
        return None, f"“{value}”不是出厂编号，请对照铭牌补填。"
    if not value.isalnum() or SCIENTIFIC.fullmatch(value):
        return _undone(value)
    return value, ""


SEVERAL = "一格里有多个出厂编号，请一台一行分开填写。"
LISTED = re.compile(r"[\n、,;]+")
IN_A_ROW = re.compile(r"[ /~～]|至|到")


def _several(raw: str, value: str) -> str:
    """Say that a cell holds several serial numbers, or nothing. Two lines are never joined to one."""
    listed = [
        part for part in LISTED.split(raw.strip().translate(COMMAS)) if HAS_LETTER_OR_DIGIT.search(part)
    ]
    if len(listed) > 1 and not all(part in LABELS for part in listed[:1]):
        return f"“{value[:30]}”：{SEVERAL}"
    parts = [part for part in IN_A_ROW.split(value) if part]
    return f"“{value[:30]}”：{SEVERAL}" if len(parts) > 1 and _count_on(parts) else ""


COMMAS = str.maketrans("，；\r", ",;\n")
LABELS = frozenset({"NO.", "No.", "SN"})


def _count_on(parts: list[str]) -> bool:
    """Say whether texts count on from each other (4001, 4002): as long, and alike but for the last places."""
    first = parts[0]
    half = (len(first) + 1) // 2
    alike = all(len(part) == len(first) and part[:half] == first[:half] for part in parts)
    return alike and len(first) > 1 and all(part[-1].isdigit() for part in parts) and len({*parts}) > 1


def _undone(value: str) -> Normalised:
    if whole := WHOLE_FLOAT.fullmatch(value):
        return whole[1], ""
    mangled = SCIENTIFIC.fullmatch(value)
    if not mangled or not ("." in mangled[1] or mangled[2]):
        return value, ""  # 2E12 may well be what the plate says
    shown, power = len(mangled[1].replace(".", "")), int(mangled[3])
    # 2.31E+07 is how a spreadsheet shows a longer number; 2.31E7 is how a program writes exactly 23100000.
    if power > 14 or (mangled[2] and shown < power + 1):
        return None, f"出厂编号“{value}”{DIGITS_LOST}"
    number = Decimal(value)
    return (str(int(number)) if number == int(number) else value), ""


PLAIN_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{0,18})?")
TOKEN = re.compile(r"([0-9]+(?:\.[0-9]+)?)(kg|千克|公斤|mg|毫克|g|克|t|吨|市斤|斤|两)?")
MASSES = re.compile(
    rf"(?:max|min|最大|最小|秤量|e|d)?[=:<≤]?{TOKEN.pattern}(?:[~\-/、至到]{TOKEN.pattern}){{0,2}}"
)
GRAMS: dict[str, Decimal | int] = {
    "kg": 1000, "千克": 1000, "公斤": 1000, "g": 1, "克": 1, "t": 1_000_000, "吨": 1_000_000,
    "mg": Decimal("0.001"), "毫克": Decimal("0.001"), "市斤": 500, "斤": 500, "两": 50,
}  # fmt: skip
HEAVIEST = Decimal(10) ** 10


def mass_in(unit: str, pick: Callable[[Iterable[Decimal]], Decimal] = max) -> Callable[[Any], Normalised]:
    """Return a normaliser for masses in grams; a cell without a unit is in the column's.

    Args:
        pick: which of several counts: the largest capacity of 6/15kg, the smallest e of 2/5g.
    """

    @lru_cache(REMEMBERED)
    def mass(raw: Any) -> Normalised:
        value = re.sub(r"[ ,()]", "", plain_text(raw)).lower()
        if value in NOTHING:
            return None, ""
        if problem := became_a_day(value):
            return None, problem
        if not MASSES.fullmatch(value):
            return None, f"“{value[:30]}”不是一个带单位的数值，请填如“30”或“30kg”。"
        found = TOKEN.findall(value)
        common = next((mark for _, mark in reversed(found) if mark), unit)
        grams = pick([Decimal(number) * GRAMS[mark or common] for number, mark in found])
        if not 0 < grams < HEAVIEST:
            return None, f"“{value[:30]}”不合理，应大于零。"
        return grams.normalize(), ""

    return mass


@lru_cache(REMEMBERED)
def count(raw: Any) -> Normalised:
    """Return a whole number of instruments; nothing when there is none to read."""
    found = re.fullmatch(r"(\d{1,6})(?:\.0+)?(?:台|个|只|件|套|支|块|把)?", plain_text(raw).replace(" ", ""))
    return (int(found[1]) if found else None), ""


def phone(raw: Any) -> Normalised:
    """Digits only; a number that cannot be one is kept out, which is no reason to refuse the row."""
    if isinstance(raw, str) and raw.isascii() and raw.isdigit():
        return raw, ""
    value = re.sub(r"[^\d]", "", plain_text(raw).split("/")[0].split("、")[0])
    return value if 7 <= len(value) <= 13 else "", ""


def degrees_between(least: float, most: float, what: str) -> Callable[[Any], Normalised]:
    """Return a normaliser for a coordinate in decimal degrees (degrees, minutes and seconds understood)."""

    @lru_cache(REMEMBERED)
    def degrees(raw: Any) -> Normalised:
        value = plain_text(raw).replace(" ", "").strip("东北经纬°EN")
        if value.lower() in NOTHING:
            return None, ""
        found = re.fullmatch(r"(\d{1,3})[°度](\d{1,2})['′分](?:(\d{1,2}(?:\.\d+)?)[\"″秒]?)?", value)
        if not found and not PLAIN_DEGREES.fullmatch(value):
            return None, f"{what}“{value[:30]}”不是数值，请填十进制度数，如 104.065。"
        number = _sexagesimal(found) if found else Decimal(value)
        if not Decimal(str(least)) <= number <= Decimal(str(most)):
            return None, f"{what} {value} 不在本省范围（{least}–{most}）内，请核对是否填错或经纬度填反。"
        return number.quantize(Decimal("0.000001")), ""

    return degrees


def _sexagesimal(found: re.Match[str]) -> Decimal:
    return Decimal(found[1]) + Decimal(found[2]) / 60 + Decimal(found[3] or 0) / 3600

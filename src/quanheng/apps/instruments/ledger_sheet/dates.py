"""Dates in every form that offices write, read into days; what cannot be one is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from quanheng.apps.instruments.ledger_sheet.text import (
    MONTH,
    NOTHING,
    REMEMBERED,
    Normalised,
    plain_text,
    whole,
)
from quanheng.kit.sheets import Day1904, day_meant

EXCEL_EPOCH = date(1899, 12, 30)  # Excel counts 29 February 1900, which never was
EXCEL_DAYS = range(18_264, 73_050)  # 1950 to 2099
YEARS = range(1950, 2100)
TIME = r"(?:[ T]*\d{1,2}[:时][\d:.分秒]*(?:[AaPp][Mm])?)?"
LETTERED = re.compile(r"(\d{4}|\d{2})[-/.,、\\年](\d{1,2})[-/.,、\\月](\d{1,2})(?:日|号|\.)?" + TIME)
INSTANT = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?"
    r" ?(Z|[+-]\d{2}:?(?:\d{2})?)?",
    re.IGNORECASE,
)
A_MONTH = MONTH + r"[a-z]*\.?"
MONTHS = {name.lower(): number for number, name in enumerate(MONTH[3:-1].split("|"), 1)}
NAMED_MONTH = re.compile(
    rf"(\d{{1,2}})[- /]?({A_MONTH})[- /,]*(\d{{4}}|\d{{2}})"
    rf"|(?:[A-Z][a-z]{{2}},? )?({A_MONTH})[- ](\d{{1,2}})[, ](\d{{4}})(?: .*)?",
    re.IGNORECASE,
)
# Three numbers of two digits with strokes: 01/06/24 may begin with the day, the month or the year.
DAY_FIRST_PERHAPS = re.compile(r"(\d{2})/(\d{2})/(\d{2})")
YEARS_OF_TWO_DIGITS = range(10, 40)
BEIJING = timezone(timedelta(hours=8))
DAYS_TO_1904 = 1462
EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
SIX_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2})")
YEAR_AND_MONTH = re.compile(r"(?:19|20)\d{2}(?:[-/.年])?(?:0?[1-9]|1[0-2])月?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + TIME)
WORDS_AROUND = re.compile(r"^(?:有效期)?(?:自|从|至|到|于)?[:：]?|(?:止|前|起|为止|截止)$")
CHINESE = re.compile(r"[〇零一二三四五六七八九十○]+")
CHINESE_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": "0",
    "○": "0",
}
HELP = "请按“2026-03-15”的格式填写"


@lru_cache(REMEMBERED, typed=True)
def day(raw: Any) -> Normalised:
    """Return a date, Excel serials (as numbers or text) among them; nothing for an empty cell or a dash.

    An instant is the day that it is in Beijing; a few minutes before midnight it is the next day.
    """
    if isinstance(raw, date):
        found = raw.date() if isinstance(raw, datetime) else raw
        return _real_day(found.year, found.month, found.day, found.isoformat())
    value = plain_text(raw + DAYS_TO_1904 if isinstance(raw, Day1904) else raw)
    if value.lower() in NOTHING:
        return None, ""
    if DAY_FIRST_PERHAPS.fullmatch(value) and len(seen := _in_any_order(value)) > 1:
        shown = "、".join(found.isoformat() for found in seen)
        return None, f"“{_quoted(value)}”可以读作 {shown}，{HELP}。"
    for year, month, number in _readings(value):
        return _real_day(year, month, number, value)
    if YEAR_AND_MONTH.fullmatch(value.replace(" ", "")):
        return None, f"“{_quoted(value)}”只写到月，{HELP}。"
    return None, f"“{_quoted(value)}”不是完整的日期，{HELP}。"


def _readings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day as a text can be read, the likeliest first."""
    value = CHINESE.sub(lambda found: _digits(found[0]), text)
    value = re.sub(r" ?([-/.,、年月]) ?", r"\1", WORDS_AROUND.sub("", value)).strip()
    value = whole(value)
    if (instant := INSTANT.fullmatch(value)) and (local := _in_beijing(*instant.groups())):
        yield local.year, local.month, local.day
        return
    if named := NAMED_MONTH.fullmatch(value):
        day, month, year = (part for part in named.groups() if part)
        day, month = (month, day) if day[0].isalpha() else (day, month)
        yield _full_year(year), MONTHS[month[:3].lower()], int(day)
        return
    if re.fullmatch(r"\d{5}(?:\.\d+)?", value) and int(float(value)) in EXCEL_DAYS:
        serial = EXCEL_EPOCH + timedelta(days=int(float(value)))
        yield serial.year, serial.month, serial.day
    if YEAR_AND_MONTH.fullmatch(value):
        return
    for form in (LETTERED, EIGHT_DIGITS, SIX_DIGITS):
        if parts := form.fullmatch(value):
            year, month, number = parts.groups()
            yield _full_year(year), int(month), int(number)
    if parts := YEAR_LAST.fullmatch(value):
        first, second, year = (int(part) for part in parts.groups())
        if first > 12 or first == second:  # 30/6/2026; 6/5/2026 could be either and is asked for
            yield year, second, first
        elif second > 12:
            yield year, first, second


def _full_year(year: str) -> int:
    return int(year if len(year) == 4 else f"20{year}")


def _in_beijing(*parts: str | None) -> date | None:
    """Return the day of an instant in Beijing."""
    *numbers, zone = parts
    try:
        year, month, number, hour, minute, second = (int(part or 0) for part in numbers)
        local = datetime(year, month, number, hour, minute, second, tzinfo=BEIJING)
    except ValueError:
        return None
    if zone:
        sign, digits = (-1 if zone[0] == "-" else 1), re.sub(r"\D", "", zone).ljust(4, "0")
        ahead = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        local += timedelta(hours=8) - ahead
    return day_meant(local)


def _in_any_order(value: str) -> list[date]:
    """Return the days that two digits, stroke, two digits, stroke, two digits can be."""
    first, second, third = (int(part) for part in value.split("/"))
    orders = ((first, second, third), (third, second, first), (third, first, second))
    found = {_day_of(*order) for order in orders if order[0] in YEARS_OF_TWO_DIGITS}
    return sorted(day for day in found if day)


def _day_of(year: int, month: int, number: int) -> date | None:
    try:
        return date(2000 + year, month, number)
    except ValueError:
        return None


def _digits(chinese: str) -> str:
    """Return 二〇二六 as 2026 and 二十三 as 23."""
    if "十" not in chinese:
        return "".join(CHINESE_DIGITS[letter] for letter in chinese)
    tens, _, ones = chinese.partition("十")
    return (CHINESE_DIGITS.get(tens, "1") if len(tens) < 2 else tens) + (CHINESE_DIGITS.get(ones, "0"))


def _real_day(year: int, month: int, number: int, value: str) -> Normalised:
    try:
        found = date(year, month, number)
    except ValueError:
        return None, f"“{_quoted(value)}”这一天不存在，请核对证书后改正。"
    if year not in YEARS:
        return None, f"“{_quoted(value)}”的年份不合理，请核对证书后改正。"
    return found, ""


def _quoted(value: str) -> str:
    return value if len(value) <= 30 else value[:29] + "…"

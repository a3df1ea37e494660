"""Cells as text: one width, no control characters, and the ways clerks write that there is nothing."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

Normalised = tuple[Any, str]  # the value, and the reason when it is at fault
REMEMBERED = 1 << 16
NOTHING = frozenset(
    {"", "/", "//", "\\",
     "-", "--", "---", "—", "——", "无", "没有", "n/a", "#n/a", "na", "null", "none", "空",
     "未知", "不详", "不明",
     "暂无", "未填", "待补", "待查", "待填", "?", "??", "无编号", "无号", "见铭牌", "看不清", "模糊",
     "铭牌不清"}
)  # fmt: skip
WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\ufeff]+")
BLANKS = re.compile(r"\s+")


MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# What spreadsheet programs write for 2-1, 3-01 or 6/15 once they took it for a day, and for a day itself.
BECAME_A_DAY = re.compile(
    rf"\d{{1,2}}-{MONTH}(?:-\d{{2,4}})?|{MONTH}-\d{{2,4}}|\d{{1,2}}月\d{{1,2}}日"
    r"|(?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日)?|(?:19|20)\d{2}/\d{1,2}/\d{1,2}"
    r"|(?:19|20)\d{2}[-/]\d{1,2}[-/]\d{1,2}[ T]?0?0:00.*",
    re.IGNORECASE,
)


def became_a_day(text: str) -> str:
    """Say that a number was taken for a date by a spreadsheet program, or nothing."""
    if BECAME_A_DAY.fullmatch(text):
        return f"“{text[:30]}”{MADE_A_DATE}"
    return ""


MADE_A_DATE = "被表格软件改成了日期；请把该列设为文本格式，对照铭牌或实物重新填写。"


def plain_text(raw: Any) -> str:
    """Half-width, no control characters, one space between words; whole floats without their .0."""
    if raw is None:
        return ""
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e18 else repr(raw)
    text = str(raw)
    if text.isprintable() and unicodedata.is_normalized("NFKC", text) and "  " not in text:
        return text.strip()
    text = unicodedata.normalize("NFKC", text)
    return BLANKS.sub(" ", CONTROL.sub(" ", text)).strip()


def is_nothing(raw: Any) -> bool:
    """Say whether a cell says that there is nothing: empty, a dash, 无."""
    return raw is None or plain_text(raw).lower() in NOTHING


def whole(text: str) -> str:
    """Return a whole number without the .0 that a spreadsheet program gave it; other text as it is."""
    found = WHOLE_FLOAT.fullmatch(text)
    return found[1] if found else text

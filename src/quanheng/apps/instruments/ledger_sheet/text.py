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

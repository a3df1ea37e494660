"""Text that a spreadsheet program would run as a formula when it opens a csv: made inert, and taken back.

A text cell of a workbook is inert by itself and stays as it is.
"""

from __future__ import annotations

import re
from typing import Any

STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
STARTS_RAW = ("\t", "\r", "\n")
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
INERT = "'"


def defuse(value: Any) -> Any:
    """Make text inert that a spreadsheet program would run (ASVS 5.0 1.2.10); numbers stay numbers.

    Text that begins with apostrophes and goes on like that gets one more: `undefused` takes one off.
    """
    if not isinstance(value, str):
        return value
    return INERT + value if _runs(value.lstrip(INERT)) else value


def undefused(value: str) -> str:
    """Take off the apostrophe that `defuse` set before a text."""
    return value[1:] if value.startswith(INERT) and _runs(value.lstrip(INERT)) else value


def _runs(value: str) -> bool:
    if value.startswith(STARTS_RAW) or value.lstrip().startswith(STARTS_FORMULA):
        return not NUMBER.fullmatch(value)
    return False

"""Reading what a person types or pastes into one box: a column of numbers, a table of rows."""

from __future__ import annotations

import re

# Full-width letters, digits and blanks of a Chinese keyboard; superscripts of units stay what they are.
WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
SEPARATORS = re.compile(r"[\s,;、，；]+")
CELLS = re.compile(r"[\t,;，；]|\s+")


def numbers(text: str) -> list[str]:
    """Return the numbers of a pasted column or line, as written; full-width digits become plain ones."""
    return [part for part in SEPARATORS.split(text.translate(WIDTHS)) if part]


def rows(text: str) -> list[list[str]]:
    """Return the cells of each line: pasted from a spreadsheet with tabs, or typed with blanks."""
    lines = (line for line in text.translate(WIDTHS).splitlines() if line.strip())
    return [_cells(line) for line in lines]


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    return [cell.strip() for cell in CELLS.split(line.strip()) if cell.strip()]

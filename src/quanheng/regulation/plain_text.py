"""Text as people and keyboards write it, in one plain form."""

from __future__ import annotations

import unicodedata

DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－─~～"), "-")
BRACKETS = {
    **dict.fromkeys(map(ord, "〔【〈《[{"), "("),
    **dict.fromkeys(map(ord, "〕】〉》]}"), ")"),
}


def plain(text: str) -> str:
    """Half-width, one kind of dash and bracket, upper case, one space where there were several."""
    narrow = unicodedata.normalize("NFKC", text.translate(DASHES))
    return " ".join(narrow.translate(BRACKETS).upper().split())

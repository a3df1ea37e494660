"""What a number format makes of a number, where that tells more than the number: 00012345, CD-0078, 0.5%.

Only sections of digits, literals and per cent are followed (ECMA-376-1:2016, 18.8.31). A format that only
sets digits apart, rounds, or colours tells nothing: the number itself stays.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

BUILT_IN = {9: "0%", 10: "0.00%"}  # of those that every workbook knows, the two that tell more
TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]|(General)|([0#?])|([.,%])|(.)', re.IGNORECASE)
PLAIN = frozenset("-+()/: $¥￥")  # literals that need no quotation mark
TOO_LONG = 255  # a format of more characters is no spreadsheet program's


@lru_cache(1 << 10)
def telling(code: str) -> bool:
    """Say whether a format shows what the number alone does not."""
    pattern = _pattern(code)
    return pattern is not None and pattern.tells


@lru_cache(1 << 12)
def shown(number: float, code: str) -> str | None:
    """Return the text that the clerk sees in the cell, or None where the number says as much."""
    pattern = _pattern(code)
    if pattern is None or not pattern.tells or number < 0:
        return None
    return pattern.write(Decimal(repr(number)))


class Pattern:
    """The section of a format for numbers from zero on: literals and places for digits, in order."""

    def __init__(self, parts: list[tuple[str, str]]) -> None:
        kinds = [kind for kind, _ in parts]
        point = kinds.index("point") if "point" in kinds else len(kinds)
        self.parts = parts
        self.whole = [index for index in range(point) if kinds[index] == "digit"]
        self.decimals = kinds[point:].count("digit")
        self.per_cent = "per cent" in kinds
        self.general = "general" in kinds
        zeros = sum(parts[index][1] == "0" for index in self.whole)
        words = any(kind == "literal" and text.strip(" ¥￥$()") for kind, text in parts)
        self.tells = bool(self.whole or self.general) and (zeros > 1 or words or self.per_cent)

    def write(self, number: Decimal) -> str:
        if self.general:
            return self._joined(format(number.normalize(), "f"), "")
        number = number * 100 if self.per_cent else number
        text = format(number.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP), "f")
        whole, _, decimals = text.partition(".")
        return self._joined(whole, decimals)

    def _joined(self, whole: str, decimals: str) -> str:
        """Fill digits in from the right; the first place takes all that are left over."""
        digits, places = list(whole.lstrip("0")), {}
        for index in reversed(self.whole):
            places[index] = digits.pop() if digits else ("0" if self.parts[index][1] == "0" else "")
        if self.whole:
            places[self.whole[0]] = "".join(digits) + places[self.whole[0]]
        rest, out = iter(decimals), []
        for index, (kind, text) in enumerate(self.parts):
            if kind == "digit":
                out.append(places[index] if index in places else next(rest, ""))
            elif kind == "general":
                out.append(whole)
            elif kind == "point":
                out.append("." if self.decimals else "")
            else:
                out.append(text)
        return "".join(out).strip()


@lru_cache(1 << 10)
def _pattern(code: str) -> Pattern | None:
    """Return the section for numbers from zero on; None for dates, fractions, powers, text, conditions."""
    section = _first_section(code)
    if len(code) > TOO_LONG or re.search(r"\[(?:[<>=]|DBNum)", section, re.IGNORECASE):
        return None
    parts: list[tuple[str, str]] = []
    for found in TOKEN.finditer(section):
        quoted, escaped, general, digit, mark, letter = found.groups()
        if quoted is not None or escaped:
            parts.append(("literal", quoted if quoted is not None else escaped))
        elif general:
            parts.append(("general", ""))
        elif digit:
            parts.append(("digit", digit))
        elif mark:
            parts += [] if mark == "," else [("point", ".") if mark == "." else ("per cent", "%")]
        elif letter in PLAIN or (letter and ord(letter) > 127 and letter not in "年月日时分秒"):
            parts.append(("literal", letter))
        elif letter is not None:
            return None
    if ("literal", "/") in parts:
        return None  # a fraction
    return Pattern(parts)


def _first_section(code: str) -> str:
    found = re.match(r'(?:"[^"]*"|\\.|[^;"\\])*', code)
    return found[0] if found else ""

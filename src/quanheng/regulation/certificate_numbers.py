"""Numbers of verification and calibration certificates.

No national pattern is known: institutes write what they like, and the same number comes typed with full-width
letters, other dashes, other brackets and stray spaces. A number is unique within its institute.
"""

from __future__ import annotations

import re

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.plain_text import plain

LONGEST = 64
AROUND_SIGNS = re.compile(r"\s*([-/().,:#_]|号|第|字)\s*")
LOOSE_SPACE = re.compile(r"(?<!\d) | (?!\d)")
READABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]*")


def normalise_certificate_number(text: str) -> str:
    """Return the number as it is shown and compared: ``"ＪＬ（2026）第 0012 号"`` → ``"JL(2026)第0012号"``.

    Raises:
        CaseFault: empty, without a digit, longer than 64 signs, or with signs that nobody sees.
    """
    if not READABLE.fullmatch(text.strip()):
        raise CaseFault("certificate_number", "unseen_sign", "证书编号中有看不见的字符，请重新输入。")
    number = AROUND_SIGNS.sub(r"\1", plain(text))
    if not number:
        raise CaseFault("certificate_number", "empty", "请输入证书编号。")
    if len(number) > LONGEST:
        message = tell("证书编号最长 {longest} 个字符，请核对。", longest=LONGEST)
        raise CaseFault("certificate_number", "too_long", message, most=LONGEST)
    if not any(sign.isdigit() for sign in number):
        raise CaseFault("certificate_number", "no_digit", "证书编号中应有数字，请对照证书核对。")
    return number


def certificate_key(institute: str, text: str) -> str:
    """Return what is unique: two certificates of one institute with the same key are one.

    Separators keep their place, for 26-1-11 and 26-11-1 are two numbers, and so does a space between digits;
    other spaces are lost on the way.

    Args:
        institute: the code by which the institute is known.

    Raises:
        CaseFault: no institute, or a number that cannot be read.
    """
    issuer = plain(institute).replace(" ", "")
    if not issuer:
        raise CaseFault("institute", "empty", "请指明出具证书的机构。")
    return f"{issuer}\t{LOOSE_SPACE.sub('', normalise_certificate_number(text))}"

"""Identifiers of the field: the unified social credit code (GB 32100-2015)."""

from __future__ import annotations

import unicodedata

from quanheng.packs.sentence import tell

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
VALUE = {symbol: index for index, symbol in enumerate(ALPHABET)}
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
BODY_VALUE = {symbol: index for index, symbol in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
LENGTH = 18
OLD_XIAMEN = "3502"


class CreditCodeFault(ValueError):
    """The text is not a credit code; the message says what is wrong with it.

    Args:
        code: which check fails: length, symbol, body_check (GB 11714), check (GB 32100).
        facts: what the message tells of what was typed.
    """

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts


def normalise_credit_code(text: str) -> str:
    """Full-width to half-width, upper case, no spaces or hyphens."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(symbol for symbol in plain if not symbol.isspace() and symbol != "-").upper()


def parse_credit_code(text: str, *, on_an_officers_word: bool = False) -> str:
    """Return the credit code in its normal form.

    Positions 3-8 hold the division at the time of registration; they are not compared with today's list.

    Args:
        on_an_officers_word: accept a code as Xiamen issued them before 2016, whose last check differs.

    Raises:
        CreditCodeFault: wrong length, a symbol the standard does not use, or a check that fails.
    """
    code = normalise_credit_code(text)
    if len(code) != LENGTH:
        raise CreditCodeFault(
            "length",
            tell("统一社会信用代码应为 18 位，现为 {count} 位，请对照营业执照核对。", count=len(code)),
            typed=len(code),
        )
    strange = sorted({symbol for symbol in code if symbol not in VALUE})
    if strange:
        raise CreditCodeFault(
            "symbol",
            tell(
                "统一社会信用代码中不应出现“{strange}”（不用 I、O、S、V、Z），请对照营业执照核对。",
                strange=[*strange],
            ),
            symbols=strange,
        )
    if body_check(code[8:16]) != code[16]:
        raise CreditCodeFault("body_check", "统一社会信用代码第 9 至 17 位的校验不符，请对照营业执照核对。")
    if code_check(code[:17]) != code[17] and not (on_an_officers_word and is_of_old_xiamen(code)):
        raise CreditCodeFault("check", "统一社会信用代码末位校验不符，请对照营业执照核对。")
    return code


def is_of_old_xiamen(code: str) -> bool:
    """Say whether a code is of the kind issued in Xiamen before 2016: its last check follows another rule.

    The rest holds. Known from reports about validators, not from a published rule; therefore never by itself.
    """
    return (
        code[2:6] == OLD_XIAMEN and body_check(code[8:16]) == code[16] and code_check(code[:17]) != code[17]
    )


def code_check(head: str) -> str:
    """Return the 18th symbol for the first 17 (GB 32100-2015, annex A): weights are powers of 3 modulo 31."""
    total = sum(VALUE[symbol] * weight for symbol, weight in zip(head, CODE_WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def body_check(head: str) -> str:
    """Return the check symbol of the organisation code (GB 11714): 11 minus the sum modulo 11; 10 is X, 11 is
    0.
    """
    total = sum(BODY_VALUE[symbol] * weight for symbol, weight in zip(head, BODY_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]

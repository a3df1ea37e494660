"""Credit codes that pass both checks (GB 32100-2015, GB 11714-1997) and belong to nobody.

The region digits are 519999: no such county exists, so no registrar ever gave such a code.
"""

from __future__ import annotations

REGION = "519999"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}


def credit_code(number: int, *, category: str = "91") -> str:
    """Return the code of the number-th entity; category is registrar and kind, such as 91 for a company.

    Args:
        number: below 31**6.
    """
    head = category + REGION + organisation_code(number)
    total = sum(weight * VALUES[symbol] for weight, symbol in zip(WEIGHTS, head, strict=True))
    return head + ALPHABET[-total % 31]


def organisation_code(number: int) -> str:
    """Return nine symbols: MA, six symbols that count, and the check symbol of GB 11714."""
    body = "MA"
    for power in range(5, -1, -1):
        body += ALPHABET[number // 31**power % 31]
    total = sum(w * int(symbol, 36) for w, symbol in zip(ORGANISATION_WEIGHTS, body, strict=True))
    check = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))

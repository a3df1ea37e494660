r"""Units as a metrologist writes them: ``mg``, ``kg·m⁻³``, ``W/(m·K)``, ``1/°C``; D-SI (``\milli\gram``)."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import NoReturn

from quanheng.metrology.si_units import LARGEST_EXPONENT, SiUnit, Term, parse_unit
from quanheng.metrology.si_units.table import BESIDE, NAMED, PREFIXES
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

LONGEST = 60  # characters
SPELLINGS = str.maketrans("\u03bc\u2126％−（）*×⋅.⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "\u00b5\u03a9%-()····-0123456789")
FACTOR = re.compile(r"(?P<symbol>°C|[°′″%1]|[^\W\d_]+)(?:\^?(?P<exponent>-?[0-9]{1,2}))?")
KNOWN = {**NAMED, **BESIDE}  # of two with one symbol the first is meant: B is the bel
BY_SYMBOL = {named.symbol: name for name, named in reversed(tuple(KNOWN.items()))} | {
    "l": "litre", "ohm": "ohm", "Ohm": "ohm", "OHM": "ohm",
}  # fmt: skip
BY_PREFIX = {symbol: name for name, (symbol, _) in PREFIXES.items()} | {"u": "micro"}
# Products that are written without a dot.
JOINED = {
    "Wh": (("watt", 1), ("hour", 1)), "Ah": (("ampere", 1), ("hour", 1)), "VA": (("volt", 1), ("ampere", 1)),
    "varh": (("var", 1), ("hour", 1)), "rpm": (("revolution", 1), ("minute", -1)),
}  # fmt: skip


def read_unit(text: str, field: str) -> SiUnit:
    """Read a unit; ``1`` has no dimension.

    Raises:
        CaseFault: ``bad_unit``, with the part that is not understood.
    """
    if text.lstrip().startswith("\\"):
        return parse_unit(text, field)
    if len(text) > LONGEST:
        _refuse(text[:LONGEST] + "…", field)
    plain = text.strip().replace("℃", "°C").translate(SPELLINGS)
    above, slash, below = plain.partition("/")
    terms = _terms(above, text, field)
    if slash:
        bracketed = below.startswith("(") and below.endswith(")")
        divisors = _terms(below[1:-1] if bracketed else below, text, field)
        if len(divisors) > 1 and not bracketed:
            _refuse(text, field)
        terms += [Term(one.prefix, one.unit, -one.exponent) for one in divisors]
    return SiUnit(tuple(one for one in terms if one.unit != "one") or tuple(terms))


def logarithm_of_factor(unit: SiUnit, field: str) -> float:
    """Return the natural logarithm of how many of the coherent unit it is.

    Raises:
        CaseFault: the unit has no exact factor, as the square root of a kilometre has none.
    """
    try:
        factor = unit.factor
    except CaseFault as fault:
        raise CaseFault(field, fault.code, fault.message, **fault.facts) from None
    return math.log(factor.numerator) - math.log(factor.denominator) + float(unit.pi) * math.log(math.pi)


def _terms(text: str, whole: str, field: str) -> list[Term]:
    terms = []
    for part in re.split(r"[·\s]+", text.strip()):
        match = FACTOR.fullmatch(part)
        if match is None:
            _refuse(whole, field)
        exponent = int(match["exponent"] or 1)
        if not 0 < abs(exponent) <= LARGEST_EXPONENT:
            _refuse(whole, field)
        terms += _factors(match["symbol"], Fraction(exponent), whole, field)
    return terms


def _factors(symbol: str, exponent: Fraction, whole: str, field: str) -> list[Term]:
    """Return the terms of a symbol: one, or those of a product such as kWh, whose prefix is the first's."""
    for length in (0, 1):
        joined = JOINED.get(symbol[length:])
        prefix = BY_PREFIX.get(symbol[:length]) if length else ""
        if joined and prefix is not None and (not prefix or KNOWN[joined[0][0]].takes_prefix):
            (first, power), *others = joined
            begins = Term(prefix, first, power * exponent)
            return [begins, *(Term("", unit, power * exponent) for unit, power in others)]
    return [Term(*_named(symbol, whole, field), exponent)]


def _named(symbol: str, whole: str, field: str) -> tuple[str, str]:
    """Return the prefix and the unit of a symbol; a unit of its own goes before a prefixed one."""
    if symbol in BY_SYMBOL:
        return "", BY_SYMBOL[symbol]
    for length in (1, 2):
        prefix, unit = BY_PREFIX.get(symbol[:length], ""), BY_SYMBOL.get(symbol[length:], "")
        if prefix and unit and KNOWN[unit].takes_prefix:
            return prefix, unit
    return _refuse(whole, field)


def _refuse(text: str, field: str) -> NoReturn:
    message = tell("单位“{text}”无法识别：请按 mg、kg·m⁻³、W/(m·K)、1/°C 的格式书写，无量纲写 1。", text=text)
    raise CaseFault(field, "bad_unit", message, unit=text)

r"""Units as D-SI writes them, such as ``\kilo\gram\metre\tothe{2}\second\tothe{-2}``, and their base units.

Source: D-SI (SmartCom digital SI) 2.2: an optional prefix, a unit, an optional ``\tothe{n}``, repeated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from quanheng.metrology.si_units.table import BASE, BESIDE, NAMED, ON_THEIR_OWN, PREFIXES, NamedUnit
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

LONGEST = 400  # characters; the longest unit in use has under a hundred
LARGEST_EXPONENT = 32
CONVERSION_DIGITS = 34  # of a converted value that does not end (IEEE 754 decimal128)
_WORD = re.compile(r"\\([a-z]+)|\{(-?[0-9]{1,3}(?:\.[0-9]{1,3})?)\}", re.ASCII)
_SUPERSCRIPT = str.maketrans("-0123456789./", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹·ᐟ")


@dataclass(frozen=True, slots=True)
class Term:
    r"""One factor of a unit: ``\kilo\metre\tothe{2}``."""

    prefix: str
    unit: str
    exponent: Fraction

    @property
    def named(self) -> NamedUnit:
        return NAMED.get(self.unit) or BESIDE[self.unit]

    @property
    def text(self) -> str:
        r"""As D-SI writes it."""
        prefix = f"\\{self.prefix}" if self.prefix else ""
        power = "" if self.exponent == 1 else f"\\tothe{{{_decimal(self.exponent)}}}"
        return f"{prefix}\\{self.unit}{power}"

    @property
    def symbol(self) -> str:
        """As people write it: ``km²``."""
        prefix = PREFIXES[self.prefix][0] if self.prefix else ""
        power = "" if self.exponent == 1 else _decimal(self.exponent).translate(_SUPERSCRIPT)
        return f"{prefix}{self.named.symbol}{power}"


@dataclass(frozen=True, slots=True)
class SiUnit:
    """A unit: its terms as they were written.

    Two units with the same ``exponents`` and ``pi`` are multiples of each other.
    """

    terms: tuple[Term, ...]

    @property
    def text(self) -> str:
        """As D-SI writes it; parsing it gives the same unit."""
        return "".join(term.text for term in self.terms)

    @property
    def symbol(self) -> str:
        """As people write it: ``kg·m²·s⁻²``."""
        return "·".join(term.symbol for term in self.terms)

    @property
    def exponents(self) -> dict[str, Fraction]:
        """Exponent of each base unit that is in it, zero exponents left out."""
        total: Counter[str] = Counter()
        for term in self.terms:
            for base, exponent in term.named.exponents.items():
                total[base] += exponent * term.exponent  # type: ignore[assignment] # Counter adds fractions too
        return {base: Fraction(total[base]) for base in (*BASE, *ON_THEIR_OWN) if total[base]}

    @property
    def factor(self) -> Fraction:
        """How many of the coherent unit it is, exactly, without the powers of pi.

        Raises:
            CaseFault: ``no_exact_factor`` for a broken power of a factor such as the root of a thousand.
        """
        product = Fraction(1)
        for term in self.terms:
            one = term.named.factor
            if term.prefix:
                one *= Fraction(10) ** PREFIXES[term.prefix][1]
            product *= _power(one, term.exponent, self.text)
        return product

    @property
    def pi(self) -> Fraction:
        """The power of pi in the factor."""
        return sum((term.named.pi * term.exponent for term in self.terms), Fraction(0))

    @property
    def zero(self) -> Fraction:
        """Where its zero lies on the coherent scale: a lone degree Celsius is a point, not a difference."""
        alone = len(self.terms) == 1 and self.terms[0].exponent == 1
        return self.terms[0].named.zero if alone else Fraction(0)


def parse_unit(text: str, field: str = "unit") -> SiUnit:
    r"""Read a unit.

    Args:
        text: such as ``\metre\per`` is not: D-SI divides by ``\tothe{-1}``.
        field: what a fault is named after.

    Raises:
        CaseFault: ``bad_unit``, with the first word that is not understood.
    """
    text = text.strip()
    words = _words(text, field)
    terms = []
    while words:
        prefix = words.pop(0) if words[0] in PREFIXES else ""
        unit = words.pop(0) if words else ""
        named = NAMED.get(unit)
        if named is None or (prefix and not named.takes_prefix):
            raise _fault(
                field,
                text,
                tell("“{prefix} {unit}”", prefix=prefix, unit=unit).replace(" ”", "”").replace("“ ", "“"),
            )
        terms.append(Term(prefix, unit, _exponent(words, text, field)))
    if not terms:
        raise _fault(field, text, tell("空白"))
    return SiUnit(tuple(terms))


def base_unit(exponents: Iterable[tuple[str, Fraction]]) -> SiUnit:
    r"""Return the coherent unit with these exponents; ``\one`` when there are none."""
    terms = tuple(Term("", base, exponent) for base, exponent in exponents if exponent)
    return SiUnit(terms or (Term("", "one", Fraction(1)),))


def factor_between(source: SiUnit, target: SiUnit) -> Fraction:
    """Return how many of target one of source is: for differences, uncertainties, whatever has no zero.

    Raises:
        CaseFault: ``units_do_not_match`` when they measure different quantities; ``no_exact_factor``.
    """
    if source.exponents != target.exponents or source.pi != target.pi:
        raise CaseFault(
            "unit",
            "units_do_not_match",
            tell(
                "单位 {source} 不能换算为 {target}：请使用同一量的单位。",
                source=source.symbol,
                target=target.symbol,
            ),
            source=source.text,
            target=target.text,
        )
    return source.factor / target.factor


def convert(value: Decimal, source: SiUnit, target: SiUnit) -> Decimal:
    """Return a value in another unit, zeros of temperature scales regarded.

    Exact where the result ends within 34 digits.

    Raises:
        CaseFault: as ``factor_between``.
    """
    ratio = factor_between(source, target)
    shift = (source.zero - target.zero) / target.factor
    return decimal_of(Fraction(value) * ratio + shift)


def decimal_of(fraction: Fraction) -> Decimal:
    """Return a fraction as a decimal of at most 34 digits."""
    with localcontext(prec=CONVERSION_DIGITS):
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def _words(text: str, field: str) -> list[str]:
    if len(text) > LONGEST:
        raise _fault(field, text[:40] + "…", tell("过长"))
    words, end = [], 0
    for match in _WORD.finditer(text):
        if match.start() != end:
            break
        words.append(match[1] or match[0])
        end = match.end()
    if end != len(text):
        raise _fault(field, text, tell("“{value}”", value=text[end:]))
    return words


def _exponent(words: list[str], text: str, field: str) -> Fraction:
    if not words or words[0] != "tothe":
        return Fraction(1)
    words.pop(0)
    if not words or not words[0].startswith("{"):
        raise _fault(field, text, "“tothe”")
    exponent = Fraction(words.pop(0).strip("{}"))
    if not exponent or abs(exponent) > LARGEST_EXPONENT:
        raise _fault(field, text, tell("指数 {exponent}", exponent=exponent))
    return exponent


def _power(factor: Fraction, exponent: Fraction, text: str) -> Fraction:
    if factor == 1 or exponent.denominator == 1:
        return factor ** int(exponent) if exponent.denominator == 1 else factor
    rooted = Fraction(
        _root(factor.numerator, exponent.denominator), _root(factor.denominator, exponent.denominator)
    )
    if rooted**exponent.denominator != factor:
        raise CaseFault(
            "unit",
            "no_exact_factor",
            tell("单位 {text} 没有精确的换算系数：请改用整数指数。", text=text),
            unit=text,
        )
    return rooted**exponent.numerator


def _root(number: int, degree: int) -> int:
    """Return the integer nearest below the root, by halving; exact for perfect powers."""
    low, high = 1, 1 << (number.bit_length() // degree + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= number else (low, middle)
    return low


def _decimal(exponent: Fraction) -> str:
    return str(exponent) if exponent.denominator == 1 else format(decimal_of(exponent), "f")


def _fault(field: str, text: str, what: str) -> CaseFault:
    return CaseFault(
        field,
        "bad_unit",
        tell(
            "D-SI 单位“{text}”中的{what}无法识别：请按 \\kilo\\gram\\metre\\tothe{{2}} 的格式书写。",
            text=text,
            what=what,
        ),
        unit=text,
    )

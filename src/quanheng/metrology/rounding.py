"""Rounding of numerical values by GB/T 8170-2008, in decimals.

A value is rounded once, to a multiple of the rounding interval 1, 2 or 5 times a power of ten; of two
multiples equally near, the even one is taken. Rounding what was rounded before gives other results (15.4546
is 15, never 15.455, 15.46, 15.5, 16), so every function takes the value as it was measured or computed.

Binary floats are refused: 0.1 + 0.2 has no place on which the law could round it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

MOST_DIGITS = 200  # of a value, and the powers of ten to either side


class RoundingScheme(StrEnum):
    """Which of the two neighbouring multiples is taken."""

    HALF_EVEN = "half_even"
    UP = "up"


@dataclass(frozen=True, slots=True)
class RoundedResult:
    """A result with its uncertainty, both to the same place.

    Args:
        place: the power of ten of the last digit, such as -3 for 0.001.
    """

    value: Decimal
    uncertainty: Decimal
    place: int


def exact(name: str, value: Decimal | int) -> Decimal:
    """Return a number as a decimal.

    Raises:
        CaseFault: a binary float, not a number, infinite, or longer than 200 digits.
    """
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise CaseFault(
            name,
            "binary_float",
            tell('请用十进制数（如 "12.15"），不要用二进制浮点数：{value}。', value=str(value)[:40]),
        )
    if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        raise CaseFault(name, "too_long", tell("数字过长，最多 {most_digits} 位。", most_digits=MOST_DIGITS))
    number = Decimal(value)
    if not number.is_finite():
        raise CaseFault(name, "not_finite", tell("须为有限的数，现为 {number}。", number=number))
    _check_digits(name, number)
    return number


def round_to_interval(
    value: Decimal | int, interval: Decimal, scheme: RoundingScheme = RoundingScheme.HALF_EVEN
) -> Decimal:
    """Return the multiple of the interval that the value rounds to (GB/T 8170-2008, 3.2 and 3.4).

    The result carries the digits of the interval: 12 at the interval 0.1 is 12.0. A negative value is rounded
    by its amount (3.2.5); UP goes away from zero.

    Args:
        interval: 1, 2 or 5 times a power of ten.

    Raises:
        CaseFault: another interval, or a value that `exact` refuses.
    """
    number = exact("value", value)
    step = exact("interval", interval)
    _check_interval(step)
    exponent = min(_exponent(number), _exponent(step))
    units, per_step = abs(_units(number, exponent)), _units(step, exponent)
    multiple = _multiple(units, per_step, scheme)
    return _decimal(-multiple if number < 0 else multiple, step)


def round_to_place(
    value: Decimal | int, place: int, scheme: RoundingScheme = RoundingScheme.HALF_EVEN
) -> Decimal:
    """Round to a power of ten: -1 keeps one decimal, 0 whole numbers, 3 thousands (2500 → 2E+3).

    Raises:
        CaseFault: a place beyond reason, or a value that `exact` refuses.
    """
    return round_to_interval(value, _power("place", place), scheme)


def round_to_half(value: Decimal | int, place: int) -> Decimal:
    """Round to 0.5 units of a place (GB/T 8170-2008, 3.4.1: twice the value, rounded, halved)."""
    return round_to_interval(value, _power("place", place).scaleb(-1) * 5)


def round_to_fifth(value: Decimal | int, place: int) -> Decimal:
    """Round to 0.2 units of a place (GB/T 8170-2008, 3.4.2: five times the value, rounded, over five)."""
    return round_to_interval(value, _power("place", place).scaleb(-1) * 2)


def round_significant(
    value: Decimal | int, digits: int, scheme: RoundingScheme = RoundingScheme.HALF_EVEN
) -> Decimal:
    """Round to a number of significant digits: 9.96 to two is 10, not 10.0.

    Raises:
        CaseFault: less than one digit or more than 200, or a value that `exact` refuses.
    """
    if not 1 <= digits <= MOST_DIGITS:
        raise CaseFault(
            "digits",
            "digits",
            tell("有效位数须为 1 至 {most_digits}，现为 {digits}。", most_digits=MOST_DIGITS, digits=digits),
        )
    number = exact("value", value)
    if number == 0:
        return Decimal(0)
    place = number.adjusted() - digits + 1
    rounded = round_to_place(number, place, scheme)
    return rounded if rounded.adjusted() == number.adjusted() else round_to_place(rounded, place + 1)


def round_result(
    value: Decimal | int,
    uncertainty: Decimal | int,
    digits: int = 2,
    scheme: RoundingScheme = RoundingScheme.UP,
) -> RoundedResult:
    """Round an uncertainty to one or two digits and its result to the same place (JJF 1059.1-2012, 5.3.8).

    Args:
        scheme: UP never states less than was found; HALF_EVEN rounds as any other value. The result itself is
            always rounded half to even.

    Raises:
        CaseFault: an uncertainty that is not positive, or digits other than 1 or 2.
    """
    spread = exact("uncertainty", uncertainty)
    if spread <= 0:
        raise CaseFault(
            "uncertainty", "not_positive", tell("不确定度须大于 0，现为 {spread}。", spread=spread)
        )
    if digits not in {1, 2}:
        raise CaseFault(
            "digits", "digits", tell("不确定度取 1 位或 2 位有效数字，现为 {digits}。", digits=digits)
        )
    rounded = round_significant(spread, digits, scheme)
    place = _exponent(rounded)
    return RoundedResult(round_to_place(value, place), rounded, place)


def _multiple(units: int, per_step: int, scheme: RoundingScheme) -> int:
    multiple, rest = divmod(units, per_step)
    if scheme is RoundingScheme.UP:
        return multiple + (rest > 0)
    if 2 * rest == per_step:
        return multiple + multiple % 2
    return multiple + (2 * rest > per_step)


def _units(number: Decimal, exponent: int) -> int:
    """Return how many times ten to the exponent the number is; exact, the number has no finer digits."""
    sign, digits, own = number.as_tuple()
    units: int = int("".join(map(str, digits))) * 10 ** (int(own) - exponent)
    return -units if sign else units


def _decimal(multiple: int, step: Decimal) -> Decimal:
    """Return multiple × step with the digits of the step; no context rounds it."""
    own = _exponent(step)
    units = multiple * _units(step, own)
    return Decimal((int(units < 0), tuple(map(int, str(abs(units)))), own))


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)


def _power(name: str, place: int) -> Decimal:
    if abs(place) > MOST_DIGITS:
        raise CaseFault(
            name,
            "place",
            tell("修约数位须在 ±{most_digits} 之内，现为 {place}。", most_digits=MOST_DIGITS, place=place),
        )
    return Decimal((0, (1,), place))


def _check_interval(step: Decimal) -> None:
    if step <= 0 or step.normalize().as_tuple().digits not in {(1,), (2,), (5,)}:
        raise CaseFault(
            "interval",
            "interval",
            tell("修约间隔须为 1、2 或 5 乘以 10 的整数次幂，现为 {step}。", step=step),
        )


def _check_digits(name: str, number: Decimal) -> None:
    longest = max(len(number.as_tuple().digits), abs(number.adjusted()), abs(_exponent(number)))
    if longest > 2 * MOST_DIGITS:
        raise CaseFault(
            name, "too_long", tell("数字过长或数量级过大，最多 {most_digits} 位。", most_digits=MOST_DIGITS)
        )

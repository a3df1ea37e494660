"""Rounding by GB/T 8170-2008."""

from __future__ import annotations

from contextlib import suppress
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.rounding import (
    RoundingScheme,
    round_result,
    round_significant,
    round_to_fifth,
    round_to_half,
    round_to_interval,
    round_to_place,
)
from quanheng.packs.case_fault import CaseFault
from tests.fuzz import fuzzed

FUZZED = fuzzed()
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)
INTERVALS = st.builds(
    lambda unit, place: Decimal(unit).scaleb(place), st.sampled_from([1, 2, 5]), st.integers(-5, 8)
)
UP, HALF_EVEN = RoundingScheme.UP, RoundingScheme.HALF_EVEN
EXACT = Context(prec=60)


@pytest.mark.parametrize(
    ("value", "place", "rounded"),
    [
        ("12.1498", -1, "12.1"),
        ("12.1498", 0, "12"),
        ("11.68", 0, "12"),
        ("1268", 2, "13E+2"),
        ("11.5002", 0, "12"),
        ("10.5002", 0, "11"),
        ("1.050", -1, "1.0"),
        ("0.35", -1, "0.4"),
        ("2500", 3, "2E+3"),
        ("3500", 3, "4E+3"),
        ("0.0325", -3, "0.032"),
        ("32500", 3, "32E+3"),
        ("-355", 1, "-36E+1"),
        ("-325", 1, "-32E+1"),
        ("-0.0365", -3, "-0.036"),
        ("15.4546", 0, "15"),
        ("8.53459", -2, "8.53"),
        ("97.46", 0, "97"),
        ("12", -1, "12.0"),
        ("-0.04", -1, "0.0"),
        ("0", -2, "0.00"),
    ],
)
def test_four_is_dropped_six_is_carried_and_five_goes_to_the_even(
    value: str, place: int, rounded: str
) -> None:
    assert str(round_to_place(Decimal(value), place)) == str(Decimal(rounded))


def test_rounding_twice_is_not_rounding() -> None:
    twice = Decimal("15.4546")
    for place in (-3, -2, -1, 0):
        twice = round_to_place(twice, place)
    assert twice == 16
    assert round_to_place(Decimal("15.4546"), 0) == 15


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("60.25", "60.0"), ("60.38", "60.5"), ("60.28", "60.5"), ("-60.75", "-61.0"), ("60.75", "61.0")],
)
def test_half_units(value: str, rounded: str) -> None:
    assert str(round_to_half(Decimal(value), 0)) == rounded


@pytest.mark.parametrize(
    ("value", "rounded"), [(830, 840), (842, 840), (832, 840), (-930, -920), (1230, 1240)]
)
def test_fifths_of_a_hundred(value: int, rounded: int) -> None:
    assert round_to_fifth(value, 2) == rounded


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        ("8.53459", 3, "8.53"),
        ("1268", 2, "1.3E+3"),
        ("0.0325", 2, "0.032"),
        ("9.96", 2, "10"),
        ("-9.96", 2, "-10"),
        ("99.5", 2, "1.0E+2"),
        ("5", 3, "5.00"),
        ("0", 3, "0"),
        ("0.000", 1, "0"),
    ],
)
def test_significant_digits(value: str, digits: int, rounded: str) -> None:
    assert str(round_significant(Decimal(value), digits)) == rounded


@pytest.mark.parametrize(
    ("value", "uncertainty", "digits", "scheme", "result", "spread"),
    [
        ("10.05762", "0.027", 2, UP, "10.058", "0.027"),  # GUM 7.2.6
        ("0", "10.47", 2, UP, "0", "11"),  # GUM 7.2.6
        ("0", "28.05", 2, HALF_EVEN, "0", "28"),  # GUM 7.2.6
        ("50000838", "32", 1, UP, "5000084E+1", "4E+1"),
        ("50.000838", "0.0000317", 2, UP, "50.000838", "0.000032"),
        ("100.02147", "0.00035", 2, HALF_EVEN, "100.02147", "0.00035"),  # GUM 7.2.2
        ("5", "0.0123", 2, HALF_EVEN, "5.000", "0.012"),
        ("12.345", "0.0996", 2, UP, "12.34", "0.10"),
        ("12.345", "0.96", 1, UP, "12", "1"),
    ],
)
def test_a_result_ends_where_its_uncertainty_ends(
    value: str, uncertainty: str, digits: int, scheme: RoundingScheme, result: str, spread: str
) -> None:
    found = round_result(Decimal(value), Decimal(uncertainty), digits, scheme)
    assert (str(found.value), str(found.uncertainty)) == (str(Decimal(result)), str(Decimal(spread)))
    assert found.place == found.uncertainty.as_tuple().exponent


@given(DECIMALS, st.integers(-6, 10))
def test_it_agrees_with_the_decimal_module_on_powers_of_ten(value: Decimal, place: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(place), ROUND_HALF_EVEN, EXACT)
    assert round_to_place(value, place) == expected


@given(DECIMALS, INTERVALS)
def test_no_multiple_lies_nearer(value: Decimal, interval: Decimal) -> None:
    rounded = round_to_interval(value, interval)
    assert EXACT.abs(EXACT.subtract(rounded, value)) * 2 <= interval
    assert EXACT.remainder(rounded, interval) == 0
    assert round_to_interval(rounded, interval) == rounded


@given(DECIMALS, DECIMALS, INTERVALS, st.sampled_from(RoundingScheme))
def test_the_larger_value_never_rounds_below_the_smaller(
    one: Decimal, other: Decimal, interval: Decimal, scheme: RoundingScheme
) -> None:
    less, more = sorted((one, other))
    assert round_to_interval(less, interval, scheme) <= round_to_interval(more, interval, scheme)


@given(DECIMALS, INTERVALS, st.integers(-4, 4), st.sampled_from(RoundingScheme))
def test_another_unit_moves_the_point_and_nothing_else(
    value: Decimal, interval: Decimal, power: int, scheme: RoundingScheme
) -> None:
    moved = round_to_interval(value.scaleb(power), interval.scaleb(power), scheme)
    assert moved == round_to_interval(value, interval, scheme).scaleb(power)
    assert round_to_interval(-value, interval, scheme) == -round_to_interval(value, interval, scheme)


@given(DECIMALS.filter(lambda value: value > 0), st.sampled_from([1, 2]))
def test_an_uncertainty_that_is_rounded_up_is_never_stated_smaller(value: Decimal, digits: int) -> None:
    found = round_result(0, value, digits)
    assert found.uncertainty >= value
    assert found.uncertainty <= value * (2 if digits == 1 else Decimal("1.1"))


@pytest.mark.parametrize(
    ("call", "field", "code"),
    [
        (lambda: round_to_place(0.1 + 0.2, -1), "value", "binary_float"),  # type: ignore[arg-type]
        (lambda: round_to_place(True, 0), "value", "binary_float"),
        (lambda: round_to_place("1.5", 0), "value", "binary_float"),  # type: ignore[arg-type]
        (lambda: round_to_place(Decimal("NaN"), 0), "value", "not_finite"),
        (lambda: round_to_place(Decimal("-Infinity"), 0), "value", "not_finite"),
        (lambda: round_to_place(Decimal("1E+999999"), 0), "value", "too_long"),
        (lambda: round_to_place(10**300, 0), "value", "too_long"),
        (lambda: round_to_place(Decimal(1), 999), "place", "place"),
        (lambda: round_to_interval(Decimal(1), Decimal("0.3")), "interval", "interval"),
        (lambda: round_to_interval(Decimal(1), Decimal(0)), "interval", "interval"),
        (lambda: round_to_interval(Decimal(1), Decimal(-1)), "interval", "interval"),
        (lambda: round_significant(Decimal(1), 0), "digits", "digits"),
        (lambda: round_result(1, 0), "uncertainty", "not_positive"),
        (lambda: round_result(1, Decimal("0.1"), 3), "digits", "digits"),
    ],
)
def test_what_cannot_be_rounded_is_refused_by_the_name_of_its_field(call: Any, field: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        call()
    assert (refused.value.field, refused.value.code) == (field, code)


@FUZZED
@given(
    st.one_of(st.decimals(), st.integers(), st.floats(), st.text(), st.none()),
    st.integers(),
    st.one_of(st.decimals(), st.integers()),
)
def test_no_input_brings_it_down(value: Any, place: int, other: Any) -> None:
    for call in (
        lambda: round_to_place(value, place),
        lambda: round_to_interval(value, other),
        lambda: round_significant(value, place),
        lambda: round_result(value, other),
    ):
        with suppress(CaseFault):
            call()

"""D-SI units: read as they are written, compared, converted exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.si_units import (
    base_unit,
    convert,
    decimal_of,
    factor_between,
    parse_unit,
)
from quanheng.metrology.si_units.table import NAMED, PREFIXES
from quanheng.packs.case_fault import CaseFault
from tests.fuzz import fuzzed

FUZZED = fuzzed()
NAMES = sorted(NAMED)


@pytest.mark.parametrize(
    ("text", "symbol", "factor"),
    [
        (r"\kilo\gram\metre\tothe{2}\second\tothe{-2}", "kg·m²·s⁻²", 1),
        (r"\one", "1", 1),
        (r"\percent", "%", Fraction(1, 100)),
        (r"\milli\litre", "mL", Fraction(1, 10**6)),
        (r"\kilo\metre\hour\tothe{-1}", "km·h⁻¹", Fraction(1000, 3600)),
        (r"\metre\tothe{0.5}", "m⁰·⁵", 1),
        (r" \degreecelsius ", "°C", 1),
        (r"\hecto\pascal", "hPa", 100),
        (r"\kilo\watt\hour", "kW·h", 3_600_000),
    ],
)
def test_a_unit_has_a_symbol_and_an_exact_factor(text: str, symbol: str, factor: object) -> None:
    unit = parse_unit(text)
    assert (unit.symbol, unit.factor) == (symbol, factor)
    assert unit.text == text.strip()


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("25.0", r"\degreecelsius", r"\kelvin", "298.15"),
        ("0", r"\kelvin", r"\degreecelsius", "-273.15"),
        ("1", r"\bar", r"\kilo\pascal", "100"),
        ("90", r"\degree", r"\arcminute", "5400"),
        ("1", r"\byte", r"\bit", "8"),
        ("1.5", r"\tonne", r"\gram", "1500000"),
        ("1", r"\hour", r"\day", "0.04166666666666666666666666666666667"),
    ],
)
def test_values_are_converted_exactly_where_the_result_ends(
    value: str, source: str, target: str, expected: str
) -> None:
    assert convert(Decimal(value), parse_unit(source), parse_unit(target)) == Decimal(expected)


def test_a_difference_of_temperatures_has_no_zero() -> None:
    assert factor_between(parse_unit(r"\degreecelsius"), parse_unit(r"\kelvin")) == 1
    per_degree = parse_unit(r"\degreecelsius\tothe{-1}")
    assert convert(Decimal(3), per_degree, parse_unit(r"\kelvin\tothe{-1}")) == 3


@pytest.mark.parametrize(
    ("source", "target"), [(r"\metre", r"\second"), (r"\degree", r"\radian"), (r"\bel", r"\neper")]
)
def test_units_of_different_quantities_are_not_converted(source: str, target: str) -> None:
    with pytest.raises(CaseFault) as fault:
        factor_between(parse_unit(source), parse_unit(target))
    assert fault.value.code == "units_do_not_match"


def test_the_root_of_a_square_factor_is_exact_and_of_another_is_none() -> None:
    assert parse_unit(r"\mega\metre\tothe{0.5}").factor == 1000
    assert parse_unit(r"\micro\metre\tothe{-0.5}").factor == 1000
    with pytest.raises(CaseFault, match="精确的换算系数"):
        _ = parse_unit(r"\kilo\metre\tothe{0.5}").factor


def test_base_units_are_made_of_exponents() -> None:
    assert (
        base_unit([("kilogram", Fraction(1)), ("second", Fraction(-2))]).text == r"\kilogram\second\tothe{-2}"
    )
    assert base_unit([("metre", Fraction(0))]).text == r"\one"
    assert parse_unit(r"\joule").exponents == {"kilogram": 1, "metre": 2, "second": -2}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kg",
        r"\kilogramm",
        r"\kilo",
        r"\kilo\kilogram",
        r"\metre\tothe",
        r"\metre\tothe\second",
        r"\metre\tothe{0}",
        r"\metre\tothe{33}",
        r"\metre{2}",
        r"\tothe{2}",
        r"\metre \second",
        "\\metre" * 200,
        r"\milli\degreecelsius",
        r"\metre\tothe{１}",
    ],
)
def test_what_is_no_unit_names_its_field(text: str) -> None:
    with pytest.raises(CaseFault) as fault:
        parse_unit(text, "units[3]")
    assert (fault.value.field, fault.value.code) == ("units[3]", "bad_unit")


TERMS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["", *PREFIXES]), st.integers(-4, 4).filter(bool)),
    min_size=1,
    max_size=4,
)


@given(TERMS)
def test_a_unit_is_read_back_from_its_own_text(terms: list[tuple[str, str, int]]) -> None:
    text = "".join(
        (f"\\{prefix}" if prefix and NAMED[name].takes_prefix else "") + f"\\{name}\\tothe{{{exponent}}}"
        for name, prefix, exponent in terms
    )
    unit = parse_unit(text)
    assert parse_unit(unit.text) == unit
    assert factor_between(unit, unit) == 1


@given(st.decimals(-(10**6), 10**6, places=6), st.sampled_from(["kelvin", "degreecelsius"]))
def test_there_and_back_is_the_same(value: Decimal, other: str) -> None:
    one, two = parse_unit(r"\degreecelsius"), parse_unit(f"\\{other}")
    assert convert(convert(value, one, two), two, one) == value


def test_a_fraction_that_does_not_end_has_34_digits() -> None:
    assert len(str(decimal_of(Fraction(1, 3)))) == 36


@FUZZED
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["\\", "kilo", "metre", "\\tothe", "{2}", "{", "}", "one"])).map("".join)
)
def test_no_text_brings_the_reader_down(text: str) -> None:
    try:
        parse_unit(text)
    except CaseFault as fault:
        assert fault.code == "bad_unit"  # noqa: PT017

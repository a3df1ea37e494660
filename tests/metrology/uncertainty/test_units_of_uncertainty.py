"""The units of a measurement equation: dimensions, multiples, and how units are written."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.uncertainty.dimensions import check_units
from quanheng.metrology.uncertainty.equation import read_equation
from quanheng.metrology.uncertainty.unit_symbols import logarithm_of_factor, read_unit
from quanheng.packs.case_fault import CaseFault
from tests.fuzz import fuzzed


def check(equation: str, output: str | None = None, **units: str) -> None:
    read = {name: read_unit(text, name) for name, text in units.items()}
    check_units(read_equation(equation), read, None if output is None else read_unit(output, "unit"))


@pytest.mark.parametrize(
    ("text", "factor", "base"),
    [
        ("mg", 1e-6, "kg"), ("kg·m⁻³", 1, "kg·m⁻³"), ("kg/m^3", 1, "kg·m⁻³"), ("kg m-3", 1, "kg·m⁻³"),
        ("W/(m·K)", 1, "kg·m·s⁻³·K⁻¹"), ("1/°C", 1, "K⁻¹"), ("1/℃", 1, "K⁻¹"), ("μm", 1e-6, "m"),
        ("kΩ", 1e3, "kg·m²·s⁻³·A⁻²"), ("mL", 1e-6, "m³"), ("%", 0.01, "1"), ("1", 1, "1"), ("min", 60, "s"),
        ("°", math.pi / 180, "1"), ("dam", 10, "m"), ("Pa", 1, "kg·m⁻¹·s⁻²"), ("cd", 1, "cd"),
        ("dB", 0.1, "B"), ("mol/l", 1000, "mol/m³"), ("\u2126", 1, "Ω"),
        (r"\milli\metre\tothe{2}", 1e-6, "m²"), (" m / s ", 1, "m·s⁻¹"), ("ppm", 1e-6, "1"), ("h", 3600, "s"),
        ("ohm", 1, "Ω"), ("kohm", 1e3, "Ω"), ("Ohm·m", 1, "Ω·m"), ("um", 1e-6, "m"), ("µm", 1e-6, "m"),
        ("uV", 1e-6, "V"), ("mmHg", 133.322, "Pa"), ("kWh", 3.6e6, "J"), ("kW·h", 3.6e6, "J"),
        ("Wh", 3600, "J"), ("mAh", 3.6, "C"), ("kVA", 1e3, "W"), ("kvarh", 3.6e6, "J"),
        ("kWh/m³", 3.6e6, "Pa"), ("r/min", 1 / 60, "Hz"), ("rpm", 1 / 60, "Hz"), ("kWh^2", 3.6e6**2, "J^2"),
        ("krpm", None, ""), ("xWh", None, ""), ("u", None, ""), ("kmmHg", None, ""),
        ("m*s**0", None, ""), ("m/s·K", None, ""), ("", None, ""), ("furlong", None, ""), ("km2m", None, ""),
        ("m^0", None, ""), ("m^99", None, ""), ("m/s/s", None, ""), ("kkg", None, ""), ("m" * 99, None, ""),
        ("mmin", None, ""), ("\\furlong", None, ""), ("__import__('os')", None, ""),
    ],
)  # fmt: skip
def test_units_are_read_as_they_are_written(text: str, factor: float | None, base: str) -> None:
    if factor is None:
        with pytest.raises(CaseFault) as refused:
            read_unit(text, "inputs[3].unit")
        assert (refused.value.field, refused.value.code) == ("inputs[3].unit", "bad_unit")
        return
    unit = read_unit(text, "unit")
    assert math.exp(logarithm_of_factor(unit, "unit")) == pytest.approx(factor)
    exponents = read_unit(base, "unit").exponents
    assert unit.exponents == exponents


def test_a_root_of_a_thousand_has_no_exact_factor() -> None:
    with pytest.raises(CaseFault) as refused:
        logarithm_of_factor(read_unit(r"\kilo\metre\tothe{0.5}", "unit"), "outputs[0].unit")
    assert refused.value.field == "outputs[0].unit"


@pytest.mark.parametrize(
    ("equation", "output", "units"),
    [
        ("v / i * cos(p)", "Ω", {"v": "V", "i": "A", "p": "rad"}),
        ("v / i", "kΩ", {"v": "V", "i": "mA"}),
        ("v / (i / 1000)", "Ω", {"v": "V", "i": "mA"}),  # a literal may be a conversion
        ("cos(p * pi / 180) * x", "m", {"p": "°", "x": "m"}),
        ("(m + d) * (1 + (r - 1.2) * (1 / w - 1 / s)) - 100000", "mg",
         {"m": "mg", "d": "mg", "r": "kg/m³", "w": "kg/m³", "s": "kg/m³"}),
        ("ls + d - ls * (da * (th + D) + al * dt)", "nm",
         {"ls": "nm", "d": "nm", "da": "1/°C", "th": "°C", "D": "K", "al": "1/K", "dt": "°C"}),
        ("sqrt(x^2 + y^2) + hypot(x, y) + abs(-x)", "m", {"x": "m", "y": "m"}),
        ("atan2(x, y) + a", "rad", {"x": "mm", "y": "mm", "a": "1"}),
        ("x^0.5 * y^(1 / 2)", "m", {"x": "m", "y": "m"}),
        ("2^k + exp(k) + k^k", "1", {"k": "1"}),
        ("k^1e300 + x^0 * k", "1", {"k": "1", "x": "m"}),
        ("2 * x + y", "m", {"x": "m", "y": "mm"}),
        ("x + y", None, {"x": "m", "y": "m"}),
        ("1 + 2 + k", "1", {"k": "1"}),
    ],
)  # fmt: skip
def test_an_equation_that_fits_its_units_passes(
    equation: str, output: str | None, units: dict[str, str]
) -> None:
    check(equation, output, **units)


@pytest.mark.parametrize(
    ("equation", "output", "units", "field", "words"),
    [
        ("x + t", "m", {"x": "m", "t": "s"}, "equation", "m 和 s"),
        ("x + y", "m", {"x": "m", "y": "mm"}, "equation", "同一单位"),
        ("hypot(x, t)", "m", {"x": "m", "t": "s"}, "equation", "m 和 s"),
        ("v / i", "V", {"v": "V", "i": "A"}, "unit", "不是同一种量"),
        ("v / i", "Ω", {"v": "V", "i": "mA"}, "unit", "1000 倍"),
        ("log(x)", "1", {"x": "m"}, "equation", "log 的自变量应无量纲"),
        ("cos(p) * x", "m", {"p": "°", "x": "m"}, "equation", "pi/180"),
        ("x^k", "m", {"x": "m", "k": "1"}, "equation", "底数"),
        ("k^x", "1", {"x": "m", "k": "1"}, "equation", "指数应无量纲"),
        ("x^1000", "m", {"x": "m"}, "equation", "过大"),
        ("x^(1 / 0)", "m", {"x": "m"}, "equation", "有限"),
    ],
)
def test_units_that_do_not_match_are_named(
    equation: str, output: str, units: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(CaseFault) as refused:
        check(equation, output, **units)
    assert refused.value.field == field
    assert words in refused.value.message


@fuzzed()
@given(st.text(alphabet="mkgsAΩµ°C%1·/()^-⁻²³0123 \\{}tohe", max_size=30) | st.text(max_size=30))
def test_no_unit_brings_the_reader_down(text: str) -> None:
    try:
        logarithm_of_factor(read_unit(text, "unit"), "unit")
    except CaseFault as fault:
        assert fault.field == "unit"  # noqa: PT017


@fuzzed()
@given(
    st.text(alphabet="xy0123456789+-*/^()e.sqrtlogn ", max_size=40),
    st.sampled_from(["m", "mm", "1", "°", "%", "kg·m⁻³"]),
    st.sampled_from(["m", "s", "1", r"\quetta\metre\tothe{32}"]),
)
def test_no_equation_brings_the_check_down(equation: str, one: str, other: str) -> None:
    try:
        read = read_equation(equation)
        units = {name: read_unit(other if name == "y" else one, "unit") for name in read.names}
        check_units(read, units, read_unit(one, "unit"))
    except CaseFault as fault:
        assert fault.field in {"unit", "equation"}  # noqa: PT017

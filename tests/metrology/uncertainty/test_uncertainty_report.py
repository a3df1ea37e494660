"""A result as it is stated and drawn."""

from __future__ import annotations

import math
from decimal import Decimal
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from quanheng.metrology.uncertainty.budget import Budget, Input
from quanheng.metrology.uncertainty.coverage import Interval
from quanheng.metrology.uncertainty.distributions import Knowledge, Shape
from quanheng.metrology.uncertainty.equation import read_equation
from quanheng.metrology.uncertainty.monte_carlo import Simulated, simulate
from quanheng.metrology.uncertainty.plot import Histogram, draw_svg, histogram
from quanheng.metrology.uncertainty.propagation import Propagated, propagate
from quanheng.metrology.uncertainty.report import rounded, state_draws, state_framework
from quanheng.metrology.uncertainty.validation import Verdict

GAUGE = Propagated(50_000_838.0, 31.664, 16.75, ())


@pytest.mark.parametrize(
    ("value", "uncertainty", "written"),
    [
        (100.021471, 0.00035, "100.02147 ± 0.00035"),
        (50_000_838.2, 31.664, "50000838 ± 32"),
        (-0.1712, 0.00287760, "−0.1712 ± 0.0029"), (9.8, 0.0996, "9.80 ± 0.10"),
        (10.05762, 0.0275, "10.058 ± 0.028"),
        (123_456.0, 1234.0, "123500 ± 1200"), (0.0, 2.0000000000001, "0.0 ± 2.0"),
        (1e-20, 1.23e-21, "1.00E−20"),
        (3.0, 0.0, "3 ± 0"), (1e300, 1.0, "1e+300 ± 1"), (math.inf, 1.0, "inf ± 1"),
        (1e13 + 7, 12.0, "10000000000007 ± 12"),
        (9192631770.0047, 0.0012, "9192631770.0047 ± 0.0012"),
        (9192631770.0047, 1.2e-5, "9192631770.004700 ± 0.000012"),
        (Decimal("9192631770.00471234567"), 1.2e-10, "9192631770.00471234567 ± 0.00000000012"),
        (9192631770.0047, 0.0, "9192631770.0047 ± 0"), (Decimal(1) / 3, 0.0, "0.33333333333333333 ± 0"),
        (Decimal("1E-9000"), 0.1, "0.00 ± 0.10"), (1e-9, 0.0, "1e-09 ± 0"),
    ],
)  # fmt: skip
def test_the_value_is_rounded_to_the_place_of_its_uncertainty(
    value: float, uncertainty: float, written: str
) -> None:
    found = rounded(value, uncertainty)
    assert f"{found.value} ± {found.uncertainty}".replace("E-", "E−").startswith(written)


def test_the_end_gauge_is_stated_with_all_that_belongs_to_it() -> None:
    said = state_framework(GAUGE, 0.99, "nm")
    for part in ("(50000838 ± 92) nm", "u_c = 32 nm", "k = 2.92", "p = 99 %", "ν_eff = 16"):
        assert part in said.chinese
        assert part in said.english
    assert "相关" in state_framework(Propagated(1.0, 0.1, None, ()), 0.95, "").chinese
    assert "正态" in state_framework(Propagated(1.0, 0.1, math.inf, (), 0.2), 0.95, "").chinese
    assert "± 0.39" in state_framework(Propagated(1.0, 0.1, math.inf, (), 0.2), 0.95, "").english


def drawn(scale: float = 1.0) -> tuple[Propagated, Simulated]:
    budget = Budget(read_equation("x"), (Input("x", 5.0, Knowledge(Shape.NORMAL, scale)),))
    chance = np.random.Generator(np.random.PCG64(1))
    return propagate(budget), simulate(budget, 20_000, 0.95, chance)


@pytest.mark.parametrize(
    ("verdict", "words", "english"),
    [
        (Verdict.CONFIRMED, "得到验证", "confirms the GUM framework"),
        (Verdict.REFUTED, "应采用本结果", "use this result"),
        (Verdict.DIGITS_LOST, "以上数值不可用", "not a result"),
    ],
)
def test_the_draws_are_stated_with_what_to_use(verdict: Verdict, words: str, english: str) -> None:
    _, found = drawn()
    said = state_draws(found, 0.95, "g", verdict)
    assert words in said.chinese
    assert english in said.english
    assert "y = 4.99 g, u(y) = 0.99 g" in said.english
    assert "20000" in said.english


def test_the_histogram_lies_under_the_curve_of_the_framework() -> None:
    framework, found = drawn()
    shown = histogram(found.draws, framework)
    assert np.sum(np.diff(shown.edges) * shown.densities) == pytest.approx(1)
    assert max(shown.framework) == pytest.approx(0.3989, abs=0.002)
    assert max(shown.densities) == pytest.approx(0.3989, abs=0.06)
    heavy = histogram(found.draws, Propagated(5.0, 1.0, 4.2, ()))
    assert max(heavy.framework) == pytest.approx(0.375, abs=0.002)  # t with 4 degrees of freedom
    none = histogram(found.draws, Propagated(5.0, 0.0, None, ()))
    assert set(none.framework) == {0.0}


def test_the_drawing_is_an_image_without_style_or_script() -> None:
    framework, found = drawn()
    shown = histogram(found.draws, framework)
    svg = draw_svg(shown, Interval(3.04, 6.96), Interval(3.0, 7.0))
    image = ET.fromstring(svg)
    names = [child.tag.rpartition("}")[2] for child in image]
    assert names == ["path", "polyline", "path", "path", "path", "path", "text", "text", "text"]
    assert "style" not in svg
    assert "<script" not in svg
    assert draw_svg(shown, Interval(-99, 99), Interval(3.0, 7.0)).count("stroke-dasharray") == 0


def test_draws_without_width_have_no_drawing() -> None:
    framework, found = drawn(0.0)
    shown = histogram(found.draws, framework)
    assert shown == Histogram((5.0, 5.0), (0.0,), (0.0, 0.0))
    assert draw_svg(shown, Interval(5, 5), Interval(5, 5)) == ""

"""The published examples: JCGM 100 annex H, JCGM 101 clause 9."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quanheng.metrology.uncertainty.budget import Budget, Input
from quanheng.metrology.uncertainty.coverage import Interval, shortest_interval, tolerance_of, validate
from quanheng.metrology.uncertainty.distributions import Knowledge, Shape
from quanheng.metrology.uncertainty.monte_carlo import simulate, simulate_until_stable
from quanheng.metrology.uncertainty.propagation import propagate
from quanheng.packs.case_fault import CaseFault
from tests.metrology.uncertainty.budgets import budget, chance, know

N, T, R, A, C = Shape.NORMAL, Shape.T, Shape.RECTANGULAR, Shape.ARCSINE, Shape.CURVILINEAR


END_GAUGE = budget(
    "ls + d0 + d1 + d2 - ls * (da * (th + D) + al * dt)",
    know("ls", 50_000_623, N, 25, degrees_of_freedom=18),
    know("d0", 215, N, 5.8, degrees_of_freedom=24),
    know("d1", 0, N, 3.9, degrees_of_freedom=5),
    know("d2", 0, N, 6.7, degrees_of_freedom=8),
    know("al", 11.5e-6, R, 2e-6),
    know("da", 0, R, 1e-6, degrees_of_freedom=50),
    know("th", -0.1, N, 0.2),
    know("D", 0, A, 0.5),
    know("dt", 0, R, 0.05, degrees_of_freedom=2),
)


def test_h_1_end_gauge() -> None:
    """GUM H.1, in nm: l = 50 000 838, u = 32, ν_eff = 16, U99 = 93."""
    found = propagate(END_GAUGE, second_order=True)
    assert found.estimate == pytest.approx(50_000_838)
    assert found.standard_uncertainty == pytest.approx(31.664, abs=5e-4)
    assert found.degrees_of_freedom == pytest.approx(16.75, abs=5e-3)
    assert found.coverage_factor(0.99) == pytest.approx(2.921, abs=5e-4)
    contributions = {row.name: row.contribution for row in found.rows}
    assert contributions["ls"] == pytest.approx(25)
    assert contributions["dt"] == pytest.approx(16.599, abs=5e-4)
    assert contributions["da"] == pytest.approx(2.887, abs=5e-4)
    assert sum(row.share for row in found.rows) == pytest.approx(1)
    assert found.second_order_uncertainty == pytest.approx(33.81, abs=5e-3)


def test_h_2_resistance_with_correlated_inputs() -> None:
    """GUM H.2, from the means, their uncertainties and correlations: R = 127.732 Ω, u = 0.071 Ω."""
    found = propagate(
        budget(
            "V / I * cos(phi)",
            know("V", 4.9990, N, 0.0032094),
            know("I", 0.0196610, N, 0.0000094710),
            know("phi", 1.04446, N, 0.00075206),
            V__I=-0.355, V__phi=0.858, I__phi=-0.645,
        )
    )  # fmt: skip
    assert found.estimate == pytest.approx(127.732, abs=5e-3)
    assert found.standard_uncertainty == pytest.approx(0.0711, abs=5e-4)
    assert found.degrees_of_freedom is None
    assert found.coverage_factor(0.95) == pytest.approx(1.959964, abs=1e-6)


FOUR = [know(f"x{index}", 0, N, 1) for index in range(4)]
FOUR_RECTANGLES = [know(f"x{index}", 0, R, math.sqrt(3)) for index in range(4)]


@pytest.mark.parametrize(("inputs", "half"), [(FOUR, 3.92), (FOUR_RECTANGLES, 3.8794)])
def test_9_2_sums_of_four(inputs: list[Input], half: float) -> None:
    """JCGM 101, 9.2.2 and 9.2.3: u = 2, ±3.92 for normals, ±3.88 for rectangles."""
    found = simulate(budget("x0 + x1 + x2 + x3", *inputs), 1_000_000, 0.95, chance())
    assert found.standard_uncertainty == pytest.approx(2, abs=5e-3)
    assert found.symmetric.lower == pytest.approx(-half, abs=0.015)
    assert found.symmetric.upper == pytest.approx(half, abs=0.015)


def test_9_2_4_a_dominant_rectangle_is_not_validated() -> None:
    """JCGM 101, 9.2.4: the framework gives ±19.9, the draws [−17.0, 17.0]."""
    model = budget("x0 + x1 + x2 + x3", *FOUR_RECTANGLES[:3], know("x3", 0, R, 10 * math.sqrt(3)))
    framework = propagate(model)
    assert framework.standard_uncertainty == pytest.approx(10.149, abs=5e-3)
    half = framework.coverage_factor(0.95) * framework.standard_uncertainty
    assert half == pytest.approx(19.9, abs=0.05)
    found = simulate(model, 1_000_000, 0.95, chance())
    assert found.symmetric.upper == pytest.approx(17.0, abs=0.05)
    assert not validate(Interval(-half, half), found.symmetric, tolerance_of(10.1, 2)).is_validated


MASS = budget(
    "(mR + dm) * (1 + (ra - 1.2) * (1 / rW - 1 / rR)) - 100000",
    know("mR", 100_000, N, 0.050),
    know("dm", 1.234, N, 0.020),
    know("ra", 1.2, R, 0.1),
    know("rW", 8000, R, 1000),
    know("rR", 8000, R, 50),
)


def test_9_3_mass_calibration() -> None:
    """JCGM 101, 9.3, in mg: framework u 0.0539, not validated; second order 0.0750, validated; draws 0.0754.

    The shortest interval lies loosely on a flat density: published 1.0834–1.3825, recomputed 1.0842–1.3834.
    """
    framework = propagate(MASS, second_order=True)
    assert framework.estimate == pytest.approx(1.2340, abs=5e-5)
    assert framework.standard_uncertainty == pytest.approx(0.0539, abs=5e-5)
    assert framework.second_order_uncertainty == pytest.approx(0.0750, abs=5e-5)
    found = simulate(MASS, 1_000_000, 0.95, chance())
    assert found.standard_uncertainty == pytest.approx(0.0754, abs=2e-4)
    assert found.shortest.lower == pytest.approx(1.0838, abs=4e-3)
    assert found.shortest.upper == pytest.approx(1.3830, abs=4e-3)
    tolerance = tolerance_of(found.scale, 1)
    assert tolerance == 0.005
    for uncertainty, holds in ((framework.standard_uncertainty, False), (0.0750, True)):
        half = 1.959964 * uncertainty
        interval = Interval(1.2340 - half, 1.2340 + half)
        assert validate(interval, found.shortest, tolerance).is_validated is holds


@pytest.mark.parametrize(
    ("x1", "estimate", "uncertainty", "lower", "upper"),
    [(0.0, 50, 50, 0, 150), (0.010, 150, 112, 0, 367), (0.050, 2550, 502, 1590, 3543)],
)
def test_9_4_comparison_loss(
    x1: float, estimate: float, uncertainty: float, lower: float, upper: float
) -> None:
    """JCGM 101, 9.4, r = 0, in 10⁻⁶; at x1 = 0 the shortest interval starts at 0."""
    model = budget("x1^2 + x2^2", know("x1", x1, N, 0.005), know("x2", 0, N, 0.005))
    found = simulate(model, 1_000_000, 0.95, chance())
    assert found.estimate * 1e6 == pytest.approx(estimate, rel=0.01)
    assert found.scale * 1e6 == pytest.approx(uncertainty, rel=0.01)
    assert found.shortest.lower * 1e6 == pytest.approx(lower, abs=0.02 * upper)
    assert found.shortest.upper * 1e6 == pytest.approx(upper, rel=0.02)
    if x1 == 0:
        assert propagate(model).standard_uncertainty == 0


def test_9_5_gauge_block() -> None:
    """JCGM 101, 9.5, 99 %: the draws give u = 36 nm, the framework 32 nm."""
    model = budget(
        "Ls + D + d1 + d2 - Ls * (da * (th + De) + al * dt) - 50000000",
        know("Ls", 50_000_623, T, 25, degrees_of_freedom=18),
        know("D", 215, T, 6, degrees_of_freedom=24),
        know("d1", 0, T, 4, degrees_of_freedom=5),
        know("d2", 0, T, 7, degrees_of_freedom=8),
        know("al", 11.5e-6, R, 2e-6),
        know("th", -0.1, N, 0.2),
        know("De", 0, A, 0.5),
        know("da", 0, C, 1e-6, half_width_error=1e-7),
        know("dt", 0, C, 0.050, half_width_error=0.025),
    )
    found = simulate(model, 1_000_000, 0.99, chance())
    assert found.estimate == pytest.approx(838, abs=0.3)
    assert found.standard_uncertainty == pytest.approx(35.83, abs=0.2)
    assert found.symmetric.lower == pytest.approx(745, abs=2)
    assert found.symmetric.upper == pytest.approx(932, abs=2)


def test_h_1_is_drawn_from_what_its_degrees_of_freedom_say() -> None:
    """JCGM 101, 9.5.4, 99 %: u = 36 nm and [745, 932] nm, of t-distributions and limits not known exactly.

    H.1 rounds its observations otherwise than 9.5 (5.8, 3.9 and 6.7 for 6, 4 and 7 nm), hence 35.7.
    """
    found = simulate(END_GAUGE, 1_000_000, 0.99, chance())
    assert found.estimate - 50_000_000 == pytest.approx(838, abs=0.3)
    assert found.standard_uncertainty == pytest.approx(35.7, abs=0.2)
    assert found.symmetric.lower - 50_000_000 == pytest.approx(745, abs=2)
    assert found.symmetric.upper - 50_000_000 == pytest.approx(932, abs=2)


def test_a_skewed_result_has_a_shortest_interval_of_its_own() -> None:
    """NPL DEM-ES-011, 9.2: y = ln x, x between 0.1 and 1.1."""
    model = budget("log(x)", know("x", 0.6, R, 0.5))
    assert propagate(model).standard_uncertainty == pytest.approx(0.481, abs=5e-4)
    found = simulate(model, 1_000_000, 0.95, chance())
    assert found.estimate == pytest.approx(-0.665, abs=2e-3)
    assert found.standard_uncertainty == pytest.approx(0.606, abs=2e-3)
    assert found.shortest.lower == pytest.approx(-1.895, abs=0.01)
    assert found.shortest.upper == pytest.approx(0.095, abs=0.002)


def test_the_adaptive_procedure_stops_when_it_is_stable() -> None:
    model = budget("x0 + x1 + x2 + x3", *FOUR)
    found = simulate_until_stable(model, 0.95, chance(), digits=1)
    assert found.is_stable
    assert found.tolerance == 0.5
    assert found.trials % 10_000 == 0
    assert found.trials >= 20_000
    finer = simulate_until_stable(model, 0.95, chance(), digits=2)
    assert (finer.is_stable, finer.tolerance) == (True, 0.05)
    assert finer.trials > found.trials


def test_the_adaptive_procedure_says_when_it_gave_up() -> None:
    found = simulate_until_stable(MASS, 0.95, chance(), digits=2, most=40_000)
    assert (found.is_stable, found.trials) == (False, 40_000)
    with pytest.raises(CaseFault, match="不小于 10000"):
        simulate_until_stable(MASS, 0.95, chance(), most=5_000)
    with pytest.raises(CaseFault, match="1 或 2"):
        simulate_until_stable(MASS, 0.95, chance(), digits=3)


@pytest.mark.parametrize(
    ("uncertainty", "digits", "tolerance"),
    [
        (0.035, 2, 0.0005),
        (2.0, 1, 0.5),
        (10.1, 2, 0.5),
        (0.0754, 1, 0.005),
        (0.0999, 2, 0.005),
        (0.0, 2, 0.0),
    ],
)
def test_the_tolerance_of_an_uncertainty(uncertainty: float, digits: int, tolerance: float) -> None:
    assert tolerance_of(uncertainty, digits) == pytest.approx(tolerance)


def test_correlated_inputs_are_drawn_together() -> None:
    model = budget("a - b + c", know("a", 0, N, 1), know("b", 0, N, 1), know("c", 0, R, 0), a__b=1.0)
    assert simulate(model, 10_000, 0.95, chance()).standard_uncertainty == pytest.approx(0, abs=1e-6)
    with pytest.raises(CaseFault, match="二阶"):
        propagate(model, second_order=True)


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: budget("a", know("a", 0, N, 1), know("a", 0, N, 1)), "inputs[1].name"),
        (lambda: budget("a", know("a", 0, N, 1), know("b", 0, N, 1)), "inputs[1].name"),
        (lambda: budget("a + b", know("a", 0, N, 1)), "inputs"),
        (lambda: budget("a + b", know("a", 0, N, 1), know("b", 0, N, 1), a__c=0.5), "correlations"),
        (lambda: budget("a + b", know("a", 0, N, 1), know("b", 0, N, 1), a__b=1.5), "correlations"),
        (lambda: budget("a + b", know("a", 0, N, 1), know("b", 0, R, 1), a__b=0.5), "correlations"),
        (
            lambda: budget(
                "a + b + c", *(know(name, 0, N, 1) for name in "abc"), a__b=0.9, b__c=0.9, a__c=-0.9
            ),
            "correlations",
        ),
        (lambda: know("a", 0, N, -1), "scale"),
        (lambda: know("a", 0, N, 1e60), "scale"),
        (lambda: know("a", 0, N, 1e-60), "scale"),
        (lambda: budget("a", know("a", 1e60, N, 1)), "inputs[0].estimate"),
        (lambda: budget("a", know("a", math.nan, N, 1)), "inputs[0].estimate"),
        (lambda: propagate(budget("1e150 * a", know("a", 0, N, 1))), "equation"),
        (
            lambda: propagate(
                budget("hypot(a, b)", know("a", 1e-5, N, 0), know("b", 1e-5, N, 1)), second_order=True
            ),
            "second_order",
        ),
        (lambda: know("a", 0, N, 1, degrees_of_freedom=0), "degrees_of_freedom"),
        (lambda: know("a", 0, T, 1), "degrees_of_freedom"),
        (lambda: know("a", 0, Shape.TRAPEZOIDAL, 1, ratio=2), "ratio"),
        (lambda: know("a", 0, C, 1, half_width_error=2), "half_width_error"),
        (lambda: simulate(MASS, 10, 0.95, chance()), "trials"),
        (lambda: simulate(MASS, 1000, 1.0, chance()), "probability"),
        (lambda: propagate(MASS).coverage_factor(1), "probability"),
        (lambda: simulate(budget("sqrt(x)", know("x", 0, N, 1)), 1000, 0.95, chance()), "equation"),
    ],
)
def test_what_cannot_be_evaluated_names_its_field(build: object, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        build()  # type: ignore[operator]
    assert refused.value.field == field


@pytest.mark.parametrize(
    "knowledge",
    [
        Knowledge(Shape.TRIANGULAR, 2.0), Knowledge(Shape.TRAPEZOIDAL, 2.0, ratio=0.5), Knowledge(A, 2.0),
        Knowledge(C, 2.0, half_width_error=0.5), Knowledge(R, 2.0), Knowledge(N, 2.0), Knowledge(N, 0.0, 1),
    ],
    ids=lambda knowledge: knowledge.shape,
)  # fmt: skip
def test_draws_have_the_uncertainty_that_their_shape_says(knowledge: Knowledge) -> None:
    draws = knowledge.draw(5.0, 400_000, chance())
    assert draws.mean() == pytest.approx(5, abs=0.02)
    assert draws.std() == pytest.approx(knowledge.standard_uncertainty, rel=0.005)


@settings(max_examples=40)
@given(st.floats(0.001, 1000), st.floats(-5, 5), st.floats(0.1, 3))
def test_the_framework_does_not_depend_on_the_unit(
    factor: float, estimate: float, uncertainty: float
) -> None:
    once = propagate(budget("x^3 + 2 * x", know("x", estimate, N, uncertainty)))
    again = propagate(
        budget(
            f"(x / {factor!r})^3 + 2 * x / {factor!r}", know("x", estimate * factor, N, uncertainty * factor)
        )
    )
    assert again.standard_uncertainty == pytest.approx(once.standard_uncertainty, rel=1e-9, abs=1e-12)


def test_the_order_of_the_inputs_does_not_matter() -> None:
    turned = Budget(END_GAUGE.equation, END_GAUGE.inputs[::-1])
    assert propagate(turned).standard_uncertainty == pytest.approx(propagate(END_GAUGE).standard_uncertainty)


def test_a_constant_result_has_an_interval_of_no_width() -> None:
    found = simulate(budget("x", know("x", 3, N, 0)), 1000, 0.95, chance())
    assert found.shortest == found.symmetric == Interval(3, 3)
    assert propagate(budget("x", know("x", 3, N, 0))).coverage_factor(0.95) == pytest.approx(1.96, abs=1e-4)
    assert shortest_interval(np.arange(4.0), 0.5) == Interval(0, 2)

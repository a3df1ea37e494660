"""What draws can confirm: few observations, runs that do not settle, digits that cancel."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest

from quanheng.metrology.uncertainty.budget import Budget, Input
from quanheng.metrology.uncertainty.coverage import Interval
from quanheng.metrology.uncertainty.digits import exact_estimate, rounding_error
from quanheng.metrology.uncertainty.distributions import Knowledge, Shape
from quanheng.metrology.uncertainty.equation import read_equation
from quanheng.metrology.uncertainty.monte_carlo import simulate, simulate_until_stable
from quanheng.metrology.uncertainty.plot import histogram
from quanheng.metrology.uncertainty.propagation import propagate
from quanheng.metrology.uncertainty.report import state_draws, state_framework, with_guard_digits
from quanheng.metrology.uncertainty.validation import Verdict, compare
from tests.metrology.uncertainty.budgets import budget, chance, know

N, T, R = Shape.NORMAL, Shape.T, Shape.RECTANGULAR


MASS = budget(
    "(mR + dm) * (1 + (ra - 1.2) * (1 / rW - 1 / rR)) - 100000",
    know("mR", 100_000, N, 0.050),
    know("dm", 1.234, N, 0.020),
    know("ra", 1.2, R, 0.1),
    know("rW", 8000, R, 1000),
    know("rR", 8000, R, 50),
)


@pytest.mark.parametrize("shape", [N, T])
@pytest.mark.parametrize(("degrees", "half"), [(1, 12.706), (2, 4.303), (3, 3.182), (9, 2.262)])
def test_few_observations_give_the_interval_of_student(shape: Shape, degrees: float, half: float) -> None:
    """JCGM 100, table G.2: t of 95 %; with one or two degrees of freedom there is no standard uncertainty."""
    found = simulate(
        budget("x", know("x", 0, shape, 1, degrees_of_freedom=degrees)), 1_000_000, 0.95, chance()
    )
    assert found.symmetric.upper == pytest.approx(half, rel=0.02)
    assert found.symmetric.lower == pytest.approx(-half, rel=0.02)
    if degrees > 2:
        assert found.standard_uncertainty == pytest.approx(math.sqrt(degrees / (degrees - 2)), rel=0.05)
    else:
        assert found.standard_uncertainty is None
        assert found.scale == pytest.approx(half, rel=0.03)
    assert found.has_mean is (degrees > 1)


def test_without_a_variance_the_interval_alone_settles_and_confirms_nothing() -> None:
    model = budget("x", know("x", 10, T, 0.1, degrees_of_freedom=2))
    found = simulate_until_stable(model, 0.95, chance(), digits=1)
    assert (found.is_stable, found.most) == (True, 20_000_000)
    assert found.shortest.half_width == pytest.approx(0.43, abs=0.02)
    framework = propagate(model)
    half = framework.coverage_factor(0.95) * framework.standard_uncertainty
    told = compare(model, framework, Interval(10 - half, 10 + half), found, 1)
    assert told.verdict == Verdict.NO_VARIANCE
    said = state_draws(found, 0.95, "g", told.verdict)
    assert "没有标准不确定度" in said.chinese
    assert "mean 10.0" in said.english
    cauchy = simulate(budget("x", know("x", 10, T, 0.1, degrees_of_freedom=1)), 10_000, 0.95, chance())
    assert "median 1" in state_draws(cauchy, 0.95, "g", Verdict.NO_VARIANCE).english


def test_a_run_that_did_not_settle_says_so_with_its_limit() -> None:
    found = simulate_until_stable(MASS, 0.95, chance(), digits=2, most=40_000)
    told = compare(MASS, propagate(MASS), Interval(1.1285, 1.3395), found, 2)
    assert told.verdict == Verdict.NOT_STABLE
    said = state_draws(found, 0.95, "mg", told.verdict)
    assert "到上限 40000 次仍未稳定（容差 0.0005）" in said.chinese
    assert "did not settle within its limit of 40000 trials" in said.english


@pytest.mark.parametrize(
    ("equation", "estimate", "uncertainty"),
    [("(1e16 + x) - 1e16", 5.3, 1.0), ("(1e20 + x) - 1e20", 5.0, 1.0), ("(1e16 + x) - 1e16", 5.3, 0.0)],
)
def test_a_sum_whose_digits_cancel_is_not_validated(
    equation: str, estimate: float, uncertainty: float
) -> None:
    """Binary numbers near 10¹⁶ are 2 apart: both methods agree on even numbers, and neither is right."""
    model = budget(equation, know("x", estimate, N, uncertainty))
    framework, found = propagate(model), simulate(model, 10_000, 0.95, chance())
    half = 1.96 * framework.standard_uncertainty
    told = compare(model, framework, Interval(estimate - half, estimate + half), found, 2)
    assert told.verdict == Verdict.DIGITS_LOST
    assert framework.estimate == estimate  # in decimals nothing is lost


def test_the_estimate_keeps_the_digits_that_were_written() -> None:
    caesium = Input("f", 9192631770.0047, Knowledge(N, 1e-10), Decimal("9192631770.00471234567"))
    found = propagate(Budget(read_equation("f - 9192631770"), (caesium,)))
    assert found.exact == Decimal("0.00471234567")
    assert "(0.00471234567 ± 0.00000000020) Hz" in state_framework(found, 0.95, "Hz").chinese


@pytest.mark.parametrize(
    ("equation", "value"),
    [
        ("2 * x + pi - 1", "8.1415926535897932384626433832795028842"),
        ("sqrt(x + 1) / 2", "1"),
        ("-x^2 + abs(-x)", "-6"),
        ("exp(ln(x)) + log10(x / 0.003) + hypot(x, 4)", "11"),
        ("sin(x)", None),
        ("1 / (x - 3) * 0 + x", None),
    ],
)
def test_the_value_in_decimals(equation: str, value: str | None) -> None:
    model = budget(equation, know("x", 3, N, 0.1))
    found = exact_estimate(model.equation, model)
    if value is None:
        assert found is None
    else:
        assert found is not None
        assert float(found - Decimal(value)) == pytest.approx(0, abs=1e-35)


def test_what_binary_numbers_lose_is_bounded() -> None:
    def lost(equation: str, estimate: float, uncertainty: float = 0.1) -> float:
        model = budget(equation, know("x", estimate, N, uncertainty))
        return rounding_error(model.equation, model)

    assert lost("x", 1.0) == pytest.approx(1.2 * 2**-53)
    assert 1e-16 < lost("sin(x) * exp(x) / 2", 1.0) < 1e-14
    assert lost("sqrt(x)", 0.0, 0.0) == pytest.approx(0, abs=1e-150)
    assert lost("sin(x)", 1e12) == pytest.approx(1e12 * 2**-53, rel=0.5)
    assert lost("log(x - 2)", 1.0, 0.0) == 0.0  # it has no value there


def test_inputs_of_few_observations_correlate_as_a_t_distribution() -> None:
    """JCGM 102, 5.3.2: with equal degrees of freedom and r = 1 the difference is nothing."""
    model = budget(
        "a - b + c - d",
        *(know(name, 0, N, 1, degrees_of_freedom=5) for name in "abcd"),
        a__b=1.0, c__d=1.0,
    )  # fmt: skip
    assert simulate(model, 10_000, 0.95, chance()).standard_uncertainty == pytest.approx(0, abs=1e-6)
    alone = budget("a + 0 * b", *(know(name, 0, N, 1, degrees_of_freedom=5) for name in "ab"), a__b=0.5)
    found = simulate(alone, 1_000_000, 0.95, chance())
    assert found.symmetric.upper == pytest.approx(2.571, abs=0.02)
    chain = budget("a + b + c", *(know(name, 0, N, 1) for name in "abc"), a__b=0.5, b__c=0.5)
    assert set(chain.sets.values()) == {1}


def test_the_tails_of_few_observations_do_not_hide_the_middle_of_the_histogram() -> None:
    model = budget("x", know("x", 0, T, 1, degrees_of_freedom=1))
    shown = histogram(simulate(model, 100_000, 0.95, chance()).draws, propagate(model))
    assert -40 < shown.edges[0] < shown.edges[-1] < 40  # 98 % of t with one degree of freedom: ±31.8
    assert max(shown.densities) > 0.2


@pytest.mark.parametrize(("half", "verdict"), [(1.96, Verdict.CONFIRMED), (3.0, Verdict.REFUTED)])
def test_the_draws_confirm_the_interval_that_they_have(half: float, verdict: Verdict) -> None:
    """Inputs with a coefficient of 0 do not correlate."""
    model = budget("a + 0 * b", know("a", 0, N, 1), know("b", 0, R, 1), a__b=0.0)
    found = simulate(model, 100_000, 0.95, chance())
    assert compare(model, propagate(model), Interval(-half, half), found, 1).verdict == verdict


def test_two_guard_digits_go_beyond_what_is_stated() -> None:
    assert with_guard_digits(9192631770.0047, 0.0024) == "9192631770.004700"


FOUR = budget("a + b + c + d", *(know(name, 0, N, 1) for name in "abcd"))


def settled(difference: float, spread: float | None) -> Verdict:
    """Judge draws that settled, with a framework whose ends lie so many tolerances (0.05) away."""
    draws = simulate(FOUR, 100_000, 0.95, chance())
    found = replace(draws, tolerance=0.05, spread=None if spread is None else 0.05 * spread)
    ends = Interval(found.symmetric.lower - 0.05 * difference, found.symmetric.upper)
    return compare(FOUR, propagate(FOUR), ends, found, 2).verdict


def test_a_validation_settles_to_a_fifth_of_the_tolerance_as_the_supplement_does() -> None:
    """JCGM 101, 9.2.2: four normals, two digits, δ = 0.05, run to δ/5: of the order of a million trials.

    Its table prints 1.23·10⁶; settled to δ itself some forty thousand would do, and their scatter decide.
    """
    found = simulate_until_stable(FOUR, 0.95, chance(), digits=2)
    assert 600_000 < found.trials < 2_500_000
    assert found.spread is not None
    assert found.spread <= 0.01
    assert found.symmetric.upper == pytest.approx(3.92, abs=0.02)
    framework = propagate(FOUR)
    told = compare(FOUR, framework, Interval(-3.92, 3.92), found, 2)
    assert (told.verdict, told.validation.tolerance) == (Verdict.CONFIRMED, 0.05)


@pytest.mark.parametrize(
    ("difference", "spread", "verdict"),
    [
        (0.9, 0.19, Verdict.CONFIRMED),  # settled to δ/5: compared with δ
        (1.1, 0.19, Verdict.REFUTED),
        (0.9, 0.5, Verdict.UNDECIDED),  # not so: the scatter might decide
        (1.1, 0.5, Verdict.UNDECIDED),
        (0.3, 0.5, Verdict.CONFIRMED),  # but here it cannot
        (1.9, 0.5, Verdict.REFUTED),
        (0.9, None, Verdict.CONFIRMED),  # so many trials as were asked for
    ],
)
def test_scatter_does_not_decide_whether_the_framework_holds(
    difference: float, spread: float | None, verdict: Verdict
) -> None:
    assert settled(difference, spread) == verdict


def test_an_undecided_comparison_says_what_to_do() -> None:
    found = replace(simulate(FOUR, 10_000, 0.95, chance()), tolerance=0.05)
    said = state_draws(found, 0.95, "", Verdict.UNDECIDED)
    assert "10000 次试验不足以判定" in said.chinese
    assert "use this result, or ask for fewer digits" in said.english

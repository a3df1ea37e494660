"""Several outputs of the same inputs: GUM H.2, JCGM 102."""

from __future__ import annotations

import math

import numpy as np
import pytest

from quanheng.metrology.uncertainty.budget import Input
from quanheng.metrology.uncertainty.distributions import Knowledge, Shape
from quanheng.metrology.uncertainty.equation import read_equation
from quanheng.metrology.uncertainty.several_outputs import (
    SeveralOutputs,
    propagate_jointly,
    simulate_jointly,
    validate_jointly,
)
from quanheng.packs.case_fault import CaseFault


def know(name: str, estimate: float, scale: float, shape: Shape = Shape.NORMAL) -> Input:
    return Input(name, estimate, Knowledge(shape, scale))


def model(equations: dict[str, str], *inputs: Input, **correlations: float) -> SeveralOutputs:
    pairs = {frozenset(names.split("__")): value for names, value in correlations.items()}
    return SeveralOutputs({name: read_equation(text) for name, text in equations.items()}, inputs, pairs)


def chance() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(20261123))


READINGS = np.array(
    [
        [5.007, 4.994, 5.005, 4.990, 4.999],
        [0.019663, 0.019639, 0.019640, 0.019685, 0.019678],
        [1.0456, 1.0438, 1.0468, 1.0428, 1.0433],
    ]
)
MEANS, SPREADS, TOGETHER = READINGS.mean(axis=1), READINGS.std(axis=1, ddof=1) / 5**0.5, np.corrcoef(READINGS)
H_2 = model(
    {"R": "V / I * cos(phi)", "X": "V / I * sin(phi)", "Z": "V / I"},
    *(
        know(name, float(mean), float(u))
        for name, mean, u in zip(("V", "I", "phi"), MEANS, SPREADS, strict=True)
    ),
    V__I=TOGETHER[0, 1], V__phi=TOGETHER[0, 2], I__phi=TOGETHER[1, 2],
)  # fmt: skip


def test_h_2_resistance_reactance_impedance() -> None:
    """GUM H.2: R 127.732 (0.071), X 219.847 (0.295), Z 254.260 (0.236); r −0.588, −0.485, 0.993."""
    found = propagate_jointly(H_2, 0.95)
    assert found.estimates == pytest.approx([127.732, 219.847, 254.260], abs=5e-4)
    assert found.standard_uncertainties == pytest.approx([0.0711, 0.2956, 0.2363], abs=5e-5)
    assert found.correlation[0, 1] == pytest.approx(-0.588, abs=5e-4)
    assert found.correlation[0, 2] == pytest.approx(-0.485, abs=5e-4)
    assert found.correlation[1, 2] == pytest.approx(0.993, abs=5e-4)
    assert found.dimensions == 2  # Z follows from R and X
    assert found.ellipsoid_factor == pytest.approx(2.4477, abs=5e-5)


def test_h_2_by_draws_confirms_the_framework() -> None:
    framework, drawn = propagate_jointly(H_2, 0.95), simulate_jointly(H_2, 200_000, 0.95, chance())
    assert drawn.correlation == pytest.approx(framework.correlation, abs=5e-3)
    assert drawn.standard_uncertainties == pytest.approx(framework.standard_uncertainties, rel=0.01)
    assert validate_jointly(H_2, framework, drawn, 1).is_validated


@pytest.mark.parametrize(("outputs", "ellipsoid", "box"), [(1, 1.96, 1.96), (2, 2.45, 2.24), (3, 2.80, 2.39)])
def test_the_factors_of_the_regions_are_those_of_the_tables(
    outputs: int, ellipsoid: float, box: float
) -> None:
    """JCGM 102, 6.5, for 95 %."""
    names = [f"x{index}" for index in range(outputs)]
    apart = model({f"y{name}": name for name in names}, *(know(name, 0, 1) for name in names))
    found = propagate_jointly(apart, 0.95)
    assert found.ellipsoid_factor == pytest.approx(ellipsoid, abs=5e-3)
    assert found.box_factor == pytest.approx(box, abs=5e-3)
    drawn = simulate_jointly(apart, 400_000, 0.95, chance())
    assert drawn.ellipsoid_factor == pytest.approx(ellipsoid, abs=0.02)
    exact = {1: 1.960, 2: 2.236, 3: 2.388}[outputs]
    assert drawn.box_factor == pytest.approx(exact, abs=0.01)


def test_the_magnitude_and_phase_of_a_small_vector() -> None:
    """JCGM 102, table 6, first row: the framework fails where the draws give 0.013 (0.007) and 0 (1.744)."""
    polar = model({"m": "hypot(a, b)", "p": "atan2(b, a)"}, know("a", 0.001, 0.010), know("b", 0, 0.010))
    framework, drawn = propagate_jointly(polar, 0.95), simulate_jointly(polar, 1_000_000, 0.95, chance())
    assert framework.estimates == pytest.approx([0.001, 0])
    assert framework.standard_uncertainties == pytest.approx([0.010, 10.0])
    assert drawn.estimates == pytest.approx([0.013, 0], abs=6e-3)
    assert drawn.standard_uncertainties == pytest.approx([0.007, 1.744], abs=5e-3)
    assert not validate_jointly(polar, framework, drawn, 1).is_validated


def test_an_output_whose_digits_cancel_is_not_validated() -> None:
    lost = model({"y": "(x + 1e17) - 1e17", "v": "x"}, know("x", 5.3, 0.1))
    framework, drawn = propagate_jointly(lost, 0.95), simulate_jointly(lost, 10_000, 0.95, chance())
    verdict = validate_jointly(lost, framework, drawn, 1)
    assert (verdict.are_digits_lost, verdict.is_validated) == (True, False)


def test_an_output_without_uncertainty_correlates_with_nothing() -> None:
    still = model({"y": "x", "c": "k"}, know("x", 1, 0.1), know("k", 3, 0))
    for found in (propagate_jointly(still, 0.95), simulate_jointly(still, 10_000, 0.95, chance())):
        assert found.dimensions == 1
        assert found.correlation[0, 1] == 0
        assert found.ellipsoid_factor == pytest.approx(1.96, abs=0.05)
    nothing = model({"c": "k"}, know("k", 3, 0))
    for found in (propagate_jointly(nothing, 0.95), simulate_jointly(nothing, 10_000, 0.95, chance())):
        assert (found.dimensions, found.ellipsoid_factor, found.box_factor) == (0, 0, 0)


def test_units_do_not_change_correlations_and_factors() -> None:
    metres = model({"u": "x + y", "v": "x * y"}, know("x", 1, 0.1), know("y", 2, 0.1))
    millimetres = model({"u": "x + 1000 * y", "v": "x * y"}, know("x", 1000, 100), know("y", 2, 0.1))
    one, other = propagate_jointly(metres, 0.9), propagate_jointly(millimetres, 0.9)
    assert one.correlation == pytest.approx(other.correlation)
    assert (one.ellipsoid_factor, one.box_factor) == (other.ellipsoid_factor, other.box_factor)
    assert one.ellipsoid_factor == pytest.approx(math.sqrt(-2 * math.log(0.1)))


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: model({}, know("x", 0, 1)), "outputs"),
        (lambda: model({"y": "z", "x": "x"}, know("x", 0, 1), know("z", 0, 1)), "outputs[1].name"),
        (lambda: model({"y": "x + z"}, know("x", 0, 1)), "inputs"),
        (lambda: model({"y": "x"}, know("x", 0, 1), know("z", 0, 1)), "inputs[1].name"),
        (lambda: propagate_jointly(model({"y": "x"}, know("x", 0, 1)), 1.0), "probability"),
        (lambda: simulate_jointly(model({"y": "x"}, know("x", 0, 1)), 1000, 0.0, chance()), "probability"),
        (lambda: simulate_jointly(model({"y": "x"}, know("x", 0, 1)), 5, 0.95, chance()), "trials"),
        (
            lambda: propagate_jointly(model({"y": "x", "v": "1 / x"}, know("x", 0, 1)), 0.95),
            "outputs[1].equation",
        ),
        (
            lambda: simulate_jointly(
                model({"y": "x", "v": "sqrt(x)"}, know("x", 0, 1)), 1000, 0.95, chance()
            ),
            "outputs[1].equation",
        ),
        (
            lambda: propagate_jointly(model({"y": "x", "v": "x * 1e200"}, know("x", 1, 1)), 0.95),
            "outputs[1].equation",
        ),
        (
            lambda: simulate_jointly(
                model({"y": "x", "v": "x * 1e200"}, know("x", 1, 1)), 1000, 0.95, chance()
            ),
            "outputs[1].equation",
        ),
        (
            lambda: simulate_jointly(
                model({"y": "x"}, Input("x", 0, Knowledge(Shape.T, 1, 2))), 1000, 0.95, chance()
            ),
            "inputs[0].degrees_of_freedom",
        ),
        (
            lambda: validate_jointly(H_2, propagate_jointly(H_2, 0.95), propagate_jointly(H_2, 0.95), 3),
            "digits",
        ),
    ],
)
def test_what_cannot_be_evaluated_names_its_field(build: object, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        build()  # type: ignore[operator]
    assert refused.value.field == field

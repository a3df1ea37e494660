"""The published examples that `agreement.py` compares, written once, and built for each implementation.

The equation of ours and of suncal is a text, read by each with its own reader. GTC and metrolopy work on
Python objects, so the same model stands there as a function.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import GTC
import numpy as np

from quanheng.metrology.uncertainty.budget import Budget, Input
from quanheng.metrology.uncertainty.distributions import Knowledge, Shape
from quanheng.metrology.uncertainty.equation import read_equation
from quanheng.metrology.uncertainty.several_outputs import SeveralOutputs
from scripts.peers import metrolopy

with warnings.catch_warnings(), np.errstate():  # it imports what SciPy has deprecated, and silences NumPy
    warnings.simplefilter("ignore")
    import suncal

N, T, R, A, C = Shape.NORMAL, Shape.T, Shape.RECTANGULAR, Shape.ARCSINE, Shape.CURVILINEAR


@dataclass(frozen=True)
class Model:
    """One output of a published example.

    Args:
        plain: the model as a function of its inputs by name; GTC's own functions for its own objects.
        is_shortest: whether the published interval is the shortest one.
    """

    label: str
    equation: str
    inputs: tuple[Input, ...]
    plain: Callable[..., Any]
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)
    probability: float = 0.95
    is_shortest: bool = False


def know(name: str, estimate: float, shape: Shape, scale: float, **facts: float) -> Input:
    return Input(name, estimate, Knowledge(shape, scale, **facts))


def ours(model: Model) -> Budget:
    pairs = {frozenset(pair): value for pair, value in model.correlations.items()}
    return Budget(read_equation(model.equation), model.inputs, pairs)


def in_gtc(model: Model) -> Any:
    """Return the output as an uncertain number of GTC."""
    numbers = {
        one.name: GTC.ureal(
            one.estimate,
            one.knowledge.standard_uncertainty,
            one.knowledge.degrees_of_freedom,
            independent=not model.correlations,
        )
        for one in model.inputs
    }
    for (one, other), value in model.correlations.items():
        GTC.set_correlation(value, numbers[one], numbers[other])
    return model.plain(**numbers)


def in_suncal(model: Model, *, standard: bool) -> Any:
    """Return the model in suncal; `standard` gives normal inputs with their standard uncertainties."""
    built = suncal.Model("y = " + model.equation.replace("^", "**"))
    for one in model.inputs:
        kind = _suncal_uncertainty(one) if standard else _suncal_distribution(one.knowledge)
        built.var(one.name).measure(one.estimate).typeb(**kind)
    for (one_name, other), value in model.correlations.items():
        built.variables.correlate(one_name, other, value)
    return built


def _suncal_uncertainty(given: Input) -> dict[str, Any]:
    degrees = given.knowledge.degrees_of_freedom
    return {"dist": "normal", "std": given.knowledge.standard_uncertainty, "df": degrees}


def _suncal_distribution(knowledge: Knowledge) -> dict[str, Any]:
    a = knowledge.scale
    degrees = knowledge.degrees_of_freedom
    if knowledge.shape == N and math.isfinite(degrees):
        return {"dist": "t", "scale": a, "df": degrees}
    if knowledge.shape == R and math.isfinite(degrees):
        return {"dist": "curvtrap", "a": a, "d": a / math.sqrt(2 * degrees)}
    return {
        N: {"dist": "normal", "std": a},
        T: {"dist": "t", "scale": a, "df": knowledge.degrees_of_freedom},
        R: {"dist": "uniform", "a": a},
        A: {"dist": "arcsine", "a": a},
        C: {"dist": "curvtrap", "a": a, "d": knowledge.half_width_error},
    }[knowledge.shape]


def h_2_jointly() -> tuple[SeveralOutputs, list[Any], Any]:
    """Return the three outputs of H.2 of the same inputs: ours, numbers of GTC, one model of suncal."""
    texts = {"r": "v / i * cos(p)", "x": "v / i * sin(p)", "z": "v / i"}
    inputs, pairs = H_2
    together = {frozenset(pair): value for pair, value in pairs.items()}
    mine = SeveralOutputs({name: read_equation(text) for name, text in texts.items()}, inputs, together)
    v, i, p = (GTC.ureal(one.estimate, one.knowledge.scale, independent=False) for one in inputs)
    numbers = {"v": v, "i": i, "p": p}
    built = suncal.Model(*(f"{name} = {text}" for name, text in texts.items()))
    for one in inputs:
        built.var(one.name).measure(one.estimate).typeb(dist="normal", std=one.knowledge.scale)
    for (one_name, other), value in pairs.items():
        GTC.set_correlation(value, numbers[one_name], numbers[other])
        built.variables.correlate(one_name, other, value)
    return mine, [v / i * GTC.cos(p), v / i * GTC.sin(p), v / i], built


def in_metrolopy(model: Model) -> Any:
    """Return the output as a gummy that draws from the distributions of the inputs."""
    return model.plain(**{one.name: metrolopy.gummy(_metrolopy(one)) for one in model.inputs})


def _metrolopy(given: Input) -> Any:
    x, a, knowledge = given.estimate, given.knowledge.scale, given.knowledge
    degrees = knowledge.degrees_of_freedom
    certain = math.isinf(degrees)
    build = {
        N: lambda: metrolopy.NormalDist(x, a) if certain else metrolopy.TDist(x, a, degrees),
        T: lambda: metrolopy.TDist(x, a, degrees),
        R: lambda: (
            metrolopy.UniformDist(center=x, half_width=a)
            if certain
            else metrolopy.CurvlinearTrapDist(
                center=x, half_width=a, limit_half_range=a / math.sqrt(2 * degrees)
            )
        ),
        A: lambda: metrolopy.ArcSinDist(center=x, half_width=a),
        C: lambda: metrolopy.CurvlinearTrapDist(
            center=x, half_width=a, limit_half_range=knowledge.half_width_error
        ),
    }
    return build[knowledge.shape]()


def _h_2() -> tuple[tuple[Input, ...], dict[tuple[str, str], float]]:
    """The five simultaneous readings of GUM H.2 as means, uncertainties of the means and correlations."""
    readings = np.array(
        [
            [5.007, 4.994, 5.005, 4.990, 4.999],
            [0.019663, 0.019639, 0.019640, 0.019685, 0.019678],
            [1.0456, 1.0438, 1.0468, 1.0428, 1.0433],
        ]
    )
    means, spreads = readings.mean(axis=1), readings.std(axis=1, ddof=1) / math.sqrt(5)
    matrix, names = np.corrcoef(readings), ("v", "i", "p")
    inputs = tuple(
        know(name, float(mean), N, float(spread))
        for name, mean, spread in zip(names, means, spreads, strict=True)
    )
    pairs = {
        (names[one], names[other]): float(matrix[one, other])
        for one in range(3)
        for other in range(one + 1, 3)
    }
    return inputs, pairs


H_2 = _h_2()
MASS = (
    know("mr", 100_000, N, 0.050),
    know("dm", 1.234, N, 0.020),
    know("ra", 1.2, R, 0.1),
    know("rw", 8000, R, 1000),
    know("rr", 8000, R, 50),
)
MASS_EQUATION = "(mr + dm) * (1 + (ra - 1.2) * (1 / rw - 1 / rr)) - 100000"
GAUGE_EQUATION = "ls + d0 + d1 + d2 - ls * (da * (th + de) + al * dt)"


def _mass(mr: Any, dm: Any, ra: Any, rw: Any, rr: Any) -> Any:
    return (mr + dm) * (1 + (ra - 1.2) * (1 / rw - 1 / rr)) - 100000


def _gauge(*, ls: Any, d0: Any, d1: Any, d2: Any, da: Any, th: Any, de: Any, al: Any, dt: Any) -> Any:
    return ls + d0 + d1 + d2 - ls * (da * (th + de) + al * dt)


def _four(x0: Any, x1: Any, x2: Any, x3: Any) -> Any:
    return x0 + x1 + x2 + x3


def _loss(x1: Any, x2: Any) -> Any:
    return x1**2 + x2**2


END_GAUGE = (
    know("ls", 50_000_623, N, 25, degrees_of_freedom=18),
    know("d0", 215, N, 5.8, degrees_of_freedom=24),
    know("d1", 0, N, 3.9, degrees_of_freedom=5),
    know("d2", 0, N, 6.7, degrees_of_freedom=8),
    know("al", 11.5e-6, R, 2e-6),
    know("da", 0, R, 1e-6, degrees_of_freedom=50),
    know("th", -0.1, N, 0.2),
    know("de", 0, A, 0.5),
    know("dt", 0, R, 0.05, degrees_of_freedom=2),
)
GUM = (
    Model(
        "H.1 end gauge, nm",
        GAUGE_EQUATION,
        END_GAUGE,
        _gauge,
    ),
    Model("H.2 resistance, Ω", "v / i * cos(p)", H_2[0], lambda v, i, p: v / i * GTC.cos(p), H_2[1]),
    Model("H.2 reactance, Ω", "v / i * sin(p)", H_2[0], lambda v, i, p: v / i * GTC.sin(p), H_2[1]),
    Model("H.2 impedance, Ω", "v / i", H_2[0][:2], lambda v, i: v / i, {("v", "i"): H_2[1]["v", "i"]}),
    Model(
        "H.3 thermometer correction at 30 °C",
        "a + b * 10",
        (know("a", -0.1712, N, 0.00287760), know("b", 0.00218, N, 0.00066794)),
        lambda a, b: a + b * 10,
        {("a", "b"): -0.930},
    ),
    Model("JCGM 101 9.3 mass, mg", MASS_EQUATION, MASS, _mass),
    Model(
        "JCGM 101 9.4 comparison loss",
        "x1^2 + x2^2",
        (know("x1", 0.050, N, 0.005), know("x2", 0, N, 0.005)),
        _loss,
    ),
)

MONTE_CARLO = (
    Model("9.2.2 four normals", "x0 + x1 + x2 + x3", tuple(know(f"x{k}", 0, N, 1) for k in range(4)), _four),
    Model(
        "9.2.3 four rectangles",
        "x0 + x1 + x2 + x3",
        tuple(know(f"x{k}", 0, R, math.sqrt(3)) for k in range(4)),
        _four,
    ),
    Model(
        "9.2.4 a dominant rectangle",
        "x0 + x1 + x2 + x3",
        tuple(know(f"x{k}", 0, R, math.sqrt(3) * (10 if k == 3 else 1)) for k in range(4)),
        _four,
    ),
    Model("9.3 mass, mg", MASS_EQUATION, MASS, _mass),
    *(
        Model(
            f"9.4 comparison loss at x₁ = {x1}",
            "x1^2 + x2^2",
            (know("x1", x1, N, 0.005), know("x2", 0, N, 0.005)),
            _loss,
            is_shortest=True,
        )
        for x1 in (0.0, 0.010, 0.050)
    ),
    Model(
        "9.5 gauge block, nm",
        GAUGE_EQUATION + " - 50000000",
        (
            know("ls", 50_000_623, T, 25, degrees_of_freedom=18),
            know("d0", 215, T, 6, degrees_of_freedom=24),
            know("d1", 0, T, 4, degrees_of_freedom=5),
            know("d2", 0, T, 7, degrees_of_freedom=8),
            know("al", 11.5e-6, R, 2e-6),
            know("th", -0.1, N, 0.2),
            know("de", 0, A, 0.5),
            know("da", 0, C, 1e-6, half_width_error=1e-7),
            know("dt", 0, C, 0.050, half_width_error=0.025),
        ),
        lambda **inputs: _gauge(**inputs) - 50_000_000,
        probability=0.99,
    ),
    Model(
        "H.1 end gauge, nm",
        GAUGE_EQUATION + " - 50000000",
        END_GAUGE,
        lambda **inputs: _gauge(**inputs) - 50_000_000,
        probability=0.99,
    ),
)

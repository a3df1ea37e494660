"""Monte Carlo trials a second on a model of three inputs, y = a·b + c with normal inputs. One core.

In one run, in turn: ours (the equation read from text), plain NumPy drawing the same numbers and nothing
else, suncal and metrolopy. `propagated` is draws of the output; `evaluated` also sorts them and states both
coverage intervals, mean and uncertainty, which plain NumPy here does not. The peers are measured to their
mean and uncertainty, which they need no sorting for, and to their symmetric interval. Reach: 0.6 of NumPy's
drawing, ahead of both peers.
"""

from __future__ import annotations

import os
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import common
from quanheng.metrology.uncertainty.budget import Budget, Input
from quanheng.metrology.uncertainty.distributions import Knowledge, Shape
from quanheng.metrology.uncertainty.equation import read_equation
from quanheng.metrology.uncertainty.monte_carlo import draw_output, simulate
from scripts.peers import metrolopy

with warnings.catch_warnings():  # it imports what SciPy has deprecated
    warnings.simplefilter("ignore")
    import suncal

MEASURES = ("src/quanheng/metrology/uncertainty",)
SCALE = float(os.environ.get("QUANHENG_BENCH_SCALE", "1"))
TRIALS = max(10_000, int(2_000_000 * SCALE))
ROUNDS = 7
SEED = 20260601
EQUATION = "a * b + c"
INPUTS = {"a": (1.0, 0.1), "b": (2.0, 0.1), "c": (0.0, 0.2)}  # estimate, standard uncertainty


def main() -> None:
    contestants = {
        "numpy": plain_numpy(),
        "numpy_with_model": plain_numpy_with_model(),
        "propagated": propagated(),
        "evaluated": evaluated(),
        "suncal": in_suncal(interval=False),
        "suncal_evaluated": in_suncal(interval=True),
        "metrolopy": in_metrolopy(interval=False),
        "metrolopy_evaluated": in_metrolopy(interval=True),
    }
    rates = side_by_side(contestants)
    common.report(
        "monte_carlo",
        trials=TRIALS,
        reach=0.6,
        million_trials_a_second={name: round(rate, 2) for name, rate in rates.items()},
        ratio=round(rates["propagated"] / rates["numpy"], 2),
        ratio_evaluated=round(rates["evaluated"] / rates["numpy"], 2),
        ratio_to_suncal=round(rates["propagated"] / rates["suncal"], 2),
        ratio_to_metrolopy=round(rates["propagated"] / rates["metrolopy"], 2),
        ratio_evaluated_to_suncal=round(rates["evaluated"] / rates["suncal_evaluated"], 2),
        ratio_evaluated_to_metrolopy=round(rates["evaluated"] / rates["metrolopy_evaluated"], 2),
    )


def side_by_side(contestants: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return millions of trials a second, the median of rounds in which each runs once."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for call in contestants.values():
        call()
    for _ in range(ROUNDS):
        for name, call in contestants.items():
            started = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - started)
    return {name: TRIALS / 1e6 / statistics.median(times) for name, times in taken.items()}


def generator() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(SEED))


def plain_numpy() -> Callable[[], object]:
    chance = generator()
    return lambda: [chance.normal(x, u, TRIALS) for x, u in INPUTS.values()]


def plain_numpy_with_model() -> Callable[[], object]:
    chance = generator()

    def run() -> object:
        a, b, c = (chance.normal(x, u, TRIALS) for x, u in INPUTS.values())
        return a * b + c

    return run


def budget() -> Budget:
    inputs = tuple(Input(name, x, Knowledge(Shape.NORMAL, u)) for name, (x, u) in INPUTS.items())
    return Budget(read_equation(EQUATION), inputs)


def propagated() -> Callable[[], object]:
    chance, model = generator(), budget()
    return lambda: draw_output(model, TRIALS, chance)


def evaluated() -> Callable[[], object]:
    chance, model = generator(), budget()
    return lambda: simulate(model, TRIALS, 0.95, chance)


def in_suncal(*, interval: bool) -> Callable[[], object]:
    model = suncal.Model(f"y = {EQUATION}")
    for name, (x, u) in INPUTS.items():
        model.var(name).measure(x).typeb(dist="normal", std=u)

    def run() -> Any:
        found = model.monte_carlo(samples=TRIALS)
        return found.expand("y", conf=0.95) if interval else (found.expected, found.uncertainty)

    return run


def in_metrolopy(*, interval: bool) -> Callable[[], object]:
    a, b, c = (metrolopy.gummy(metrolopy.NormalDist(x, u)) for x, u in INPUTS.values())
    output = a * b + c
    output.p, output.cimethod = 0.95, "symmetric"

    def run() -> Any:
        output.sim(TRIALS)
        return output.cisim if interval else (output.xsim, output.usim)

    return run


if __name__ == "__main__":
    main()

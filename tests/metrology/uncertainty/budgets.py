"""Budgets in a line for each input, as papers print them."""

from __future__ import annotations

import numpy as np

from quanheng.metrology.uncertainty.budget import Budget, Input
from quanheng.metrology.uncertainty.distributions import Knowledge, Shape
from quanheng.metrology.uncertainty.equation import read_equation


def budget(equation: str, *inputs: Input, **correlations: float) -> Budget:
    pairs = {frozenset(names.split("__")): value for names, value in correlations.items()}
    return Budget(read_equation(equation), inputs, pairs)


def know(name: str, estimate: float, shape: Shape, scale: float, **facts: float) -> Input:
    return Input(name, estimate, Knowledge(shape, scale, **facts))


def chance(seed: int = 20261123) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))

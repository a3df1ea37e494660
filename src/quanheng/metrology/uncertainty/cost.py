"""What a trial of a model costs, and how many trials one question may ask for.

Parts of a nanosecond's work, counted high: measured with numpy's slowest arguments (a sine of a large number,
a t distribution of few degrees of freedom). What the count is for: a question that comes from a stranger ends
within seconds whatever is written in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from quanheng.metrology.uncertainty.budget import Knowns
from quanheng.metrology.uncertainty.distributions import Knowledge, Shape
from quanheng.metrology.uncertainty.equation import Equation, Node, Operation

MOST_WORK = 4_000_000_000  # of one question: some three seconds of a processor
PLAIN = frozenset({"+", "-", "*", "/", "neg", "abs", "sqrt"})
CIRCULAR = frozenset({"sin", "cos", "tan"})
DRAWS = {Shape.NORMAL: 15, Shape.RECTANGULAR: 5}
OTHER_DRAW, UNCERTAIN_DRAW = 45, 100  # the latter with finite degrees of freedom


def most_trials(knowns: Knowns, equations: Iterable[Equation]) -> int:
    """Return the number of Monte Carlo trials that one question may ask of a model."""
    drawn = sum(_drawn(given.knowledge) for given in knowns.inputs)
    return MOST_WORK // (drawn + sum(_work(equation.root) for equation in equations) + 1)


def _drawn(knowledge: Knowledge) -> int:
    if math.isfinite(knowledge.degrees_of_freedom):
        return UNCERTAIN_DRAW
    return DRAWS.get(knowledge.shape, OTHER_DRAW)


def _work(node: Node) -> int:
    if not isinstance(node, Operation):
        return 0
    own = 5 if node.operator in PLAIN else 60 if node.operator in CIRCULAR else 20
    return own + sum(map(_work, node.sides))

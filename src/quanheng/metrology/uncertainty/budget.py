"""An uncertainty budget as data: inputs, correlations, the measurement equation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np

from quanheng.metrology.uncertainty.distributions import LARGEST, Knowledge, Shape
from quanheng.metrology.uncertainty.equation import Equation
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

SLACK = 1e-10  # of an eigenvalue, for correlations that were rounded


@dataclass(frozen=True, slots=True)
class Input:
    """An input quantity: its estimate and what is known of it.

    Args:
        exact: the estimate with every digit that was written; None where the binary number is all there is.
    """

    name: str
    estimate: float
    knowledge: Knowledge
    exact: Decimal | None = None

    @property
    def digits(self) -> Decimal:
        return Decimal(repr(self.estimate)) if self.exact is None else self.exact


class Knowns:
    """Input quantities and how they correlate: what every model stands on."""

    inputs: tuple[Input, ...]
    correlations: Mapping[frozenset[str], float]

    @property
    def estimates(self) -> dict[str, float]:
        return {given.name: given.estimate for given in self.inputs}

    @property
    def is_correlated(self) -> bool:
        return any(value != 0 for value in self.correlations.values())

    @property
    def has_mean(self) -> bool:
        """Whether every input is drawn from a distribution with an expectation."""
        return all(given.knowledge.has_mean for given in self.inputs)

    @property
    def has_variance(self) -> bool:
        """Whether every input is drawn from a distribution with a standard deviation."""
        return all(given.knowledge.has_variance for given in self.inputs)

    @property
    def correlated(self) -> tuple[Input, ...]:
        """The inputs that correlate with another one."""
        return tuple(given for given in self.inputs if given.name in self.sets)

    @property
    def sets(self) -> dict[str, int]:
        """The number of the set that each correlated input is in; sets do not correlate with each other."""
        found: dict[str, int] = {}
        for number, pair in enumerate(sorted(map(sorted, (p for p, r in self.correlations.items() if r)))):
            joined = {found[name] for name in pair if name in found}
            found |= dict.fromkeys(pair, number)
            found |= {name: number for name, other in found.items() if other in joined}
        return found

    def correlation_matrix(self, names: Sequence[str]) -> Any:
        """Return the matrix of correlation coefficients, shape (n, n)."""
        matrix = np.eye(len(names))
        for pair, value in self.correlations.items():
            if not value:
                continue
            one, other = (names.index(name) for name in pair)
            matrix[one, other] = matrix[other, one] = value
        return matrix

    def check(self, used: Collection[str]) -> None:
        """Check the inputs against the names that the model uses.

        Raises:
            CaseFault: an input that the model does not use or the other way round, a name twice, a
                correlation of an unknown name, of inputs that are not normal, or beyond ±1, or a matrix that
                is not positive semi-definite.
        """
        names = [given.name for given in self.inputs]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise CaseFault(f"inputs[{index}].name", "twice", tell("输入量“{name}”写了两次。", name=name))
            if not abs(self.inputs[index].estimate) <= LARGEST:
                raise CaseFault(f"inputs[{index}].estimate", "out_of_range", "数值过大，请换用合适的单位。")
            if name not in used:
                raise CaseFault(
                    f"inputs[{index}].name", "unused", tell("测量模型里没有输入量“{name}”。", name=name)
                )
        if missing := [name for name in used if name not in names]:
            raise CaseFault(
                "inputs", "missing", tell("测量模型里的“{missing}”没有给出输入量。", missing=[*missing])
            )
        self._check_correlations(names)

    def _check_correlations(self, names: list[str]) -> None:
        shapes = {given.name: given.knowledge.shape for given in self.inputs}
        for pair, value in self.correlations.items():
            if len(pair) != 2 or not pair <= set(names):
                raise CaseFault("correlations", "unknown_name", "相关系数须写明两个不同的输入量。")
            if not -1 <= value <= 1:
                raise CaseFault(
                    "correlations",
                    "beyond_one",
                    tell("相关系数应在 −1 与 1 之间，现为 {value}。", value=value),
                )
            if value and any(shapes[name] != Shape.NORMAL for name in pair):
                raise CaseFault("correlations", "not_normal", "只有正态分布的输入量可以给出相关系数。")
        if self.correlations and np.linalg.eigvalsh(self.correlation_matrix(names)).min() < -SLACK:
            raise CaseFault(
                "correlations", "not_positive", "这些相关系数互相矛盾（矩阵不是半正定），请核对。"
            )


def no_correlations() -> Mapping[frozenset[str], float]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Budget(Knowns):
    """Everything that an evaluation of one output needs.

    Args:
        correlations: pair of names → correlation coefficient; pairs that are not named are uncorrelated.

    Raises:
        CaseFault: as `Knowns.check`.
    """

    equation: Equation
    inputs: tuple[Input, ...]
    correlations: Mapping[frozenset[str], float] = field(default_factory=no_correlations)

    def __post_init__(self) -> None:
        self.check(self.equation.names)

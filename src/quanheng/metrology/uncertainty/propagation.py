"""The GUM uncertainty framework (JCGM 100:2008; JJF 1059.1-2012), first order and with second-order terms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from scipy.stats import norm, t

from quanheng.metrology.uncertainty.budget import Budget
from quanheng.metrology.uncertainty.derivatives import Derivatives, derivatives
from quanheng.metrology.uncertainty.digits import exact_estimate
from quanheng.metrology.uncertainty.evaluation import estimate
from quanheng.packs.case_fault import CaseFault

LARGEST_CONTRIBUTION = 1e140  # whose square can still be summed
MOST_DEGREES = 1e6  # of freedom; more are as good as infinitely many


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row of the budget.

    Args:
        sensitivity: c_i = ∂f/∂x_i.
        contribution: |c_i|·u(x_i).
        share: of the variance of the result, correlations left out; between 0 and 1.
    """

    name: str
    estimate: float
    standard_uncertainty: float
    degrees_of_freedom: float
    sensitivity: float
    contribution: float
    share: float


@dataclass(frozen=True, slots=True)
class Propagated:
    """The result of the framework.

    Args:
        degrees_of_freedom: by Welch-Satterthwaite, not truncated; None where inputs are correlated, for which
            the formula does not hold (JCGM 100, G.4.1, note).
        has_variance: whether draws of the inputs would have one.
        exact: the estimate with digits that a binary number has no room for; None where it cannot be had.
        second_order_uncertainty: with the terms of 5.1.2, note; None unless asked for.
    """

    estimate: float
    standard_uncertainty: float
    degrees_of_freedom: float | None
    rows: tuple[Contribution, ...]
    second_order_uncertainty: float | None = None
    exact: Decimal | None = None
    has_variance: bool = True

    @property
    def stated_uncertainty(self) -> float:
        """The uncertainty that is stated: with the second-order terms where they were asked for."""
        return self.second_order_uncertainty or self.standard_uncertainty

    def coverage_factor(self, probability: float) -> float:
        """Return k: of t with the degrees of freedom truncated (G.4.1), else of the normal distribution."""
        if not 0 < probability < 1:
            raise CaseFault("probability", "not_a_share", "包含概率应在 0 与 1 之间。")
        upper = (1 + probability) / 2
        whole = math.inf if self.degrees_of_freedom is None else self.degrees_of_freedom
        if math.isinf(whole):
            return float(norm.ppf(upper))
        return float(t.ppf(upper, max(1, math.floor(whole))))


def propagate(budget: Budget, *, second_order: bool = False) -> Propagated:
    """Propagate the standard uncertainties.

    Raises:
        CaseFault: the equation or one of its derivatives has no finite value at the estimates; second-order
            terms of correlated inputs, which the note does not cover.
    """
    if second_order and budget.is_correlated:
        raise CaseFault("correlations", "second_order", "输入量相关时没有二阶公式，请用蒙特卡洛法。")
    found = derivatives(budget.equation, budget.estimates, order=2 if second_order else 1)
    rows = _rows(budget, found)
    variance = sum(row.contribution**2 for row in rows)
    signed = {row.name: row.sensitivity * row.standard_uncertainty for row in rows}
    for pair, correlation in budget.correlations.items():
        one, other = pair
        variance += 2 * correlation * signed[one] * signed[other]
    uncertainty = math.sqrt(max(variance, 0.0))
    exact = exact_estimate(budget.equation, budget)
    return Propagated(
        estimate=_checked(budget, exact),
        standard_uncertainty=uncertainty,
        degrees_of_freedom=None if budget.is_correlated else _welch_satterthwaite(rows, uncertainty),
        rows=rows,
        second_order_uncertainty=_with_second_order(variance, budget, found) if second_order else None,
        exact=exact,
        has_variance=budget.has_variance,
    )


def _checked(budget: Budget, exact: Decimal | None) -> float:
    """Return the estimate as a binary number: of the decimal one, where there is one."""
    binary = estimate(budget.equation, budget.estimates)
    return binary if exact is None else float(exact)


def _rows(budget: Budget, found: Derivatives) -> tuple[Contribution, ...]:
    weighed = [
        (given, float(sensitivity), abs(float(sensitivity)) * given.knowledge.standard_uncertainty)
        for given, sensitivity in zip(budget.inputs, found.first, strict=True)
    ]
    if max(contribution for *_, contribution in weighed) > LARGEST_CONTRIBUTION:
        raise CaseFault("equation", "out_of_range", "不确定度分量过大，请换用合适的单位。")
    total = sum(contribution**2 for *_, contribution in weighed)
    return tuple(
        Contribution(
            name=given.name,
            estimate=given.estimate,
            standard_uncertainty=given.knowledge.standard_uncertainty,
            degrees_of_freedom=given.knowledge.degrees_of_freedom,
            sensitivity=sensitivity,
            contribution=contribution,
            share=contribution**2 / total if total else 0.0,
        )
        for given, sensitivity, contribution in weighed
    )


def _welch_satterthwaite(rows: tuple[Contribution, ...], uncertainty: float) -> float:
    """ν_eff = u_c⁴ / Σ (u_i⁴/ν_i) (G.2b)."""
    if uncertainty == 0:
        return math.inf
    below = sum((row.contribution / uncertainty) ** 4 / row.degrees_of_freedom for row in rows)
    return 1 / below if below > 1 / MOST_DEGREES else math.inf


def _with_second_order(variance: float, budget: Budget, found: Derivatives) -> float:
    with np.errstate(all="ignore"):
        total = variance + _second_order(budget, found)
    if not 0 <= total < math.inf:
        message = "二阶近似的方差为负或过大：测量模型在估计值附近弯曲太甚，请用蒙特卡洛法。"
        raise CaseFault("second_order", "no_variance", message)
    return math.sqrt(total)


def _second_order(budget: Budget, found: Derivatives) -> float:
    """Σ Σ [½ f_ij² + f_i f_ijj] u_i² u_j², over every ordered pair of inputs (5.1.2, note)."""
    variances = np.array([given.knowledge.standard_uncertainty**2 for given in budget.inputs])
    terms = 0.5 * found.second**2 + found.first[:, None] * found.mixed
    return float(variances @ terms @ variances)

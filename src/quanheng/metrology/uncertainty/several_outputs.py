"""Several outputs of the same inputs, which thereby correlate (JCGM 102:2011).

A coverage region is an ellipsoid (y − η)ᵀ U_y⁻¹ (y − η) ≤ k_p², or a box y_j ± k_q·u(y_j). Where the outputs
depend on each other exactly (R, X and Z = √(R² + X²)), U_y is singular: the ellipsoid lies in as many
dimensions as the matrix has rank, and k_p is that of so many.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from quanheng.metrology.uncertainty.budget import Input, Knowns, no_correlations
from quanheng.metrology.uncertainty.coverage import tolerance_of
from quanheng.metrology.uncertainty.derivatives import derivatives
from quanheng.metrology.uncertainty.digits import exact_estimate, is_lost, rounding_error
from quanheng.metrology.uncertainty.equation import Equation
from quanheng.metrology.uncertainty.evaluation import estimate
from quanheng.metrology.uncertainty.monte_carlo import check, draw_outputs
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

Array = NDArray[np.float64]
FLAT = 1e-6  # of the largest eigenvalue: an axis below a thousandth of the longest is curvature of the model


@dataclass(frozen=True)
class SeveralOutputs(Knowns):
    """A budget with an equation for each output.

    Args:
        equations: by the name of the output.

    Raises:
        CaseFault: as `Knowns.check`; no equation at all; an output named like an input.
    """

    equations: Mapping[str, Equation]
    inputs: tuple[Input, ...]
    correlations: Mapping[frozenset[str], float] = field(default_factory=no_correlations)

    def __post_init__(self) -> None:
        if not self.equations:
            raise CaseFault("outputs", "missing", "请至少写出一个输出量。")
        names = {given.name for given in self.inputs}
        for index, name in enumerate(self.equations):
            if name in names:
                raise CaseFault(
                    f"outputs[{index}].name",
                    "name_of_input",
                    tell("输出量“{name}”与一个输入量同名。", name=name),
                )
        self.check(dict.fromkeys(name for equation in self.equations.values() for name in equation.names))

    @property
    def by_field(self) -> dict[str, Equation]:
        """Each equation by the field that holds it."""
        return {
            f"outputs[{index}].equation": equation for index, equation in enumerate(self.equations.values())
        }


@dataclass(frozen=True, slots=True)
class JointResult:
    """Estimates of the outputs, their covariances, and the factors of two coverage regions.

    Args:
        covariance: U_y, shape (m, m).
        correlation: of the outputs; 0 beside an output without uncertainty.
        dimensions: the rank of U_y.
        ellipsoid_factor: k_p (JCGM 102, 6.5.2 and 7.7.2).
        box_factor: k_q (6.5.3 and 7.7.3).
    """

    estimates: Array
    covariance: Array
    correlation: Array
    dimensions: int
    ellipsoid_factor: float
    box_factor: float

    @property
    def standard_uncertainties(self) -> Array:
        uncertainties: Array = np.sqrt(np.diag(self.covariance))
        return uncertainties

    @property
    def largest_eigenvalue(self) -> float:
        """Of the correlation matrix: JCGM 102 compares two matrices by it."""
        return float(np.linalg.eigvalsh(self.correlation)[-1])


@dataclass(frozen=True, slots=True)
class JointValidation:
    """How far the framework lies from the draws, and how far it may (JCGM 102, clause 8).

    Args:
        tolerances: δ of each output, for its estimate and its uncertainty.
        are_digits_lost: whether an output subtracts nearly equal numbers, so that its draws are rounding.
    """

    tolerances: Array
    estimate_differences: Array
    uncertainty_differences: Array
    eigenvalue_tolerance: float
    eigenvalue_difference: float
    factor_tolerance: float
    factor_difference: float
    are_digits_lost: bool

    @property
    def is_validated(self) -> bool:
        return bool(
            not self.are_digits_lost
            and (self.estimate_differences <= self.tolerances).all()
            and (self.uncertainty_differences <= self.tolerances).all()
            and self.eigenvalue_difference <= self.eigenvalue_tolerance
            and self.factor_difference <= self.factor_tolerance
        )


def propagate_jointly(model: SeveralOutputs, probability: float) -> JointResult:
    """Propagate the covariances: U_y = C_x·U_x·C_xᵀ (6.2.1.3), the outputs taken as jointly normal.

    Raises:
        CaseFault: a probability outside 0–1; an equation without a finite value or derivative.
    """
    check_probability(probability)
    inputs = model.estimates
    sensitivity = np.array(
        [derivatives(one, inputs, name, order=1).first for name, one in model.by_field.items()]
    )
    uncertainties = np.array([given.knowledge.standard_uncertainty for given in model.inputs])
    with np.errstate(all="ignore"):
        scaled = sensitivity * uncertainties
        covariance = scaled @ model.correlation_matrix(list(inputs)) @ scaled.T
    _check_finite(covariance)
    estimates = np.array([estimate(one, inputs, name) for name, one in model.by_field.items()])
    correlation = _correlation(covariance)
    dimensions = _rank(correlation)
    outputs = len(estimates)
    return JointResult(
        estimates=estimates,
        covariance=covariance,
        correlation=correlation,
        dimensions=dimensions,
        ellipsoid_factor=math.sqrt(chi2.ppf(probability, dimensions)) if dimensions else 0.0,
        box_factor=float(norm.ppf(1 - (1 - probability) / (2 * outputs))) if dimensions else 0.0,
    )


def simulate_jointly(
    model: SeveralOutputs, trials: int, probability: float, chance: Generator
) -> JointResult:
    """Propagate the distributions (7.6), and find the regions that hold the share of the draws (7.7).

    Raises:
        CaseFault: too few or too many trials, a probability outside 0–1, an equation without a finite value,
            an input whose t-distribution has no variance, so that there is no covariance.
    """
    check(trials, probability)
    for index, given in enumerate(model.inputs):
        if not given.knowledge.has_variance:
            message = "t 分布的自由度不大于 2 时没有方差，多个输出量之间没有协方差；请增加观测次数。"
            raise CaseFault(f"inputs[{index}].degrees_of_freedom", "no_variance", message)
    draws = draw_outputs(model, model.by_field, trials, chance)
    estimates = draws.mean(axis=1)
    draws -= estimates[:, None]
    covariance = draws @ draws.T / (trials - 1)
    uncertainties = np.sqrt(np.diag(covariance))
    correlation = _correlation(covariance)
    draws /= np.where(uncertainties > 0, uncertainties, 1)[:, None]
    values, vectors = np.linalg.eigh(correlation)
    kept = _kept(values)
    whitened = (vectors[:, kept] / np.sqrt(values[kept])).T @ draws
    covered = min(math.ceil(probability * trials), trials) - 1
    distances = np.square(whitened).sum(axis=0)
    widths = np.abs(draws).max(axis=0)
    return JointResult(
        estimates=estimates,
        covariance=covariance,
        correlation=correlation,
        dimensions=int(kept.sum()),
        ellipsoid_factor=math.sqrt(np.partition(distances, covered)[covered]),
        box_factor=float(np.partition(widths, covered)[covered]),
    )


def validate_jointly(
    model: SeveralOutputs, framework: JointResult, draws: JointResult, digits: int
) -> JointValidation:
    """Compare the framework with the draws, to so many significant digits of each figure.

    Raises:
        CaseFault: digits other than 1 or 2.
    """
    if digits not in {1, 2}:
        raise CaseFault("digits", "not_one_or_two", "有效位数应为 1 或 2。")
    return JointValidation(
        tolerances=np.array([tolerance_of(float(one), digits) for one in draws.standard_uncertainties]),
        estimate_differences=np.abs(framework.estimates - draws.estimates),
        uncertainty_differences=np.abs(framework.standard_uncertainties - draws.standard_uncertainties),
        eigenvalue_tolerance=tolerance_of(draws.largest_eigenvalue, digits),
        eigenvalue_difference=abs(framework.largest_eigenvalue - draws.largest_eigenvalue),
        factor_tolerance=tolerance_of(draws.ellipsoid_factor, digits),
        factor_difference=abs(framework.ellipsoid_factor - draws.ellipsoid_factor),
        are_digits_lost=_are_digits_lost(model, framework, draws, digits),
    )


def _are_digits_lost(model: SeveralOutputs, framework: JointResult, draws: JointResult, digits: int) -> bool:
    return any(
        is_lost(
            rounding_error(equation, model),
            tolerance_of(min(told, drawn) or max(told, drawn), digits),
            estimate,
            exact_estimate(equation, model),
        )
        for equation, told, drawn, estimate in zip(
            model.equations.values(),
            framework.standard_uncertainties.tolist(),
            draws.standard_uncertainties.tolist(),
            draws.estimates.tolist(),
            strict=True,
        )
    )


def check_probability(probability: float) -> None:
    """Check a coverage probability.

    Raises:
        CaseFault: it is not between 0 and 1.
    """
    if not 0 < probability < 1:
        raise CaseFault("probability", "not_a_share", "包含概率应在 0 与 1 之间。")


def _check_finite(covariance: Any) -> None:
    for index, row in enumerate(covariance):
        if not np.isfinite(row).all():
            message = "结果的方差超出了计算机能表示的范围，请换用合适的单位。"
            raise CaseFault(f"outputs[{index}].equation", "not_finite", message)


def _correlation(covariance: Any) -> Array:
    uncertainties = np.sqrt(np.diag(covariance))
    scale = np.where(uncertainties > 0, uncertainties, 1)
    matrix: Array = np.clip(covariance / np.outer(scale, scale), -1, 1)
    np.fill_diagonal(matrix, np.where(uncertainties > 0, 1.0, 0.0))
    return matrix


def _rank(correlation: Array) -> int:
    return int(_kept(np.linalg.eigvalsh(correlation)).sum())


def _kept(values: Any) -> NDArray[np.bool_]:
    """Return which eigenvalues stand for a dimension of their own."""
    kept: NDArray[np.bool_] = values > FLAT * max(float(values[-1]), FLAT)
    return kept

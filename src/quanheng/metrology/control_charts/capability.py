"""Capability and performance of a process against its specification (NIST/SEMATECH e-Handbook 6.1.6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from quanheng.metrology.control_charts.limits import check_sigma
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class Capability:
    """How the spread of a process compares with what is allowed.

    Args:
        two_sided: Cp (or Pp); None where the specification has one side only.
        worst: Cpk (or Ppk): the nearer limit, in units of three standard deviations.
    """

    two_sided: float | None
    worst: float


def capability(mean: float, sigma: float, lower: float | None, upper: float | None) -> Capability:
    """Return Cp and Cpk with a standard deviation within subgroups; Pp and Ppk with the overall one.

    Raises:
        CaseFault: no limit, limits in the wrong order, a standard deviation that is not positive.
    """
    check_sigma(sigma, "sigma")
    if lower is None and upper is None:
        raise CaseFault("specification", "empty", "规格限至少给出一侧。")
    if lower is not None and upper is not None and not lower < upper:
        raise CaseFault(
            "specification.upper",
            "wrong_order",
            tell("规格上限 {upper} 应大于下限 {lower}。", upper=upper, lower=lower),
        )
    margins = ([] if upper is None else [upper - mean]) + ([] if lower is None else [mean - lower])
    width = sum(margins) if len(margins) == 2 else None
    return Capability(None if width is None else width / (6 * sigma), min(margins) / (3 * sigma))


def overall_sigma(readings: ArrayLike) -> float:
    """Return the sample standard deviation of all readings that are there, in two passes.

    Raises:
        CaseFault: fewer than two readings.
    """
    values = np.ravel(np.asarray(readings, dtype=np.float64))
    present = values[np.isfinite(values)]
    if len(present) < 2:
        raise CaseFault("readings", "too_few", "至少需要两个有效读数。")
    return float(present.std(ddof=1))

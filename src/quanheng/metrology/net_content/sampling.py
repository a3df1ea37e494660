"""Sampling plans: how many items of a lot are measured, and how many may lack more than T."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scipy.stats import hypergeom, t

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """The plan for one lot.

    Args:
        sample: items to measure; the whole lot where the plan says so.
        factor: of the mean test, as the law prints it; None where the mean is not tested or tested without s.
        exact_factor: t(p, n − 1)/√n, for comparison; None without a factor.
        mean_of: how many of the items the mean is taken of.
        tests_mean: whether the mean has to reach the nominal quantity.
        allowed: T1 items with which the lot passes.
        rejected_from: T1 items with which it fails at once; between the two a second sample decides.
        second, allowed_in_both: size of the second sample, and the T1 items allowed in both together.
    """

    sample: int
    factor: Decimal | None
    exact_factor: float | None
    mean_of: int
    tests_mean: bool
    allowed: int
    rejected_from: int
    second: int = 0
    allowed_in_both: int = 0


def sampling_plan(lot: int, pack: RulePack, *, destructive: bool = False) -> SamplingPlan:
    """Return the plan for a lot.

    A lot that is measured entirely leaves nothing to infer: its mean is the mean of the lot, so that it is
    compared with the nominal quantity itself, without the correction for a sample.

    Raises:
        CaseFault: an empty lot.
    """
    if lot < 1:
        raise CaseFault("lot_size", "empty_lot", tell("批量应至少为 1，现为 {lot}。", lot=lot), lot_size=lot)
    table = pack.table("sampling").values
    row = next(row for row in table["rows"] if lot <= row.get("lot_to", lot))
    if destructive and "destructive" in table and lot > table["destructive"]["sample"]:
        row = table["destructive"]
    sample = lot if row.get("all") else int(row["sample"])
    factor = None if sample == lot else Decimal(row["factor"])
    mean_of = int(row.get("mean_of", sample))
    allowed = int(row.get("allowed", 0))
    return SamplingPlan(
        sample=sample,
        factor=factor,
        exact_factor=None if factor is None else exact_factor(mean_of, float(table["confidence"])),
        mean_of=mean_of,
        tests_mean=not row.get("all") or bool(row.get("tests_mean")),
        allowed=allowed,
        rejected_from=int(row.get("rejected_from", allowed + 1)),
        second=int(row.get("second", 0)),
        allowed_in_both=int(row.get("allowed_in_both", 0)),
    )


def exact_factor(sample: int, confidence: float, largest_lot: int | None = None) -> float:
    """Return t(p, n − 1)/√n, with the finite-lot correction √((N − n)/N) where a largest lot is given."""
    factor = float(t.ppf(confidence, sample - 1)) / math.sqrt(sample)
    return factor if largest_lot is None else factor * math.sqrt((largest_lot - sample) / largest_lot)


def acceptance_probability(lot: int, sample: int, allowed: int, inadequate: int) -> float:
    """Return the probability that a lot with so many T1 items passes the item test (hypergeometric).

    Raises:
        CaseFault: more items in the sample, or more inadequate ones, than the lot has.
    """
    for field, value in (("sample", sample), ("inadequate", inadequate)):
        if not 0 <= value <= lot:
            raise CaseFault(
                field,
                "beyond_lot",
                tell("应在 0 与批量 {lot} 之间，现为 {value}。", lot=lot, value=value),
                lot=lot,
            )
    distribution: Any = hypergeom(lot, inadequate, sample)
    return float(distribution.cdf(allowed))

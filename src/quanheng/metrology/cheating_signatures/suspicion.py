"""A suspicion, and the queue that suspicions wait in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import ArrayLike

from quanheng.metrology.control_charts.grid import Floats
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell

LEAST = 1e-300  # smaller probabilities are all the same


@dataclass(frozen=True, slots=True)
class SignatureRule:
    """The limits of a pack `control-chart/cheating-signatures`; shares are of honest instruments."""

    probability: float
    unrecorded_share: float
    record_window: float
    inspection_window: float
    start_not_zero: float
    flow_above_limit: float
    flow_tolerance: float
    sale_above_tank: float
    tank_tolerance: float
    reconciliation_share: float
    reconciliation_litres: float
    zero_error_e: float
    false_discovery_rate: float
    permitted_error: float


def read_signature_rule(pack: RulePack) -> SignatureRule:
    """Return the limits of the pack as numbers."""
    shares = pack.table("shares").values
    return SignatureRule(
        probability=float(pack.table("threshold").values["probability"]),
        unrecorded_share=float(pack.table("records").values["unrecorded_share"]),
        record_window=float(pack.table("records").values["window_seconds"]),
        inspection_window=float(pack.table("inspections").values["window_seconds"]),
        start_not_zero=float(shares["start_not_zero"]),
        flow_above_limit=float(shares["flow_above_limit"]),
        flow_tolerance=float(shares["flow_tolerance"]),
        sale_above_tank=float(shares["sale_above_tank"]),
        tank_tolerance=float(shares["tank_tolerance"]),
        reconciliation_share=float(pack.table("reconciliation").values["share"]),
        reconciliation_litres=float(pack.table("reconciliation").values["litres"]),
        zero_error_e=float(pack.table("scales").values["zero_error_e"]),
        false_discovery_rate=float(pack.table("queue").values["false_discovery_rate"]),
        permitted_error=float(pack.table("dispensers").values["permitted_error"]),
    )


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What one sign says of one instrument.

    Args:
        signature: which sign, such as ``"totaliser_gap"``.
        probability: with which an honest instrument shows data at least as strange.
        is_suspicious: whether that is at most the threshold of the rule.
        reason: what was seen, in Chinese.
        facts: the numbers behind it.
    """

    signature: str
    probability: float
    is_suspicious: bool
    reason: str
    facts: Mapping[str, float]

    @property
    def score(self) -> float:
        """-log₁₀ of the probability: 3 is one in a thousand."""
        return -log10(max(self.probability, LEAST))


def suspicion_of(
    signature: str, probability: float, rule: SignatureRule, reason: str, **facts: float
) -> Suspicion:
    """Return the suspicion that a probability makes."""
    chance = float(min(1.0, probability))
    return Suspicion(signature, chance, chance <= rule.probability, reason, facts)


def ranked(
    suspicions: Iterable[Suspicion], rule: SignatureRule, *, at_most: int | None = None
) -> tuple[Suspicion, ...]:
    """Return those worth an inspection, the least likely by chance first.

    Keeps the expected share of honest instruments among them at the rule's rate (Benjamini, Hochberg 1995),
    and no more than the inspectors can take.
    """
    ordered = sorted(suspicions, key=lambda suspicion: suspicion.probability)
    limits = rule.false_discovery_rate * np.arange(1, len(ordered) + 1) / max(1, len(ordered))
    kept = [place for place, suspicion in enumerate(ordered) if suspicion.probability <= limits[place]]
    count = kept[-1] + 1 if kept else 0
    return tuple(ordered[: count if at_most is None else min(count, at_most)])


def numbers(values: ArrayLike, field: str, *, at_least: int = 1) -> Floats:
    """Return a series of finite numbers.

    Raises:
        CaseFault: too few of them, or one that is missing.
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or len(series) < at_least:
        raise CaseFault(
            field, "too_few", tell("至少需要 {at_least} 个数。", at_least=at_least), shape=series.shape
        )
    if not np.isfinite(series).all():
        raise CaseFault(field, "not_finite", "应全部为有限数。")
    return series

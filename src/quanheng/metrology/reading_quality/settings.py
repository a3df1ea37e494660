"""What readings are judged by: the rule, and what is known of each channel's meter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from quanheng.metrology.control_charts.grid import Floats, per_channel
from quanheng.metrology.reading_quality.load_profile import LoadProfile
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack


@dataclass(frozen=True, slots=True)
class QualityRule:
    """The limits of a pack `control-chart/reading-quality`."""

    missing_gap_intervals: float
    clock_readings: int
    rollover_share: float
    spike_nameplates: float
    frozen_probability: float
    ratio_factors: tuple[float, ...]
    ratio_tolerance: float
    ratio_readings: int
    balance_coverage: float


def read_quality_rule(pack: RulePack) -> QualityRule:
    """Return the limits of the pack as numbers."""
    time, register = pack.table("time").values, pack.table("register").values
    ratio = pack.table("unit-ratio").values
    return QualityRule(
        missing_gap_intervals=float(time["missing_gap_intervals"]),
        clock_readings=time["clock_readings"],
        rollover_share=float(register["rollover_share"]),
        spike_nameplates=float(register["spike_nameplates"]),
        frozen_probability=float(register["frozen_probability"]),
        ratio_factors=tuple(float(factor) for factor in ratio["factors"]),
        ratio_tolerance=float(ratio["tolerance"]),
        ratio_readings=ratio["readings"],
        balance_coverage=float(pack.table("balance").values["coverage"]),
    )


@dataclass(frozen=True, slots=True)
class Meters:
    """What is known of the meter of each channel; every item one number, or one a channel.

    Args:
        interval: seconds between readings, as agreed.
        allowed_delay: seconds from the instant of a reading to its receipt.
        clock_tolerance: seconds by which a clock may be ahead.
        profile: how the load is spread over the day or week; None for an even one.
        capacity: C, at which the register begins again at 0.
        resolution: the least step of the register.
        nameplate_rate: the most that can flow in a second (units of the register).
        typical_rate: what usually flows in a second; NaN where it is not known, then nothing is frozen and no
            ratio is judged.
    """

    interval: ArrayLike
    allowed_delay: ArrayLike
    capacity: ArrayLike
    resolution: ArrayLike
    nameplate_rate: ArrayLike
    typical_rate: ArrayLike = float("nan")
    clock_tolerance: ArrayLike = 60.0
    profile: LoadProfile | None = None

    def share(self, begin: Floats, end: Floats) -> Floats:
        """Return how many times the typical rate is usual between two instants; 1 for an even load."""
        return np.ones(begin.shape) if self.profile is None else self.profile.share(begin, end)

    def of(self, name: str, channels: int) -> Floats:
        """Return one item as a column, a row for each channel.

        Raises:
            CaseFault: as many as neither one nor the channels; an item that must be positive and is not.
        """
        column = per_channel(getattr(self, name), channels, f"meters.{name}")[:, None]
        if not (np.isnan(column) | (column > 0)).all() or (name != "typical_rate" and np.isnan(column).any()):
            raise CaseFault(f"meters.{name}", "not_positive", "每个通道的值都应大于 0。")
        return column


def frozen_readings(resolution: Floats, typical_step: Floats, probability: float) -> Floats:
    """Return after how many readings without a step a register with load is frozen.

    Steps come as a Poisson process at the typical rate, so k readings pass without one with probability
    exp(-k·step/resolution); k is the first with less than the probability, and at least 2.
    """
    with np.errstate(divide="ignore"):
        needed = np.ceil(-np.log(probability) * resolution / typical_step)
    readings: Floats = np.maximum(needed, 2.0)
    return readings

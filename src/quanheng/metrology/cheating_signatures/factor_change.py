"""A changed pulse factor (K), shift by shift: is it there, since when, and is it a step or an honest drift.

What each litre sold draws from the tank is charted as a cumulative sum against the first shifts. A meter
wears slowly and is put right at the next verification; a factor that was set anew jumps. Both alarm the
chart, so behind an alarm the two explanations are held against each other, and neither is named before the
shifts tell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from quanheng.metrology.cheating_signatures.suspicion import numbers
from quanheng.metrology.control_charts.average_run_length import cusum_run_length
from quanheng.metrology.control_charts.cusum import CusumChart, cusum
from quanheng.metrology.control_charts.grid import Floats
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell

D2 = 2 / math.sqrt(math.pi)  # mean range of two normal values, in standard deviations
LEAST_REFERENCE = 0.1  # below it a shift scatters so much that the chart would take months
SURE = 50.0  # standard deviations; what is larger alarms at once
MOST_REFERENCE = 4.0  # beyond it a shift scatters so little that the change shows at once


class FactorChangeKind(StrEnum):
    """What the shifts tell of the factor."""

    NONE = "none"
    STEP = "step"  # from one shift to the next: set anew, or a part exchanged
    DRIFT = "drift"  # no faster than meters wear
    UNCLEAR = "unclear"  # alarmed, and the shifts do not tell yet which of the two


@dataclass(frozen=True, slots=True)
class FactorRule:
    """The limits of table `factor_change`.

    Args:
        change: the relative change that is to be found.
        in_control_shifts: mean distance of false alarms, in shifts.
        baseline_shifts: at the beginning, that tell level and scatter.
        confirming_shifts: behind an alarm before the change is named: alarms fall on extreme shifts.
        drift_per_shift: the fastest that a meter honestly drifts.
        odds: how much better one explanation has to be than the other.
    """

    change: float
    in_control_shifts: float
    baseline_shifts: int
    confirming_shifts: int
    drift_per_shift: float
    odds: float


@dataclass(frozen=True, slots=True)
class FactorChange:
    """What was found.

    Args:
        alarmed_at: number of the shift that alarmed the chart, from 0; None without an alarm.
        since: number of the first shift that the better explanation gives another level or slope.
        size: relative change of the factor by the last shift; negative where less comes out.
        deviation: standard deviation of one shift.
        found_within: shifts after which a change of the rule's size alarms on average (the run length).
    """

    kind: FactorChangeKind
    alarmed_at: int | None
    since: int | None
    size: float
    deviation: float
    found_within: float


def read_factor_rule(pack: RulePack) -> FactorRule:
    """Return the limits of the pack as numbers."""
    values = pack.table("factor_change").values
    return FactorRule(
        change=float(values["change"]),
        in_control_shifts=float(values["in_control_shifts"]),
        baseline_shifts=values["baseline_shifts"],
        confirming_shifts=values["confirming_shifts"],
        drift_per_shift=float(values["drift_per_shift"]),
        odds=float(values["odds"]),
    )


def factor_change(tank_drops: ArrayLike, sales: ArrayLike, rule: FactorRule) -> FactorChange:
    """Judge the shifts of one nozzle, or of a tank whose nozzles share their fate.

    Args:
        tank_drops: what each shift drew from the tank, deliveries accounted for, litres.
        sales: what it sold by the display, litres; a shift that sold nothing is left out before.

    Raises:
        CaseFault: too few shifts, unequal ones, one without sales, or shifts that scatter too much.
    """
    drawn = numbers(tank_drops, "tank_drops", at_least=rule.baseline_shifts + 1)
    sold = numbers(sales, "sales", at_least=rule.baseline_shifts + 1)
    if drawn.shape != sold.shape or not (sold > 0).all():
        raise CaseFault("sales", "wrong_shape", "每个班次应有一个油罐减少量和一个大于 0 的销量。")
    gains = drawn / sold
    baseline = gains[: rule.baseline_shifts]
    deviation = float(np.abs(np.diff(baseline)).mean() / D2)
    chart = factor_chart(float(baseline.mean()), deviation, rule)
    within = shifts_until_found(chart, rule.change / deviation)
    flags = cusum(gains[rule.baseline_shifts :], chart).flags
    alarms = np.flatnonzero(flags)
    if not len(alarms):
        return FactorChange(FactorChangeKind.NONE, None, None, 0.0, deviation, within)
    alarm = rule.baseline_shifts + int(alarms[0])
    kind, since, size = _explain(gains, is_early=len(gains) - 1 - alarm < rule.confirming_shifts, rule=rule)
    return FactorChange(kind, alarm, since, size, deviation, within)


def factor_chart(level: float, deviation: float, rule: FactorRule) -> CusumChart:
    """Return the chart that is quickest for the rule's change, with false alarms as seldom as it says.

    Raises:
        CaseFault: shifts that do not scatter, or so much that the change drowns.
    """
    if not deviation > 0:
        raise CaseFault("tank_drops", "not_positive", "各班次的比值完全相同，不是实测数据。")
    reference = min(MOST_REFERENCE, round(rule.change / deviation / 2, 2))
    if reference < LEAST_REFERENCE:
        message = tell(
            "每班次标准偏差 {deviation:.2%}，太大，看不出 {change:.1%} 的变化；请合并班次。",
            deviation=deviation,
            change=rule.change,
        )
        raise CaseFault("tank_drops", "too_noisy", message, deviation=deviation)
    return CusumChart(level, deviation, reference, _decision(reference, rule.in_control_shifts))


@lru_cache(maxsize=1024)
def _decision(reference: float, in_control: float) -> float:
    """Return h with which false alarms lie so far apart."""

    def too_seldom(decision: float) -> float:
        return math.log(cusum_run_length(0.0, reference, decision) / in_control)

    least, most = 0.25, 0.5
    while too_seldom(most) < 0:  # step by step: far out the equation has no digits left
        least, most = most, 2 * most
    return least if too_seldom(least) > 0 else float(brentq(too_seldom, least, most, xtol=1e-4))


def shifts_until_found(chart: CusumChart, change: float) -> float:
    """Return after how many shifts a change (in standard deviations) alarms on average."""
    return _run_length(min(round(change, 2), SURE), chart.reference, chart.decision)


@lru_cache(maxsize=1024)
def _run_length(change: float, reference: float, decision: float) -> float:
    return cusum_run_length(change, reference, decision, two_sided=False)


def _explain(
    gains: Floats, *, is_early: bool, rule: FactorRule
) -> tuple[FactorChangeKind, int | None, float]:
    """Hold a step against a drift and both against no change, by the likelihood of normal shifts.

    A step may begin at any shift, which gives it ln √n for nothing (Schwarz 1978).
    """
    variance = (float(np.abs(np.diff(gains)).mean()) / D2) ** 2
    step, stepped, jump = _best_step(gains)
    drift, began, slope = _best_drift(gains, rule.drift_per_shift)
    constant = float(((gains - gains.mean()) ** 2).sum())
    bonus = math.log(len(gains)) / 2
    enough = math.log(rule.odds) + bonus
    step_over_drift = (drift - step) / (2 * variance)
    grown = slope * (len(gains) - 1 - began)
    if (constant - min(step, drift)) / (2 * variance) < enough:
        return FactorChangeKind.NONE, None, 0.0
    if is_early or bonus < step_over_drift < enough:
        return FactorChangeKind.UNCLEAR, stepped, jump
    if step_over_drift >= enough:
        return FactorChangeKind.STEP, stepped, jump
    return FactorChangeKind.DRIFT, began, grown


def _best_step(gains: Floats) -> tuple[float, int, float]:
    """Return the squares that the best step leaves, its first shift and its height."""
    count = len(gains)
    centred = gains - gains.mean()
    before = np.arange(1, count)
    sums = np.cumsum(centred)[:-1]
    explained = sums**2 * (1 / before + 1 / (count - before))
    place = int(explained.argmax())
    first = place + 1
    height = float(gains[first:].mean() - gains[:first].mean())
    return float((centred**2).sum() - explained[place]), first, height


def _best_drift(gains: Floats, fastest: float) -> tuple[float, int, float]:
    """Return the squares that the best drift leaves, the shift at which it begins and its slope a shift."""
    count = len(gains)
    begins = np.arange(count - 2)
    ramps = np.clip(np.arange(count)[None, :] - begins[:, None], 0, None).astype(np.float64)
    ramps -= ramps.mean(axis=1, keepdims=True)
    centred = gains - gains.mean()
    slopes = np.clip(ramps @ centred / (ramps**2).sum(axis=1), -fastest, fastest)
    left = ((centred[None, :] - slopes[:, None] * ramps) ** 2).sum(axis=1)
    place = int(left.argmin())
    return float(left[place]), place, float(slopes[place])

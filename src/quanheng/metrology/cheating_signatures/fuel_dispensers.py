"""Signs of manipulation in the data of fuel dispensers. Volumes are in litres, times in seconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from quanheng.metrology.cheating_signatures import chance
from quanheng.metrology.cheating_signatures.suspicion import (
    SignatureRule,
    Suspicion,
    numbers,
    suspicion_of,
)
from quanheng.metrology.control_charts.grid import Floats
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


def totaliser_gap(
    before: float, after: float, sales: ArrayLike, resolution: float, rule: SignatureRule
) -> Suspicion:
    """Compare what the totaliser moved with the sum of the transactions.

    Each sale is rounded to the resolution, and so are both readings of the totaliser.
    """
    sold = numbers(sales, "sales")
    if not resolution > 0:
        raise CaseFault(
            "resolution", "not_positive", tell("分辨力应大于 0，现为 {resolution}。", resolution=resolution)
        )
    gap = after - before - float(sold.sum())
    uncertainty = resolution * float(np.sqrt((len(sold) + 2) / 12))
    probability = chance.of_so_far(gap, uncertainty)
    reason = tell(
        "累计量变化与逐笔销量之和相差 {gap:.2f} L，其标准不确定度为 {uncertainty:.2f} L",
        gap=gap,
        uncertainty=uncertainty,
    )
    return suspicion_of("totaliser_gap", probability, rule, reason, gap=gap, uncertainty=uncertainty)


def unexplained_changes(
    what: str, times: ArrayLike, values: Sequence[object], records: ArrayLike, rule: SignatureRule
) -> Suspicion:
    """Count changes of a parameter or part without a record of verification, repair or seal near them.

    Args:
        what: such as 脉冲当量, 编码器编号, 监控微处理器编号 or 固件摘要.
        times: of the readings of the parameter, in order; values: what was read.
        records: instants of verification, repair and sealing.
    """
    seen, known = numbers(times, "times"), np.asarray(records, dtype=np.float64)
    if len(values) != len(seen):
        raise CaseFault("values", "wrong_shape", "每个时刻应有一个值。")
    changed = [place for place in range(1, len(seen)) if values[place] != values[place - 1]]
    unexplained = 0
    for place in changed:
        begin, end = seen[place - 1] - rule.record_window, seen[place] + rule.record_window
        unexplained += not ((known >= begin) & (known <= end)).any()
    probability = chance.of_so_many(unexplained, max(1, len(changed)), rule.unrecorded_share)
    reason = tell(
        "{what}变更 {count} 次，其中 {unexplained} 次前后没有检定、维修或铅封记录",
        what=what,
        count=len(changed),
        unexplained=unexplained,
    )
    return suspicion_of(
        "unexplained_change", probability, rule, reason, changes=len(changed), unexplained=unexplained
    )


def power_cycles_before_inspections(
    cycles: ArrayLike, inspections: ArrayLike, begin: float, end: float, rule: SignatureRule
) -> Suspicion:
    """Compare power cycles shortly before inspections with the share of time that this is (binomial)."""
    switched, inspected = np.asarray(cycles, dtype=np.float64), numbers(inspections, "inspections")
    ahead = inspected[:, None] - switched[None, :]
    is_before = ((ahead > 0) & (ahead <= rule.inspection_window)).any(axis=0)
    window = rule.inspection_window * len(inspected)
    if not end - begin > window:
        raise CaseFault("end", "too_short", "观察期应长于各次检查前时间窗之和。")
    near, total = int(is_before.sum()), len(switched)
    share = window / (end - begin)
    probability = chance.of_so_many(near, total, share)
    minutes, expected = rule.inspection_window / 60, total * share
    reason = tell(
        "断电重启 {total} 次，{near} 次在检查前 {minutes:.0f} 分钟内，按时间比例应为 {expected:.2g} 次",
        total=total,
        near=near,
        minutes=minutes,
        expected=expected,
    )
    return suspicion_of("power_cycle_before_inspection", probability, rule, reason, near=near, total=total)


def short_but_at_round_amounts(
    tank_drops: ArrayLike, round_sales: ArrayLike, other_sales: ArrayLike, rule: SignatureRule
) -> Suspicion:
    """Tell whether sales of other than round amounts drew less from the tank, litre for litre.

    Regresses each period's tank drop on both kinds of sales; a dispenser honest at 10 L, 20 L and round sums
    (what inspectors draw) and short otherwise has a smaller coefficient for the others. A difference within
    the maximum permissible error is none.
    """
    design = np.column_stack([numbers(round_sales, "round_sales"), numbers(other_sales, "other_sales")])
    found, covariance, freedom = chance.least_squares(design, numbers(tank_drops, "tank_drops"))
    shortage = float(found[0] - found[1])
    error = float(np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]))
    probability = chance.of_student(shortage - rule.permitted_error, error, freedom)
    reason = tell("非整额加油每升实际出油比整额加油少 {percent:.2f} %", percent=shortage * 100)
    return suspicion_of(
        "short_but_at_round_amounts", probability, rule, reason,
        shortage=shortage, round_gain=float(found[0]), other_gain=float(found[1]),
    )  # fmt: skip


def short_nozzles(tank_drops: ArrayLike, sales: ArrayLike, rule: SignatureRule) -> tuple[Suspicion, ...]:
    """Tell for each nozzle whether its sales drew less from the tank than its permissible error explains.

    Args:
        tank_drops: of each period, deliveries accounted for.
        sales: (periods, nozzles).

    Returns:
        One suspicion a nozzle; the probabilities allow for the number of nozzles (Bonferroni).
    """
    design = np.asarray(sales, dtype=np.float64)
    if design.ndim != 2:
        raise CaseFault("sales", "wrong_shape", "销量应按 时段 × 油枪 排列。")
    gains, covariance, freedom = chance.least_squares(design, numbers(tank_drops, "tank_drops"))
    errors = np.sqrt(np.diag(covariance))
    found = []
    for nozzle, (gain, error) in enumerate(zip(gains.tolist(), errors.tolist(), strict=True)):
        shortage = 1 - gain - rule.permitted_error
        probability = chance.of_student(shortage, error, freedom) * len(gains)
        reason = tell("第 {nozzle} 号枪每售 1 L，油罐只减少 {gain:.4f} L", nozzle=nozzle + 1, gain=gain)
        found.append(
            suspicion_of("short_nozzle", probability, rule, reason, nozzle=nozzle, gain=gain, error=error)
        )
    return tuple(found)


def tank_reconciliation(
    book_sales: float, tank_drop: float, uncertainty: float, rule: SignatureRule
) -> Suspicion:
    """Compare a month's sales with the tank, where short delivery makes sales the larger.

    What is over the allowance of 40 CFR 280.43(a) is weighed against the standard uncertainty of the gauge.
    """
    if not (uncertainty > 0 and book_sales >= 0):
        raise CaseFault("uncertainty", "not_positive", "不确定度应大于 0，销量应不小于 0。")
    variance = book_sales - tank_drop
    allowance = rule.reconciliation_share * book_sales + rule.reconciliation_litres
    probability = float(stats.norm.sf((variance - allowance) / uncertainty))
    reason = tell(
        "账面销量比油罐减少量多 {variance:.0f} L，允许 {allowance:.0f} L",
        variance=variance,
        allowance=allowance,
    )
    return suspicion_of(
        "tank_reconciliation", probability, rule, reason, variance=variance, allowance=allowance
    )


def starts_not_at_zero(starts: ArrayLike, resolution: float, rule: SignatureRule) -> Suspicion:
    """Count sales whose display did not begin at zero."""
    return _too_many(
        "start_not_zero",
        np.abs(numbers(starts, "starts")) >= resolution,
        rule.start_not_zero,
        tell("加油开始时示数不为零"),
        rule,
    )


def flow_above_hydraulic_limit(flows: ArrayLike, limit: float, rule: SignatureRule) -> Suspicion:
    """Count sales faster than the pump can deliver: injected pulses. Flows and limit in L/min."""
    too_fast = numbers(flows, "flows") > limit * (1 + rule.flow_tolerance)
    return _too_many("flow_above_limit", too_fast, rule.flow_above_limit, tell("流量超出液压上限"), rule)


def sales_above_vehicle_tank(sales: ArrayLike, tanks: ArrayLike, rule: SignatureRule) -> Suspicion:
    """Count sales larger than the tank of the vehicle, such as complaints and plates tell it."""
    sold, hold = numbers(sales, "sales"), numbers(tanks, "tanks")
    if sold.shape != hold.shape:
        raise CaseFault("tanks", "wrong_shape", "每笔销量应有一个油箱容量。")
    too_much = sold > hold * (1 + rule.tank_tolerance)
    return _too_many("sale_above_tank", too_much, rule.sale_above_tank, tell("加油量超过车辆油箱容量"), rule)


def _too_many(signature: str, hits: np.ndarray, share: float, words: str, rule: SignatureRule) -> Suspicion:
    count, trials = int(hits.sum()), len(hits)
    probability = chance.of_so_many(count, trials, share)
    reason = tell(
        "{trials} 笔中有 {count} 笔{words}，诚实加油机的比例约为 {percent:g} %",
        trials=trials,
        count=count,
        words=words,
        percent=share * 100,
    )
    return suspicion_of(signature, probability, rule, reason, count=count, trials=trials)


def complaint_rates(
    complaints: ArrayLike, transactions: ArrayLike, rule: SignatureRule
) -> tuple[Suspicion, ...]:
    """Compare each station's complaints with what its peers' rates make likely.

    Rates vary between honest stations as a gamma distribution whose mean and variance the other stations
    tell (empirical Bayes); given that, complaints are negative binomial, or Poisson where rates do not vary.
    """
    counts, exposure = numbers(complaints, "complaints", at_least=3), numbers(transactions, "transactions")
    if counts.shape != exposure.shape or not (exposure > 0).all() or (counts < 0).any():
        raise CaseFault("transactions", "wrong_shape", "每个站应有一个大于 0 的交易笔数和不小于 0 的投诉数。")
    found = []
    for station in range(len(counts)):
        peers = np.arange(len(counts)) != station
        mean, variance = _spread_of_rates(counts[peers], exposure[peers])
        expected = mean * float(exposure[station])
        probability = _at_least(float(counts[station]), expected, variance / mean**2)
        per_ten_thousand = float(counts[station] / exposure[station] * 10_000)
        reason = tell(
            "每万笔交易投诉 {per_ten_thousand:.2f} 件，同类站平均 {mean:.2f} 件",
            per_ten_thousand=per_ten_thousand,
            mean=mean * 10000,
        )
        found.append(
            suspicion_of(
                "complaint_rate", probability, rule, reason, rate=per_ten_thousand, expected=expected
            )
        )
    return tuple(found)


def _spread_of_rates(counts: Floats, exposure: Floats) -> tuple[float, float]:
    """Return mean and variance of the rates behind Poisson counts, by moments; half a complaint is added."""
    mean = float((counts.sum() + 0.5) / exposure.sum())
    squares = ((counts - mean * exposure) ** 2 - mean * exposure).sum()
    return mean, max(0.0, float(squares / (exposure**2).sum()))


def _at_least(count: float, expected: float, dispersion: float) -> float:
    if dispersion <= 1e-9:
        return float(stats.poisson.sf(count - 1, expected))
    shape = 1 / dispersion
    return float(stats.nbinom.sf(count - 1, shape, shape / (shape + expected)))

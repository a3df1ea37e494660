"""Signs of manipulated dispensers: each planted fraud is caught, and honest dispensers are left alone.

Honest and fraudulent dispensers are simulated. With a threshold of 1 in 1000, no more than 1 in 100 of the
honest ones may be suspected; of the fraudulent ones 9 in 10 must be.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from quanheng.metrology.cheating_signatures import chance
from quanheng.metrology.cheating_signatures import fuel_dispensers as signs
from quanheng.metrology.cheating_signatures.suspicion import (
    Suspicion,
    ranked,
    read_signature_rule,
    suspicion_of,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

RULE = read_signature_rule(shipped().in_force("control-chart/cheating-signatures", date(2026, 6, 1)))
DAY = 86_400.0
Random = np.random.Generator


def suspected(judge: Callable[[Random], Suspicion], instruments: int = 300) -> float:
    """Return the share of simulated instruments that are suspected."""
    found = [judge(np.random.default_rng(seed)) for seed in range(instruments)]
    return sum(one.is_suspicious for one in found) / instruments


def check(judge: Callable[[Random, bool], Suspicion]) -> None:
    assert suspected(lambda random: judge(random, False)) <= 0.01
    assert suspected(lambda random: judge(random, True)) >= 0.9


def test_a_totaliser_that_moved_more_than_was_sold() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        true = random.uniform(5, 60, 400)
        start = random.uniform(0, 1e5)
        end = start + true.sum() * (1.002 if is_fraud else 1.0)
        return signs.totaliser_gap(round(start, 2), round(end, 2), true.round(2), 0.01, RULE)

    check(judge)


def test_a_pulse_factor_that_changes_without_a_record() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        times = np.arange(360) * DAY
        changes = random.choice(np.arange(5, 355), 4, replace=False)
        values = 100 + np.array([(changes <= day).sum() for day in range(360)])
        records = times[changes[: 1 if is_fraud else 4]] - 3600
        return signs.unexplained_changes("脉冲当量", times, values.tolist(), records, RULE)

    check(judge)


def test_parts_that_never_change_are_no_sign() -> None:
    found = signs.unexplained_changes("固件摘要", [0.0, DAY], ["a1", "a1"], [], RULE)
    assert found.probability == 1.0
    assert "变更 0 次" in found.reason


def test_power_cycles_minutes_before_an_inspection() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        inspections = random.uniform(10 * DAY, 350 * DAY, 4)
        cycles = random.uniform(0, 360 * DAY, random.poisson(12))
        before = inspections[: 2 if is_fraud else 0] - 600
        return signs.power_cycles_before_inspections(
            np.concatenate([cycles, before]), inspections, 0.0, 360 * DAY, RULE
        )

    check(judge)


def test_no_power_cycles_are_no_sign() -> None:
    assert not signs.power_cycles_before_inspections([], [DAY], 0.0, 9 * DAY, RULE).is_suspicious


def test_honest_at_round_amounts_and_short_otherwise() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        round_sales, others = random.uniform(500, 3000, (2, 60))
        short = 0.04 if is_fraud else 0.002
        drops = round_sales + others * (1 - short) + random.normal(0, 15, 60)
        return signs.short_but_at_round_amounts(drops, round_sales, others, RULE)

    check(judge)


def test_one_short_nozzle_among_four_is_named() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        sales = random.uniform(300, 2500, (90, 4))
        gains = np.array([0.998, 1.001, 0.965 if is_fraud else 0.998, 1.0])
        found = signs.short_nozzles(sales @ gains + random.normal(0, 15, 90), sales, RULE)
        assert [one.facts["nozzle"] for one in found] == [0, 1, 2, 3]
        assert not any(one.is_suspicious for one in (found[0], found[3]))
        return found[2]

    check(judge)


def test_a_tank_that_fits_without_any_scatter() -> None:
    sales = np.array([[100.0, 0.0], [0.0, 100.0], [100.0, 100.0], [0.0, 0.0]])
    exact = signs.short_nozzles(sales @ [1.0, 1.0], sales, RULE)
    assert not any(one.is_suspicious for one in exact)
    short = signs.short_nozzles(sales @ [0.5, 1.0], sales, RULE)
    assert short[0].is_suspicious


def test_a_degenerate_scatter_is_exact() -> None:
    assert chance.of_student(0.1, 0.0, 5) == 0.0
    assert chance.of_student(-0.1, 0.0, 5) == 1.0


def test_the_month_of_a_tank() -> None:
    """40 CFR 280.43(a): 1 % of 100 000 L and 130 gal are 1492.1 L."""
    honest = signs.tank_reconciliation(100_000, 98_600, 60.0, RULE)
    assert honest.facts["allowance"] == pytest.approx(1492.1, abs=0.05)
    assert not honest.is_suspicious
    assert signs.tank_reconciliation(100_000, 98_000, 60.0, RULE).is_suspicious
    assert not signs.tank_reconciliation(98_000, 100_000, 60.0, RULE).is_suspicious


def test_displays_that_do_not_start_at_zero() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        starts = np.where(random.random(500) < (0.03 if is_fraud else 0.001), 0.05, 0.0)
        return signs.starts_not_at_zero(starts, 0.01, RULE)

    check(judge)


def test_flow_that_the_pump_cannot_deliver() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        flows = random.normal(38, 2, 400)
        flows[: 10 if is_fraud else 0] *= 1.3
        return signs.flow_above_hydraulic_limit(flows, 45.0, RULE)

    check(judge)


def test_more_fuel_than_the_vehicle_holds() -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        tanks = random.choice([45.0, 55.0, 60.0], 300)
        sales = tanks * random.uniform(0.3, 1.05, 300)
        sales[: 8 if is_fraud else 0] = tanks[: 8 if is_fraud else 0] * 1.2
        return signs.sales_above_vehicle_tank(sales, tanks, RULE)

    check(judge)


@pytest.mark.parametrize("spread", [0.0, 0.4])
def test_a_station_with_far_more_complaints_than_its_peers(spread: float) -> None:
    def judge(random: Random, is_fraud: bool) -> Suspicion:
        transactions = random.uniform(20_000, 80_000, 40)
        rates = np.full(40, 2e-4) * np.exp(spread * random.standard_normal(40))
        rates[0] = 2e-3 if is_fraud else 2e-4
        return signs.complaint_rates(random.poisson(rates * transactions), transactions, RULE)[0]

    check(judge)


def test_the_score_is_the_order_of_magnitude() -> None:
    assert suspicion_of("x", 1e-3, RULE, "").score == pytest.approx(3)
    assert suspicion_of("x", 1e-3, RULE, "").is_suspicious
    assert not suspicion_of("x", 1.01e-3, RULE, "").is_suspicious
    assert suspicion_of("x", 0.0, RULE, "").score == pytest.approx(300)
    assert suspicion_of("x", 4.0, RULE, "").probability == 1.0


def test_the_queue_keeps_few_false_ones_and_no_more_than_asked() -> None:
    random = np.random.default_rng(2)
    honest = [suspicion_of("honest", chance, RULE, "") for chance in random.random(10_000)]
    fraud = [suspicion_of("fraud", chance, RULE, "") for chance in 1e-6 * random.random(50)]
    queue = ranked(honest + fraud, RULE)
    false = sum(one.signature == "honest" for one in queue)
    assert sum(one.signature == "fraud" for one in queue) == 50
    assert false / len(queue) <= 0.2
    assert ranked(honest + fraud, RULE, at_most=10) == queue[:10]
    assert ranked([], RULE) == ()
    assert ranked(honest[:5], RULE) == ()


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: signs.totaliser_gap(0, 1, [], 0.01, RULE), "sales"),
        (lambda: signs.totaliser_gap(0, 1, [np.nan], 0.01, RULE), "sales"),
        (lambda: signs.totaliser_gap(0, 1, [1.0], 0.0, RULE), "resolution"),
        (lambda: signs.unexplained_changes("x", [0.0], [1, 2], [], RULE), "values"),
        (lambda: signs.power_cycles_before_inspections([], [5.0], 0.0, 10.0, RULE), "end"),
        (lambda: signs.short_but_at_round_amounts([1.0], [1.0], [1.0], RULE), "tank_drops"),
        (lambda: signs.short_nozzles(np.ones(9), np.ones((9, 2)), RULE), "sales"),
        (lambda: signs.short_nozzles(np.ones(9), np.full((9, 2), np.nan), RULE), "tank_drops"),
        (lambda: signs.short_nozzles(np.ones(9), np.ones(9), RULE), "sales"),
        (lambda: signs.tank_reconciliation(1.0, 1.0, 0.0, RULE), "uncertainty"),
        (lambda: signs.sales_above_vehicle_tank([1.0], [1.0, 2.0], RULE), "tanks"),
        (lambda: signs.complaint_rates([1.0, 2.0], [1.0, 2.0], RULE), "complaints"),
        (lambda: signs.complaint_rates([1.0, 2.0, 3.0], [1.0, 2.0, 0.0], RULE), "transactions"),
    ],
)
def test_data_that_tell_nothing_are_refused(call: Callable[[], object], field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        call()
    assert refused.value.field == field

"""How long a chart stays silent: published run lengths."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from quanheng.metrology.control_charts.average_run_length import (
    cusum_run_length,
    ewma_run_length,
    run_rules_run_length,
    shewhart_run_length,
)
from quanheng.metrology.control_charts.run_rules import apply_run_rules, read_run_rules
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

PACK = shipped().in_force("control-chart/run-rules", date(2026, 6, 1))
WESTERN_ELECTRIC = read_run_rules(PACK, "western-electric")


def test_three_sigma_limits() -> None:
    assert round(shewhart_run_length(), 1) == 370.4
    assert round(shewhart_run_length(1.0), 1) == 43.9
    assert round(run_rules_run_length(WESTERN_ELECTRIC[:1]), 1) == 370.4


@pytest.mark.parametrize(
    ("decision", "shift", "length"), [(4, 0, 167.7), (4, 1, 8.38), (5, 0, 465.4), (5, 1, 10.38)]
)
def test_the_cumulative_sum(decision: float, shift: float, length: float) -> None:
    """Montgomery, table 9.3, and NIST 6.3.2.3.1: 168, 8.38, 465, 10.4."""
    assert cusum_run_length(shift, 0.5, decision) == pytest.approx(length, abs=0.05 if shift == 0 else 0.005)


def test_one_side_of_the_cumulative_sum_alarms_half_as_often() -> None:
    assert cusum_run_length(0, 0.5, 5, two_sided=False) == pytest.approx(2 * cusum_run_length(0, 0.5, 5))


@pytest.mark.parametrize(("weight", "width"), [(0.05, 2.615), (0.1, 2.814), (0.25, 2.998), (0.4, 3.054)])
def test_the_weighted_average_designs_of_lucas_and_saccucci(weight: float, width: float) -> None:
    """Lucas and Saccucci 1990: four designs, each with a run length of 500 in control."""
    assert ewma_run_length(0, weight, width) == pytest.approx(500, abs=1)
    assert ewma_run_length(1, 0.1, 2.814) == pytest.approx(10.3, abs=0.05)


@pytest.mark.parametrize(
    ("numbers", "length"), [((1, 2), 225.44), ((1, 4), 152.73), ((1, 3), 166.05), ((1, 2, 3, 4), 91.75)]
)
def test_run_rules_together_alarm_as_champ_and_woodall_found(numbers: tuple[int, ...], length: float) -> None:
    """Champ and Woodall 1987, table 1: rules 1, 2, 4 of 5 beyond 1σ, and 8 in a row."""
    rules = [rule for rule in WESTERN_ELECTRIC if rule.number in numbers]
    assert run_rules_run_length(rules) == pytest.approx(length, abs=0.005)


def test_the_flags_agree_with_the_chain() -> None:
    """4000 processes in control, each until its first flag: the mean is within 4 standard errors."""
    readings = np.random.default_rng(5).normal(size=(4000, 1200))
    flags, _ = apply_run_rules(readings, 0.0, 1.0, WESTERN_ELECTRIC)
    first = np.where(flags.any(axis=1), (flags != 0).argmax(axis=1) + 1, 1200)
    assert first.mean() == pytest.approx(91.75, abs=4 * first.std() / np.sqrt(4000))


def test_a_shift_is_found_sooner_the_larger_it_is() -> None:
    lengths = [run_rules_run_length(WESTERN_ELECTRIC, shift) for shift in (0, 0.5, 1, 2, 3)]
    assert lengths == sorted(lengths, reverse=True)


def test_a_rule_that_compares_points_has_no_such_chain() -> None:
    with pytest.raises(CaseFault, match="分区规则"):
        run_rules_run_length(read_run_rules(PACK, "nelson"))

"""How many units each stratum owes."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.draw.quotas import apportion, check_feasible, minimum_quotas, quotas, sizes
from tests.regulation.draw.frames import RULE, frame

SIZES = st.dictionaries(st.sampled_from(["甲", "乙", "丙", "丁"]), st.integers(1, 60), min_size=1)


@pytest.mark.parametrize(
    ("size", "quota"), [(1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3), (197, 40), (0, 0)]
)
def test_a_fifth_of_every_county_rounded_up_and_at_least_one(size: int, quota: int) -> None:
    assert minimum_quotas({"510104": size}, RULE) == {"510104": quota}


def test_a_share_that_binary_fractions_cannot_hold_is_exact() -> None:
    assert RULE.table("quota").values["share"] == Decimal("0.20")
    assert minimum_quotas({"x": 10**15}, RULE) == {"x": 2 * 10**14}


def test_excluded_units_count_as_in_use_but_cannot_be_drawn() -> None:
    held = frame({"甲": 6}, excluded=[f"甲-{number:04}" for number in range(4)])
    assert quotas(held, RULE) == {"甲": 2}
    with pytest.raises(CaseFault, match="甲 应抽 2，可抽的只有 1") as refused:
        quotas(frame({"甲": 6}, excluded=[f"甲-{number:04}" for number in range(5)]), RULE)
    assert refused.value.field == "quotas[甲]"
    with pytest.raises(CaseFault, match="可抽的只有 0"):
        check_feasible({"无": 1}, {"甲": 3})


def test_a_total_is_hit_by_largest_remainder() -> None:
    held = frame({"甲": 10, "乙": 21, "丙": 2})
    assert quotas(held, RULE) == {"丙": 1, "乙": 5, "甲": 2}
    # beyond 8 there are 4: room 8, 16, 1 of 25 -> 1.28, 2.56, 0.16
    assert quotas(held, RULE, 12) == {"甲": 3, "乙": 8, "丙": 1}
    assert quotas(held, RULE, 33) == {"甲": 10, "乙": 21, "丙": 2}
    for total in (7, 34):
        with pytest.raises(CaseFault, match="8 至 33") as refused:
            quotas(held, RULE, total)
        assert refused.value.field == "total"


def test_equal_remainders_go_to_the_larger_then_to_the_smaller_code() -> None:
    assert apportion(1, {"b": 5, "a": 5}) == {"b": 0, "a": 1}
    assert apportion(2, {"a": 1, "b": 1, "c": 2}) == {"a": 1, "b": 0, "c": 1}
    assert apportion(1, {"a": 1, "b": 3}) == {"a": 0, "b": 1}
    assert apportion(3, {"a": 0}) == apportion(0, {"a": 0}) == {"a": 0}


@given(SIZES, st.integers(0, 100))
def test_nothing_is_lost_and_nobody_gets_more_than_there_is(weights: dict[str, int], percent: int) -> None:
    count = sum(weights.values()) * percent // 100
    given = apportion(count, weights)
    assert sum(given.values()) == count
    total = sum(weights.values())
    for stratum, weight in weights.items():
        assert count * weight // total <= given[stratum] <= min(weight, -(-count * weight // total))
    assert given == apportion(count, dict(reversed(weights.items())))


@given(SIZES, st.integers(0, 100))
def test_a_total_never_goes_below_the_law(counties: dict[str, int], percent: int) -> None:
    held = frame(counties)
    least = minimum_quotas(MappingProxyType(sizes(held)), RULE)
    room = sum(counties.values()) - sum(least.values())
    total = sum(least.values()) + room * percent // 100
    asked = quotas(held, RULE, total)
    assert sum(asked.values()) == total
    assert all(least[stratum] <= asked[stratum] <= counties[stratum] for stratum in counties)

"""How much of the energy data arrives online (T7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.energy.online_rate import MeteringPoint, online_rate
from quanheng.packs.case_fault import CaseFault
from tests.metrology.energy.packs import ONLINE


def test_a_point_that_is_mostly_silent_delivers_but_is_not_online() -> None:
    rate = online_rate(
        [
            MeteringPoint("a", "1", 100, 95),
            MeteringPoint("a", "2", 100, 94),
            MeteringPoint("b", "1", 100, 100),
            MeteringPoint("c", "1", 100, 0),
        ],
        ONLINE,
    )
    assert (rate.points_online, rate.points_delivering, rate.points_required) == (2, 3, 4)
    assert (rate.units_online, rate.units_in_scope) == (1, 3)
    assert (rate.readings_received, rate.readings_expected) == (289, 400)
    assert not rate.is_met


@pytest.mark.parametrize(("online", "is_met"), [(17, True), (16, False)])
def test_the_target_itself_is_met(online: int, *, is_met: bool) -> None:
    points = [MeteringPoint("a", str(n), 10, 10 if n < online else 0) for n in range(20)]
    assert online_rate(points, ONLINE).is_met is is_met


@pytest.mark.parametrize(
    ("points", "field"),
    [
        ([], "points"),
        ([MeteringPoint("a", "1", 1, 1)] * 2, "points[1].identifier"),
        ([MeteringPoint("a", "1", 0, 0)], "points[0].expected"),
        ([MeteringPoint("a", "1", 5, 6)], "points[0].received"),
    ],
)
def test_counts_that_cannot_be_are_refused(points: list[MeteringPoint], field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        online_rate(points, ONLINE)
    assert refused.value.field == field


@given(st.permutations([MeteringPoint("ab"[n % 2], str(n), 10, n) for n in range(11)]))
def test_the_order_of_the_points_does_not_matter(points: list[MeteringPoint]) -> None:
    assert online_rate(points, ONLINE) == online_rate(sorted(points, key=str), ONLINE)

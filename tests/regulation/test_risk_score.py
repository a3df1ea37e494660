"""The risk score: published weights, each contribution with its reason, and a floor for every class."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.risk_score import (
    Observation,
    RiskScore,
    inspections_needed,
    random_inspections,
    risk_class,
    risk_score,
)
from tests.regulation.packs import shipped_pack

PACK = shipped_pack("risk-score")
FACTORS = [row["name"] for row in PACK.table("factors").values["rows"]]
DAY = date(2026, 11, 23)


def seen(factor: str, value: str, days_ago: int = 10) -> Observation:
    return Observation(factor, Decimal(value), DAY - timedelta(days=days_ago), "检查记录")


def score(*observations: Observation) -> RiskScore:
    return risk_score(observations, DAY, PACK)


def points(*observations: Observation) -> Decimal:
    return score(*observations).points


@pytest.mark.parametrize(
    ("observations", "total"),
    [
        ([], "0"),
        ([seen("failed_checks", "1")], "12.50"),
        ([seen("failed_checks", "1"), seen("failed_checks", "1", 700)], "25.00"),
        ([seen("failed_checks", "7")], "25.00"),
        ([seen("overdue_share", "0.05")], "5.00"),
        ([seen("overdue_share", "0.20", 20), seen("overdue_share", "0.01", 3)], "1.00"),
        ([seen("substantiated_complaints", "1"), seen("penalties", "1")], "12.50"),
        ([seen(factor, "5") for factor in FACTORS], "100.00"),
    ],
)
def test_each_factor_adds_its_weight_up_to_its_full_value(
    observations: list[Observation], total: str
) -> None:
    assert points(*observations) == Decimal(total)


def test_what_is_too_old_or_not_known_yet_does_not_count_and_is_shown() -> None:
    old, new, tomorrow = (
        seen("broken_seals", "2", 366),
        seen("broken_seals", "1", 365),
        seen("broken_seals", "2", -1),
    )
    found = next(c for c in score(old, new, tomorrow).contributions if c.factor == "broken_seals")
    assert (found.value, found.points) == (Decimal(1), Decimal("7.50"))
    assert (found.counted, found.too_old) == ((new,), (old,))


def test_every_contribution_gives_its_reason() -> None:
    reasons = [contribution.reason for contribution in score(seen("failed_checks", "1")).contributions]
    assert reasons[0] == "抽查不合格次数：1（2 即满分），12.50 分，权重 25"
    assert reasons[1] == "超期未检器具比例：近 30 日无记录，0 分"
    assert len(reasons) == len(FACTORS)


@pytest.mark.parametrize(
    ("total", "name"),
    [("0", "A"), ("19.99", "A"), ("20", "B"), ("44.99", "B"), ("45", "C"), ("70", "D"), ("100", "D")],
)
def test_the_class_is_the_highest_whose_threshold_is_reached(total: str, name: str) -> None:
    assert risk_class(Decimal(total), PACK) == name


@pytest.mark.parametrize(
    ("name", "entities", "needed"),
    [("A", 0, 0), ("A", 1, 1), ("A", 20, 1), ("A", 21, 2), ("B", 101, 21), ("D", 7, 7)],
)
def test_even_the_class_with_the_least_risk_has_its_floor(name: str, entities: int, needed: int) -> None:
    assert inspections_needed(name, entities, PACK) == needed


@pytest.mark.parametrize(("planned", "drawn"), [(0, 0), (1, 1), (20, 3), (21, 4), (1000, 150)])
def test_some_inspections_are_drawn_whatever_the_score(planned: int, drawn: int) -> None:
    assert random_inspections(planned, PACK) == drawn


def test_what_cannot_be_scored_is_refused_by_the_name_of_its_field() -> None:
    for value in ("-1", "NaN", "Infinity", "1E+999999"):
        with pytest.raises(CaseFault, match="数值须为") as refused:
            score(seen("failed_checks", "1"), seen("failed_checks", value))
        assert refused.value.field == "observations[1].value"
    with pytest.raises(CaseFault, match="没有“weather”"):
        score(seen("weather", "1"))
    with pytest.raises(CaseFault, match="低于各类"):
        risk_class(Decimal(-1), PACK)
    with pytest.raises(CaseFault, match="没有 E 类"):
        inspections_needed("E", 1, PACK)
    with pytest.raises(CaseFault, match="检查次数"):
        random_inspections(-1, PACK)
    with pytest.raises(CaseFault, match="主体数"):
        inspections_needed("A", -1, PACK)


def test_weights_that_do_not_sum_to_a_hundred_are_refused() -> None:
    rows = PACK.table("factors").values["rows"][1:]
    with pytest.raises(CaseFault, match="100"):
        risk_score([], DAY, shipped_pack("risk-score", factors={"rows": rows}))


OBSERVATIONS = st.lists(
    st.builds(
        Observation,
        st.sampled_from(FACTORS),
        st.decimals(0, 10, places=2),
        st.dates(date(2022, 1, 1), date(2027, 1, 1)),
    ),
    max_size=10,
)


@given(OBSERVATIONS)
def test_the_order_of_the_observations_does_not_matter(observations: list[Observation]) -> None:
    assert points(*observations) == points(*reversed(observations))


@given(
    OBSERVATIONS, st.sampled_from([f for f in FACTORS if f != "overdue_share"]), st.decimals(0, 10, places=2)
)
def test_one_more_event_never_lowers_the_score(
    observations: list[Observation], factor: str, value: Decimal
) -> None:
    before, after = score(*observations), score(*observations, Observation(factor, value, DAY))
    assert 0 <= before.points <= after.points <= 100
    assert before.risk_class <= after.risk_class
    assert sum(contribution.points for contribution in after.contributions) == after.points

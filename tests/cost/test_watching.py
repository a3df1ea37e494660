"""The walk through a million would see what it looks for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cost.watching import faults_of

TABLE = "instruments_instrument"


def node(kind: str, **facts: Any) -> dict[str, Any]:
    came = {"Plan Rows": 50, "Actual Rows": 50, "Actual Loops": 1}
    return {"Node Type": kind, "Relation Name": TABLE} | came | facts


@pytest.mark.parametrize(
    ("plan", "word"),
    [
        (node("Seq Scan", **{"Rows Removed by Filter": 900_000}), "in vain"),
        (node("Index Scan", **{"Rows Removed by Filter": 900_000}), "in vain"),
        ({"Node Type": "Seq Scan", "Relation Name": TABLE, "Plan Rows": 1}, "sequential"),
        (node("Index Scan", **{"Plan Rows": 100, "Actual Rows": 73_000}), "too low"),
        (node("Index Scan", **{"Plan Rows": 73_000, "Actual Rows": 100}), "too high"),
    ],
)
def test_a_scan_in_vain_and_a_wrong_guess_are_seen_wherever_they_stand(
    plan: dict[str, Any], word: str
) -> None:
    above = {"Node Type": "Sort", "Plan Rows": 50, "Actual Rows": 50, "Actual Loops": 1, "Plans": [plan]}
    (fault,) = faults_of(above, limited=False)
    assert word in fault


def test_a_page_that_stops_early_and_a_count_of_all_are_no_faults() -> None:
    stopped = node("Index Scan", **{"Plan Rows": 1_000_000, "Actual Rows": 51})
    limit = {"Node Type": "Limit", "Plan Rows": 51, "Actual Rows": 51, "Actual Loops": 1, "Plans": [stopped]}
    assert list(faults_of(limit, limited=False)) == []
    every = node("Seq Scan", **{"Plan Rows": 1_000_000, "Actual Rows": 1_000_000})
    assert list(faults_of(every, limited=False)) == []

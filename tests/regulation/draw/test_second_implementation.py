"""Another language, no shared code, the same draws."""

from __future__ import annotations

import random

from scripts.agreement_draws import compared, random_case, second_results, section


def test_a_second_implementation_draws_the_same_from_random_frames() -> None:
    found = compared(60, seed=7)
    assert [(label, differing) for label, _, differing in found if differing] == []
    assert all(values > 0 for _, values, _ in found)


def test_the_comparison_sees_a_difference() -> None:
    solved = random_case(random.Random(1))
    (other,) = second_results([{**solved.case, "draw_id": "another"}])
    assert other["frame"] == solved.result["frame"]
    assert other["strata"] != solved.result["strata"]


def test_the_page_says_how_many_values_were_compared() -> None:
    text = section(lambda: [("seed", 200, 0)])
    assert text.startswith("## Draws\n")
    assert "| seed | 200 | 0 |" in text

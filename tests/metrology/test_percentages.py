"""Shares in per cent: rounded as spreadsheets do, and never over a line that was not reached."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.percentages import percentage, percentage_text


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (2, 3, "66.67%"), (1, 3, "33.33%"), (1, 6, "16.67%"), (5, 8, "62.50%"), (1, 800, "0.13%"),
        (3, 800, "0.38%"), (0, 7, "0.00%"), (7, 7, "100.00%"), (99_999, 100_000, "99.99%"), (0, 0, "—"),
        (20_001, 10_000, "200.01%"),
    ],
)  # fmt: skip
def test_two_thirds_are_what_everybody_s_spreadsheet_says(part: int, whole: int, shown: str) -> None:
    """1/800 is 0.125 %: half up gives 0.13, half to even would give 0.12."""
    assert percentage_text(part, whole) == shown


@pytest.mark.parametrize(
    ("part", "line", "shown"),
    [(98_999, 99, "98.99"), (99_000, 99, "99.00"), (98_994, 99, "98.99"), (84_999, Decimal("85"), "84.99")],
)
def test_rounding_reaches_no_target_that_was_missed(part: int, line: Decimal | int, shown: str) -> None:
    assert str(percentage(part, 100_000, lines=[line])) == shown


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.integers(0, 4))
def test_what_is_shown_lies_within_one_place_of_what_is(part: int, whole: int, places: int) -> None:
    share = percentage(part, whole, places=places)
    assert share is not None
    assert abs(share * whole - 100 * part) <= Decimal(whole).scaleb(-places)
    assert (share >= 100) is (part >= whole)

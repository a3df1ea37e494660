"""Judging by GB/T 8170-2008, chapter 4: the rows are those of its examples."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.limit_values import Comparison, LimitValues, judge
from quanheng.packs.case_fault import CaseFault

FULL, ROUNDED = Comparison.FULL, Comparison.ROUNDED
DECIMALS = st.decimals(min_value=-1000, max_value=1000, places=3)


def limits(text: str) -> LimitValues:
    """Read ``"[9.9, 10.1)"``: a square bracket includes the bound, an empty bound does not exist."""
    lower, upper = (part.strip() for part in text[1:-1].split(","))
    return LimitValues(
        Decimal(lower) if lower else None, Decimal(upper) if upper else None, text[0] == "[", text[-1] == "]"
    )


@pytest.mark.parametrize(
    ("value", "within", "full", "rounded"),
    [
        # tensile strength, at least 14 × 100 MPa
        ("1349", "[1.4E+3,]", False, False),
        ("1351", "[1.4E+3,]", False, True),
        ("1400", "[1.4E+3,]", True, True),
        ("1402", "[1.4E+3,]", True, True),
        # sodium hydroxide, at least 97.0 %
        ("97.01", "[97.0,]", True, True),
        ("97.00", "[97.0,]", True, True),
        ("96.96", "[97.0,]", False, True),
        ("96.94", "[97.0,]", False, False),
        # silicon, at most 0.5 %
        ("0.452", "[,0.5]", True, True),
        ("0.500", "[,0.5]", True, True),
        ("0.549", "[,0.5]", False, True),
        ("0.551", "[,0.5]", False, False),
        # manganese, 1.2 to 1.6 %
        ("1.151", "[1.2,1.6]", False, True),
        ("1.200", "[1.2,1.6]", True, True),
        ("1.649", "[1.2,1.6]", False, True),
        ("1.651", "[1.2,1.6]", False, False),
        # wire, 10.0 ± 0.1 mm
        ("9.89", "[9.9,10.1]", False, True),
        ("9.85", "[9.9,10.1]", False, False),
        ("10.10", "[9.9,10.1]", True, True),
        ("10.16", "[9.9,10.1]", False, False),
        # 10.0 ± 0.1 without ±0.1
        ("9.94", "(9.9,10.1)", True, False),
        ("9.96", "(9.9,10.1)", True, True),
        ("10.06", "(9.9,10.1)", True, False),
        ("10.05", "(9.9,10.1)", True, True),
        # 10.0 ± 0.1 without +0.1
        ("9.94", "[9.9,10.1)", True, True),
        ("9.86", "[9.9,10.1)", False, True),
        ("10.06", "[9.9,10.1)", True, False),
        ("10.05", "[9.9,10.1)", True, True),
        # 10.0 ± 0.1 without -0.1
        ("9.94", "(9.9,10.1]", True, False),
        ("9.86", "(9.9,10.1]", False, False),
        ("10.06", "(9.9,10.1]", True, True),
        ("10.05", "(9.9,10.1]", True, True),
        # a dispenser, ±0.30 %
        ("0.301", "[-0.30,0.30]", False, True),
    ],
)
def test_the_full_value_decides_unless_the_rule_rounds(
    value: str, within: str, full: bool, rounded: bool
) -> None:
    assert judge(Decimal(value), limits(within)).conforms is full
    assert judge(Decimal(value), limits(within), ROUNDED).conforms is rounded


def test_a_verdict_shows_what_it_compared() -> None:
    verdict = judge(Decimal("9.894"), limits("[9.9,10.05]"), ROUNDED)
    assert (str(verdict.compared_with_lower), str(verdict.compared_with_upper)) == ("9.9", "9.89")
    assert judge(1, limits("[0,]")).compared_with_upper is None


@given(DECIMALS, DECIMALS, DECIMALS, st.sampled_from(Comparison))
def test_whoever_lies_between_two_that_conform_conforms(
    one: Decimal, other: Decimal, bound: Decimal, comparison: Comparison
) -> None:
    low, middle, high = sorted((one, other, bound))
    within = LimitValues(Decimal("-500.0"), Decimal("500.0"))
    if judge(low, within, comparison).conforms and judge(high, within, comparison).conforms:
        assert judge(middle, within, comparison).conforms


@pytest.mark.parametrize(("within", "code"), [("[,]", "no_limit"), ("[2,1]", "lower_above_upper")])
def test_limits_that_nobody_can_keep_to_are_refused(within: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        judge(1, limits(within))
    assert refused.value.code == code

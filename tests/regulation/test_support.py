"""What an enterprise is given."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped
from quanheng.regulation.support import award, subsidy

PACK = shipped().in_force("enterprise-support", date(2026, 6, 1))
YUAN = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("invested", "yuan", "reason"),
    [
        ("0", "0", "below_threshold"),
        ("500000", "0", "below_threshold"),
        ("500000.01", "50000.00", "due"),
        ("800000", "80000.00", "due"),
        ("5000000", "500000.00", "due"),
        ("5000000.10", "500000", "capped"),
        ("90000000", "500000", "capped"),
    ],
)
def test_a_tenth_of_what_was_invested_over_half_a_million(invested: str, yuan: str, reason: str) -> None:
    amount = subsidy(Decimal(invested), PACK)
    assert (amount.yuan, amount.reason) == (Decimal(yuan), reason)


@pytest.mark.parametrize(
    ("requested", "before", "yuan", "reason"),
    [
        ("150000", 0, "150000", "due"),
        ("200000", 0, "200000", "due"),
        ("260000", 0, "200000", "capped"),
        ("150000", 1, "0", "had_before"),
    ],
)
def test_an_award_comes_once_and_up_to_its_cap(requested: str, before: int, yuan: str, reason: str) -> None:
    amount = award(Decimal(requested), before, PACK)
    assert (amount.yuan, amount.reason) == (Decimal(yuan), reason)


@given(YUAN, YUAN)
def test_whoever_invests_more_is_never_given_less(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert subsidy(less, PACK).yuan <= subsidy(more, PACK).yuan


@pytest.mark.parametrize("yuan", ["-0.01", "NaN", "Infinity"])
def test_an_amount_that_is_none_is_refused_by_the_name_of_its_field(yuan: str) -> None:
    with pytest.raises(CaseFault, match="不小于 0") as refused:
        subsidy(Decimal(yuan), PACK)
    assert refused.value.field == "invested_yuan"
    with pytest.raises(CaseFault):
        award(Decimal(yuan), 0, PACK)


def test_a_verdict_says_which_pack_it_used_and_that_nobody_verified_it() -> None:
    citation = subsidy(Decimal(600000), PACK).citation
    assert citation.digest == PACK.digest
    assert citation.clauses == ("三(二)3",)
    assert not citation.is_verified

"""When what takes two people comes to the level above."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from quanheng.packs.shipped import shipped
from quanheng.regulation.second_person import RULE, Patience, patience

TODAY = date(2026, 11, 30)


def test_the_shipped_term_is_ours_and_nobody_claims_a_law_for_it() -> None:
    assert patience(shipped().in_force(RULE, TODAY)) == Patience(5, is_verified=False)


def test_each_full_term_brings_it_one_level_up() -> None:
    term = Patience(5, is_verified=False)
    asked = [date(2026, 11, day) for day in (30, 26, 25, 21, 20)]
    assert [term.levels_up(day, TODAY) for day in asked] == [0, 0, 1, 1, 2]
    assert (term.asked_by(TODAY, 1), term.asked_by(TODAY, 2)) == (date(2026, 11, 25), date(2026, 11, 20))
    assert term.levels_up(date(2026, 12, 9), TODAY) == 0


@pytest.mark.parametrize("days", [0, 91, "5", 1.5])
def test_a_term_that_is_none_is_refused_by_name(days: object) -> None:
    pack = shipped().in_force(RULE, TODAY)
    table = pack.table("term")
    wrong = replace(
        pack, tables={"term": replace(table, values=MappingProxyType({**table.values, "days": days}))}
    )
    with pytest.raises(ValueError, match="procedure/second-person 2026"):
        patience(wrong)

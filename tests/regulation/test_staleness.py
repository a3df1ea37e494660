"""How long a confirmation of what the ledger says stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from quanheng.packs.shipped import shipped
from quanheng.regulation.staleness import RULE, Staleness, staleness

TODAY = date(2026, 11, 30)


def test_the_shipped_period_is_a_year_and_nobody_claims_a_law_for_it() -> None:
    told = staleness(shipped().in_force(RULE, TODAY))
    assert told == Staleness(12, 12, is_verified=False)
    assert told.instruments_before(TODAY) == told.entities_before(TODAY) == date(2025, 11, 30)


@pytest.mark.parametrize(
    ("months", "day", "before"),
    [
        (12, date(2028, 2, 29), date(2027, 2, 28)),
        (1, date(2026, 3, 31), date(2026, 2, 28)),
        (6, date(2026, 1, 15), date(2025, 7, 15)),
    ],
)
def test_the_day_is_so_many_months_ago(months: int, day: date, before: date) -> None:
    told = Staleness(months, months + 1, is_verified=True)
    assert told.instruments_before(day) == before
    assert told.entities_before(day) < before


@pytest.mark.parametrize("months", [0, 121, "12", 1.5])
def test_a_period_that_is_none_is_refused_by_name(months: object) -> None:
    pack = shipped().in_force(RULE, TODAY)
    table = pack.table("periods")
    values = MappingProxyType({**table.values, "instrument_months": months})
    wrong = replace(pack, tables={"periods": replace(table, values=values)})
    with pytest.raises(ValueError, match="ledger/staleness 2026"):
        staleness(wrong)

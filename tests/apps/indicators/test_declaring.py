"""Declaring an indicator: its key is its own, and the ledger that stands is counted at the next start."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from quanheng.apps.indicators.declared.coded import CODED
from quanheng.apps.indicators.declared.t1 import T1
from quanheng.apps.indicators.queries import counts
from quanheng.apps.instruments.indicators import Target, declare, indicator_of, indicators
from quanheng.apps.instruments.models import RateChange
from quanheng.apps.instruments.services import rate_changes
from tests.factories import make_entity, make_instrument

TODAY = date(2026, 11, 23)
PROVINCE = 510_000_000_000


def in_use(day: date) -> int:
    return counts.total(counts.cells_on(day, [PROVINCE], 1, counts.whole(CODED))).denominator


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
def test_an_indicator_declared_since_the_last_start_counts_the_ledger_that_stands() -> None:
    scale = make_instrument(make_entity(premises="market"), placed_on=TODAY - timedelta(days=100))
    rate_changes.add([scale.pk])
    RateChange.objects.filter(indicator=CODED.key).delete()  # as if it had not been declared by then
    assert rate_changes.add_new() == [CODED.key]
    assert in_use(TODAY) == 1
    assert rate_changes.compare() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
def test_what_is_counted_already_is_not_counted_again_at_a_start() -> None:
    scale = make_instrument(make_entity(premises="market"), placed_on=TODAY - timedelta(days=100))
    rate_changes.add([scale.pk])
    assert rate_changes.add_new() == []
    rate_changes.fold()
    assert rate_changes.add_new() == []
    assert in_use(TODAY) == 1


@pytest.mark.django_db
def test_of_an_empty_ledger_nothing_is_counted_at_a_start() -> None:
    assert rate_changes.add_new() == []


def test_a_key_is_declared_once_and_fits_its_column() -> None:
    for key in ("T1", "t1", "much-too-long", "with space", ""):
        with pytest.raises(ValueError, match="key"):
            declare(replace(CODED, key=key))
    assert indicator_of("t1") is indicator_of("T1") is T1


def test_what_the_plan_asks_for_comes_before_our_own() -> None:
    assert [indicator.key for indicator in indicators()][:1] == ["T1"]


def test_a_target_holds_from_its_first_day_to_its_last() -> None:
    years = tuple(
        Target(
            percent=percent,
            valid_from=date(year, 1, 1),
            valid_to=date(year, 12, 31),
            source="",
            verified=True,
        )
        for year, percent in ((2026, 98), (2027, 99))
    )  # fmt: skip
    dated = replace(CODED, targets=years)
    found = [dated.target_on(day) for day in (date(2025, 12, 31), date(2026, 12, 31), date(2027, 1, 1))]
    assert [target and target.percent for target in found] == [None, 98, 99]

"""Meters good enough, verified on every day (GB 17167, 4.3.8)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.energy.meters import EnergyMeter, Span, examine_meters, uncovered_days
from quanheng.packs.case_fault import CaseFault
from tests.metrology.energy.packs import FITTING

YEAR = Span(date(2025, 1, 1), date(2025, 12, 31))
DAYS = st.dates(date(2024, 6, 1), date(2026, 6, 1))
SPANS = st.lists(st.builds(lambda a, b: Span(min(a, b), max(a, b)), DAYS, DAYS), max_size=6)


def meter(accuracy_class: str = "0.5", *certificates: Span) -> EnergyMeter:
    return EnergyMeter("E-01", "electricity_meter_2", accuracy_class, certificates or (YEAR,))


@pytest.mark.parametrize(
    ("accuracy_class", "is_met"),
    [("0.5", True), ("0.5S", True), ("0.2", True), (" 0.2s ", True), ("1.0", False), ("1", False)],
)
def test_a_better_class_is_good_enough_and_s_is_better(accuracy_class: str, *, is_met: bool) -> None:
    verdict = examine_meters([meter(accuracy_class)], YEAR, FITTING)
    assert (verdict.rows[0].is_class_met, verdict.is_met) == (is_met, is_met)


def test_0_5_is_not_good_enough_where_0_5s_is_asked() -> None:
    plain = EnergyMeter("E-02", "electricity_meter_1", "0.5", (YEAR,))
    assert not examine_meters([plain], YEAR, FITTING).is_met


def test_a_day_without_a_certificate_is_named() -> None:
    verdict = examine_meters(
        [
            meter(
                "0.5",
                Span(date(2025, 6, 1), date(2026, 5, 31)),
                Span(date(2024, 5, 10), date(2025, 5, 9)),
            )
        ],
        YEAR,
        FITTING,
    )
    assert verdict.rows[0].uncovered == (Span(date(2025, 5, 10), date(2025, 5, 31)),)
    assert not verdict.is_met


def test_never_verified_is_a_gap_of_the_whole_period() -> None:
    assert uncovered_days(YEAR, []) == (YEAR,)
    assert uncovered_days(YEAR, [Span(date(2026, 1, 1), date(2026, 12, 31))]) == (YEAR,)


@given(SPANS)
def test_every_day_is_covered_or_named_never_both(spans: list[Span]) -> None:
    gaps = uncovered_days(YEAR, spans)
    for offset in range(0, 365, 3):
        day = YEAR.first + timedelta(days=offset)
        covered = any(span.first <= day <= span.last for span in spans)
        assert any(gap.first <= day <= gap.last for gap in gaps) is not covered


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (EnergyMeter("X", "sundial", "1", ()), "meters[1].kind"),
        (EnergyMeter("X", "thermometer", "good", ()), "meters[1].accuracy_class"),
        (
            EnergyMeter("X", "thermometer", "1", (Span(date(2025, 2, 1), date(2025, 1, 1)),)),
            "meters[1].certificates[0]",
        ),
        (
            EnergyMeter("X", "thermometer", "1", (Span(date(2025, 2, 1), date.max),)),
            "meters[1].certificates[0]",
        ),
    ],
)
def test_a_meter_that_cannot_be_judged_names_its_field(broken: EnergyMeter, field: str) -> None:
    with pytest.raises(CaseFault) as refused:
        examine_meters([meter(), broken], YEAR, FITTING)
    assert refused.value.field == field


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(CaseFault, match="早于起始日"):
        examine_meters([meter()], Span(YEAR.last, YEAR.first), FITTING)

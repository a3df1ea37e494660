"""Consumption in tonnes of standard coal (GB/T 2589)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.energy.standard_coal import (
    CoefficientBasis,
    Consumption,
    Flow,
    coefficient_of,
    comprehensive_consumption,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped
from tests.metrology.energy.packs import COAL

FACTORY = (
    Consumption("electricity", Decimal(40), "GWh"),
    Consumption("raw_coal", Decimal(3000), "t"),
    Consumption("natural_gas", Decimal(1_000_000), "m3", coefficient=Decimal("1.3300")),
    Consumption("diesel", Decimal(50), "t"),
)
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=3)


def tce(*items: Consumption, counts_media: bool = False) -> Decimal:
    return comprehensive_consumption(items, COAL, counts_media=counts_media).tce


def test_a_factory_s_year_comes_to_the_published_sum() -> None:
    found = comprehensive_consumption(FACTORY, COAL)
    assert [row.tce for row in found.rows] == [
        Decimal("4916.0"), Decimal("2142.9"), Decimal("1330.0"), Decimal("72.855"),
    ]  # fmt: skip
    assert found.tce == Decimal("8461.755")
    assert not found.citation.is_verified


@pytest.mark.parametrize(
    ("calorific_value", "coefficient"),
    [
        (20934, "0.7143"), (43124, "1.4714"), (42705, "1.4571"),
        (41868, "1.4286"), (50242, "1.7143"), (38979, "1.3300"),
    ],
)  # fmt: skip
def test_the_coefficients_are_calorific_values_over_that_of_standard_coal(
    calorific_value: int, coefficient: str
) -> None:
    assert str(coefficient_of(Decimal(calorific_value), COAL)) == coefficient


def test_a_measured_calorific_value_goes_before_the_standard_s_coefficient() -> None:
    found = comprehensive_consumption(
        [Consumption("raw_coal", Decimal(1000), "t", calorific_value=Decimal(25000))], COAL
    )
    assert (found.rows[0].basis, found.rows[0].coefficient) == (CoefficientBasis.MEASURED, Decimal("0.8530"))
    assert found.tce == Decimal("853.0")


def test_what_is_delivered_to_others_is_taken_off() -> None:
    assert tce(
        Consumption("raw_coal", Decimal(1000), "t"),
        Consumption("heat", Decimal(1000), "GJ", Flow.DELIVERED),
    ) == Decimal("714.3") - Decimal("34.12")


def test_what_was_made_inside_is_not_counted_again() -> None:
    found = comprehensive_consumption(
        [
            Consumption("washed_coal", Decimal(100), "t"),
            Consumption("coke", Decimal(70), "t", Flow.MADE_INSIDE),
        ],
        COAL,
    )
    assert found.tce == Decimal("97.14")
    assert found.rows[1].not_counted


def test_water_counts_only_inside_a_boundary_that_takes_it_in() -> None:
    water = Consumption("fresh_water", Decimal(10_000), "t")
    assert tce(water) == 0
    assert tce(water, counts_media=True) == Decimal("2.571")


def test_another_basis_for_electricity_is_kept_with_its_source() -> None:
    item = Consumption(
        "electricity", Decimal(100), "万kWh", coefficient=Decimal("0.3012"), basis_note="2025 年火电平均煤耗"
    )
    found = comprehensive_consumption([item], COAL)
    assert (found.rows[0].basis, found.tce) == (CoefficientBasis.STATED, Decimal("301.2"))


def test_the_edition_of_the_day_decides() -> None:
    washed = [Consumption("washed_coal", Decimal(1000), "t")]
    old = shipped().in_force("energy/standard-coal", date(2021, 3, 31))
    assert comprehensive_consumption(washed, old).tce == Decimal("900.0")
    assert comprehensive_consumption(washed, COAL).tce == Decimal("971.4")


COAL_ROW = Consumption("raw_coal", Decimal(1), "t")


@pytest.mark.parametrize(
    ("item", "field", "code"),
    [
        (replace(COAL_ROW, carrier="peat"), "carrier", "unknown_carrier"),
        (replace(COAL_ROW, quantity=Decimal(-1)), "quantity", "negative"),
        (replace(COAL_ROW, unit="stone"), "unit", "unknown_unit"),
        (replace(COAL_ROW, unit="m3"), "unit", "units_do_not_match"),
        (replace(COAL_ROW, calorific_value=Decimal(0)), "calorific_value", "not_positive"),
        (replace(COAL_ROW, coefficient=Decimal(0)), "coefficient", "not_positive"),
        (replace(COAL_ROW, coefficient=Decimal(1)), "basis_note", "no_source"),
        (
            replace(COAL_ROW, coefficient=Decimal(1), calorific_value=Decimal(20934)),
            "coefficient", "two_bases",
        ),
        (Consumption("natural_gas", Decimal(1), "m3"), "coefficient", "which_coefficient"),
        (
            Consumption("natural_gas", Decimal(1), "m3", coefficient=Decimal("1.4")),
            "coefficient", "out_of_range",
        ),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_converted_names_its_field(item: Consumption, field: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        tce(COAL_ROW, item)
    assert (refused.value.field, refused.value.code) == (f"consumption[1].{field}", code)


def test_nothing_cannot_be_summed() -> None:
    with pytest.raises(CaseFault, match="至少填写一种能源"):
        tce()


@given(st.lists(AMOUNTS, min_size=1, max_size=5))
def test_neither_the_order_nor_the_unit_matters(amounts: list[Decimal]) -> None:
    in_tonnes = [Consumption("diesel", amount, "t") for amount in amounts]
    in_kilograms = [Consumption("diesel", amount * 1000, "kg") for amount in reversed(amounts)]
    assert tce(*in_tonnes) == tce(*in_kilograms)


@given(AMOUNTS, AMOUNTS)
def test_more_fuel_is_more_coal(one: Decimal, other: Decimal) -> None:
    less, more = sorted([one, other])
    assert tce(Consumption("coke", less, "t")) <= tce(Consumption("coke", more, "t"))

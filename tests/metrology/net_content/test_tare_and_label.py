"""Tare, volume by weighing, and what a label says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.net_content.label import least_height_mm, parse_statement
from quanheng.metrology.net_content.quantities import QuantityKind
from quanheng.metrology.net_content.statistics import deviation
from quanheng.metrology.net_content.tare import Tare, choose_tare, volume_ml
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

CN = shipped().in_force("net-content/cn", date(2026, 6, 1))
QN, T = Decimal(500), Decimal(15)


def tares(count: int, grams: str, spread: str = "0") -> list[Decimal]:
    return [Decimal(grams) + Decimal(spread) * (-1) ** number for number in range(count)]


def test_a_light_tare_is_the_mean_of_ten() -> None:
    assert choose_tare(tares(12, "50"), QN, T, CN) == Tare("mean", Decimal(50), Decimal(0))


def test_a_heavy_even_tare_is_the_mean_of_twenty_five() -> None:
    assert choose_tare(tares(25, "50.1", "3.5"), QN, T, CN).rule == "mean"
    with pytest.raises(CaseFault, match="应称 25 个"):
        choose_tare(tares(10, "50.1"), QN, T, CN)


def test_a_heavy_uneven_tare_is_weighed_for_each_item() -> None:
    assert choose_tare(tares(10, "60", "3.6"), QN, T, CN).rule == "individual"


def test_fewer_than_ten_tares_are_too_few() -> None:
    with pytest.raises(CaseFault, match="至少要称 10 个"):
        choose_tare(tares(9, "50"), QN, T, CN)


def test_one_value_has_no_spread() -> None:
    assert deviation([Decimal(5)]) == 0


def test_volume_by_weighing_corrects_for_the_air() -> None:
    """m = 998.2 g of water at 20 °C: V = 998.2/(0.9982 − 0.0012)·(1 − 0.0012/8) = 1001.053 mL."""
    assert volume_ml(Decimal("998.2"), Decimal("0.9982")).quantize(Decimal("1E-3")) == Decimal("1001.053")
    with pytest.raises(CaseFault, match="密度"):
        volume_ml(Decimal(1), Decimal("0.0012"))


@pytest.mark.parametrize(
    ("text", "value", "unit", "packages", "lawful"),
    [
        ("净含量：500 g", "500", "g", 1, True), ("500克", "500", "g", 1, True),
        ("2×250mL", "250", "mL", 2, True),
        ("净含量:1.5Ｌ", "1.5", "L", 1, True), ("12枚", "12", "piece", 1, True),
        ("500g×6袋", "500", "g", 6, True),
        ("净含量 2.5 公斤", "2.5", "kg", 1, False), ("500ML", "500", "mL", 1, False),
        ("0.5 m²", "0.5", "m2", 1, True),
    ],
)  # fmt: skip
def test_what_a_label_states(text: str, value: str, unit: str, packages: int, lawful: bool) -> None:
    found = parse_statement(text)
    assert (found.value, found.unit, found.packages, found.is_unit_lawful) == (
        Decimal(value),
        unit,
        packages,
        lawful,
    )
    assert found.kind in QuantityKind


@pytest.mark.parametrize("text", ["", "很多", "500", "500斤", "净含量：" + "5" * 80])
def test_a_statement_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(CaseFault) as refused:
        parse_statement(text)
    assert refused.value.field == "statement"


@pytest.mark.parametrize(("nominal", "height"), [(50, 2), (51, 3), (200, 3), (201, 4), (1000, 4), (1001, 6)])
def test_figures_are_as_high_as_the_quantity_asks(nominal: int, height: int) -> None:
    assert least_height_mm(QuantityKind.VOLUME, Decimal(nominal), CN) == height
    assert least_height_mm(QuantityKind.COUNT, Decimal(nominal), CN) is None


@given(st.text(max_size=80))
def test_no_text_brings_the_reader_of_labels_down(text: str) -> None:
    try:
        assert parse_statement(text).packages >= 0
    except CaseFault as fault:
        assert fault.message  # noqa: PT017

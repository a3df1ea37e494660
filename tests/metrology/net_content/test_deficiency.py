"""The tolerable deficiency, to the digit, in both roundings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.net_content.deficiency import ItemClass, classify, tolerable_deficiency
from quanheng.metrology.net_content.quantities import QuantityKind, in_base_unit
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

DAY = date(2026, 6, 1)
CN = shipped().in_force("net-content/cn", DAY)
R87 = shipped().in_force("net-content/oiml-r87", DAY)
NZ, US = (shipped().in_force(f"net-content/{name}", DAY) for name in ("nz", "us"))
POUND = Decimal("453.59237")  # grams


@pytest.mark.parametrize(
    ("nominal", "exact", "half_even", "up"),
    [
        ("25", "2.25", "2.2", "2.3"), ("50", "4.5", "4.5", "4.5"), ("75", "4.5", "4.5", "4.5"),
        ("113", "5.085", "5.1", "5.1"), ("125", "5.625", "5.6", "5.7"), ("130", "5.85", "5.8", "5.9"),
        ("150", "6.75", "6.8", "6.8"), ("250", "9", "9", "9"), ("310", "9.3", "9.3", "9.3"),
        ("500", "15", "15", "15"), ("1000", "15", "15", "15"), ("1001", "15.015", "15", "16"),
        ("1050", "15.75", "16", "16"), ("1500", "22.5", "22", "23"), ("2500", "37.5", "38", "38"),
        ("12000", "150", "150", "150"), ("15050", "150.5", "150", "151"), ("25000", "250", "250", "250"),
    ],
)  # fmt: skip
def test_t_of_a_mass_or_volume(nominal: str, exact: str, half_even: str, up: str) -> None:
    chinese = tolerable_deficiency(QuantityKind.MASS, Decimal(nominal), CN)
    oiml = tolerable_deficiency(QuantityKind.VOLUME, Decimal(nominal), R87)
    assert chinese.exact == oiml.exact == Decimal(exact)
    assert (chinese.rounded, oiml.rounded) == (Decimal(half_even), Decimal(up))


@pytest.mark.parametrize(("nominal", "pieces"), [(50, 0), (51, 1), (80, 1), (150, 2), (200, 2), (201, 3)])
def test_a_count_is_rounded_up_to_whole_pieces(nominal: int, pieces: int) -> None:
    assert tolerable_deficiency(QuantityKind.COUNT, Decimal(nominal), CN).rounded == pieces


@pytest.mark.parametrize(
    ("nominal", "mav"),
    [
        ("36", "3.6"), ("36.1", "3.6"), ("113", "7.2"), ("453.6", "19.9"), ("500", "21.7"), ("1000", "35.3"),
        ("2270", "63.5"), ("24670", "226"), ("30000", "600"),
    ],
)  # fmt: skip
def test_the_us_plan_has_the_maximum_allowable_variations_of_its_own_handbook(nominal: str, mav: str) -> None:
    """NIST HB 133, table 2-5: 113 g has 7.2 g, a pound 19.9 g where OIML R 87 would have 13.7 g."""
    assert tolerable_deficiency(QuantityKind.MASS, Decimal(nominal), US).rounded == Decimal(mav)


@pytest.mark.parametrize(
    ("pounds", "mav_pounds"),
    [("0.12", "0.008"), ("0.26", "0.016"), ("1.08", "0.044"), ("2.76", "0.086"), ("3.90", "0.11"),
     ("9.40", "0.19"), ("23.20", "0.31"), ("54.40", "0.50")],
)  # fmt: skip
def test_each_metric_row_of_the_handbook_is_its_row_in_pounds(pounds: str, mav_pounds: str) -> None:
    """The handbook prints both; the metric bound is cut off, so that it lies just below that in pounds."""
    nominal = (Decimal(pounds) * POUND).to_integral_value() - 10
    metric = tolerable_deficiency(QuantityKind.MASS, nominal, US).rounded
    assert abs(metric - Decimal(mav_pounds) * POUND) < Decimal("0.01") * metric


@pytest.mark.parametrize(
    ("kind", "nominal", "mav"),
    [
        (QuantityKind.COUNT, "51", "2"), (QuantityKind.COUNT, "200", "5"), (QuantityKind.COUNT, "1500", "23"),
        (QuantityKind.LENGTH, "1", "0.03"), (QuantityKind.LENGTH, "10", "0.15"),
        (QuantityKind.AREA, "2", "0.06"),
    ],
)  # fmt: skip
def test_counts_lengths_and_areas_of_the_us_plan(kind: QuantityKind, nominal: str, mav: str) -> None:
    assert tolerable_deficiency(kind, Decimal(nominal), US).rounded == Decimal(mav)


@pytest.mark.parametrize(("kind", "nominal"), [(QuantityKind.VOLUME, "500"), (QuantityKind.COUNT, "12")])
def test_a_table_that_nobody_has_is_never_replaced_by_that_of_another_rule(
    kind: QuantityKind, nominal: str
) -> None:
    with pytest.raises(CaseFault, match="未收录") as refused:
        tolerable_deficiency(kind, Decimal(nominal), US)
    assert refused.value.code == "no_table"


def test_new_zealand_has_no_largest_package() -> None:
    """SR 1999/373, Schedule 7A, table 2: more than 15 000 g, 1 %."""
    assert tolerable_deficiency(QuantityKind.MASS, Decimal(80_000), NZ).rounded == 800


@pytest.mark.parametrize(
    ("kind", "nominal", "tolerable"),
    [
        (QuantityKind.LENGTH, "5", "0"),
        (QuantityKind.LENGTH, "5.5", "0.11"),
        (QuantityKind.AREA, "2", "0.06"),
    ],
)
def test_t_of_a_length_and_of_an_area(kind: QuantityKind, nominal: str, tolerable: str) -> None:
    assert tolerable_deficiency(kind, Decimal(nominal), CN).rounded == Decimal(tolerable)


@pytest.mark.parametrize(
    ("actual", "tolerable", "expected"),
    [
        ("485", "15", ItemClass.ADEQUATE),
        ("484.9", "15", ItemClass.T1),
        ("470", "15", ItemClass.T1),
        ("469.9", "15", ItemClass.T2),
        ("510", "15", ItemClass.ADEQUATE),
        ("500", "0", ItemClass.ADEQUATE),
        ("499", "0", ItemClass.T2),
    ],
)
def test_exactly_t_is_adequate_and_exactly_twice_t_is_t1(
    actual: str, tolerable: str, expected: ItemClass
) -> None:
    assert classify(Decimal(500), Decimal(actual), Decimal(tolerable)) == expected


@pytest.mark.parametrize(
    ("kind", "nominal", "code"),
    [
        (QuantityKind.MASS, "0", "not_positive"),
        (QuantityKind.MASS, "50000.1", "beyond_table"),
        (QuantityKind.COUNT, "60.5", "not_whole"),
    ],
)
def test_a_nominal_quantity_without_a_t_is_refused(kind: QuantityKind, nominal: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        tolerable_deficiency(kind, Decimal(nominal), CN)
    assert (refused.value.field, refused.value.code) == ("nominal", code)


@pytest.mark.parametrize(
    ("value", "unit", "base"),
    [("0.5", "kg", "500"), ("25", "cL", "250"), ("30", "cm", "0.3"), ("12", "piece", "12")],
)
def test_units_are_converted_exactly(value: str, unit: str, base: str) -> None:
    assert in_base_unit(Decimal(value), unit, "nominal")[1] == Decimal(base)
    with pytest.raises(CaseFault, match="“斤”无法识别"):
        in_base_unit(Decimal(1), "斤", "nominal")


@given(st.decimals(min_value=1, max_value=50000, places=1))
def test_rounding_up_never_gives_less_and_rounding_moves_t_by_less_than_a_step(nominal: Decimal) -> None:
    chinese = tolerable_deficiency(QuantityKind.MASS, nominal, CN)
    oiml = tolerable_deficiency(QuantityKind.MASS, nominal, R87)
    assert oiml.rounded >= max(chinese.rounded, oiml.exact)
    assert abs(chinese.rounded - chinese.exact) <= Decimal("0.5")

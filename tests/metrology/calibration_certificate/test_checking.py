"""What a calibration certificate must have before it is issued; each fault is told by its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from quanheng.metrology.calibration_certificate.certificate import CalibrationCertificate, Result
from quanheng.metrology.calibration_certificate.checking import check, faults, version_of
from quanheng.metrology.calibration_certificate.parts import Text
from quanheng.metrology.calibration_certificate.quantities import (
    Numbers,
    Quantity,
    QuantityList,
    Uncertainty,
    at,
)
from quanheng.packs.case_fault import CaseFault
from tests.adapters.dcc.certificates import CERTIFICATE

D = Decimal


def told(certificate: CalibrationCertificate) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in faults(certificate)]


def with_core(**changes: Any) -> CalibrationCertificate:
    return replace(CERTIFICATE, core=replace(CERTIFICATE.core, **changes))


def with_data(*data: Quantity | QuantityList) -> CalibrationCertificate:
    measurement = replace(CERTIFICATE.measurements[0], results=(Result((Text("结果"),), data),))
    return replace(CERTIFICATE, measurements=(measurement,))


def with_numbers(*numbers: Numbers) -> CalibrationCertificate:
    return with_data(Quantity(numbers))


PLACE = "measurements[0].results[0].data[0]"
U = f"{PLACE}.numbers[0].uncertainty"
ONE = Numbers((D(1),), (r"\one",))


def expanded(**changes: Any) -> Numbers:
    good = Uncertainty("expanded", (D("0.1"),), (D(2),), (D("0.95"),))
    return replace(ONE, uncertainty=replace(good, **changes))


def test_a_complete_certificate_has_no_fault() -> None:
    assert told(CERTIFICATE) == []
    check(CERTIFICATE)


def test_the_first_fault_is_raised() -> None:
    with pytest.raises(CaseFault, match="至少需要一项"):
        check(replace(CERTIFICATE, items=()))


@pytest.mark.parametrize(
    ("certificate", "field", "code"),
    [
        (replace(CERTIFICATE, items=()), "items", "empty"),
        (replace(CERTIFICATE, schema_version="4.0.0"), "schema_version", "bad_code"),
        (with_core(country_code="China"), "core.country_code", "bad_code"),
        (with_core(languages=("zh", "EN")), "core.languages[1]", "bad_code"),
        (with_core(mandatory_languages=("de",)), "core.mandatory_languages", "language_not_used"),
        (with_core(unique_identifier=" "), "core.unique_identifier", "blank"),
        (with_core(unique_identifier="a\x00"), "core.unique_identifier", "bad_character"),
        (with_core(end_performance_date=date(2026, 1, 1)), "core.end_performance_date", "end_before_begin"),
        (with_data(), "measurements[0].results[0].data", "empty"),
        (with_data(Quantity()), PLACE, "numbers_or_text"),
        (with_data(Quantity((ONE,), text=(Text("x"),))), PLACE, "numbers_or_text"),
        (with_data(QuantityList(())), f"{PLACE}.entries", "empty"),
        (with_numbers(replace(ONE, values=())), f"{PLACE}.numbers[0].values", "empty"),
        (with_numbers(replace(ONE, values=(D(1), D(2)))), f"{PLACE}.numbers[0].values", "not_a_list"),
        (with_numbers(replace(ONE, values=(D("NaN"),))), f"{PLACE}.numbers[0].values[0]", "not_finite"),
        (with_numbers(replace(ONE, units=("kg",))), f"{PLACE}.numbers[0].units[0]", "bad_unit"),
        (
            with_numbers(Numbers((D(1), D(2), D(3)), (r"\one", r"\one"), is_list=True)),
            f"{PLACE}.numbers[0].units",
            "counts_differ",
        ),
        (
            with_numbers(Numbers((D(1), D(2)), (r"\one",), labels=("a",), is_list=True)),
            f"{PLACE}.numbers[0].labels",
            "counts_differ",
        ),
        (with_numbers(replace(ONE, labels=("a b",))), f"{PLACE}.numbers[0].labels[0]", "blank_inside"),
        (
            with_numbers(ONE, Numbers((D(1), D(2)), (r"\one",), is_list=True)),
            f"{PLACE}.numbers",
            "counts_differ",
        ),
        (
            with_numbers(replace(ONE, units=(r"\metre",)), replace(ONE, units=(r"\second",))),
            f"{PLACE}.numbers[1].units",
            "units_do_not_match",
        ),
        (
            with_numbers(expanded(coverage_factors=())),
            f"{PLACE}.numbers[0].uncertainty.coverage_factors",
            "coverage_missing",
        ),
        (
            with_numbers(expanded(values=(D(-1),))),
            f"{PLACE}.numbers[0].uncertainty.values",
            "negative_uncertainty",
        ),
        (
            with_numbers(expanded(coverage_factors=(D(0),))),
            f"{PLACE}.numbers[0].uncertainty.coverage_factors",
            "bad_coverage_factor",
        ),
        (
            with_numbers(expanded(coverage_probabilities=(D("1.1"),))),
            f"{PLACE}.numbers[0].uncertainty.coverage_probabilities",
            "bad_coverage_probability",
        ),
        (
            with_numbers(expanded(kind="standard", coverage_probabilities=())),
            f"{PLACE}.numbers[0].uncertainty.coverage_factors",
            "not_for_standard",
        ),
    ],
)
def test_a_fault_is_told_by_its_field(certificate: CalibrationCertificate, field: str, code: str) -> None:
    assert (field, code) in told(certificate)


def test_a_bad_unit_of_a_second_number_is_told_once_where_it_stands() -> None:
    found = told(with_numbers(ONE, replace(ONE, units=("kg",))))
    assert found == [(f"{PLACE}.numbers[1].units[0]", "bad_unit")]


def test_before_dcc_3_3_a_standard_uncertainty_has_no_place() -> None:
    numbers = replace(ONE, uncertainty=Uncertainty("standard", (D("0.1"),)))
    certificate = replace(with_numbers(numbers), schema_version="3.2.1")
    assert (f"{PLACE}.numbers[0].uncertainty", "no_standard_uncertainty") in told(certificate)
    assert told(replace(certificate, schema_version="3.3.0")) == []


def test_lists_nested_beyond_all_measure_are_refused() -> None:
    nested: Quantity | QuantityList = Quantity((ONE,))
    for _ in range(25):
        nested = QuantityList((nested,))
    assert [code for _, code in told(with_data(nested))] == ["too_deep"]


@pytest.mark.parametrize(
    ("text", "version"), [("3.3.0", (3, 3)), ("3.0.0-rc.2", (3, 0)), ("2.4.0", (0, 0)), ("", (0, 0))]
)
def test_a_version_is_major_and_minor(text: str, version: tuple[int, int]) -> None:
    assert version_of(text) == version


def test_an_expanded_uncertainty_over_its_factor_is_a_standard_one() -> None:
    expanded_ = Uncertainty("expanded", (D("0.3"), D("0.6")), (D(2),), (D("0.95"),))
    assert (expanded_.standard(0), expanded_.standard(1)) == (D("0.15"), D("0.3"))
    assert Uncertainty("standard", (D("0.2"),)).standard(5) == D("0.2")
    for bad in ((), (D(0),)):
        with pytest.raises(CaseFault, match="k"):
            replace(expanded_, coverage_factors=bad).standard()


def test_one_value_stands_for_all() -> None:
    assert [at((7,), 3), at((1, 2), 1)] == [7, 2]

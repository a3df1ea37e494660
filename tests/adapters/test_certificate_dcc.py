"""The XML says what the PDF says, and our own reader reads it back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from quanheng.adapters.certificate_dcc import certificate_of, dcc_xml
from quanheng.adapters.dcc.reading import read
from quanheng.metrology.calibration_certificate.quantities import Quantity, QuantityList
from tests.factories.certificate_content import certificate_content

DAY = date(2026, 11, 23)


def test_what_is_written_is_read_back_to_the_same_certificate() -> None:
    content = certificate_content()
    assert read(dcc_xml(content, version=1, issued_on=DAY)).certificate == certificate_of(content, 1, DAY)


def test_numbers_keep_their_digits_and_the_verdict_stands_beside_the_error() -> None:
    certificate = certificate_of(certificate_content(), 1, DAY)
    table = certificate.measurements[0].results[0].data[0]
    assert isinstance(table, QuantityList)
    nominal, _, error, *_ = table.entries
    assert isinstance(nominal, Quantity)
    assert isinstance(error, Quantity)
    assert nominal.numbers[0].values == (Decimal("20.01"),)
    assert (error.numbers[0].units, error.statements[0].conformity) == ((r"\percent",), ("pass",))


@pytest.mark.parametrize(("result", "word"), [("passed", "pass"), ("failed", "fail")])
def test_the_conclusion_is_stated(result: str, word: str) -> None:
    made = certificate_of(certificate_content(result=result), 1, DAY)
    assert made.measurements[0].statements[0].conformity == (word,)


@pytest.mark.parametrize(
    "fact", [{"conditions": {"temperature_c": None, "humidity_percent": None}}, {"seals": []}]
)
def test_what_was_not_recorded_is_left_out(fact: dict[str, Any]) -> None:
    assert b"digitalCalibrationCertificate" in dcc_xml(certificate_content(**fact), version=1, issued_on=DAY)


def test_a_unit_that_d_si_does_not_know_is_text() -> None:
    point = certificate_content()["points"][0] | {"unit": "次"}
    assert "20.01 次".encode() in dcc_xml(certificate_content(points=[point]), version=1, issued_on=DAY)

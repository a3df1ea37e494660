"""Readings whose limits stand in the list of tests of their regulation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from quanheng.metrology.examinations.listed import Found, Nameplate, examine, limits_of, read_span, read_unit
from quanheng.metrology.examinations.template import Template, read_template
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

DAY = date(2026, 11, 23)


def template(item: str) -> Template:
    return read_template(shipped().in_force(f"examination/{item}", DAY))


def outcome(
    item: str, test: str, indication: str, reference: str | None = None, plate: Nameplate | None = None
) -> str:
    found = Found(test, Decimal(indication), None if reference is None else Decimal(reference))
    return examine(template(item), [found], plate or Nameplate()).outcome


@pytest.mark.parametrize(
    ("item", "test", "reference", "passes", "fails"),
    [
        ("tonometer", "pressure", "15", "18", "18.1"),
        ("electroencephalograph", "voltage", "50", "55", "55.1"),
        ("electroencephalograph", "frequency", "100", "70", "69.9"),
        ("electroencephalograph", "cmrr", None, "80", "79.9"),
        ("electroencephalograph", "noise", None, "5", "5.1"),
        ("ct", "water", "0", "-4", "-4.1"),
    ],
)
def test_the_limit_itself_passes_and_what_is_beyond_fails(
    item: str, test: str, reference: str | None, passes: str, fails: str
) -> None:
    assert outcome(item, test, passes, reference) == "passed"
    assert outcome(item, test, fails, reference) == "failed"


def test_a_noise_has_one_limit_and_a_rejection_ratio_another() -> None:
    heart = template("electroencephalograph")
    noise, ratio = heart.test("noise"), heart.test("cmrr")
    assert noise is not None
    assert ratio is not None
    assert limits_of(noise, Decimal(0), Nameplate()).is_one_sided
    assert not limits_of(ratio, Decimal(0), Nameplate()).is_one_sided


def test_limits_may_be_percent_of_the_range_or_given_by_the_class() -> None:
    alarm = Nameplate(Decimal(100))
    assert outcome("combustible-gas-alarm", "error", "45", "40", alarm) == "passed"
    assert outcome("combustible-gas-alarm", "error", "45.1", "40", alarm) == "failed"
    gauge = Nameplate(Decimal("1.6"), "1.6级")
    assert outcome("pressure-gauge", "rising", "0.8256", "0.8", gauge) == "passed"
    assert outcome("pressure-gauge", "rising", "0.8257", "0.8", gauge) == "failed"


@pytest.mark.parametrize(
    ("item", "found", "plate", "field", "code"),
    [
        ("tonometer", Found("sundial", Decimal(1)), Nameplate(), "readings[0].test", "unknown_test"),
        ("tonometer", Found("pressure", Decimal(1)), Nameplate(), "readings[0].reference", "no_reference"),
        (
            "pressure-gauge", Found("rising", Decimal(1), Decimal(1)), Nameplate(None, "1.6"),
            "readings[0].span", "no_span",
        ),
        (
            "pressure-gauge", Found("rising", Decimal(1), Decimal(1)), Nameplate(Decimal(1), "一级"),
            "readings[0].accuracy_class", "unknown_class",
        ),
        (
            "pressure-gauge", Found("rising", Decimal(1), Decimal(1)), Nameplate(Decimal(1), "-1"),
            "readings[0].accuracy_class", "unknown_class",
        ),
    ],
)  # fmt: skip
def test_a_fault_names_its_field(item: str, found: Found, plate: Nameplate, field: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        examine(template(item), [found], plate)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_nothing_read_is_nothing_to_judge() -> None:
    with pytest.raises(CaseFault, match="至少"):
        examine(template("tonometer"), [], Nameplate())


def test_a_test_that_another_pack_judges_has_no_limit_here() -> None:
    with pytest.raises(CaseFault, match="没有"):
        examine(template("sphygmomanometer"), [Found("pressure", Decimal(1), Decimal(1))], Nameplate())
    zero = template("sphygmomanometer").tests[0]
    with pytest.raises(CaseFault, match="没有允差"):
        limits_of(zero, Decimal(1), Nameplate())


@pytest.mark.parametrize(
    ("text", "span", "unit"),
    [
        ("(0~1.6) MPa", "1.6", "MPa"), ("0～100 %LEL", "100", "%LEL"), ("（-0.1～+2.5）MPa", "2.5", "MPa"),
        ("", None, ""), ("±5", None, ""),
    ],
)  # fmt: skip
def test_a_measuring_range_is_read_as_nameplates_write_it(text: str, span: str | None, unit: str) -> None:
    assert read_span(text) == (None if span is None else Decimal(span))
    assert read_unit(text) == unit

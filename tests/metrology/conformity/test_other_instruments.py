"""Blood pressure, and instruments whose limits are a table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from quanheng.metrology.conformity import sphygmomanometers, tables
from quanheng.metrology.conformity.limits import Limits
from quanheng.metrology.conformity.points import Outcome
from quanheng.metrology.conformity.sphygmomanometers import PressurePoint
from quanheng.metrology.conformity.tables import Reading
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped

DAY = date(2026, 6, 1)
MERCURY = shipped().in_force("conformity/sphygmomanometers", DAY)
ELECTRONIC = shipped().in_force("conformity/electronic-sphygmomanometers", DAY)
TABLES = shipped().in_force("conformity/tables", DAY)
POINT = [PressurePoint(Decimal("20.0"), Decimal("20.5"))]


def test_half_a_kilopascal_is_the_limit() -> None:
    assert sphygmomanometers.examine(POINT, pack=MERCURY).outcome == Outcome.PASSED
    beyond = [PressurePoint(Decimal("20.0"), Decimal("19.49"))]
    assert sphygmomanometers.examine(beyond, pack=ELECTRONIC).outcome == Outcome.FAILED


def test_millimetres_of_mercury_are_converted_without_rounding() -> None:
    assert sphygmomanometers.kpa_from_mmhg(Decimal(120), MERCURY) == Decimal("15.998640")


@pytest.mark.parametrize(
    ("zero", "leak", "outcome"),
    [
        ("-0.2", "0.5", Outcome.PASSED),
        ("0.5", "0", Outcome.PASSED),
        ("-0.21", "0", Outcome.FAILED),
        ("0", "0.51", Outcome.FAILED),
    ],
)
def test_zero_and_leak_of_a_mercury_manometer(zero: str, leak: str, outcome: Outcome) -> None:
    verdict = sphygmomanometers.examine(
        POINT, zero_kpa=Decimal(zero), leak_kpa_per_minute=Decimal(leak), pack=MERCURY
    )
    assert verdict.outcome == outcome


@pytest.mark.parametrize(("highest", "outcome"), [("16.7", Outcome.PASSED), ("16.71", Outcome.FAILED)])
def test_repeated_indications_of_an_electronic_one(highest: str, outcome: Outcome) -> None:
    verdict = sphygmomanometers.examine(
        POINT, repeated_kpa=[Decimal("16.0"), Decimal(highest)], pack=ELECTRONIC
    )
    assert verdict.points[-1].error == Decimal(highest) - Decimal("16.0")
    assert verdict.outcome == outcome


@pytest.mark.parametrize(
    ("facts", "pack", "field"),
    [
        ({"zero_kpa": Decimal(0)}, ELECTRONIC, "zero_kpa"),
        ({"leak_kpa_per_minute": Decimal(0)}, ELECTRONIC, "leak_kpa_per_minute"),
        ({"repeated_kpa": [Decimal(1), Decimal(2)]}, MERCURY, "repeated_kpa"),
    ],
)
def test_what_the_regulation_has_no_limit_for_is_refused(
    facts: dict[str, object], pack: object, field: str
) -> None:
    with pytest.raises(CaseFault) as refused:
        sphygmomanometers.examine(POINT, pack=pack, **facts)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_nothing_measured_is_nothing_to_judge() -> None:
    with pytest.raises(CaseFault, match="至少"):
        sphygmomanometers.examine([], pack=MERCURY)
    with pytest.raises(CaseFault, match="至少"):
        tables.examine("taximeter", "整车", "km", [], span=None, pack=TABLES)


def test_a_pressure_gauge_is_judged_by_its_span() -> None:
    readings = [Reading(Decimal("0.5"), Decimal("0.516")), Reading(Decimal("1.0"), Decimal("1.017"))]
    verdict = tables.examine("pressure-gauge", "1.6", "MPa", readings, span=Decimal(1), pack=TABLES)
    assert [row.outcome for row in verdict.points] == [Outcome.PASSED, Outcome.FAILED]
    assert verdict.points[0].limits == Limits(Decimal("-0.016"), Decimal("0.016"))


@pytest.mark.parametrize(
    ("indicated", "outcome"),
    [("1.01", "passed"), ("1.011", "failed"), ("0.96", "passed"), ("0.959", "failed")],
)
def test_a_taximeter_may_show_less_but_hardly_more(indicated: str, outcome: str) -> None:
    verdict = tables.examine(
        "taximeter", "整车", "km", [Reading(Decimal(1), Decimal(indicated))], span=None, pack=TABLES
    )
    assert verdict.outcome == outcome


@pytest.mark.parametrize(
    ("kind", "accuracy_class", "span", "field"),
    [
        ("barometer", "1.6", Decimal(1), "kind"),
        ("pressure-gauge", "9", Decimal(1), "accuracy_class"),
        ("pressure-gauge", "1.6", None, "span"),
        ("pressure-gauge", "1.6", Decimal(0), "span"),
    ],
)
def test_an_unknown_kind_class_or_span_is_named(
    kind: str, accuracy_class: str, span: Decimal | None, field: str
) -> None:
    with pytest.raises(CaseFault) as refused:
        tables.examine(kind, accuracy_class, "MPa", [Reading(Decimal(1), Decimal(1))], span=span, pack=TABLES)
    assert refused.value.field == field

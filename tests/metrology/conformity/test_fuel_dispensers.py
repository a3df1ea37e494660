"""Fuel dispensers: errors, repeatability, the verdict of each nozzle (JJG 443)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.metrology.conformity.fuel_dispensers import (
    Delivery,
    FlowPoint,
    Fuel,
    error_percent,
    examine,
    reference_volume_l,
    repeatability_percent,
)
from quanheng.metrology.conformity.points import Outcome
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped

PACK = shipped().in_force("conformity/fuel-dispensers", date(2026, 6, 1))
OLD = shipped().in_force("conformity/fuel-dispensers", date(2015, 6, 1))
THREE_RUNS = tuple(Delivery(Decimal("20.00"), Decimal(volume)) for volume in ("20.04", "20.03", "20.05"))


def with_factors(pack: RulePack) -> RulePack:
    """The other reading of the regulation: the range is divided by its factor."""
    method = pack.table("method")
    table = replace(method, values=MappingProxyType({**method.values, "repeatability": "range_factor"}))
    return replace(pack, tables=MappingProxyType({**pack.tables, "method": table}))


def at(*runs: Delivery, nozzle: str = "1", minimum: bool = False) -> FlowPoint:
    return FlowPoint(nozzle, "大流量", runs, is_minimum=minimum)


def test_the_reference_volume_is_brought_to_the_temperature_of_the_dispenser() -> None:
    run = Delivery(
        Decimal("20.00"), Decimal("20.03"), dispenser_celsius=Decimal("18.0"), measure_celsius=Decimal("18.5")
    )
    assert reference_volume_l(run, Fuel.PETROL, PACK).quantize(Decimal("1E-6")) == Decimal("20.016480")
    assert error_percent(run, Fuel.PETROL, PACK).quantize(Decimal("1E-4")) == Decimal("-0.0823")


def test_three_runs_give_a_mean_and_a_range() -> None:
    errors = [error_percent(run, Fuel.PETROL, PACK) for run in THREE_RUNS]
    assert [error.quantize(Decimal("1E-4")) for error in errors] == [
        Decimal("-0.1996"),
        Decimal("-0.1498"),
        Decimal("-0.2494"),
    ]
    assert repeatability_percent(errors, PACK).quantize(Decimal("1E-4")) == Decimal("0.0996")
    assert repeatability_percent(errors, with_factors(PACK)).quantize(Decimal("1E-4")) == Decimal(
        "0.0589"
    )  # 0.099601/1.69
    verdict = examine([at(*THREE_RUNS)], {"1": Fuel.PETROL}, PACK)
    assert verdict.points[0].error.quantize(Decimal("1E-4")) == Decimal("-0.1996")
    assert verdict.outcome == Outcome.PASSED


def test_every_number_between_the_reading_and_the_error_is_told() -> None:
    """V_Bt 20.016480 L and E −0.0823 % of the first run, as the formula of the regulation gives them."""
    warm = Delivery(
        Decimal("20.00"), Decimal("20.03"), dispenser_celsius=Decimal("18.0"), measure_celsius=Decimal("18.5")
    )
    error, spread = examine([at(warm, *THREE_RUNS[:2])], {"1": Fuel.PETROL}, PACK).points
    told = {step.name: (step.value, step.unit) for step in (*error.steps, *spread.steps)}
    assert [name for name in told if name.startswith("第")] == [
        "第 1 次 V_Bt", "第 1 次 E", "第 2 次 V_Bt", "第 2 次 E", "第 3 次 V_Bt", "第 3 次 E",
    ]  # fmt: skip
    assert (told["第 1 次 V_Bt"][0].quantize(Decimal("1E-6")), told["第 1 次 V_Bt"][1]) == (
        Decimal("20.016480"),
        "L",
    )
    assert told["第 1 次 E"][0].quantize(Decimal("1E-4")) == Decimal("-0.0823")
    assert told["最大 E"][0] - told["最小 E"][0] == told["极差"][0] == spread.error


def test_a_positive_error_is_a_short_delivery() -> None:
    assert error_percent(Delivery(Decimal(20), Decimal("19.9")), Fuel.DIESEL, PACK) > 0


@pytest.mark.parametrize(
    ("measured", "minimum", "outcome"),
    [
        ("19.941", False, Outcome.PASSED),  # +0.296 %
        ("19.939", False, Outcome.FAILED),  # +0.306 %
        ("19.939", True, Outcome.PASSED),
        ("19.899", True, Outcome.FAILED),  # +0.508 %
    ],
)
def test_the_minimum_measured_quantity_has_limits_of_its_own(
    measured: str, minimum: bool, outcome: Outcome
) -> None:
    run = Delivery(Decimal(20), Decimal(measured))
    assert examine([at(run, run, run, minimum=minimum)], {"1": Fuel.PETROL}, PACK).outcome == outcome


def test_each_edition_has_its_own_repeatability() -> None:
    runs = [
        Delivery(Decimal(20), Decimal(volume)) for volume in ("20.000", "20.013", "20.026")
    ]  # range 0.13 %
    assert examine([at(*runs)], {"1": Fuel.PETROL}, OLD).outcome == Outcome.PASSED
    assert examine([at(*runs)], {"1": Fuel.PETROL}, PACK).outcome == Outcome.FAILED


def test_the_verdict_is_by_nozzle_and_one_bad_nozzle_fails_the_dispenser() -> None:
    good, short = Delivery(Decimal(20), Decimal(20)), Delivery(Decimal(20), Decimal("19.8"))
    points = [at(good, good, good), at(short, short, short, nozzle="2")]
    verdict = examine(points, {"1": Fuel.PETROL, "2": Fuel.DIESEL}, PACK)
    assert verdict.nozzles == {"1": Outcome.PASSED, "2": Outcome.FAILED}
    assert verdict.outcome == Outcome.FAILED


RUN = Delivery(Decimal(20), Decimal(20))


@pytest.mark.parametrize(
    ("points", "field", "code"),
    [
        ([], "points", "no_points"),
        ([at(RUN, RUN)], "points[0].runs", "too_few_runs"),
        ([at(RUN, RUN, RUN, nozzle="9")], "points[0].nozzle", "no_fuel"),
        ([at(RUN, RUN, Delivery(Decimal(20), Decimal(0)))], "points[0].runs[2].measured_l", "not_positive"),
        (
            [at(RUN, RUN, replace(RUN, dispenser_celsius=Decimal(18)))],
            "points[0].runs[2].measure_celsius",
            "one_temperature",
        ),
        (
            [at(RUN, replace(RUN, measure_celsius=Decimal(18)), RUN)],
            "points[0].runs[1].dispenser_celsius",
            "one_temperature",
        ),
    ],
)
def test_what_cannot_be_judged_names_its_field(points: list[FlowPoint], field: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        examine(points, {"1": Fuel.PETROL}, PACK)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_more_runs_than_there_are_factors_for() -> None:
    with pytest.raises(CaseFault, match="没有 6 次"):
        repeatability_percent([Decimal(0)] * 6, with_factors(PACK))


VOLUMES = st.decimals(min_value="5", max_value="200", places=3)


@given(VOLUMES, VOLUMES, st.decimals(min_value="0.1", max_value="10", places=2))
def test_the_error_does_not_depend_on_the_unit(
    indicated: Decimal, measured: Decimal, factor: Decimal
) -> None:
    once = error_percent(Delivery(indicated, measured), Fuel.PETROL, PACK)
    again = error_percent(Delivery(indicated * factor, measured * factor), Fuel.PETROL, PACK)
    assert abs(once - again) < Decimal("1E-20")

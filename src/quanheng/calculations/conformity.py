"""Whether an instrument conforms to its verification regulation, point by point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from quanheng.calculations.calculation import Calculation, CitationOut, Example
from quanheng.calculations.conformity_model import (
    ConformityCase,
    ConformityResult,
    FuelDispenserIn,
    ListedIn,
    PointOut,
    ScaleIn,
    SphygmomanometerIn,
    StepOut,
    TableIn,
)
from quanheng.calculations.examinations import template_pack
from quanheng.metrology.conformity import fuel_dispensers, scales, sphygmomanometers, tables
from quanheng.metrology.conformity.decision import DecisionRule, decide
from quanheng.metrology.conformity.points import Outcome, PointVerdict, overall
from quanheng.metrology.conformity.sphygmomanometers import PressurePoint
from quanheng.metrology.examinations import listed
from quanheng.metrology.examinations.template import read_template
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePacks

__all__ = ["CALCULATION", "ConformityCase", "ConformityResult", "run"]


def run(case: ConformityCase, packs: RulePacks) -> ConformityResult:
    """Evaluate by the regulation in force on the case's day, under the decision rule that was chosen."""
    rows, citation = _examine(case, packs)
    citations = [citation]
    if case.decision_rule != DecisionRule.SIMPLE:
        pack = packs.in_force("conformity/decision", case.day)
        citations.append(pack.cite())
    decided = [
        decide(row.error, row.limits, case.expanded_uncertainty, case.decision_rule, pack)
        if case.decision_rule != DecisionRule.SIMPLE
        else row.outcome
        for row in rows
    ]
    return ConformityResult(
        points=tuple(_point(row, outcome) for row, outcome in zip(rows, decided, strict=True)),
        outcome=overall(decided),
        citations=tuple(CitationOut.of(citation) for citation in citations),
    )


def _examine(case: ConformityCase, packs: RulePacks) -> tuple[Sequence[PointVerdict], Citation]:
    given = case.instrument
    try:
        if isinstance(given, ScaleIn):
            return _scale(given, case.day, packs)
        if isinstance(given, FuelDispenserIn):
            return _dispenser(given, case.day, packs)
        if isinstance(given, SphygmomanometerIn):
            return _sphygmomanometer(given, case.day, packs)
        if isinstance(given, ListedIn):
            return _listed(given, case.day, packs)
        return _table(given, case.day, packs)
    except CaseFault as fault:
        raise fault.within("instrument") from None


def _scale(given: ScaleIn, day: date, packs: RulePacks) -> tuple[Sequence[PointVerdict], Citation]:
    verdict = scales.examine(
        given.scale(),
        [load.point() for load in given.weighing],
        zero=None if given.zero is None else given.zero.point(),
        eccentricity=[load.point() for load in given.eccentricity],
        repeatability=[load.point() for load in given.repeatability],
        discrimination=[small.point() for small in given.discrimination],
        stage=given.stage,
        pack=packs.in_force("conformity/scales", day),
    )
    return verdict.points, verdict.citation


def _dispenser(
    given: FuelDispenserIn, day: date, packs: RulePacks
) -> tuple[Sequence[PointVerdict], Citation]:
    points = [point.point() for point in given.points]
    pack = packs.in_force("conformity/fuel-dispensers", day)
    verdict = fuel_dispensers.examine(points, given.fuels, pack)
    return verdict.points, verdict.citation


def _sphygmomanometer(
    given: SphygmomanometerIn, day: date, packs: RulePacks
) -> tuple[Sequence[PointVerdict], Citation]:
    rule = "sphygmomanometers" if given.kind == "sphygmomanometer" else "electronic-sphygmomanometers"
    verdict = sphygmomanometers.examine(
        [PressurePoint(point.reference_kpa, point.indication_kpa) for point in given.points],
        zero_kpa=given.zero_kpa,
        leak_kpa_per_minute=given.leak_kpa_per_minute,
        repeated_kpa=given.repeated_kpa,
        pack=packs.in_force(f"conformity/{rule}", day),
    )
    return verdict.points, verdict.citation


def _table(given: TableIn, day: date, packs: RulePacks) -> tuple[Sequence[PointVerdict], Citation]:
    verdict = tables.examine(
        given.table,
        given.accuracy_class,
        given.unit,
        [tables.Reading(reading.reference, reading.indication) for reading in given.readings],
        span=given.span,
        pack=packs.in_force("conformity/tables", day),
    )
    return verdict.points, verdict.citation


def _listed(given: ListedIn, day: date, packs: RulePacks) -> tuple[Sequence[PointVerdict], Citation]:
    pack = template_pack(packs, given.item, given.regulation, day)
    verdict = listed.examine(
        read_template(pack).in_unit(given.unit),
        [listed.Found(row.test, row.indication, row.reference, row.part) for row in given.readings],
        listed.Nameplate(given.span, given.accuracy_class),
    )
    return verdict.points, pack.cite("tests")


def _finite(limit: Decimal) -> Decimal | None:
    return limit if limit.is_finite() else None


def _point(row: PointVerdict, outcome: Outcome) -> PointOut:
    return PointOut(
        part=row.part, quantity=row.quantity, unit=row.unit, nominal=row.nominal, indication=row.indication,
        error=row.error, error_unit=row.error_unit, lower_limit=_finite(row.limits.lower),
        upper_limit=_finite(row.limits.upper), outcome=outcome,
        steps=tuple(StepOut(name=step.name, value=step.value, unit=step.unit) for step in row.steps),
    )  # fmt: skip


CALCULATION = Calculation(
    name="conformity",
    title="检定合格判定",
    case=ConformityCase,
    result=ConformityResult,
    run=run,
    examples=(
        Example(
            name="scale",
            title="电子计价秤，Max 15 kg，e = 5 g",
            source="OIML R 76-1:2006，A.4.4.3",
            case={
                "day": "2026-06-01",
                "instrument": {
                    "kind": "scale",
                    "accuracy_class": "III",
                    "max_g": 15000,
                    "e_g": 5,
                    "zero": {"load_g": 0, "indication_g": 0, "added_g": 2},
                    "weighing": [{"load_g": 1000, "indication_g": 1000, "added_g": "1.5"}],
                },
            },
        ),
        Example(
            name="multi-interval-scale",
            title="多分度值秤，Max 6/15 kg，e = 2/5 g",
            source="OIML R 76-1:2006，3.3、3.5.1：各段按本段的 e 计算",
            case={
                "day": "2026-06-01",
                "instrument": {
                    "kind": "scale",
                    "accuracy_class": "III",
                    "max_g": 15000,
                    "e_g": 2,
                    "ranges": [{"max_g": 6000, "e_g": 2}, {"max_g": 15000, "e_g": 5}],
                    "weighing": [
                        {"load_g": 1000, "indication_g": 1000, "added_g": "1.5"},
                        {"load_g": 6000, "indication_g": 6002, "added_g": "0.5"},
                        {"load_g": 10000, "indication_g": 10005, "added_g": "3"},
                        {"load_g": 15000, "indication_g": 15005, "added_g": "1"},
                    ],
                },
            },
        ),
        Example(
            name="fuel-dispenser",
            title="加油机一条油枪，三次测量",
            source="按 JJG 443 的公式计算",
            case={
                "day": "2026-06-01",
                "instrument": {
                    "kind": "fuel_dispenser",
                    "fuels": {"1": "petrol"},
                    "points": [
                        {
                            "nozzle": "1",
                            "flow": "大流量",
                            "runs": [
                                {"indicated_l": "20.00", "measured_l": "20.04"},
                                {"indicated_l": "20.00", "measured_l": "20.03"},
                                {"indicated_l": "20.00", "measured_l": "20.05"},
                            ],
                        }
                    ],
                },
            },
        ),
    ),
)

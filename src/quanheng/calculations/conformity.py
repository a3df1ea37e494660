"""Whether an instrument conforms to its verification regulation, point by point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, CitationOut, Example, Result
from quanheng.metrology.conformity import fuel_dispensers, scales, sphygmomanometers, tables
from quanheng.metrology.conformity.decision import DecisionRule, decide
from quanheng.metrology.conformity.fuel_dispensers import Delivery, FlowPoint, Fuel
from quanheng.metrology.conformity.points import Outcome, PointVerdict, overall
from quanheng.metrology.conformity.scales import Scale, Stage, WeighingPoint
from quanheng.metrology.conformity.sphygmomanometers import PressurePoint
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePacks

MOST_POINTS = 500
Number = Annotated[Decimal, Field(max_digits=18, decimal_places=9)]


class WeighingIn(Case):
    """One load on a scale."""

    load_g: Number = Field(description="载荷，g")
    indication_g: Number = Field(description="示值，g")
    added_g: Number | None = Field(None, description="闪变点法所加小砝码 ΔL，g")
    position: str = Field("", max_length=20, description="偏载位置")

    def point(self) -> WeighingPoint:
        return WeighingPoint(self.load_g, self.indication_g, self.added_g, self.position)


class ScaleIn(Case):
    """A digital indicating scale."""

    kind: Literal["scale"] = Field(description="数字指示秤")
    accuracy_class: str = Field(max_length=4, description="准确度等级：I、II、III、IIII")
    max_g: Number = Field(description="最大秤量，g")
    e_g: Number = Field(description="检定分度值，g")
    stage: Stage = Field(Stage.VERIFICATION, description="verification 检定；in_service 使用中检查")
    weighing: list[WeighingIn] = Field(max_length=MOST_POINTS, description="称量点")
    zero: WeighingIn | None = Field(None, description="零点误差的测定")
    eccentricity: list[WeighingIn] = Field([], max_length=MOST_POINTS, description="偏载")
    repeatability: list[WeighingIn] = Field([], max_length=MOST_POINTS, description="重复性，同一载荷")


class DeliveryIn(Case):
    """One delivery into the standard measure."""

    indicated_l: Number = Field(description="加油机示值，L")
    measured_l: Number = Field(description="量器读数，L")
    dispenser_celsius: Number | None = Field(None, description="加油机处油温，℃")
    measure_celsius: Number | None = Field(None, description="量器内油温，℃")


class FlowPointIn(Case):
    """The runs at one flow rate of one nozzle."""

    nozzle: str = Field(max_length=20, description="油枪号")
    flow: str = Field("", max_length=20, description="流量点")
    is_minimum: bool = Field(False, description="是否最小被测量")
    runs: list[DeliveryIn] = Field(min_length=1, max_length=20, description="各次测量")


class FuelDispenserIn(Case):
    """A fuel dispenser with its nozzles."""

    kind: Literal["fuel_dispenser"] = Field(description="燃油加油机")
    fuels: dict[str, Fuel] = Field(
        max_length=MOST_POINTS, description="各油枪的油品：petrol 汽油；diesel 柴油"
    )
    points: list[FlowPointIn] = Field(max_length=MOST_POINTS, description="流量点")


class PressureIn(Case):
    """A static pressure."""

    reference_kpa: Number = Field(description="标准压力，kPa")
    indication_kpa: Number = Field(description="示值，kPa")


class SphygmomanometerIn(Case):
    """A blood-pressure instrument."""

    kind: Literal["sphygmomanometer", "electronic_sphygmomanometer"] = Field(
        description="血压计（表）；无创自动测量血压计"
    )
    points: list[PressureIn] = Field(max_length=MOST_POINTS, description="压力点")
    zero_kpa: Number | None = Field(None, description="零位，kPa")
    leak_kpa_per_minute: Number | None = Field(None, description="每分钟漏气，kPa")
    repeated_kpa: list[Number] = Field([], max_length=MOST_POINTS, description="重复示值，kPa")


class ReadingIn(Case):
    """A reference value and what was indicated."""

    reference: Number = Field(description="标准值")
    indication: Number = Field(description="示值")


class TableIn(Case):
    """An instrument whose limits are a table."""

    kind: Literal["table"] = Field(description="按允差表判定的器具")
    table: str = Field(max_length=40, description="允差表：pressure-gauge、taximeter")
    accuracy_class: str = Field(max_length=20, description="准确度等级")
    unit: str = Field(max_length=20, description="单位")
    span: Number | None = Field(None, description="量程上限")
    readings: list[ReadingIn] = Field(max_length=MOST_POINTS, description="检定点")


class ConformityCase(Case):
    """One examination of one instrument."""

    day: date = Field(description="检定日期：按当天有效的规程判定")
    instrument: ScaleIn | FuelDispenserIn | SphygmomanometerIn | TableIn = Field(
        discriminator="kind", description="器具和检定数据"
    )
    decision_rule: DecisionRule = Field(
        DecisionRule.SIMPLE,
        description="simple 简单判定；jjf_1094 按 JJF 1094；guarded_acceptance 收窄接受限",
    )
    expanded_uncertainty: Number | None = Field(None, description="扩展不确定度 U（k=2），与误差同单位")


class PointOut(Result):
    """One row with its verdict."""

    part: str = Field(description="油枪号、偏载位置等")
    quantity: str = Field(description="项目")
    unit: str = Field(description="标准值和示值的单位")
    nominal: Decimal = Field(description="标准值")
    indication: Decimal = Field(description="示值")
    error: Decimal = Field(description="误差；加油机为正表示少付")
    error_unit: str = Field(description="误差的单位")
    lower_limit: Decimal = Field(description="下限")
    upper_limit: Decimal = Field(description="上限")
    outcome: Outcome = Field(description="passed 合格；failed 不合格；undecided 待定")


class ConformityResult(Result):
    """Every row, and the verdict of the whole."""

    points: tuple[PointOut, ...] = Field(description="各点")
    outcome: Outcome = Field(description="结论")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")


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
        return _table(given, case.day, packs)
    except CaseFault as fault:
        raise fault.within("instrument") from None


def _scale(given: ScaleIn, day: date, packs: RulePacks) -> tuple[Sequence[PointVerdict], Citation]:
    verdict = scales.examine(
        Scale(given.accuracy_class, given.max_g, given.e_g),
        [load.point() for load in given.weighing],
        zero=None if given.zero is None else given.zero.point(),
        eccentricity=[load.point() for load in given.eccentricity],
        repeatability=[load.point() for load in given.repeatability],
        stage=given.stage,
        pack=packs.in_force("conformity/scales", day),
    )
    return verdict.points, verdict.citation


def _dispenser(
    given: FuelDispenserIn, day: date, packs: RulePacks
) -> tuple[Sequence[PointVerdict], Citation]:
    points = [
        FlowPoint(
            nozzle=point.nozzle,
            flow=point.flow,
            runs=tuple(
                Delivery(run.indicated_l, run.measured_l, run.dispenser_celsius, run.measure_celsius)
                for run in point.runs
            ),
            is_minimum=point.is_minimum,
        )
        for point in given.points
    ]
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


def _point(row: PointVerdict, outcome: Outcome) -> PointOut:
    return PointOut(
        part=row.part, quantity=row.quantity, unit=row.unit, nominal=row.nominal, indication=row.indication,
        error=row.error, error_unit=row.error_unit, lower_limit=row.limits.lower,
        upper_limit=row.limits.upper, outcome=outcome,
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

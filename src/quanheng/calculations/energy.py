"""Energy metering of one unit: standard coal, meters fitted, meters verified, balances, online rate."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from quanheng.calculations.calculation import Calculation, CitationOut, Example
from quanheng.calculations.energy_model import (
    BalanceIn,
    BalanceOut,
    ConvertedOut,
    EnergyCase,
    EnergyResult,
    FittingOut,
    FittingsOut,
    MeterOut,
    MetersOut,
    OnlineRateOut,
    RateOut,
    SpanIn,
    StandardCoalOut,
)
from quanheng.metrology.energy import fitting_rate, meters, online_rate, standard_coal
from quanheng.metrology.energy.fitting_rate import Fitting, FittingVerdict
from quanheng.metrology.energy.meters import EnergyMeter, MetersVerdict, Span
from quanheng.metrology.energy.online_rate import MeteringPoint, OnlineRate
from quanheng.metrology.energy.standard_coal import Consumption, StandardCoal
from quanheng.metrology.percentages import percentage
from quanheng.metrology.reading_quality.balance import balance
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePacks
from quanheng.packs.sentence import tell
from quanheng.regulation.key_energy_units import classify


def run(case: EnergyCase, packs: RulePacks) -> EnergyResult:
    """Evaluate the parts that the case has.

    Raises:
        CaseFault: none of the parts, or what a part refuses.
    """
    if not any((case.consumption, case.fittings, case.meters, case.balances, case.points)):
        message = "请至少填写 consumption、fittings、meters、balances、points 中的一部分。"
        raise CaseFault("consumption", "nothing_asked", message)
    cited: list[Citation] = []
    return EnergyResult(
        standard_coal=_standard_coal(case, packs, cited) if case.consumption else None,
        fittings=_fittings(case, packs, cited) if case.fittings else None,
        meters=_meters(case, packs, cited) if case.meters else None,
        balances=tuple(_balance(one, index) for index, one in enumerate(case.balances)),
        online_rate=_online_rate(case, packs, cited) if case.points else None,
        citations=tuple(map(CitationOut.of, cited)),  # last: the parts above have filled it
    )


def _standard_coal(case: EnergyCase, packs: RulePacks, cited: list[Citation]) -> StandardCoalOut:
    coal: StandardCoal = standard_coal.comprehensive_consumption(
        [
            Consumption(
                one.carrier, one.quantity, one.unit, one.flow, one.calorific_value_kj, one.coefficient,
                one.basis_note,
            )
            for one in case.consumption
        ],
        packs.in_force("energy/standard-coal", case.day),
        counts_media=case.counts_media,
    )  # fmt: skip
    years, citation = classify(
        {case.day.year: max(coal.tce, Decimal(0))}, packs.in_force("energy/key-units", case.day),
        is_designated=case.is_designated,
    )  # fmt: skip
    cited += [coal.citation, citation]
    rows = tuple(
        ConvertedOut(
            carrier=row.carrier, name=row.name, quantity=row.quantity, unit=row.unit,
            coefficient=row.coefficient, basis=row.basis, tce=row.tce, not_counted=row.not_counted,
        )
        for row in coal.rows
    )  # fmt: skip
    return StandardCoalOut(
        rows=rows, tce=coal.tce, unit_class=years[0].unit_class, is_reviewed=years[0].is_reviewed
    )


def _fittings(case: EnergyCase, packs: RulePacks, cited: list[Citation]) -> FittingsOut:
    verdict: FittingVerdict = fitting_rate.fitting_rates(
        [Fitting(one.carrier, one.level, one.needed, one.fitted) for one in case.fittings],
        packs.in_force("energy/fitting-rate", case.day),
    )
    cited.append(verdict.citation)
    rows = tuple(
        FittingOut(
            carrier=row.carrier, name=row.name, level=row.level, needed=row.needed, fitted=row.fitted,
            rate=row.rate, least=row.least, is_met=row.is_met,
        )
        for row in verdict.rows
    )  # fmt: skip
    return FittingsOut(rows=rows, is_met=verdict.is_met)


def _meters(case: EnergyCase, packs: RulePacks, cited: list[Citation]) -> MetersOut:
    if case.period is None:
        raise CaseFault("period", "no_period", "核对器具证书，请填写审查的起止日期。")
    verdict: MetersVerdict = meters.examine_meters(
        [
            EnergyMeter(
                one.identifier, one.kind, one.accuracy_class,
                tuple(Span(span.first, span.last) for span in one.certificates),
            )
            for one in case.meters
        ],
        Span(case.period.first, case.period.last),
        packs.in_force("energy/fitting-rate", case.day),
    )  # fmt: skip
    cited.append(verdict.citation)
    rows = tuple(
        MeterOut(
            identifier=row.identifier, name=row.name, accuracy_class=row.accuracy_class,
            required_class=row.required_class, is_class_met=row.is_class_met, is_met=row.is_met,
            uncovered=tuple(SpanIn(first=span.first, last=span.last) for span in row.uncovered),
        )
        for row in verdict.rows
    )  # fmt: skip
    return MetersOut(rows=rows, is_met=verdict.is_met)


def _balance(given: BalanceIn, index: int) -> BalanceOut:
    if len(given.outflows) != len(given.outflow_uncertainties):
        message = tell(
            "分表有 {meters} 个，不确定度有 {uncertainties} 个，应一一对应。",
            meters=len(given.outflows),
            uncertainties=len(given.outflow_uncertainties),
        )
        raise CaseFault(f"balances[{index}].outflow_uncertainties", "wrong_count", message)
    found = balance(
        [float(given.inflow)],
        [[float(value)] for value in given.outflows],
        float(given.inflow_uncertainty),
        [[float(value)] for value in given.outflow_uncertainties],
        float(given.losses),
    )
    return BalanceOut(
        name=given.name, gap=float(found.gap[0]), expanded_uncertainty=2 * float(found.uncertainty[0]),
        relative_gap=float(found.relative_gap[0]) if given.inflow else None, is_open=bool(found.is_open[0]),
    )  # fmt: skip


def _online_rate(case: EnergyCase, packs: RulePacks, cited: list[Citation]) -> OnlineRateOut:
    rate: OnlineRate = online_rate.online_rate(
        [MeteringPoint(one.unit, one.identifier, one.expected, one.received) for one in case.points],
        packs.in_force("energy/online-rate", case.day),
    )
    cited.append(rate.citation)
    return OnlineRateOut(
        headline=_rate(rate.points_online, rate.points_required, rate.target),
        points=_rate(rate.points_delivering, rate.points_required, rate.target),
        units=_rate(rate.units_online, rate.units_in_scope, rate.target),
        completeness=_rate(rate.readings_received, rate.readings_expected, rate.target),
        target=Decimal(rate.target.numerator) / rate.target.denominator,
        is_met=rate.is_met,
    )


def _rate(part: int, whole: int, target: Fraction) -> RateOut:
    """A share is rounded, but 84.999 % is not 85 % where that is the target."""
    share = percentage(part, whole, lines=[100 * target])
    return RateOut(part=part, whole=whole, share=Decimal(0) if share is None else share / 100)


CALCULATION = Calculation(
    name="energy",
    title="能源计量核算",
    case=EnergyCase,
    result=EnergyResult,
    run=run,
    examples=(
        Example(
            name="standard-coal",
            title="一家工厂一年的综合能耗",
            source="按 GB/T 2589-2020 的系数计算：8 461.755 tce",
            case={
                "day": "2026-06-30",
                "consumption": [
                    {"carrier": "electricity", "quantity": 40, "unit": "GWh"},
                    {"carrier": "raw_coal", "quantity": 3000, "unit": "t"},
                    {"carrier": "natural_gas", "quantity": 1_000_000, "unit": "m3", "coefficient": "1.3300"},
                    {"carrier": "diesel", "quantity": 50, "unit": "t"},
                ],
            },
        ),
        Example(
            name="review",
            title="能源计量审查：配备、证书、平衡、在线",
            source="按 GB 17167-2006 的限值计算",
            case={
                "day": "2026-01-15",
                "period": {"first": "2025-01-01", "last": "2025-12-31"},
                "fittings": [
                    {"carrier": "electricity", "level": "organisation", "needed": 4, "fitted": 4},
                    {"carrier": "electricity", "level": "equipment", "needed": 40, "fitted": 38},
                    {"carrier": "steam", "level": "subunit", "needed": 10, "fitted": 7},
                ],
                "meters": [
                    {
                        "identifier": "E-01", "kind": "electricity_meter_2", "accuracy_class": "0.5S",
                        "certificates": [{"first": "2023-03-01", "last": "2026-02-28"}],
                    },
                    {
                        "identifier": "S-01", "kind": "steam_flow_meter", "accuracy_class": "2.5",
                        "certificates": [
                            {"first": "2024-05-10", "last": "2025-05-09"},
                            {"first": "2025-06-01", "last": "2026-05-31"},
                        ],
                    },
                ],
                "balances": [
                    {
                        "name": "电力", "inflow": 3600000, "inflow_uncertainty": 9000,
                        "outflows": [2100000, 1440000], "outflow_uncertainties": [10500, 7200],
                        "losses": 36000,
                    }
                ],
            },
        ),
        Example(
            name="online-rate",
            title="一个季度的在线采集率",
            source="按平台口径计算",
            case={
                "day": "2026-06-30",
                "points": [
                    {"unit": "甲厂", "identifier": "E-01", "expected": 131040, "received": 130900},
                    {"unit": "甲厂", "identifier": "S-01", "expected": 131040, "received": 131040},
                    {"unit": "乙厂", "identifier": "E-01", "expected": 131040, "received": 98000},
                ],
            },
        ),
    ),
)  # fmt: skip

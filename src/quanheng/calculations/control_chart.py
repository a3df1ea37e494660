"""A control chart of readings, with the rules it broke and the capability of the process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np

from quanheng.calculations.calculation import Calculation, CitationOut, Example
from quanheng.calculations.control_chart_model import (
    LARGEST,
    Broken,
    CapabilityOut,
    ControlChartCase,
    ControlChartResult,
    LimitsOut,
    MemoryOut,
    Number,
    Point,
)
from quanheng.metrology.control_charts.capability import capability, overall_sigma
from quanheng.metrology.control_charts.cusum import CusumChart, cusum
from quanheng.metrology.control_charts.ewma import EwmaChart, ewma
from quanheng.metrology.control_charts.factors import FactorTable, read_factors
from quanheng.metrology.control_charts.grid import Floats
from quanheng.metrology.control_charts.independence import lag_one_memory
from quanheng.metrology.control_charts.limits import (
    ControlLimits,
    ShewhartCharts,
    individuals_chart,
    mean_and_deviation_chart,
    mean_and_range_chart,
)
from quanheng.metrology.control_charts.run_rules import RunRule, apply_run_rules, read_run_rules
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What every kind of chart needs of the case."""

    case: ControlChartCase
    limits: ControlLimits
    charts: ShewhartCharts
    rules: tuple[RunRule, ...]


def run(case: ControlChartCase, packs: RulePacks) -> ControlChartResult:
    """Draw the chart by the factors and rules of the case's day."""
    factors = packs.in_force("control-chart/factors", case.day)
    rules = packs.in_force("control-chart/run-rules", case.day)
    charts = _charts(case, read_factors(factors))
    limits = charts.level_limits
    if case.limits is not None:
        limits = ControlLimits.given(case.limits.centre, case.limits.sigma)
    drawn = _Drawn(case, limits, charts, _rules_on(case, read_run_rules(rules, case.rules)))
    points = tuple(_points(drawn))
    return ControlChartResult(
        limits=LimitsOut.of(limits),
        spread_limits=None if case.limits else LimitsOut.of(charts.spread_limits),
        sigma_within=charts.sigma_within,
        is_estimated=case.limits is None,
        points=points,
        flagged=sum(bool(point.broken) for point in points),
        capability=_capability(case, charts),
        memory=_memory(charts.level),
        citations=(CitationOut.of(factors.cite()), CitationOut.of(rules.cite(case.rules))),
    )


def _charts(case: ControlChartCase, table: FactorTable) -> ShewhartCharts:
    if not case.chart.startswith("mean-"):
        if case.subgroups:
            raise CaseFault("subgroups", "not_used", "该控制图逐个读数绘点，请改填 readings。")
        readings = np.array([np.nan if value is None else value for value in case.readings], dtype=np.float64)
        _check_sizes(readings, "readings")
        if case.limits is not None:
            return _known(readings, case.limits.sigma)
        return individuals_chart(readings, table)
    if case.readings:
        raise CaseFault("readings", "not_used", "该控制图按子组绘点，请改填 subgroups。")
    sizes = {len(group) for group in case.subgroups}
    if len(sizes) != 1:
        raise CaseFault("subgroups", "uneven", "请给出至少一个子组，且每个子组的读数个数相同。")
    groups = np.array(case.subgroups, dtype=np.float64)
    _check_sizes(groups, "subgroups")
    chart = mean_and_range_chart if case.chart == "mean-range" else mean_and_deviation_chart
    return chart(groups, table)


def _known(readings: Floats, sigma: float) -> ShewhartCharts:
    """Return the chart of readings whose process is known: a single one will do, or several equal ones."""
    moving = np.concatenate([[np.nan], np.abs(np.diff(readings))])[: len(readings)]
    limits = ControlLimits.given(0.0, sigma)  # not used: the case gives its own
    return ShewhartCharts(limits, limits, sigma, readings, moving)


def _check_sizes(values: Floats, field: str) -> None:
    present = values[~np.isnan(values)]
    if not present.size:
        raise CaseFault(field, "empty", "请至少给出一个读数。")
    if not (np.abs(present) <= LARGEST).all():
        raise CaseFault(field, "too_large", "读数应为有限数，绝对值不大于 1e100。")


def _rules_on(case: ControlChartCase, rules: tuple[RunRule, ...]) -> tuple[RunRule, ...]:
    if case.rules_on is None:
        return rules
    known = [rule.number for rule in rules]
    strangers = sorted(set(case.rules_on) - set(known))
    if strangers:
        raise CaseFault(
            "rules_on",
            "unknown_rule",
            tell(
                "没有规则 {strangers}；{rules} 有 {known}。",
                strangers=strangers,
                rules=case.rules,
                known=known,
            ),
        )
    return tuple(rule for rule in rules if rule.number in case.rules_on)


def _points(drawn: _Drawn) -> Iterator[Point]:
    if drawn.case.chart == "cusum":
        return _cusum_points(drawn)
    if drawn.case.chart == "ewma":
        return _ewma_points(drawn)
    return _shewhart_points(drawn)


def _shewhart_points(drawn: _Drawn) -> Iterator[Point]:
    charts, limits = drawn.charts, drawn.limits
    flags, _ = apply_run_rules(charts.level, limits.centre, limits.sigma, drawn.rules)
    judges_spread = drawn.case.limits is None
    wide = charts.spread_limits.outside(charts.spread)
    for place, (value, spread) in enumerate(zip(charts.level, charts.spread, strict=True)):
        broken = [
            Broken(rule=str(rule.number), words=rule.words) for rule in drawn.rules if flags[place] & rule.bit
        ]
        if judges_spread and wide[place]:
            broken.append(Broken(rule="spread", words="离散（极差或标准差）超出控制限"))
        yield Point(
            number=place + 1,
            value=_number(value),
            spread=_number(spread),
            lower=limits.lower,
            upper=limits.upper,
            broken=tuple(broken),
        )


def _cusum_points(drawn: _Drawn) -> Iterator[Point]:
    settings, limits = drawn.case.cusum, drawn.limits
    chart = CusumChart(
        limits.centre,
        limits.sigma,
        settings.reference,
        settings.decision,
        settings.restarts,
        settings.head_start,
    )
    found = cusum(drawn.charts.level, chart)
    words = ("上侧累积和超过判定间隔：均值偏高", "下侧累积和超过判定间隔：均值偏低")
    for place, value in enumerate(drawn.charts.level):
        yield Point(
            number=place + 1,
            value=_number(value),
            high=float(found.high[place]),
            low=float(found.low[place]),
            upper=settings.decision,
            broken=_sides(int(found.flags[place]), words),
        )


def _ewma_points(drawn: _Drawn) -> Iterator[Point]:
    settings, limits = drawn.case.ewma, drawn.limits
    chart = EwmaChart(limits.centre, limits.sigma, settings.weight, settings.width, settings.is_exact)
    found = ewma(drawn.charts.level, chart)
    words = ("加权移动平均超出上控制限", "加权移动平均超出下控制限")
    for place, value in enumerate(drawn.charts.level):
        half_width = float(found.half_width[place])
        yield Point(
            number=place + 1,
            value=_number(value),
            average=float(found.average[place]),
            lower=limits.centre - half_width,
            upper=limits.centre + half_width,
            broken=_sides(int(found.flags[place]), words),
        )


def _sides(flag: int, words: tuple[str, str]) -> tuple[Broken, ...]:
    sides = (("high", 1, words[0]), ("low", 2, words[1]))
    return tuple(Broken(rule=rule, words=text) for rule, bit, text in sides if flag & bit)


def _capability(case: ControlChartCase, charts: ShewhartCharts) -> CapabilityOut | None:
    if case.specification is None:
        return None
    readings = np.array(case.subgroups).ravel() if case.subgroups else charts.level
    mean = float(readings[np.isfinite(readings)].mean())
    overall = overall_sigma(readings)
    lower, upper = case.specification.lower, case.specification.upper
    within = capability(mean, charts.sigma_within, lower, upper)
    performance = capability(mean, overall, lower, upper)
    return CapabilityOut(
        cp=within.two_sided,
        cpk=within.worst,
        pp=performance.two_sided,
        ppk=performance.worst,
        sigma_within=charts.sigma_within,
        sigma_overall=overall,
    )


def _memory(points: Floats) -> MemoryOut | None:
    if np.isfinite(points).sum() < 3:
        return None
    memory = lag_one_memory(points)
    return MemoryOut(coefficient=memory.coefficient, limit=memory.limit, is_present=memory.is_present)


def _number(value: float) -> Number:
    return float(value) if isfinite(value) else None


DAY = "2026-06-01"
FLOW_RATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
SHIFTED = [
    324.925, 324.675, 324.725, 324.350, 325.350, 325.225, 324.125, 324.525, 325.225, 324.600,
    324.625, 325.150, 328.325, 327.250, 327.825, 328.500, 326.675, 327.775, 326.875, 328.350,
]  # fmt: skip
AVERAGED = [
    52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5,
    49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1,
]  # fmt: skip

CALCULATION = Calculation(
    name="control-chart",
    title="控制图",
    case=ControlChartCase,
    result=ControlChartResult,
    run=run,
    is_heavy=True,
    examples=(
        Example(
            name="individuals",
            title="单值与移动极差：流量 10 个读数",
            source="NIST/SEMATECH e-Handbook 6.3.2.2",
            case={
                "day": DAY,
                "chart": "individuals",
                "readings": FLOW_RATE,
                "specification": {"lower": 40.0, "upper": 60.0},
            },
        ),
        Example(
            name="cusum",
            title="累积和：第 13 点起均值偏高",
            source="NIST/SEMATECH e-Handbook 6.3.2.3（k = 0.3175，h = 4.1959）",
            case={
                "day": DAY,
                "chart": "cusum",
                "readings": SHIFTED,
                "limits": {"centre": 325.0, "sigma": 1.0},
                "cusum": {"reference": 0.3175, "decision": 4.1959},
            },
        ),
        Example(
            name="ewma",
            title="指数加权移动平均：无异常",
            source="NIST/SEMATECH e-Handbook 6.3.2.4（λ = 0.3）",
            case={
                "day": DAY,
                "chart": "ewma",
                "readings": AVERAGED,
                "limits": {"centre": 50.0, "sigma": 2.0539},
                "ewma": {"weight": 0.3, "is_exact": False},
            },
        ),
        Example(
            name="drifting-dispenser",
            title="加油机示值误差逐月上漂，触发连续 8 点同侧",
            source="按规则算得：后 8 点均在中心线以上",
            case={
                "day": DAY,
                "chart": "individuals",
                "readings": [-0.05, 0.02, None, -0.03, 0.04, 0.05, 0.03, 0.06, 0.05, 0.07, 0.06, 0.08],
                "limits": {"centre": 0.0, "sigma": 0.05},
                "specification": {"lower": -0.3, "upper": 0.3},
            },
        ),
        Example(
            name="subgroups",
            title="均值与极差：5 组各 5 个读数，末组偏高",
            source="按 GB/T 17989.2 的系数算得",
            case={
                "day": DAY,
                "chart": "mean-range",
                "rules": "nelson",
                "rules_on": [1, 2, 3],
                "subgroups": [
                    [10.01, 9.99, 10.00, 10.02, 9.98],
                    [10.00, 10.01, 9.99, 10.00, 10.00],
                    [9.98, 10.02, 10.01, 9.99, 10.01],
                    [10.00, 9.99, 10.01, 10.02, 9.99],
                    [10.05, 10.06, 10.04, 10.07, 10.05],
                ],
            },
        ),
    ),
)

"""How long a control chart stays silent: the average run length, and how many alarms a day to expect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, CitationOut, Example, Result
from quanheng.metrology.control_charts.average_run_length import (
    cusum_run_length,
    ewma_run_length,
    run_rules_run_length,
    shewhart_run_length,
)
from quanheng.metrology.control_charts.run_rules import read_run_rules
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack, RulePacks
from quanheng.packs.sentence import tell

FAMILY = "western-electric"
LONGEST = 1e9  # points; beyond, rounding eats the figure, and nobody waits so long
Shift = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]


class RunLengthChart(StrEnum):
    """The chart whose silence is asked for."""

    SHEWHART = "shewhart"
    CUSUM = "cusum"
    EWMA = "ewma"
    RUN_RULES = "run-rules"


RUN_RULES = RunLengthChart.RUN_RULES


class RunLengthCase(Case):
    """The chart and its settings, in standard deviations of a point."""

    chart: RunLengthChart = Field(
        description="shewhart 只有控制限；cusum 累积和；ewma 指数加权移动平均；run-rules 多条分区规则同用"
    )
    shift: Shift = Field(0.0, description="过程的偏移，以标准差计；0 为受控，得出误报间隔")
    width: float = Field(
        3.0, ge=0.5, le=5, allow_inf_nan=False, description="控制限宽度 L；shewhart、ewma 用"
    )
    reference: float = Field(0.5, ge=0, le=5, allow_inf_nan=False, description="参考值 k；cusum 用")
    decision: float = Field(5.0, ge=0.1, le=20, allow_inf_nan=False, description="判定间隔 h；cusum 用")
    is_two_sided: bool = Field(True, description="累积和是否两侧都看；cusum 用")
    weight: float = Field(0.2, ge=0.02, le=1, allow_inf_nan=False, description="平滑系数 λ；ewma 用")
    rules_on: tuple[int, ...] = Field(
        (1, 2, 3, 4), min_length=1, max_length=4, description="启用的西部电气规则号"
    )
    day: date | None = Field(None, description="判异规则的日期；run-rules 必填")
    points_per_day: float | None = Field(
        None, gt=0, le=1e9, allow_inf_nan=False, description="每天绘多少个点；给出时计算每天的报警数"
    )


class RunLengthResult(Result):
    """The average run length."""

    run_length: float = Field(description="平均运行长度：从起始到首次报警的平均点数")
    alarms_per_day: float | None = Field(description="每天的报警数；没有给出每天点数时为空")
    citations: tuple[CitationOut, ...] = Field(description="所用规则；只有 run-rules 有")


def run(case: RunLengthCase, packs: RulePacks) -> RunLengthResult:
    """Return the run length of one chart."""
    length = LENGTHS[case.chart](case, packs)
    if not 1 <= length <= LONGEST:
        raise CaseFault("chart", "too_long", "平均运行长度超过 10 亿点，这样的图等于不报警，请改用较窄的限。")
    return RunLengthResult(
        run_length=length,
        alarms_per_day=None if case.points_per_day is None else case.points_per_day / length,
        citations=(CitationOut.of(_pack(case, packs).cite(FAMILY)),) if case.chart is RUN_RULES else (),
    )


def _shewhart(case: RunLengthCase, _: RulePacks) -> float:
    return shewhart_run_length(case.shift, case.width)


def _cusum(case: RunLengthCase, _: RulePacks) -> float:
    return cusum_run_length(case.shift, case.reference, case.decision, two_sided=case.is_two_sided)


def _ewma(case: RunLengthCase, _: RulePacks) -> float:
    return ewma_run_length(case.shift, case.weight, case.width)


def _run_rules(case: RunLengthCase, packs: RulePacks) -> float:
    known = read_run_rules(_pack(case, packs), FAMILY)
    strangers = sorted(set(case.rules_on) - {rule.number for rule in known})
    if strangers:
        raise CaseFault(
            "rules_on",
            "unknown_rule",
            tell("没有规则 {strangers}，西部电气规则为 1 至 4。", strangers=strangers),
        )
    return run_rules_run_length([rule for rule in known if rule.number in case.rules_on], case.shift)


def _pack(case: RunLengthCase, packs: RulePacks) -> RulePack:
    if case.day is None:
        raise CaseFault("day", "empty", "多条规则同用时，请填写规则的日期。")
    return packs.in_force("control-chart/run-rules", case.day)


LENGTHS: dict[RunLengthChart, Callable[[RunLengthCase, RulePacks], float]] = {
    RunLengthChart.SHEWHART: _shewhart,
    RunLengthChart.CUSUM: _cusum,
    RunLengthChart.EWMA: _ewma,
    RUN_RULES: _run_rules,
}

CALCULATION = Calculation(
    name="run-length",
    title="控制图的平均运行长度",
    case=RunLengthCase,
    result=RunLengthResult,
    run=run,
    examples=(
        Example(
            name="western-electric",
            title="西部电气四条规则同用：受控时每 91.75 点误报一次",
            source="Champ 和 Woodall，Technometrics 29 (1987) 393，表 1",
            case={"chart": "run-rules", "day": "2026-06-01", "points_per_day": 100000},
        ),
        Example(
            name="cusum",
            title="累积和 k = 0.5、h = 5，偏移一个标准差：10.4 点",
            source="NIST/SEMATECH e-Handbook，6.3.2.3.1",
            case={"chart": "cusum", "shift": 1, "reference": 0.5, "decision": 5},
        ),
        Example(
            name="ewma",
            title="λ = 0.1、L = 2.814：受控时 500 点",
            source="Lucas 和 Saccucci，Technometrics 32 (1990) 1",
            case={"chart": "ewma", "weight": 0.1, "width": 2.814},
        ),
        Example(
            name="shewhart",
            title="三倍标准差：受控时 370.4 点",
            source="ISO 7870-2；正态分布",
            case={"chart": "shewhart"},
        ),
    ),
)

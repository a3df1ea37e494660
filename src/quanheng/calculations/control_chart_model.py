"""The case and the result of a control chart."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from quanheng.calculations.calculation import Case, CitationOut, Result, Words
from quanheng.metrology.control_charts.limits import ControlLimits

MOST_READINGS = 20_000
LARGEST = 1e100  # magnitudes beyond are no readings, and their squares no numbers
Number = float | None


class GivenLimits(Case):
    """A process that is known, from an earlier period or from its standard."""

    centre: float = Field(description="中心线，与读数同单位", ge=-LARGEST, le=LARGEST)
    sigma: float = Field(description="绘点的标准差，与读数同单位", gt=0, le=LARGEST)


class Specification(Case):
    """What the process is allowed."""

    lower: Number = Field(default=None, description="规格下限", ge=-LARGEST, le=LARGEST)
    upper: Number = Field(default=None, description="规格上限", ge=-LARGEST, le=LARGEST)


class CusumSettings(Case):
    """Of the cumulative sum, in standard deviations."""

    reference: float = Field(default=0.5, description="参考值 k，以标准差计", ge=0, le=100)
    decision: float = Field(default=5.0, description="判定间隔 h，以标准差计", gt=0, le=1000)
    restarts: bool = Field(default=False, description="报警后是否从头累积")
    head_start: float = Field(default=0.0, description="起始值，以标准差计；h/2 为快速初始响应", ge=0)


class EwmaSettings(Case):
    """Of the weighted average."""

    weight: float = Field(default=0.2, description="平滑系数 λ", ge=0.001, le=1)
    width: float = Field(default=3.0, description="控制限宽度 L，以标准差计", gt=0, le=100)
    is_exact: bool = Field(default=True, description="控制限是否随点数由窄变宽；否则用稳态控制限")


class ControlChartCase(Case):
    """Readings, one after the other or in subgroups, and what they are judged by."""

    day: date = Field(description="计算所用规则的日期")
    chart: Literal["individuals", "mean-range", "mean-deviation", "cusum", "ewma"] = Field(
        description=(
            "individuals 单值；mean-range 均值-极差；mean-deviation 均值-标准差；"
            "cusum 累积和；ewma 指数加权移动平均"
        )
    )
    readings: tuple[Number, ...] = Field(
        default=(), description="依次的读数，缺测写 null", max_length=MOST_READINGS
    )
    subgroups: tuple[tuple[float, ...], ...] = Field(
        default=(),
        description="子组，每组 2 至 10 个读数；均值-极差图和均值-标准差图用",
        max_length=MOST_READINGS,
    )
    limits: GivenLimits | None = Field(default=None, description="已知的中心线和标准差；不给时由读数估计")
    rules: Literal["western-electric", "nelson"] = Field("western-electric", description="判异规则")
    rules_on: tuple[int, ...] | None = Field(
        default=None, description="启用的规则号；不给时全部启用", max_length=8
    )
    specification: Specification | None = Field(default=None, description="规格限；给出时计算过程能力")
    cusum: CusumSettings = Field(default=CusumSettings(), description="累积和图的参数")
    ewma: EwmaSettings = Field(default=EwmaSettings(), description="指数加权移动平均图的参数")


class LimitsOut(Result):
    """Centre line and limits of one chart."""

    centre: float = Field(description="中心线")
    sigma: float = Field(description="绘点的标准差")
    lower: float = Field(description="下控制限")
    upper: float = Field(description="上控制限")

    @classmethod
    def of(cls, limits: ControlLimits) -> LimitsOut:
        return cls(centre=limits.centre, sigma=limits.sigma, lower=limits.lower, upper=limits.upper)


class Broken(Result):
    """One rule that a point completes."""

    rule: str = Field(description="规则号；high、low 为累积和或加权平均越限，spread 为离散图越限")
    words: Words = Field(description="规则的文字")


class Point(Result):
    """One point of the chart."""

    number: int = Field(description="序号，自 1 起")
    value: Number = Field(description="绘点的值；缺测为空")
    spread: Number = Field(default=None, description="移动极差、子组极差或子组标准差")
    high: Number = Field(default=None, description="上侧累积和，以标准差计")
    low: Number = Field(default=None, description="下侧累积和，以标准差计")
    average: Number = Field(default=None, description="指数加权移动平均")
    lower: Number = Field(default=None, description="该点的下控制限")
    upper: Number = Field(default=None, description="该点的上控制限")
    broken: tuple[Broken, ...] = Field(description="违反的规则")


class CapabilityOut(Result):
    """How the spread of the process compares with its specification."""

    cp: Number = Field(description="Cp；单侧规格时为空")
    cpk: float = Field(description="Cpk，用组内标准差")
    pp: Number = Field(description="Pp；单侧规格时为空")
    ppk: float = Field(description="Ppk，用总标准差")
    sigma_within: float = Field(description="组内标准差")
    sigma_overall: float = Field(description="总标准差")


class MemoryOut(Result):
    """Whether the points remember each other; then the limits are too narrow."""

    coefficient: float = Field(description="一阶自相关系数")
    limit: float = Field(description="独立时 95 % 的界限，1.96/√n")
    is_present: bool = Field(description="是否超出界限；超出时请改用残差图或批均值图")


class ControlChartResult(Result):
    """The chart, its alarms and the capability."""

    limits: LimitsOut = Field(description="水平图的中心线和控制限")
    spread_limits: LimitsOut | None = Field(description="离散图（极差、标准差）的控制限；控制限给定时为空")
    sigma_within: float = Field(description="单个读数的组内标准差")
    is_estimated: bool = Field(description="控制限是否由这些读数估计")
    points: tuple[Point, ...] = Field(description="各点")
    flagged: int = Field(description="有异常的点数")
    capability: CapabilityOut | None = Field(description="过程能力；未给规格限时为空")
    memory: MemoryOut | None = Field(description="绘点的自相关；有效点少于 3 个时为空")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")

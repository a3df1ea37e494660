"""Repeatability and reproducibility of a measuring system, by ranges or by variance (AIAG MSA)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, CitationOut, Example, Result
from quanheng.metrology.control_charts.gauge_rr import (
    GaugeRating,
    GaugeStudy,
    RangeStudy,
    Source,
    VarianceStudy,
    gauge_by_range,
    gauge_by_variance,
    rate_gauge,
    read_gauge_constants,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks
from quanheng.packs.sentence import tell

MOST_ROWS, MOST_TRIALS = 500, 20
LARGEST = 1e12
Reading = Annotated[float, Field(allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
Name = Annotated[str, Field(min_length=1, max_length=20)]


class GaugeMethod(StrEnum):
    """How the study is evaluated."""

    RANGE = "range"
    VARIANCE = "variance"


class GaugeRowIn(Case):
    """What one operator read on one part."""

    operator: Name = Field(description="操作者")
    part: Name = Field(description="零件")
    readings: list[Reading] = Field(min_length=2, max_length=MOST_TRIALS, description="各次读数")


class GaugeStudyCase(Case):
    """A crossed study: every operator measures every part equally often."""

    day: date = Field(description="研究日期：按当天有效的系数")
    method: GaugeMethod = Field(GaugeMethod.VARIANCE, description="variance 方差分析法；range 极差法")
    may_pool: bool = Field(True, description="交互作用不显著时是否并入重复性；只用于方差分析法")
    rows: list[GaugeRowIn] = Field(min_length=4, max_length=MOST_ROWS, description="读数")


class ComponentOut(Result):
    """One source of the variation."""

    name: str = Field(
        description="repeatability 重复性 EV；reproducibility 再现性 AV；interaction 其中交互作用；"
        "gauge 测量系统 GRR；parts 零件 PV；total 总变差 TV"
    )
    deviation: float = Field(description="标准差，与读数同单位")
    percent: float = Field(description="占总变差的百分比")


class SourceOut(Result):
    """One line of the analysis of variance."""

    name: str = Field(description="part、operator、interaction、repeatability，合并时另有 pooled")
    squares: float = Field(description="平方和")
    freedom: int = Field(description="自由度")
    mean_square: float = Field(description="均方")
    f: float | None = Field(description="F；误差项为空")
    p: float | None = Field(description="p；误差项为空")


class GaugeStudyResult(Result):
    """Where the variation comes from, and whether the system will do."""

    method: GaugeMethod = Field(description="方法")
    operators: tuple[str, ...] = Field(description="操作者")
    parts: tuple[str, ...] = Field(description="零件")
    trials: int = Field(description="每格次数")
    components: tuple[ComponentOut, ...] = Field(description="变差的各分量")
    categories: float | None = Field(description="可区分的类别数 ndc，未取整；测量系统没有变差时为空")
    rating: GaugeRating = Field(description="acceptable 可接受；marginal 有条件接受；unacceptable 不可接受")
    sources: tuple[SourceOut, ...] = Field(description="方差分析表；极差法为空")
    is_pooled: bool = Field(description="交互作用是否已并入重复性")
    mean_range: float | None = Field(description="平均极差；方差分析法为空")
    operator_range: float | None = Field(description="操作者平均值的极差；方差分析法为空")
    part_range: float | None = Field(description="零件平均值的极差；方差分析法为空")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")


def run(case: GaugeStudyCase, packs: RulePacks) -> GaugeStudyResult:
    """Evaluate by the constants in force on the day of the study."""
    pack = packs.in_force("control-chart/gauge", case.day)
    constants = read_gauge_constants(pack)
    operators, parts = (tuple(dict.fromkeys(names)) for names in _names(case.rows))
    readings = _grid(case.rows, operators, parts)
    found: RangeStudy | VarianceStudy
    if case.method == GaugeMethod.RANGE:
        found = gauge_by_range(readings, constants)
    else:
        found = gauge_by_variance(readings, constants, may_pool=case.may_pool)
    study = found.study
    return GaugeStudyResult(
        method=case.method, operators=operators, parts=parts, trials=len(case.rows[0].readings),
        components=tuple(_components(study)), categories=study.categories if study.gauge else None,
        rating=rate_gauge(study, pack), citations=(CitationOut.of(pack.cite()),), **_of_method(found),
    )  # fmt: skip


def _of_method(found: RangeStudy | VarianceStudy) -> dict[str, Any]:
    """Return the figures that only one of the methods has."""
    if isinstance(found, RangeStudy):
        return {
            "sources": (), "is_pooled": False, "mean_range": found.mean_range,
            "operator_range": found.operator_range, "part_range": found.part_range,
        }  # fmt: skip
    nothing = {"mean_range": None, "operator_range": None, "part_range": None}
    return {"sources": _sources(found.sources), "is_pooled": found.is_pooled, **nothing}


def _names(rows: Sequence[GaugeRowIn]) -> tuple[list[str], list[str]]:
    return [row.operator for row in rows], [row.part for row in rows]


def _grid(
    rows: Sequence[GaugeRowIn], operators: Sequence[str], parts: Sequence[str]
) -> list[list[list[float]]]:
    """Lay the rows out as operators × parts × trials.

    Raises:
        CaseFault: a cell that was written twice, that is missing, or that has another number of readings.
    """
    cells: dict[tuple[str, str], list[float]] = {}
    for index, row in enumerate(rows):
        if (row.operator, row.part) in cells:
            message = tell(
                "操作者“{operator}”对零件“{part}”的读数写了两次。", operator=row.operator, part=row.part
            )
            raise CaseFault(f"rows[{index}]", "twice", message)
        if len(row.readings) != len(rows[0].readings):
            message = tell(
                "每格的次数应相同，现有 {first} 次和 {other} 次。",
                first=len(rows[0].readings),
                other=len(row.readings),
            )
            raise CaseFault(f"rows[{index}].readings", "wrong_shape", message)
        cells[row.operator, row.part] = row.readings
    for operator in operators:
        for part in parts:
            if (operator, part) not in cells:
                message = tell(
                    "操作者“{operator}”没有测零件“{part}”：每人须测全部零件。", operator=operator, part=part
                )
                raise CaseFault("rows", "missing_cell", message)
    return [[cells[operator, part] for part in parts] for operator in operators]


def _components(study: GaugeStudy) -> list[ComponentOut]:
    if study.total == 0:
        raise CaseFault("rows", "no_spread", "全部读数相同，没有变差可分析，请核对分辨力。")
    names = ("repeatability", "reproducibility", "interaction", "gauge", "parts", "total")
    return [
        ComponentOut(name=name, deviation=getattr(study, name), percent=study.percent(getattr(study, name)))
        for name in names
    ]


def _sources(sources: Mapping[str, Source]) -> tuple[SourceOut, ...]:
    return tuple(
        SourceOut(
            name=name, squares=one.squares, freedom=one.freedom, mean_square=one.mean_square, f=one.f, p=one.p
        )
        for name, one in sources.items()
    )


# AIAG MSA, 4th edition: three operators, ten parts, three trials.
AIAG = {
    "A": ".29 .41 .64|-.56 -.68 -.58|1.34 1.17 1.27|.47 .50 .64|-.80 -.92 -.84|"
    ".02 -.11 -.21|.59 .75 .66|-.31 -.20 -.17|2.26 1.99 2.01|-1.36 -1.25 -1.31",
    "B": ".08 .25 .07|-.47 -1.22 -.68|1.19 .94 1.34|.01 1.03 .20|-.56 -1.20 -1.28|"
    "-.20 .22 .06|.47 .55 .83|-.63 .08 -.34|1.80 2.12 2.19|-1.68 -1.62 -1.50",
    "C": ".04 -.11 -.15|-1.38 -1.13 -.96|.88 1.09 .67|.14 .20 .11|-1.46 -1.07 -1.45|"
    "-.29 -.67 -.49|.02 .01 .21|-.46 -.56 -.49|1.77 1.45 1.87|-1.49 -1.77 -2.16",
}
ROWS = [
    {"operator": operator, "part": str(part), "readings": [float(one) for one in cell.split()]}
    for operator, text in AIAG.items()
    for part, cell in enumerate(text.split("|"), 1)
]

CALCULATION = Calculation(
    name="gauge-study",
    title="测量系统分析",
    case=GaugeStudyCase,
    result=GaugeStudyResult,
    run=run,
    examples=(
        Example(
            name="variance",
            title="三人、十件、三次，方差分析法",
            source="AIAG MSA 第 4 版，表 III-B 7",
            case={"day": "2026-06-01", "method": "variance", "rows": ROWS},
        ),
        Example(
            name="range",
            title="同样的读数，极差法",
            source="AIAG MSA 第 4 版，第 III-B 章",
            case={"day": "2026-06-01", "method": "range", "rows": ROWS},
        ),
    ),
)

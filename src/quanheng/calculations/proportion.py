"""A proportion from a sample of units: how sure it is, and what is shown of a finite population."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, Example, Result
from quanheng.metrology.survey_estimates.proportions import (
    Interval,
    clopper_pearson,
    defectives,
    fewest_defectives,
    most_defectives,
    wilson,
)
from quanheng.metrology.survey_estimates.selection import Selection, check_drawn_by_unit
from quanheng.packs.rule_pack import RulePacks

LARGEST = 10_000_000
Confidence = Annotated[float, Field(ge=0.5, le=0.9999, allow_inf_nan=False, description="置信水平")]
Count = Annotated[int, Field(ge=0, le=LARGEST)]


class ProportionCase(Case):
    """What was found in a sample whose units had equal chances."""

    selection: Selection = Field(
        description="抽取方式：unit 逐个抽取；cluster 整群抽取（请改用 survey-rate）"
    )
    hits: Count = Field(description="样本中的件数，如不合格数")
    sample: Annotated[int, Field(ge=1, le=LARGEST)] = Field(description="样本量")
    population: Count | None = Field(None, description="总体的件数；给出时计算对有限总体的精确界限")
    confidence: Confidence = 0.95


class BoundsOut(Result):
    """Both ends of a confidence interval of a rate."""

    lower: float = Field(description="下限")
    upper: float = Field(description="上限")

    @classmethod
    def of(cls, interval: Interval) -> BoundsOut:
        return cls(lower=interval.lower, upper=interval.upper)


class PopulationOut(Result):
    """What the sample says of the whole population, exactly (hypergeometric)."""

    lower: int = Field(description="双侧区间的下限，件")
    upper: int = Field(description="双侧区间的上限，件")
    fewest: int = Field(description="单侧下限，件")
    most: int = Field(description="单侧上限，件")
    shown: float = Field(description="样本能够证明的合格率：1 减去单侧上限所占的比例")


class ProportionResult(Result):
    """The proportion, its intervals, and the bounds for a finite population."""

    rate: float = Field(description="样本中的比例")
    wilson: BoundsOut = Field(description="Wilson 区间")
    exact: BoundsOut = Field(description="Clopper-Pearson 精确区间")
    population: PopulationOut | None = Field(description="对有限总体；没有给出总体时为空")


def run(case: ProportionCase, packs: RulePacks) -> ProportionResult:  # noqa: ARG001 - no limit of a pack
    """Estimate a proportion of units that were drawn one by one."""
    check_drawn_by_unit(case.selection)
    score = wilson(case.hits, case.sample, case.confidence)
    exact = clopper_pearson(case.hits, case.sample, case.confidence)
    return ProportionResult(
        rate=case.hits / case.sample, wilson=BoundsOut.of(score), exact=BoundsOut.of(exact),
        population=None if case.population is None else _of_population(case, case.population),
    )  # fmt: skip


def _of_population(case: ProportionCase, population: int) -> PopulationOut:
    both = defectives(case.hits, case.sample, population, case.confidence)
    most = most_defectives(case.hits, case.sample, population, case.confidence)
    return PopulationOut(
        lower=both.lower, upper=both.upper,
        fewest=fewest_defectives(case.hits, case.sample, population, case.confidence),
        most=most, shown=1 - most / population,
    )  # fmt: skip


CALCULATION = Calculation(
    name="proportion",
    title="抽查比例的置信区间",
    case=ProportionCase,
    result=ProportionResult,
    run=run,
    examples=(
        Example(
            name="newcombe",
            title="263 件中有 81 件：Wilson 0.255 至 0.366",
            source="Newcombe，Statistics in Medicine 17 (1998) 857，表 I",
            case={"selection": "unit", "hits": 81, "sample": 263},
        ),
        Example(
            name="clean",
            title="500 台抽 100 台全部合格：只能证明合格率 97.4 %",
            source="超几何分布，逐个试算复核",
            case={"selection": "unit", "hits": 0, "sample": 100, "population": 500},
        ),
    ),
)

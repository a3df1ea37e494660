"""A rate from a sample drawn in strata: of units, of units with unequal chances, or of whole clusters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, Example, Result
from quanheng.calculations.proportion import BoundsOut, Confidence
from quanheng.metrology.survey_estimates.clusters import (
    ClusterRate,
    ClusterStratum,
    SeenCluster,
    stratified_cluster_rate,
)
from quanheng.metrology.survey_estimates.rates import (
    Rate,
    Stratum,
    design_effect,
    stratified_rate,
    weighted_rate,
    weighted_total,
)
from quanheng.metrology.survey_estimates.selection import Selection, check_drawn_by_unit
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks

MOST_STRATA, MOST_UNITS, LARGEST = 1_000, 20_000, 10_000_000
Many = Annotated[int, Field(ge=1, le=LARGEST)]
Found = Annotated[int, Field(ge=0, le=LARGEST)]
Label = Annotated[str, Field(max_length=80)]


class SeenClusterIn(Case):
    """A cluster that was inspected whole, such as a station with all its dispensers."""

    name: Label = Field("", description="群的名称，如加油站；不参与计算")
    size: Many = Field(description="群内的件数")
    hits: Found = Field(description="其中的件数，如不合格数")


class SurveyStratumIn(Case):
    """One stratum: of units, or of clusters."""

    name: Label = Field("", description="层的名称，如区县；不参与计算")
    population: Many | None = Field(None, description="该层的总件数；逐个抽取时填写")
    sample: Many | None = Field(None, description="抽取的件数；逐个抽取时填写")
    hits: Found | None = Field(None, description="其中的件数，如不合格数；逐个抽取时填写")
    clusters: Many | None = Field(None, description="该层的总群数；整群抽取时填写")
    seen: list[SeenClusterIn] = Field([], max_length=MOST_UNITS, description="抽中的各群；整群抽取时填写")


class SurveyUnitIn(Case):
    """One unit of a sample that was aimed at risk."""

    hit: bool = Field(description="是否命中，如不合格")
    inclusion: float = Field(description="入样概率", gt=0, le=1, allow_inf_nan=False)
    cluster: Label = Field("", description="所在的群；整群抽取的样本不能按件加权，会被拒绝")


class SurveyRateCase(Case):
    """How the sample was drawn, and what was found: strata, or units with their chances."""

    selection: Selection = Field(description="抽取方式：unit 逐个抽取；cluster 整群抽取")
    strata: list[SurveyStratumIn] = Field([], max_length=MOST_STRATA, description="各层")
    units: list[SurveyUnitIn] = Field(
        [], max_length=MOST_UNITS, description="按风险抽取的各件及其入样概率；与 strata 二者填一"
    )
    confidence: Confidence = 0.95


class SurveyRateResult(Result):
    """The rate of the whole population, how sure it is, and the total."""

    estimate: str = Field(description="stratified 分层；weighted 按入样概率加权；clusters 分层整群")
    rate: float = Field(description="总体的比例")
    standard_error: float = Field(description="标准误差，含有限总体修正")
    degrees_of_freedom: int | None = Field(description="自由度（群数减层数）；只用于分层整群")
    interval: BoundsOut = Field(description="对称区间：分层整群用 t 分布，其余用正态分布")
    exact: BoundsOut = Field(description="Korn-Graubard 区间：请公布这一个")
    total: float = Field(description="总体中的件数")
    total_error: float | None = Field(description="件数的标准误差；加权估计时为空")
    total_interval: BoundsOut | None = Field(description="件数的对称区间；加权估计时为空")
    effective_sample: float = Field(description="有效样本量：同样精度的简单随机样本")
    design_effect: float = Field(description="设计效应：方差是简单随机样本的几倍")
    sample: int = Field(description="所见件数")
    clusters: int | None = Field(description="所见群数；只用于分层整群")
    population: float = Field(description="总体件数；加权和整群时为估计")


def run(case: SurveyRateCase, packs: RulePacks) -> SurveyRateResult:  # noqa: ARG001 - no limit of a pack
    """Estimate with what fits the way in which the sample was drawn."""
    if bool(case.strata) == bool(case.units):
        raise CaseFault("strata", "one_of_two", "请填写各层，或按风险抽取的各件，二者填一。")
    if case.units:
        return _weighted(case)
    return _clusters(case) if case.selection is Selection.CLUSTER else _stratified(case)


def _stratified(case: SurveyRateCase) -> SurveyRateResult:
    strata = [Stratum(*_counts(stratum, f"strata[{place}]")) for place, stratum in enumerate(case.strata)]
    found = stratified_rate(strata, case.confidence, selection=case.selection)
    size = found.population
    return _result(
        found, "stratified", total=found.rate * size, total_error=found.standard_error * size,
        total_interval=BoundsOut(lower=found.wald.lower * size, upper=found.wald.upper * size),
    )  # fmt: skip


def _counts(stratum: SurveyStratumIn, field: str) -> Iterator[int]:
    """Yield population, sample and hits; a stratum that names clusters is refused."""
    if stratum.clusters is not None or stratum.seen:
        check_drawn_by_unit(Selection.CLUSTER, f"{field}.seen")
    for name in ("population", "sample", "hits"):
        value = getattr(stratum, name)
        if value is None:
            raise CaseFault(f"{field}.{name}", "empty", "逐个抽取时，每层应有总件数、抽取件数和命中件数。")
        yield value


def _clusters(case: SurveyRateCase) -> SurveyRateResult:
    strata = [_cluster_stratum(stratum, f"strata[{place}]") for place, stratum in enumerate(case.strata)]
    found = stratified_cluster_rate(strata, case.confidence)
    return _result(
        found, "clusters", total=found.total, total_error=found.total_error,
        total_interval=BoundsOut.of(found.total_interval), degrees_of_freedom=found.degrees_of_freedom,
        clusters=found.clusters,
    )  # fmt: skip


def _cluster_stratum(stratum: SurveyStratumIn, field: str) -> ClusterStratum:
    for name in ("population", "sample", "hits"):
        if getattr(stratum, name) is not None:
            raise CaseFault(f"{field}.{name}", "not_used", "整群抽取时不填此项，由抽中的各群得出。")
    if stratum.clusters is None:
        raise CaseFault(f"{field}.clusters", "empty", "整群抽取时，每层应有总群数。")
    return ClusterStratum(stratum.clusters, [SeenCluster(one.size, one.hits) for one in stratum.seen])


def _weighted(case: SurveyRateCase) -> SurveyRateResult:
    for place, unit in enumerate(case.units):
        if unit.cluster:
            check_drawn_by_unit(Selection.CLUSTER, f"units[{place}].cluster")
    hits = [float(unit.hit) for unit in case.units]
    inclusion = [unit.inclusion for unit in case.units]
    found = weighted_rate(hits, inclusion, case.confidence, selection=case.selection)
    return _result(
        found, "weighted", total=weighted_total(hits, inclusion), total_error=None, total_interval=None
    )


def _result(found: Rate | ClusterRate, estimate: str, **more: Any) -> SurveyRateResult:
    interval = found.interval if isinstance(found, ClusterRate) else found.wald
    return SurveyRateResult(
        estimate=estimate, rate=found.rate, standard_error=found.standard_error,
        interval=BoundsOut.of(interval), exact=BoundsOut.of(found.exact),
        effective_sample=found.effective_sample, design_effect=design_effect(found), sample=found.sample,
        population=found.population, **{"degrees_of_freedom": None, "clusters": None, **more},
    )  # fmt: skip


# SAS/STAT User's Guide, SURVEYMEANS, example 1: size and hits (who spends less than 10) of each study group.
STUDY_GROUPS = (
    ("7", 608, ((3, 3), (2, 2), (2, 2), (2, 1), (3, 2), (3, 3), (3, 2), (2, 2))),
    ("8", 252, ((4, 0), (3, 0), (2, 0))),
    ("9", 403, ((2, 0), (3, 2), (3, 2), (2, 1), (1, 1))),
)

CALCULATION = Calculation(
    name="survey-rate",
    title="抽查合格率的估计",
    case=SurveyRateCase,
    result=SurveyRateResult,
    run=run,
    examples=(
        Example(
            name="clusters",
            title="三层共抽 16 群 40 人：比例 0.561，标准误差 0.056",
            source="SAS/STAT User's Guide，SURVEYMEANS，例 1（花费少于 10 的比例）",
            case={
                "selection": "cluster",
                "strata": [
                    {"name": name, "clusters": clusters,
                     "seen": [{"size": size, "hits": hits} for size, hits in seen]}
                    for name, clusters, seen in STUDY_GROUPS
                ],
            },
        ),
        Example(
            name="strata",
            title="三层逐个抽取 110 台，13 台不合格：7.85 %",
            source="Cochran，Sampling Techniques (1977)，第 5 章的公式，复核",
            case={
                "selection": "unit",
                "strata": [
                    {"population": 1200, "sample": 60, "hits": 3},
                    {"population": 300, "sample": 30, "hits": 4},
                    {"population": 80, "sample": 20, "hits": 6},
                ],
            },
        ),
        Example(
            name="risk",
            title="按风险抽取：高风险 4 台概率 0.8，其余 4 台概率 0.1",
            source="Hájek 估计的公式，复核",
            case={
                "selection": "unit",
                "units": [
                    *({"hit": hit, "inclusion": 0.8} for hit in (True, True, False, False)),
                    *({"hit": hit, "inclusion": 0.1} for hit in (True, False, False, False)),
                ],
            },
        ),
    ),
)  # fmt: skip

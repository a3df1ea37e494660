"""The net content of a lot of prepackaged goods, and the statement on its label."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, CitationOut, Example, Result
from quanheng.metrology.net_content.deficiency import ItemClass, tolerable_deficiency
from quanheng.metrology.net_content.label import least_height_mm, parse_statement
from quanheng.metrology.net_content.lot import LotOutcome, LotVerdict, Reason, judge_lot, largest_uncertainty
from quanheng.metrology.net_content.quantities import BASE_UNIT, UNITS, QuantityKind, in_base_unit
from quanheng.metrology.net_content.tare import choose_tare, volume_ml
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack, RulePacks

MOST_ITEMS = 1000
Number = Annotated[Decimal, Field(max_digits=18, decimal_places=9)]


class Plan(StrEnum):
    """Whose rule the lot is judged by."""

    CN = "cn"
    OIML_R87 = "oiml-r87"
    EU = "eu"
    NZ = "nz"
    US = "us"


class LabelIn(Case):
    """What stands on the package."""

    statement: str = Field(max_length=200, description="净含量标注原文，如“净含量：500 g”")
    figure_height_mm: Number | None = Field(None, description="数字高度，mm")


class NetContentCase(Case):
    """One lot and its sample."""

    day: date = Field(description="检验日期：按当天有效的规则判定")
    plan: Plan = Field(Plan.CN, description="cn 中国；oiml-r87；eu 欧盟；nz 新西兰；us 美国")
    nominal: Number = Field(description="标注净含量")
    unit: str = Field(max_length=8, description="标注净含量的单位：g、kg、mL、L、m、cm、m2、piece 等")
    lot_size: int = Field(le=10**9, description="批量")
    net: list[Number] = Field([], max_length=MOST_ITEMS, description="各件净含量，与标注同一单位")
    gross_g: list[Number] = Field([], max_length=MOST_ITEMS, description="各件总重，g")
    tares_g: list[Number] = Field([], max_length=MOST_ITEMS, description="皮重，g；逐件扣除时与总重一一对应")
    density_g_per_ml: Number | None = Field(None, description="以称重法测体积时液体的密度，g/mL")
    is_destructive: bool = Field(False, description="是否破坏性检验")
    expanded_uncertainty: Number | None = Field(None, ge=0, description="测量的扩展不确定度（k=2），基本单位")
    label: LabelIn | None = Field(None, description="标注检查")


class MeanTestOut(Result):
    """The test of the mean."""

    mean: Decimal = Field(description="平均值")
    standard_deviation: Decimal = Field(description="标准偏差 s（n−1）")
    factor: Decimal | None = Field(description="修正因子 λ，按规则所印")
    exact_factor: float | None = Field(description="t(p, n−1)/√n，供核对")
    limit: Decimal = Field(description="Qn − λs")
    passed: bool = Field(description="平均值检验是否通过")


class LabelOut(Result):
    """What is right and wrong about the statement."""

    is_unit_lawful: bool = Field(description="单位写法是否正确")
    agrees: bool = Field(description="与所填标注净含量是否一致")
    least_height_mm: Decimal | None = Field(description="数字最小高度，mm；没有要求时为空")
    is_high_enough: bool | None = Field(description="高度是否足够；没有测量或没有要求时为空")
    passed: bool = Field(description="净含量标注是否合格")


class NetContentResult(Result):
    """Both verdicts, and every number that led to them; quantities in the base unit."""

    outcome: LotOutcome = Field(description="accepted 合格；rejected 不合格；second_sample 须抽第二样本")
    reasons: tuple[Reason, ...] = Field(description="不合格的原因")
    base_unit: str = Field(description="计算所用的基本单位")
    nominal: Decimal = Field(description="标注净含量 Qn")
    tolerable_exact: Decimal = Field(description="允许短缺量 T，未修约")
    tolerable: Decimal = Field(description="允许短缺量 T，已修约")
    sample_size: int = Field(description="样本量 n")
    allowed: int = Field(description="允许短缺量大于 T 且不大于 2T 的件数")
    items: tuple[Decimal, ...] = Field(description="各件净含量")
    classes: tuple[ItemClass, ...] = Field(description="adequate 合格；t1 短缺大于 T；t2 短缺大于 2T")
    t1: int = Field(description="短缺大于 T 且不大于 2T 的件数")
    t2: int = Field(description="短缺大于 2T 的件数")
    mean_test: MeanTestOut | None = Field(description="平均值检验；方案没有时为空")
    tare_rule: str = Field(description="mean 平均皮重；individual 逐件皮重；没有扣皮重时为空")
    tare_g: Decimal | None = Field(description="平均皮重，g")
    largest_uncertainty: Decimal = Field(description="测量的最大扩展不确定度 T/5")
    is_uncertainty_small_enough: bool | None = Field(description="不确定度是否满足要求；没有填写时为空")
    label: LabelOut | None = Field(description="标注检查")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")


def run(case: NetContentCase, packs: RulePacks) -> NetContentResult:
    """Evaluate by the edition in force on the case's day."""
    pack = packs.in_force(f"net-content/{case.plan}", case.day)
    kind, nominal = in_base_unit(case.nominal, case.unit, "unit")
    tolerable = tolerable_deficiency(kind, nominal, pack).rounded
    items, tare_rule, tare = _contents(case, kind, nominal, tolerable, pack)
    verdict = judge_lot(kind, nominal, case.lot_size, items, destructive=case.is_destructive, pack=pack)
    most = largest_uncertainty(tolerable, pack)
    return NetContentResult(
        outcome=verdict.outcome, reasons=verdict.reasons, base_unit=BASE_UNIT[kind], nominal=nominal,
        tolerable_exact=verdict.tolerable.exact, tolerable=tolerable, sample_size=verdict.plan.sample,
        allowed=verdict.plan.allowed, items=tuple(items), classes=verdict.classes, t1=verdict.t1,
        t2=verdict.t2, mean_test=_mean_test(verdict), tare_rule=tare_rule, tare_g=tare,
        largest_uncertainty=most,
        is_uncertainty_small_enough=(
            None if case.expanded_uncertainty is None else case.expanded_uncertainty <= most
        ),
        label=None if case.label is None else _label(case.label, kind, nominal, pack),
        citations=(CitationOut.of(pack.cite()),),
    )  # fmt: skip


def _contents(
    case: NetContentCase, kind: QuantityKind, nominal: Decimal, tolerable: Decimal, pack: RulePack
) -> tuple[list[Decimal], str, Decimal | None]:
    """Return the contents in the base unit, which tare was taken off, and its mean."""
    if bool(case.net) == bool(case.gross_g):
        raise CaseFault("net", "one_of_two", "请填写各件净含量，或填写总重和皮重，二者填一种。")
    if case.net:
        return [in_base_unit(item, case.unit, "unit")[1] for item in case.net], "", None
    if kind not in {QuantityKind.MASS, QuantityKind.VOLUME}:
        raise CaseFault("gross_g", "not_weighed", "只有质量和体积可以用称重法，请改填各件净含量。")
    if kind == QuantityKind.VOLUME and case.density_g_per_ml is None:
        raise CaseFault("density_g_per_ml", "no_density", "以称重法测体积须填写液体的密度。")
    rule, tare, tares = _tares(case, nominal, tolerable, pack)
    masses = [gross - each for gross, each in zip(case.gross_g, tares, strict=True)]
    if kind == QuantityKind.MASS or case.density_g_per_ml is None:
        return masses, rule, tare
    density = case.density_g_per_ml
    return [volume_ml(mass, density) for mass in masses], rule, tare


def _tares(
    case: NetContentCase, nominal: Decimal, tolerable: Decimal, pack: RulePack
) -> tuple[str, Decimal | None, list[Decimal]]:
    """A tare for each item: their own where each was weighed, otherwise the mean where that is allowed."""
    if len(case.tares_g) == len(case.gross_g):
        return "individual", None, list(case.tares_g)
    found = choose_tare(case.tares_g, nominal, tolerable, pack)
    if found.grams is None:
        message = "皮重较大且不均匀，须逐件称皮重：皮重的个数应与总重相同。"
        raise CaseFault("tares_g", "individual_needed", message, spread=found.spread)
    return found.rule, found.grams, [found.grams] * len(case.gross_g)


def _mean_test(verdict: LotVerdict) -> MeanTestOut | None:
    test = verdict.mean_test
    if test is None:
        return None
    return MeanTestOut(
        mean=test.mean, standard_deviation=test.deviation, factor=verdict.plan.factor,
        exact_factor=verdict.plan.exact_factor, limit=test.limit, passed=test.passed,
    )  # fmt: skip


def _label(given: LabelIn, kind: QuantityKind, nominal: Decimal, pack: RulePack) -> LabelOut:
    try:
        stated = parse_statement(given.statement)
    except CaseFault as fault:
        raise fault.within("label") from None
    agrees = stated.kind == kind and stated.value * UNITS[stated.unit][1] == nominal
    least = least_height_mm(kind, nominal, pack) if "label" in pack.tables else None
    high = None if least is None or given.figure_height_mm is None else given.figure_height_mm >= least
    return LabelOut(
        is_unit_lawful=stated.is_unit_lawful, agrees=agrees, least_height_mm=least, is_high_enough=high,
        passed=stated.is_unit_lawful and agrees and high is not False,
    )  # fmt: skip


def _example(name: str, title: str, items: str, **facts: object) -> Example:
    case: dict[str, object] = {"day": "2026-06-01", "nominal": 500, "unit": "g", "lot_size": 40}
    return Example(
        name=name, title=title, source="按所选规则的抽样表复算", case={**case, "net": items.split(), **facts}
    )


CALCULATION = Calculation(
    name="net-content",
    title="定量包装商品净含量检验",
    case=NetContentCase,
    result=NetContentResult,
    run=run,
    examples=(
        _example(
            "accepted", "批量 40，合格",
            "498.2 501.1 499.5 500.3 497.8 499.0 500.6 498.9 499.7 498.4",
            label={"statement": "净含量：500 g", "figure_height_mm": 4},
        ),
        _example(
            "mean-too-small", "没有一件短缺超过 T，但平均值不够",
            "494.0 496.5 495.2 497.1 493.8 495.5 496.0 494.9 495.7 496.2",
        ),
        _example(
            "one-item-short", "一件短缺 15.1 g，超过 T",
            "498.2 501.1 499.5 500.3 484.9 499.0 500.6 498.9 499.7 498.4",
        ),
        _example(
            "whole-lot", "新西兰规则，一批 8 件全检：平均值须达到标注量",
            "500.4 499.1 500.8 499.6 500.2 499.9 500.3 499.5", plan="nz", lot_size=8,
        ),
        _example(
            "us", "美国规则，一批 11 件，按 HB 133 的允许偏差",
            "501.2 500.3 499.5 500.6 478.9 502.8 504.1 503.5 505.2 501.0 504.4", plan="us", lot_size=11,
        ),
    ),
)  # fmt: skip

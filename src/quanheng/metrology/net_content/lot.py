"""The verdict on a lot: the test of the items and the test of the mean, with every number that led to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quanheng.metrology.net_content.deficiency import Deficiency, ItemClass, classify, tolerable_deficiency
from quanheng.metrology.net_content.quantities import QuantityKind
from quanheng.metrology.net_content.sampling import SamplingPlan, sampling_plan
from quanheng.metrology.net_content.statistics import deviation, mean
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell


class LotOutcome(StrEnum):
    """What becomes of the lot."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SECOND_SAMPLE = "second_sample"  # between acceptance and rejection: measure the second sample


class Reason(StrEnum):
    """Why a lot is rejected."""

    T2_ITEM = "t2_item"
    TOO_MANY_T1 = "too_many_t1"
    MEAN_TOO_SMALL = "mean_too_small"


@dataclass(frozen=True, slots=True)
class MeanTest:
    """The test of the mean: mean ≥ Qn − λ·s. A mean that reaches Qn passes whatever s is.

    Args:
        deviation: s with n − 1.
        limit: Qn − λ·s.
    """

    mean: Decimal
    deviation: Decimal
    limit: Decimal
    passed: bool


@dataclass(frozen=True, slots=True)
class LotVerdict:
    """Everything that was computed.

    Args:
        classes: one for each item, in the order measured.
        mean_test: None where the plan has none.
    """

    nominal: Decimal
    tolerable: Deficiency
    plan: SamplingPlan
    classes: tuple[ItemClass, ...]
    t1: int
    t2: int
    mean_test: MeanTest | None
    outcome: LotOutcome
    reasons: tuple[Reason, ...]
    citation: Citation


def judge_lot(
    kind: QuantityKind,
    nominal: Decimal,
    lot: int,
    items: Sequence[Decimal],
    *,
    destructive: bool = False,
    pack: RulePack,
) -> LotVerdict:
    """Judge a lot by what its sample holds.

    Args:
        nominal, items: in the base unit of the kind.
        items: as many as the plan asks for; with the second sample behind the first where one was needed.

    Raises:
        CaseFault: what `tolerable_deficiency` and `sampling_plan` refuse, another number of items than the
            plan asks for, or a negative content.
    """
    tolerable = tolerable_deficiency(kind, nominal, pack)
    plan = sampling_plan(lot, pack, destructive=destructive)
    _check_items(items, plan)
    classes = tuple(classify(nominal, item, tolerable.rounded) for item in items)
    test = _mean_test(nominal, items[: plan.mean_of], plan)
    outcome, reasons = _decide(plan, classes, test)
    return LotVerdict(
        nominal=nominal,
        tolerable=tolerable,
        plan=plan,
        classes=classes,
        t1=classes.count(ItemClass.T1),
        t2=classes.count(ItemClass.T2),
        mean_test=test,
        outcome=outcome,
        reasons=reasons,
        citation=pack.cite("tolerable_deficiency", "sampling"),
    )


def largest_uncertainty(tolerable: Decimal, pack: RulePack) -> Decimal:
    """Return the largest expanded uncertainty (k = 2) with which the contents may be measured: T/5."""
    return tolerable * Decimal(pack.table("measurement").values["largest_uncertainty_share"])


def _check_items(items: Sequence[Decimal], plan: SamplingPlan) -> None:
    sizes = {plan.sample, plan.sample + plan.second}
    if len(items) not in sizes:
        wanted = tell(" 或 ").join(str(size) for size in sorted(sizes))
        message = tell("抽样方案要求测量 {wanted} 件，现有 {count} 件。", wanted=wanted, count=len(items))
        raise CaseFault("items", "wrong_number", message, wanted=sorted(sizes), given=len(items))
    for index, item in enumerate(items):
        if item < 0:
            raise CaseFault(
                f"items[{index}]", "negative", tell("净含量不能小于 0，现为 {item}。", item=item), item=item
            )


def _mean_test(nominal: Decimal, items: Sequence[Decimal], plan: SamplingPlan) -> MeanTest | None:
    if not plan.tests_mean:
        return None
    average, spread = mean(items), deviation(items)
    limit = nominal - (plan.factor or Decimal(0)) * spread
    return MeanTest(average, spread, limit, passed=average >= nominal or average >= limit)


def _decide(
    plan: SamplingPlan, classes: Sequence[ItemClass], test: MeanTest | None
) -> tuple[LotOutcome, tuple[Reason, ...]]:
    t1 = classes.count(ItemClass.T1)
    has_second = len(classes) > plan.sample
    most = plan.allowed_in_both if has_second else plan.rejected_from - 1
    found = {
        Reason.T2_ITEM: ItemClass.T2 in classes,
        Reason.TOO_MANY_T1: t1 > most,
        Reason.MEAN_TOO_SMALL: test is not None and not test.passed,
    }
    reasons = tuple(reason for reason, holds in found.items() if holds)
    if reasons:
        return LotOutcome.REJECTED, reasons
    if t1 > plan.allowed and not has_second:
        return LotOutcome.SECOND_SAMPLE, ()
    return LotOutcome.ACCEPTED, ()

"""How a sample is shared out among strata: in proportion, or where it tells most for its cost."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import numpy as np
from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, Example, Result
from quanheng.metrology.survey_estimates.allocation import neyman_shares, proportional_shares, whole_numbers
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks

LARGEST = 10_000_000
Size = Annotated[int, Field(ge=1, le=LARGEST)]


class Allocation(StrEnum):
    """How the sample is shared out."""

    PROPORTIONAL = "proportional"
    NEYMAN = "neyman"


class AllocationStratumIn(Case):
    """One stratum."""

    name: str = Field("", max_length=80, description="层的名称；不参与计算")
    size: Size = Field(description="该层的总件数")
    rate: float | None = Field(
        None, ge=0, le=1, allow_inf_nan=False, description="预计的比例，如上年不合格率；Neyman 分配时填写"
    )
    cost: float = Field(1.0, gt=0, le=1e9, allow_inf_nan=False, description="查一件的费用，任意货币单位")


class SampleAllocationCase(Case):
    """The strata and the sample."""

    method: Allocation = Field(description="proportional 按比例；neyman 按件数、离散程度和费用")
    sample: Size = Field(description="样本量")
    at_least: int = Field(0, ge=0, le=LARGEST, description="每层至少抽取的件数；不足的层全查")
    strata: list[AllocationStratumIn] = Field(min_length=1, max_length=1_000, description="各层")


class StratumShareOut(Result):
    """What one stratum gets."""

    name: str = Field(description="层的名称")
    share: float = Field(description="份额，未取整")
    sample: int = Field(description="抽取的件数")


class SampleAllocationResult(Result):
    """The sample of each stratum."""

    strata: tuple[StratumShareOut, ...] = Field(description="各层")


def run(case: SampleAllocationCase, packs: RulePacks) -> SampleAllocationResult:  # noqa: ARG001 - no pack
    """Share out, and round by largest remainder."""
    sizes = [stratum.size for stratum in case.strata]
    if case.method is Allocation.PROPORTIONAL:
        shares = proportional_shares(sizes, case.sample)
    else:
        rates = np.array(_rates(case))
        costs = [stratum.cost for stratum in case.strata]
        shares = neyman_shares(sizes, np.sqrt(rates * (1 - rates)), case.sample, costs)
    counts = whole_numbers(shares, sizes, case.sample, at_least=case.at_least)
    return SampleAllocationResult(
        strata=tuple(
            StratumShareOut(name=stratum.name, share=float(share), sample=count)
            for stratum, share, count in zip(case.strata, shares, counts, strict=True)
        )
    )


def _rates(case: SampleAllocationCase) -> list[float]:
    rates = []
    for place, stratum in enumerate(case.strata):
        if stratum.rate is None:
            raise CaseFault(f"strata[{place}].rate", "empty", "Neyman 分配时，每层应有预计的比例。")
        rates.append(stratum.rate)
    if not any(0 < rate < 1 for rate in rates):
        raise CaseFault("strata", "no_spread", "预计比例全为 0 或 1，没有离散程度可依，请按比例分配。")
    return rates


THREE = [
    {"name": "甲", "size": 1200, "rate": 0.05}, {"name": "乙", "size": 300, "rate": 0.1333333333},
    {"name": "丙", "size": 80, "rate": 0.3},
]  # fmt: skip

CALCULATION = Calculation(
    name="sample-allocation",
    title="样本量在各层的分配",
    case=SampleAllocationCase,
    result=SampleAllocationResult,
    run=run,
    examples=(
        Example(
            name="neyman",
            title="110 件在三层：72、28、10",
            source="Neyman (1934)；Cochran，Sampling Techniques (1977)，5.26 式，复核",
            case={"method": "neyman", "sample": 110, "strata": THREE},
        ),
        Example(
            name="proportional",
            title="同样三层按比例，每层至少 10 件",
            source="Cochran，Sampling Techniques (1977)，5.5，复核",
            case={"method": "proportional", "sample": 110, "at_least": 10, "strata": THREE},
        ),
    ),
)

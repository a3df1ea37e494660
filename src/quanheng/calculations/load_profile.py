"""How a load is spread over the day or the week, learned from readings that are believed."""

from __future__ import annotations

from itertools import pairwise
from math import pi, sin
from typing import Annotated

import numpy as np
from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, Example, Result
from quanheng.metrology.control_charts.grid import as_rows
from quanheng.metrology.reading_quality.load_profile import DAY, learn_profile
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks

MOST_READINGS, MOST_SLOTS = 20_000, 2_016
LARGEST, LATEST = 1e15, 1e11
Instant = Annotated[float, Field(ge=-LATEST, le=LATEST, allow_inf_nan=False)]
Used = Annotated[float, Field(ge=0, le=LARGEST, allow_inf_nan=False)]


class UsedIn(Case):
    """What one reading says was used since the one before."""

    time: Instant = Field(description="读数的时刻，s")
    used: Used | None = Field(description="自上一读数的用量；不能得知时为 null")


class LoadProfileCase(Case):
    """Readings that are believed, in order, and the slots of the profile."""

    slots: int = Field(ge=1, le=MOST_SLOTS, description="一个周期分为多少个等长时段")
    period: float = Field(DAY, gt=0, le=1e9, allow_inf_nan=False, description="周期，s；一天或一周")
    begins: Instant = Field(0.0, description="某一周期开始的时刻，s")
    readings: list[UsedIn] = Field(min_length=2, max_length=MOST_READINGS, description="依次的读数")


class LoadProfileResult(Result):
    """The typical rate and the shape, as `register-checks` takes them."""

    typical_rate: float = Field(description="通常每秒走多少")
    shape: tuple[float, ...] = Field(description="各时段的负荷，相对于平均")
    period: float = Field(description="周期，s")
    begins: float = Field(description="某一周期开始的时刻，s")


def run(case: LoadProfileCase, packs: RulePacks) -> LoadProfileResult:  # noqa: ARG001 - no limit of a pack
    """Learn the median rate of each slot."""
    times = [one.time for one in case.readings]
    if any(after <= before for before, after in pairwise(times)):
        raise CaseFault("readings", "not_in_order", "读数应按时刻先后排列，时刻不得重复。")
    used = [np.nan if one.used is None else one.used for one in case.readings]
    try:
        typical, profile = learn_profile(times, used, case.slots, period=case.period, begins=case.begins)
    except CaseFault as fault:
        raise CaseFault("readings", fault.code, fault.message) from None
    shape = as_rows(profile.shape)[0]
    return LoadProfileResult(
        typical_rate=float(typical[0]), shape=tuple(map(float, shape)), period=case.period, begins=case.begins
    )


def _shop(hour: int) -> float:
    """What a shop uses in an hour: a tenth of its mean by night, most at three in the afternoon."""
    return round(3.6 + (86.4 * sin((hour - 8) / 14 * pi) if 8 <= hour < 22 else 0), 2)


CALCULATION = Calculation(
    name="load-profile",
    title="负荷曲线",
    case=LoadProfileCase,
    result=LoadProfileResult,
    run=run,
    examples=(
        Example(
            name="shop",
            title="一家商店四天的整点读数",
            source="构造的用量",
            case={
                "slots": 24,
                "readings": [
                    {"time": 3600.0 * number, "used": _shop((number - 1) % 24)} for number in range(97)
                ],
            },
        ),
    ),
)

"""A changed pulse factor of a dispenser, from what each shift drew and sold: a step, or an honest drift."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, CitationOut, Example, Result
from quanheng.metrology.cheating_signatures.factor_change import (
    FactorChangeKind,
    factor_change,
    read_factor_rule,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks

MOST_SHIFTS = 2_000
LARGEST = 1e9  # litres


class ShiftIn(Case):
    """One shift of one nozzle, or of a tank whose nozzles share their fate."""

    drawn: float = Field(ge=0, le=LARGEST, allow_inf_nan=False, description="油罐减少量，已计卸油，L")
    sold: float = Field(
        gt=0, le=LARGEST, allow_inf_nan=False, description="按显示的销量，L；未销售的班次不填"
    )


class FactorChangeCase(Case):
    """The shifts, in order."""

    day: date = Field(description="所用规则的日期")
    shifts: list[ShiftIn] = Field(min_length=2, max_length=MOST_SHIFTS, description="依次的各班次")


class FactorChangeResult(Result):
    """What the shifts tell of the factor. A suspicion at most: only a test by the regulation is a verdict."""

    kind: FactorChangeKind = Field(
        description="none 未见变化；step 阶跃（重新设定或换件）；"
        "drift 漂移（不快于正常磨损）；unclear 尚不能分辨"
    )
    alarmed_at: int | None = Field(description="报警的班次，自 1 起；未报警时为空")
    since: int | None = Field(description="变化开始的班次，自 1 起；没有时为空")
    size_percent: float = Field(description="至最后一班的相对变化，%；负为少出")
    deviation_percent: float = Field(description="每班次的标准偏差，%")
    found_within: float = Field(description="规则所定大小的变化平均在多少个班次内报警")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")


def run(case: FactorChangeCase, packs: RulePacks) -> FactorChangeResult:
    """Judge the shifts by the rule of the day."""
    pack = packs.in_force("control-chart/cheating-signatures", case.day)
    drawn, sold = [one.drawn for one in case.shifts], [one.sold for one in case.shifts]
    try:
        found = factor_change(drawn, sold, read_factor_rule(pack))
    except CaseFault as fault:
        raise CaseFault("shifts", fault.code, fault.message) from None
    return FactorChangeResult(
        kind=found.kind, alarmed_at=_number(found.alarmed_at), since=_number(found.since),
        size_percent=100 * found.size, deviation_percent=100 * found.deviation,
        found_within=found.found_within, citations=(CitationOut.of(pack.cite("factor_change")),),
    )  # fmt: skip


def _number(place: int | None) -> int | None:
    return None if place is None else place + 1


def _shifts(level_after: float) -> list[dict[str, float]]:
    """Return 100 shifts of 5000 L that scatter by some tenths of a per cent; another factor from 61 on."""
    scatter = (0.31, -0.42, 0.12, -0.08, 0.55, -0.37, -0.21, 0.44, -0.61, 0.27)
    gains = (
        (level_after if number >= 60 else 1.0) + scatter[(7 * number + 3) % 10] / 100 for number in range(100)
    )
    return [{"drawn": round(5000 * gain, 2), "sold": 5000.0} for gain in gains]


CALCULATION = Calculation(
    name="factor-change",
    title="脉冲当量变化的识别",
    case=FactorChangeCase,
    result=FactorChangeResult,
    run=run,
    examples=(
        Example(
            name="step",
            title="第 61 班起少出 0.8 %",
            source="按本平台规则构造的班次",
            case={"day": "2026-06-01", "shifts": _shifts(0.992)},
        ),
        Example(
            name="steady",
            title="一百班没有变化",
            source="按本平台规则构造的班次",
            case={"day": "2026-06-01", "shifts": _shifts(1.0)},
        ),
    ),
)

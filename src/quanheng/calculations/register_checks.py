"""The readings of one register: gaps, clocks, steps back, rollovers, frozen registers, wrong ratios."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import numpy as np
from pydantic import Field

from quanheng.calculations.calculation import Calculation, Case, CitationOut, Example, Result, Words
from quanheng.metrology.reading_quality.flags import ReadingFlag, words_of
from quanheng.metrology.reading_quality.load_profile import DAY, LoadProfile
from quanheng.metrology.reading_quality.readings import Readings
from quanheng.metrology.reading_quality.register_checks import Checked, check_readings
from quanheng.metrology.reading_quality.settings import Meters, read_quality_rule
from quanheng.packs.rule_pack import RulePacks

MOST_READINGS, MOST_SLOTS = 5_000, 2_016  # a week in slots of five minutes
LARGEST, LATEST = 1e15, 1e11
Positive = Annotated[float, Field(gt=0, le=LARGEST, allow_inf_nan=False)]
Instant = Annotated[float, Field(ge=-LATEST, le=LATEST, allow_inf_nan=False)]


class ProfileIn(Case):
    """How the load is spread over a day or a week, as the calculation `load-profile` tells."""

    shape: list[Annotated[float, Field(ge=0, le=LARGEST, allow_inf_nan=False)]] = Field(
        min_length=1, max_length=MOST_SLOTS, description="等长各时段的负荷，相对值"
    )
    period: Positive = Field(DAY, description="周期，s；一天为 86400，一周为 604800")
    begins: Instant = Field(0.0, description="某一周期开始的时刻，s")


class MeterIn(Case):
    """What is known of the meter."""

    interval: Positive = Field(description="约定的读数间隔，s")
    allowed_delay: Positive = Field(description="从读数到接收允许的时间，s")
    capacity: Positive = Field(description="计度器满度，到此回零")
    resolution: Positive = Field(description="计度器的最小分度")
    nameplate_rate: Positive = Field(description="额定流量或功率：每秒最多走多少（计度器单位）")
    typical_rate: Positive | None = Field(None, description="通常每秒走多少；为空时不判冻结和倍率")
    clock_tolerance: Positive = Field(60.0, description="表计时钟允许超前，s")
    profile: ProfileIn | None = Field(None, description="负荷曲线；为空时按均匀负荷")


class RegisterReadingIn(Case):
    """One reading."""

    time: Instant = Field(description="表计时钟的时刻，s，自 1970-01-01 起")
    received: Instant = Field(description="接收的时刻，s")
    value: float | None = Field(
        ge=-LARGEST, le=LARGEST, allow_inf_nan=False, description="示数；没有示数时为 null"
    )
    meter: int | None = Field(None, ge=0, le=2**53, description="表号（任何随表更换的整数）")
    has_load: bool = Field(True, description="已知是否有负荷，如同路的另一块表在走")
    is_swap: bool = Field(False, description="是否随读数报告了换表")


class RegisterChecksCase(Case):
    """A meter and its readings in the order of arrival."""

    day: date = Field(description="所用规则的日期")
    meter: MeterIn = Field(description="表计")
    readings: list[RegisterReadingIn] = Field(
        min_length=1, max_length=MOST_READINGS, description="依次的读数"
    )


class RegisterReadingOut(Result):
    """What was found of one reading."""

    number: int = Field(description="序号，自 1 起")
    flags: tuple[str, ...] = Field(description="判定的代号，如 SPIKE；没有时为空")
    words: tuple[Words, ...] = Field(description="判定的文字")
    consumption: float | None = Field(description="自上一个有效读数的用量，已计回零；不能得知时为空")
    missing: int = Field(description="此前缺测的读数个数")


class RegisterChecksResult(Result):
    """The findings, reading by reading."""

    readings: tuple[RegisterReadingOut, ...] = Field(description="各读数")
    flagged: int = Field(description="有判定的读数个数")
    consumption: float = Field(description="能够得知的用量之和")
    citations: tuple[CitationOut, ...] = Field(description="所用规则")


def run(case: RegisterChecksCase, packs: RulePacks) -> RegisterChecksResult:
    """Judge the readings by the rule of the day."""
    pack = packs.in_force("control-chart/reading-quality", case.day)
    checked = check_readings(_readings(case), _meters(case.meter), read_quality_rule(pack))
    found = tuple(_found(checked, place) for place in range(len(case.readings)))
    return RegisterChecksResult(
        readings=found,
        flagged=sum(bool(one.flags) for one in found),
        consumption=float(np.nansum(checked.consumption)),
        citations=(CitationOut.of(pack.cite()),),
    )


def _readings(case: RegisterChecksCase) -> Readings:
    rows = case.readings
    return Readings(
        time=[one.time for one in rows],
        received=[one.received for one in rows],
        value=[np.nan if one.value is None else one.value for one in rows],
        meter=[np.nan if one.meter is None else float(one.meter) for one in rows],
        has_load=[float(one.has_load) for one in rows],
        is_swap=[float(one.is_swap) for one in rows],
    )


def _meters(meter: MeterIn) -> Meters:
    profile = meter.profile
    return Meters(
        interval=meter.interval, allowed_delay=meter.allowed_delay, capacity=meter.capacity,
        resolution=meter.resolution, nameplate_rate=meter.nameplate_rate,
        typical_rate=np.nan if meter.typical_rate is None else meter.typical_rate,
        clock_tolerance=meter.clock_tolerance,
        profile=None if profile is None else LoadProfile(profile.shape, profile.period, profile.begins),
    )  # fmt: skip


def _found(checked: Checked, place: int) -> RegisterReadingOut:
    mask, consumption = int(checked.flags[place]), float(checked.consumption[place])
    return RegisterReadingOut(
        number=place + 1,
        flags=tuple(str(flag.name) for flag in ReadingFlag if mask & flag),
        words=words_of(mask),
        consumption=None if np.isnan(consumption) else consumption,
        missing=int(checked.missing[place]),
    )


METER = {
    "interval": 900, "allowed_delay": 300, "capacity": 100000, "resolution": 0.1, "nameplate_rate": 0.02,
    "typical_rate": 0.01,
}  # fmt: skip


def _series(*values: float) -> list[dict[str, float]]:
    return [
        {"time": 900.0 * place, "received": 900.0 * place + 60, "value": value}
        for place, value in enumerate(values)
    ]


CALCULATION = Calculation(
    name="register-checks",
    title="计度器读数的质量判定",
    case=RegisterChecksCase,
    result=RegisterChecksResult,
    run=run,
    examples=(
        Example(
            name="rollover",
            title="五位计度器回零：用量 13.8",
            source="按本平台规则构造的读数",
            case={"day": "2026-06-01", "meter": METER, "readings": _series(99989.5, 99998.5, 12.3, 21.0)},
        ),
        Example(
            name="faults",
            title="倒退和突增",
            source="按本平台规则构造的读数",
            case={"day": "2026-06-01", "meter": METER, "readings": _series(500, 509, 40, 49, 80)},
        ),
    ),
)

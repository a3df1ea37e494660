"""Indicators: shares of the instruments in use, with their target."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import Instant, shown

INDICATOR = {
    "key": "T1",
    "name": "重点场所计量器具受检率",
    "value": 98.97,
    "numerator": 9897,
    "denominator": 10000,
    "target": 99,
    "target_verified": True,
    "formula": "受检率 = 当日在用且检定有效的强检计量器具数 ÷ 当日在用的强检计量器具数 × 100%",
    "formula_version": "T1-2026.2",
    "data_time": "2026-11-24T00:20:00+08:00",
}


class IndicatorOut(Schema):
    """One indicator of an area."""

    model_config = shown(INDICATOR)

    key: str
    name: str
    value: float | None = Field(description=gettext_noop("百分数；没有在用器具时为空"))
    numerator: int
    denominator: int
    target: int | None = Field(description=gettext_noop("当日目标（百分数，达到或超过）；没有设定时为空"))
    target_verified: bool = Field(description=gettext_noop("目标的依据已核实"))
    formula: str
    formula_version: str
    data_time: Instant = Field(description=gettext_noop("统计时间；公布值为固化时间"))


class IndicatorsOut(Schema):
    """Every indicator of one area."""

    model_config = shown({"area_code": "510104000000", "on": "2026-11-23", "items": [INDICATOR]})

    area_code: str
    on: date
    items: list[IndicatorOut]

"""Reading the indicators of an area."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from quanheng.api.operations.declaring import holder_of, reads
from quanheng.api.schemas.indicators import IndicatorOut, IndicatorsOut
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.indicators.queries.values import Value, values_for

router = Router(tags=["indicators"])


class Asked(Schema):
    """Of which area, and when."""

    area: str = Field("", pattern=r"^(\d{2,12})?$", description=gettext_noop("区划代码；不填为密钥的辖区"))
    on: date | None = Field(None, description=gettext_noop("过去的一天，返回当日公布值；不填为现值"))


@router.get(
    "/indicators",
    **reads(
        KeyScope.READ_LEDGER,
        IndicatorsOut,
        gettext_noop("指标"),
        gettext_noop("一个区划的各项指标：分子、分母、百分数、目标和口径。密钥须属监管人员或审计监督人员。"),
    ),
)
def list_indicators(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    at = timezone.now()
    found = values_for(holder_of(request).actor, asked.area, asked.on, at=at)
    day = asked.on or timezone.localdate(at)
    return {"area_code": found.place.code, "on": day, "items": [_out(value) for value in found.values]}


def _out(value: Value) -> IndicatorOut:
    target = value.target
    return IndicatorOut(
        key=value.indicator.key, name=str(value.indicator.title), value=value.percent,
        numerator=value.numerator, denominator=value.denominator,
        target=target.percent if target else None, target_verified=bool(target and target.verified),
        formula=value.formula, formula_version=value.version, data_time=timezone.localtime(value.data_time),
    )  # fmt: skip

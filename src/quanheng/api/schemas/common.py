"""What every operation shares."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Schema
from pydantic import ConfigDict, PlainSerializer, WithJsonSchema

NEXT = "https://jl.example.gov.cn/api/v1/instruments?limit=100&cursor=W1wi..."
CURSOR = "W1wi..."
CHANGED_AT = gettext_noop("最近一次变更的时刻；启用 changed_at 之前已有的行，为启用时刻")
PROVENANCE = gettext_noop(
    "检定记录来源：issued 本平台出具、received 国家平台接收、recorded 监管部门录入、"
    "declared 使用单位自报未核实"
)


def _plain(value: Decimal) -> str:
    """Write a number without the zeros that only its column adds: 30000.000 → 30000."""
    return format(value.normalize(), "f")


def _local(value: datetime) -> str:
    return timezone.localtime(value).isoformat()


# What answers hold, in one form: numbers whose digits matter as text, instants with the province's offset.
Quantity = Annotated[Decimal, PlainSerializer(_plain, return_type=str)]
Instant = Annotated[
    datetime,
    PlainSerializer(_local, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]


def shown(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of an answer's schema with its example."""
    return ConfigDict(json_schema_extra={"example": example}, from_attributes=True)


def strict(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a request's schema: what it does not know, it refuses."""
    return ConfigDict(
        json_schema_extra={"example": example}, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False
    )


def partial(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a partial update: what is not sent stays, so no field has a default.

    A client that is generated from the document would send the defaults along, and wipe what stands there.
    """

    def complete(schema: dict[str, Any]) -> None:
        schema["example"] = example
        for part in schema["properties"].values():
            part.pop("default", None)

    return strict(example) | ConfigDict(json_schema_extra=complete)


class PageOut(Schema):
    """A page of a list; the subject adds its items."""

    next: str | None = Field(description=gettext_noop("下一页的完整地址；没有更多时为空"))
    next_cursor: str | None = Field(description=gettext_noop("下一页的 cursor，筛选条件不变；没有更多时为空"))


TOTAL = {"number": 1000, "at_least": True}


class TotalOut(Schema):
    """How many rows a list has."""

    model_config = shown(TOTAL)
    number: int
    at_least: bool = Field(description=gettext_noop("为 true 时只数到这里，实际不少于此数"))


class CountedPageOut(PageOut):
    """A page of a list that says how many rows there are, where that was asked."""

    total: TotalOut | None = Field(
        None, description=gettext_noop("只在 totals=true 时返回；其后各页不再返回")
    )


class FieldFault(Schema):
    """What is wrong with one field."""

    field: str = Field(description=gettext_noop("字段名；嵌套的用点号连接"))
    message: str = Field(description=gettext_noop("错误所在和改正办法"))


class ProblemOut(Schema):
    """An error (RFC 9457)."""

    model_config = shown(
        {
            "type": "urn:quanheng:problem:serial_number_taken",
            "title": "与当前状态冲突",
            "status": 409,
            "detail": "衡器厂出厂编号 SN0001 已在台账中。请核对铭牌；确为同一台器具的，请办理变更。",
            "instance": "/api/v1/instruments",
            "code": "serial_number_taken",
            "facts": {"serial_number": "SN0001"},
        }
    )
    type: str = Field(description=gettext_noop("问题类型的标识，由 code 构成"))
    title: str = Field(description=gettext_noop("问题类别"))
    status: int = Field(description=gettext_noop("HTTP 状态码"))
    detail: str = Field(description=gettext_noop("错误所在和改正办法"))
    instance: str = Field(description=gettext_noop("请求的地址"))
    code: str = Field(description=gettext_noop("稳定的错误代码，供程序判断"))
    facts: dict[str, Any] = Field(description=gettext_noop("导致该结果的数据"))
    errors: list[FieldFault] | None = Field(None, description=gettext_noop("逐个字段的问题"))

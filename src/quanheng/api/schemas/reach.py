"""Whose key it is, what it opens, and the areas of its reach."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import PageOut, shown
from quanheng.apps.accounts.enums import AreaLevel, KeyScope, Role

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import Area

ME = {
    "key_id": 12,
    "role": "county_officer",
    "role_name": "县级监管人员",
    "area_code": "510104000000",
    "entity_id": None,
    "scopes": ["read:ledger", "write:seals"],
    "per_minute": 600,
    "demonstration": False,
}


class WhoamiOut(Schema):
    """What a key can do, and where."""

    model_config = shown(ME)
    key_id: int
    role: Role | None = Field(description=gettext_noop("持有人的岗位"))
    role_name: str
    area_code: str | None = Field(description=gettext_noop("持有人岗位所在的区划"))
    entity_id: int | None = Field(description=gettext_noop("持有人所属的主体"))
    scopes: list[KeyScope] = Field(description=gettext_noop("密钥的权限"))
    per_minute: int = Field(description=gettext_noop("每分钟最多多少次请求"))
    demonstration: bool = Field(description=gettext_noop("为 true 的是演示或沙箱，数据均为虚构"))


AREA = {
    "code": "510104000000",
    "name": "锦江区",
    "full_name": "成都市锦江区",
    "level": 3,
    "parent_code": "510100000000",
    "valid_from": "2000-01-01",
    "valid_to": None,
}


class AreaOut(Schema):
    """An administrative division."""

    model_config = shown(AREA)
    code: str = Field(description=gettext_noop("行政区划代码"))
    name: str
    full_name: str = Field(description=gettext_noop("行政区划全称"))
    level: AreaLevel = Field(description=gettext_noop("1 省、2 市、3 县、4 乡镇街道"))
    parent_code: str | None = Field(description=gettext_noop("上级区划"))
    valid_from: date
    valid_to: date | None = Field(description=gettext_noop("撤销之日；现行的为空"))

    @staticmethod
    def resolve_parent_code(row: Area) -> str | None:
        return row.parent.code if row.parent else None


class AreaPage(PageOut):
    """Divisions in the order of their codes."""

    model_config = shown({"items": [AREA], "next": None, "next_cursor": None})
    items: list[AreaOut]

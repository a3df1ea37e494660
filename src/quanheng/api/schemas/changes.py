"""What changed since."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import Instant, shown
from quanheng.apps.changes.enums import ChangeKind, ChangeWhat

CURSOR = "eyJ0IjoxfQ:1vPx3k:Zk0c8…"
CHANGE = {
    "kind": "verification",
    "id": 501,
    "what": "created",
    "at": "2026-11-30T09:00:00+08:00",
    "instrument_id": 1024,
    "href": "/api/v1/instruments/1024/verifications",
}


class ChangeOut(Schema):
    """What became of one row; read the row itself at `href`."""

    model_config = shown(CHANGE)
    kind: ChangeKind
    id: int = Field(description=gettext_noop("该行的编号"))
    what: ChangeWhat = Field(
        description=gettext_noop(
            "created 新增或移入、changed 变更、deleted 删除或移出密钥的范围；按最后一次变更说明"
        )
    )
    at: Instant = Field(description=gettext_noop("登记变更的时刻；顺序以提交为准，不以此时刻为准"))
    instrument_id: int | None = Field(description=gettext_noop("所属器具；没有的为空"))
    href: str | None = Field(description=gettext_noop("读取该行的地址；已删除或不经接口读取的为空"))


class ChangePage(Schema):
    """What changed, in the order in which it was committed."""

    model_config = shown(
        {
            "items": [CHANGE],
            "cursor": CURSOR,
            "next": f"https://jl.example.gov.cn/api/v1/changes?since={CURSOR}",
            "has_more": False,
        }
    )
    items: list[ChangeOut]
    cursor: str = Field(description=gettext_noop("请保存：下次以此作为 since，从这里接着读"))
    next: str = Field(description=gettext_noop("接着读的完整地址；没有新变更时也有"))
    has_more: bool = Field(description=gettext_noop("还有更多，请立即接着读；否则稍后再来"))

"""Changes that are asked for, and what a program sends to decide them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import CHANGED_AT, Instant, PageOut, shown, strict
from quanheng.api.schemas.instruments import InstrumentChanges
from quanheng.apps.instruments.enums import ProposalState

PROPOSAL = {
    "id": 31,
    "instrument_id": 1024,
    "state": "waiting",
    "facts": {"model": "ACS-15"},
    "verification": {},
    "seals": {},
    "asked_because": "铭牌已核对，登记时录错",
    "asked_at": "2026-11-30T09:00:00+08:00",
    "asked_by_me": True,
    "import_run_id": None,
    "decided_at": None,
    "reason": "",
    "changed_at": "2026-11-30T09:00:00+08:00",
}


class ProposalOut(Schema):
    """A change that was asked for, and what became of it. Nothing of it counts before it is accepted."""

    model_config = shown(PROPOSAL)
    id: int
    instrument_id: int
    state: ProposalState
    facts: dict[str, Any] = Field(description=gettext_noop("器具信息：字段与申请的值"))
    verification: dict[str, Any] = Field(description=gettext_noop("申请登记的检定；没有时为空对象"))
    seals: dict[str, str] = Field(description=gettext_noop("申请登记的铅封：位置与编号"))
    asked_because: str = Field(description=gettext_noop("申请理由"))
    asked_at: Instant
    asked_by_me: bool = Field(description=gettext_noop("由该密钥的持有人申请"))
    import_run_id: int | None = Field(description=gettext_noop("来源的台账导入批次"))
    decided_at: Instant | None
    reason: str = Field(description=gettext_noop("退回或撤回的理由"))
    changed_at: Instant = Field(description=CHANGED_AT)


class ProposalPage(PageOut):
    """Changes that were asked for, oldest first."""

    model_config = shown({"items": [PROPOSAL], "next": None, "next_cursor": None})
    items: list[ProposalOut]


class ProposalIn(Schema):
    """What a nameplate should say, and why."""

    model_config = strict({"changes": {"model": "ACS-15"}, "reason": "铭牌已核对，登记时录错"})
    changes: InstrumentChanges
    reason: str = Field(min_length=2, max_length=300)


class AskedOut(Schema):
    """What waits for the office now; null where the holder may write all of it, and it is written."""

    model_config = shown({"proposal": PROPOSAL})
    proposal: ProposalOut | None


class AcceptIn(Schema):
    """Accept a change."""

    model_config = strict(
        {"paper_seen": True, "certificate_number": "川检2026099", "valid_until": "2027-11-19"}
    )
    paper_seen: bool = Field(
        False, description=gettext_noop("已核对检定证书原件或照片；申请中有检定的必须为 true")
    )
    certificate_number: str = Field(
        "", max_length=80, description=gettext_noop("照证书填写；与申请的不同则不登记")
    )
    valid_until: date | None = Field(None, description=gettext_noop("照证书填写；不合格的为空"))


class WhyIn(Schema):
    """Why something is returned, asked for or taken back."""

    model_config = strict({"reason": "型号与铭牌照片不一致，请补铭牌照片"})
    reason: str = Field(min_length=2, max_length=200)

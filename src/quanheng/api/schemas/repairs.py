"""What a program sends and reads of repairs."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop
from ninja import Field, Schema

from quanheng.api.schemas.common import Instant, PageOut, shown, strict
from quanheng.apps.instruments.enums import AfterRepair
from quanheng.apps.instruments.queries.repairs import RepairStage, stage_of

if TYPE_CHECKING:
    from quanheng.apps.accounts.assignments import Assignment

REPAIRER = {"id": 88, "name": "武侯区川准衡器维修服务有限公司", "place": "成都市武侯区"}
REPAIR = {
    "id": 12,
    "instrument_id": 1024,
    "subject": "电子计价秤 SN20260001",
    "user_name": "东门市场一号摊",
    "repairer_id": 88,
    "repairer": "武侯区川准衡器维修服务有限公司",
    "stage": "received",
    "sent_on": "2026-11-20",
    "reason": "示值漂移",
    "received_at": "2026-11-21T09:00:00+08:00",
    "ended_at": None,
    "end_reason": "",
}


class RepairerOut(Schema):
    """A repairer with a confirmed file."""

    model_config = shown(REPAIRER)
    id: int
    name: str
    place: str


class RepairersOut(Schema):
    """Repairers, at most twenty, by name."""

    model_config = shown({"items": [REPAIRER]})
    items: list[RepairerOut]


class RepairOut(Schema):
    """An instrument that was sent to a named repairer. That it was received, the repairer declares."""

    model_config = shown(REPAIR)
    id: int
    instrument_id: int
    subject: str = Field(description=gettext_noop("器具名称和出厂编号"))
    user_name: str | None = Field(description=gettext_noop("使用单位"))
    repairer_id: int | None
    repairer: str
    stage: RepairStage = Field(
        description=gettext_noop("waiting 待接收、received 已接收、over 已结束（维修完成、退回或另行处理）")
    )
    sent_on: date
    reason: str
    received_at: Instant | None
    ended_at: Instant | None
    end_reason: str = Field(description=gettext_noop("维修单位退回的原因"))

    @staticmethod
    def resolve_instrument_id(row: Assignment) -> int:
        return row.row_id

    @staticmethod
    def resolve_repairer_id(row: Assignment) -> int | None:
        return row.entity_id

    @staticmethod
    def resolve_repairer(row: Assignment) -> str:
        return row.name

    @staticmethod
    def resolve_stage(row: Assignment) -> RepairStage:
        return stage_of(row)

    @staticmethod
    def resolve_sent_on(row: Assignment) -> date:
        return row.valid_from

    @staticmethod
    def resolve_received_at(row: Assignment) -> datetime | None:
        return row.taken_up_at


class RepairPage(PageOut):
    """Instruments that were sent to repairers, oldest first."""

    model_config = shown({"items": [REPAIR], "next": None, "next_cursor": None})
    items: list[RepairOut]


class SendingIn(Schema):
    """An instrument that is sent to repair."""

    model_config = strict({"reason": "示值漂移", "on": "2026-11-20", "repairer_id": 88})
    reason: str = Field(min_length=1, max_length=300)
    on: date = Field(description=gettext_noop("送修日期"))
    repairer_id: int | None = Field(
        None, description=gettext_noop("维修单位，见 GET /api/v1/repairers；不填的由登记人办理后续事项")
    )


class RepairerChangeIn(Schema):
    """Another repairer."""

    model_config = strict({"repairer_id": 88, "reason": "原维修单位没有配件"})
    repairer_id: int
    reason: str = Field(min_length=1, max_length=300)


class ReceptionIn(Schema):
    """How an instrument was received for repair."""

    model_config = strict({"note": "外观完好，铅封完好"})
    note: str = Field("", max_length=300, description=gettext_noop("接收时的状况"))


class RepairedIn(Schema):
    """What was repaired."""

    model_config = strict({"work": "更换传感器", "on": "2026-11-23", "destination": "to_verification"})
    work: str = Field(min_length=1, max_length=300, description=gettext_noop("更换的部件和调整的内容"))
    on: date = Field(description=gettext_noop("完成日期"))
    repairer: str = Field(
        "",
        max_length=120,
        description=gettext_noop("维修单位；送修时已指定的可不填，由该单位登记的不采用"),
    )
    destination: AfterRepair | None = Field(None, description=gettext_noop("修后去向"))


class RepairDecisionIn(Schema):
    """What a second person decides about a sending to repair that was recorded by mistake."""

    model_config = strict({"agreed": True, "seen_whole": True})
    agreed: bool = Field(description=gettext_noop("true 同意，恢复原检定；false 不同意，送修登记保留"))
    seen_whole: bool = Field(
        False, description=gettext_noop("已到现场核对：器具未拆动，铅封完好且编号与登记一致；同意的必填 true")
    )
    reason: str = Field("", max_length=200, description=gettext_noop("不同意的理由；同意的不用填"))

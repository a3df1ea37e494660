"""Repairs: sending, naming a repairer, what the repairer says, taking a mistaken sending back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema, Status

from quanheng.api.cursors import page_of
from quanheng.api.operations.declaring import Paging, holder_of, reads, writes
from quanheng.api.operations.seen import holder_who_saw
from quanheng.api.schemas.history import VerificationOut
from quanheng.api.schemas.instruments import InstrumentOut
from quanheng.api.schemas.proposals import WhyIn
from quanheng.api.schemas.repairs import (
    ReceptionIn,
    RepairDecisionIn,
    RepairedIn,
    RepairerChangeIn,
    RepairersOut,
    RepairPage,
    SendingIn,
)
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.instruments.queries.repairs import STAGES, RepairStage, repairs
from quanheng.apps.instruments.services import mistaken_repair
from quanheng.apps.instruments.services.change_repairer import change_repairer
from quanheng.apps.instruments.services.decline_repair import decline_repair
from quanheng.apps.instruments.services.receive_for_repair import receive_for_repair
from quanheng.apps.instruments.services.repair import record_repair, send_to_repair
from quanheng.apps.registry.queries import filed_repairers

router = Router(tags=["repairs"])
OF_INSTRUMENT = "/instruments/{int:instrument_id}/repair"


class RepairFilters(Paging):
    """Filters of the list."""

    stage: RepairStage | None = Field(
        None, description=gettext_noop("waiting 待接收、received 已接收、over 已结束")
    )


class RepairerFilters(Schema):
    """Which repairers."""

    name: str = Field("", max_length=60, description=gettext_noop("名称中的几个字"))


@router.get(
    "/repairs",
    **reads(
        KeyScope.READ_LEDGER,
        RepairPage,
        gettext_noop("送修列表"),
        gettext_noop("送到指定维修单位的器具。维修单位的密钥只列出现在送到本单位的器具。"),
    ),
)
def list_repairs(request: HttpRequest, filters: Query[RepairFilters]) -> dict[str, Any]:
    rows = repairs(holder_of(request).actor)
    if filters.stage is not None:
        rows = rows.filter(STAGES[filters.stage])
    return page_of(request, rows, cursor=filters.cursor, limit=filters.limit)


@router.get(
    "/repairers",
    **reads(
        KeyScope.READ_LEDGER,
        RepairersOut,
        gettext_noop("维修单位"),
        gettext_noop("已建档确认的维修、制造企业，按名称查找，最多二十家。"),
    ),
)
def list_repairers(request: HttpRequest, filters: Query[RepairerFilters]) -> dict[str, Any]:
    holder_of(request)
    return {"items": filed_repairers(filters.name)}


@router.post(
    OF_INSTRUMENT,
    operation_id="send_to_repair",
    **writes(
        KeyScope.WRITE_LEDGER,
        InstrumentOut,
        gettext_noop("登记送修"),
        gettext_noop("自送修之日起原检定失效。指定了维修单位的，该单位在送修期间可以看到并办理该器具。"),
    ),
)
def send(request: HttpRequest, instrument_id: int, body: SendingIn) -> Any:
    by = holder_who_saw(request, instrument_id).actor
    return Status(201, send_to_repair(instrument_id=instrument_id, **body.dict(), by=by, at=timezone.now()))


@router.post(
    f"{OF_INSTRUMENT}/change-repairer",
    operation_id="change_repairer",
    **writes(
        KeyScope.WRITE_LEDGER,
        InstrumentOut,
        gettext_noop("指定或变更维修单位"),
        gettext_noop("器具须在维修中。原维修单位不再看到该器具。"),
    ),
)
def name_another(request: HttpRequest, instrument_id: int, body: RepairerChangeIn) -> Any:
    by = holder_who_saw(request, instrument_id).actor
    return Status(201, change_repairer(instrument_id=instrument_id, **body.dict(), by=by, at=timezone.now()))


@router.post(
    f"{OF_INSTRUMENT}/receive",
    operation_id="receive_for_repair",
    **writes(
        KeyScope.WRITE_LEDGER,
        InstrumentOut,
        gettext_noop("登记维修接收"),
        gettext_noop("由送修所指定的维修单位办理；接收后才能启封和登记维修完成。"),
    ),
)
def receive(request: HttpRequest, instrument_id: int, body: ReceptionIn) -> Any:
    by = holder_who_saw(request, instrument_id).actor
    row = receive_for_repair(instrument_id=instrument_id, note=body.note, by=by, at=timezone.now())
    return Status(201, row)


@router.post(
    f"{OF_INSTRUMENT}/decline",
    operation_id="decline_repair",
    **writes(
        KeyScope.WRITE_LEDGER,
        InstrumentOut,
        gettext_noop("退回送修"),
        gettext_noop(
            "由送修所指定的维修单位办理：不能维修、没有送到或送错。器具仍在维修中，由使用单位另行处理。"
        ),
    ),
)
def decline(request: HttpRequest, instrument_id: int, body: WhyIn) -> Any:
    by = holder_who_saw(request, instrument_id).actor
    row = decline_repair(instrument_id=instrument_id, reason=body.reason, by=by, at=timezone.now())
    return Status(201, row)


@router.post(
    f"{OF_INSTRUMENT}/finish",
    operation_id="finish_repair",
    **writes(
        KeyScope.WRITE_LEDGER,
        InstrumentOut,
        gettext_noop("登记维修完成"),
        gettext_noop(
            "器具转为待检，检定合格前不得使用。维修单位登记的，记为维修单位申报，其后不再看到该器具。"
        ),
    ),
)
def finish(request: HttpRequest, instrument_id: int, body: RepairedIn) -> Any:
    by = holder_who_saw(request, instrument_id).actor
    return Status(201, record_repair(instrument_id=instrument_id, **body.dict(), by=by, at=timezone.now()))


@router.post(
    f"{OF_INSTRUMENT}/dispute",
    **writes(
        KeyScope.WRITE_LEDGER,
        VerificationOut,
        gettext_noop("申请更正送修登记"),
        gettext_noop("误登记送修、器具实际未离开也未拆动的，由另一名监管人员现场核对后恢复原检定。"),
    ),
)
def dispute_repair(request: HttpRequest, instrument_id: int, body: WhyIn) -> Any:
    by = holder_who_saw(request, instrument_id).actor
    row = mistaken_repair.ask_to_correct(
        instrument_id=instrument_id, reason=body.reason, by=by, at=timezone.now()
    )
    return Status(201, row)


@router.post(
    f"{OF_INSTRUMENT}/withdraw-dispute",
    **writes(
        KeyScope.WRITE_LEDGER,
        VerificationOut,
        gettext_noop("撤回更正送修申请"),
        gettext_noop("只有申请人可以撤回；送修登记照旧。"),
    ),
)
def withdraw_repair_dispute(request: HttpRequest, instrument_id: int, body: WhyIn) -> Any:
    by = holder_who_saw(request, instrument_id).actor
    row = mistaken_repair.withdraw_correction(
        instrument_id=instrument_id, reason=body.reason, by=by, at=timezone.now()
    )
    return Status(201, row)


@router.post(
    f"{OF_INSTRUMENT}/decide",
    **writes(
        KeyScope.WRITE_LEDGER,
        InstrumentOut,
        gettext_noop("复核更正送修申请"),
        gettext_noop("由申请人以外的监管人员办理。同意的，器具和随同送修的部件恢复到送修之前。"),
    ),
)
def decide_repair_dispute(request: HttpRequest, instrument_id: int, body: RepairDecisionIn) -> Any:
    by, now = holder_who_saw(request, instrument_id).actor, timezone.now()
    if body.agreed:
        return Status(
            201,
            mistaken_repair.take_back_repair(
                instrument_id=instrument_id, seen_whole=body.seen_whole, by=by, at=now
            ),
        )
    kept = mistaken_repair.uphold_repair(instrument_id=instrument_id, reason=body.reason, by=by, at=now)
    return Status(201, kept.instrument)

"""Verifications: the history of an instrument; recording, confirming and voiding one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Status

from quanheng.api.cursors import page_of
from quanheng.api.operations.changes import SincePaging, may_be_gone, only_changed
from quanheng.api.operations.declaring import holder_of, reads, writes
from quanheng.api.operations.fresh import fresh
from quanheng.api.operations.seen import holder_who_saw
from quanheng.api.schemas.acts import ConfirmationIn, VerificationIn, VoidDecisionIn
from quanheng.api.schemas.history import VerificationOut, VerificationPage
from quanheng.api.schemas.proposals import WhyIn
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.changes.enums import ChangeKind
from quanheng.apps.instruments.enums import Provenance
from quanheng.apps.instruments.queries import exchange
from quanheng.apps.instruments.queries.records import Waits, waiting_records
from quanheng.apps.instruments.services.confirm_verification import confirm_verification
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.instruments.services.void_record import ask_to_void, decide_to_void, withdraw_dispute

router = Router(tags=["verifications"])


@router.get(
    "/instruments/{int:instrument_id}/verifications",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER,
            VerificationPage,
            gettext_noop("检定历史"),
            gettext_noop("该器具的检定记录；器具转走的，随器具转到新的辖区和主体。"),
        )
    ),
)
def list_verifications(
    request: HttpRequest, instrument_id: int, paging: Query[SincePaging]
) -> dict[str, Any]:
    actor = holder_of(request).actor
    exchange.instrument(instrument_id, actor)
    rows = exchange.verifications(instrument_id, actor)
    rows = only_changed(rows, ChangeKind.VERIFICATION, paging.changed_since, actor)
    return page_of(request, rows, cursor=paging.cursor, limit=paging.limit)


@router.post(
    "/instruments/{int:instrument_id}/verifications",
    operation_id="record_verification",
    **writes(
        KeyScope.WRITE_VERIFICATION,
        VerificationOut,
        gettext_noop("登记检定结果"),
        gettext_noop("登记一次检定。合格的，器具转为在用；铅封破损过的，须先重新施封。可带 If-Match。"),
    ),
)
def verify(request: HttpRequest, instrument_id: int, body: VerificationIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    row = record_verification(
        instrument_id=instrument_id, **body.dict(), by=holder.actor, at=timezone.localtime()
    )
    return Status(201, fresh(row))


class WaitingFilters(SincePaging):
    """Which of the records; they narrow it down together."""

    waiting: Waits | None = Field(
        None,
        description=gettext_noop(
            "unconfirmed 自报待核实、disputed 作废申请待持有人复核、asked 持有人申请作废、待他人复核"
        ),
    )
    provenance: Provenance | None = None


@router.get(
    "/verifications",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER,
            VerificationPage,
            gettext_noop("检定记录列表"),
            gettext_noop("密钥范围内的检定记录，按编号顺序；待办的用 waiting 筛选。"),
        )
    ),
)
def list_verification_records(request: HttpRequest, filters: Query[WaitingFilters]) -> dict[str, Any]:
    actor = holder_of(request).actor
    rows = waiting_records(filters.waiting, actor)
    if filters.provenance:
        rows = rows.filter(provenance=filters.provenance)
    rows = only_changed(rows, ChangeKind.VERIFICATION, filters.changed_since, actor)
    return page_of(request, rows, cursor=filters.cursor, limit=filters.limit)


@router.post(
    "/instruments/{int:instrument_id}/verifications/{int:verification_id}/confirm",
    operation_id="confirm_verification",
    **writes(
        KeyScope.WRITE_VERIFICATION,
        VerificationOut,
        gettext_noop("核实自报的检定"),
        gettext_noop("监管部门照证书核实使用单位自报的检定，核实后计入受检率。正等待复核作废的不能核实。"),
    ),
)
def confirm(request: HttpRequest, instrument_id: int, verification_id: int, body: ConfirmationIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    row = confirm_verification(
        instrument_id=instrument_id, verification_id=verification_id, **body.dict(), by=holder.actor,
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, fresh(row))


@router.post(
    "/instruments/{int:instrument_id}/verifications/{int:verification_id}/dispute",
    **writes(
        KeyScope.WRITE_VERIFICATION,
        VerificationOut,
        gettext_noop("申请作废检定记录"),
        gettext_noop("登记有误的，由监管部门一人申请、另一人复核；复核前扫码显示“复核中”，仍按原样统计。"),
    ),
)
def dispute_verification(request: HttpRequest, instrument_id: int, verification_id: int, body: WhyIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    row = ask_to_void(
        instrument_id=instrument_id, verification_id=verification_id, reason=body.reason, by=holder.actor,
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, fresh(row))


@router.post(
    "/instruments/{int:instrument_id}/verifications/{int:verification_id}/decide",
    **writes(
        KeyScope.WRITE_VERIFICATION,
        VerificationOut,
        gettext_noop("复核作废申请"),
        gettext_noop("同意的，该记录视为从未登记；不同意的须说明理由。申请人不能复核本人的申请。"),
    ),
)
def decide_verification_dispute(
    request: HttpRequest, instrument_id: int, verification_id: int, body: VoidDecisionIn
) -> Any:
    holder = holder_who_saw(request, instrument_id)
    row = decide_to_void(
        instrument_id=instrument_id, verification_id=verification_id, **body.dict(), by=holder.actor,
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, fresh(row))


@router.post(
    "/instruments/{int:instrument_id}/verifications/{int:verification_id}/withdraw-dispute",
    **writes(
        KeyScope.WRITE_VERIFICATION,
        VerificationOut,
        gettext_noop("撤回作废申请"),
        gettext_noop("复核前由申请人撤回，该检定记录照旧。"),
    ),
)
def withdraw_verification_dispute(
    request: HttpRequest, instrument_id: int, verification_id: int, body: WhyIn
) -> Any:
    holder = holder_who_saw(request, instrument_id)
    row = withdraw_dispute(
        instrument_id=instrument_id, verification_id=verification_id, reason=body.reason, by=holder.actor,
        at=timezone.now(),
    )  # fmt: skip
    return Status(201, fresh(row))

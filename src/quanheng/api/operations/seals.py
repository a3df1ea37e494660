"""Seals: which are on an instrument, putting one on, recording a broken one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status

from quanheng.api.cursors import page_of
from quanheng.api.operations.changes import SincePaging, may_be_gone, only_changed
from quanheng.api.operations.declaring import holder_of, reads, writes
from quanheng.api.operations.fresh import fresh
from quanheng.api.operations.seen import holder_who_saw
from quanheng.api.schemas.acts import (
    SealBreakIn,
    SealCorrectionIn,
    SealIn,
    SealOut,
    SealPage,
    UnsealIn,
)
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import KeyHolder
from quanheng.apps.changes.enums import ChangeKind
from quanheng.apps.instruments.queries import exchange
from quanheng.apps.instruments.queries.seals import fitting_positions
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.correct_seal import correct_seal
from quanheng.apps.instruments.services.unseal import unseal

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Seal

router = Router(tags=["seals"])


@router.get(
    "/instruments/{int:instrument_id}/seals",
    **may_be_gone(
        reads(
            KeyScope.READ_LEDGER,
            SealPage,
            gettext_noop("铅封"),
            gettext_noop(
                "该器具的铅封，含已破损的。施封人、启封人和见证人只对有 read:personal 权限的密钥显示。"
            ),
        )
    ),
)
def list_seals(request: HttpRequest, instrument_id: int, paging: Query[SincePaging]) -> dict[str, Any]:
    holder = holder_of(request)
    exchange.instrument(instrument_id, holder.actor)
    rows = exchange.seals(instrument_id, holder.actor)
    rows = only_changed(rows, ChangeKind.SEAL, paging.changed_since, holder.actor)
    page = page_of(request, rows, cursor=paging.cursor, limit=paging.limit)
    return page | {"items": [seal_out(seal, holder) for seal in page["items"]]}


@router.post(
    "/instruments/{int:instrument_id}/seals",
    operation_id="apply_seal",
    **writes(
        KeyScope.WRITE_SEALS,
        SealOut,
        gettext_noop("登记施封"),
        gettext_noop(
            "一个位置只能有一枚完好铅封；在用铅封编号不得重复，用过的编号不再使用。施封不会恢复已失效的检定。"
        ),
    ),
)
def put_on_seal(request: HttpRequest, instrument_id: int, body: SealIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    said = body.dict()
    if body.position is None:
        item = exchange.instrument(instrument_id, holder.actor).item
        said["position"] = fitting_positions(item, timezone.localdate())[0]
    seal = apply_seal(instrument_id=instrument_id, **said, by=holder.actor, at=timezone.now())
    return Status(201, seal_out(fresh(seal), holder))


@router.post(
    "/instruments/{int:instrument_id}/seals/{int:seal_id}/break",
    operation_id="break_seal",
    **writes(
        KeyScope.WRITE_SEALS,
        SealOut,
        gettext_noop("登记铅封破损"),
        gettext_noop("发现铅封破损。自当天起原检定失效，下一次扫码即显示铅封破损。依法启封的用“登记启封”。"),
    ),
)
def take_off_seal(request: HttpRequest, instrument_id: int, seal_id: int, body: SealBreakIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    break_seal(
        instrument_id=instrument_id, seal_id=seal_id, **body.dict(), by=holder.actor, at=timezone.now()
    )
    seal = exchange.seals(instrument_id, holder.actor).get(pk=seal_id)
    return Status(201, seal_out(fresh(seal), holder))


@router.post(
    "/instruments/{int:instrument_id}/seals/{int:seal_id}/unseal",
    operation_id="unseal",
    **writes(
        KeyScope.WRITE_SEALS,
        SealOut,
        gettext_noop("登记启封"),
        gettext_noop("因检定、调整或维修依法启封。自当天起原检定失效，须重新施封并检定；不作为铅封破损。"),
    ),
)
def open_seal(request: HttpRequest, instrument_id: int, seal_id: int, body: UnsealIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    unseal(instrument_id=instrument_id, seal_id=seal_id, **body.dict(), by=holder.actor, at=timezone.now())
    seal = exchange.seals(instrument_id, holder.actor).get(pk=seal_id)
    return Status(201, seal_out(fresh(seal), holder))


@router.post(
    "/instruments/{int:instrument_id}/seals/{int:seal_id}/correct",
    operation_id="correct_seal",
    **writes(
        KeyScope.WRITE_SEALS,
        SealOut,
        gettext_noop("更正铅封编号"),
        gettext_noop("登记的编号与实物不符时更正。铅封更换过的，登记启封或破损后重新施封。"),
    ),
)
def correct_number(request: HttpRequest, instrument_id: int, seal_id: int, body: SealCorrectionIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    seal = correct_seal(
        instrument_id=instrument_id, seal_id=seal_id, **body.dict(), by=holder.actor, at=timezone.now()
    )
    return Status(201, seal_out(fresh(seal), holder))


def seal_out(seal: Seal, holder: KeyHolder) -> SealOut:
    """Show a seal; its people only to keys that may see personal data."""
    people = ("applied_by", "applied_witness", "broken_by", "broken_witness")
    shown = SealOut.from_orm(seal)
    if KeyScope.READ_PERSONAL not in holder.scopes:
        shown = shown.model_copy(update=dict.fromkeys(people))
    return shown

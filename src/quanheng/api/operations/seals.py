"""Seals: which are on an instrument, putting one on, recording a broken one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status

from quanheng.api.cursors import page_of
from quanheng.api.operations.declaring import Paging, holder_of, reads, writes
from quanheng.api.operations.seen import holder_who_saw
from quanheng.api.schemas.acts import SealBreakIn, SealIn, SealOut, SealPage
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import KeyHolder
from quanheng.apps.instruments.models import Seal
from quanheng.apps.instruments.queries import exchange
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.break_seal import break_seal

router = Router(tags=["seals"])


@router.get(
    "/instruments/{int:instrument_id}/seals",
    **reads(
        KeyScope.READ_LEDGER,
        SealPage,
        gettext_noop("铅封"),
        gettext_noop("该器具的铅封，含已破损的。施封人、启封人和见证人只对有 read:personal 权限的密钥显示。"),
    ),
)
def list_seals(request: HttpRequest, instrument_id: int, paging: Query[Paging]) -> dict[str, Any]:
    holder = holder_of(request)
    exchange.instrument(instrument_id, holder.actor)
    rows = exchange.seals(instrument_id, holder.actor)
    page = page_of(request, rows, cursor=paging.cursor, limit=paging.limit)
    return page | {"items": [seal_out(seal, holder) for seal in page["items"]]}


@router.post(
    "/instruments/{int:instrument_id}/seals",
    **writes(
        KeyScope.WRITE_SEALS,
        SealOut,
        gettext_noop("登记施封"),
        gettext_noop("一个位置只能有一枚完好铅封；铅封编号在一台器具上只用一次。施封不会恢复已失效的检定。"),
    ),
)
def put_on_seal(request: HttpRequest, instrument_id: int, body: SealIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    seal = apply_seal(instrument_id=instrument_id, **body.dict(), by=holder.actor, at=timezone.now())
    return Status(201, seal_out(seal, holder))


@router.post(
    "/instruments/{int:instrument_id}/seals/{int:seal_id}/break",
    **writes(
        KeyScope.WRITE_SEALS,
        SealOut,
        gettext_noop("登记破封"),
        gettext_noop("登记铅封破损或启封。自当天起原检定失效，下一次扫码即显示不可信。"),
    ),
)
def take_off_seal(request: HttpRequest, instrument_id: int, seal_id: int, body: SealBreakIn) -> Any:
    holder = holder_who_saw(request, instrument_id)
    break_seal(
        instrument_id=instrument_id, seal_id=seal_id, **body.dict(), by=holder.actor, at=timezone.now()
    )
    seal = exchange.seals(instrument_id, holder.actor).get(pk=seal_id)
    return Status(201, seal_out(seal, holder))


def seal_out(seal: Seal, holder: KeyHolder) -> SealOut:
    """Show a seal; its people only to keys that may see personal data."""
    people = ("applied_by", "applied_witness", "broken_by", "broken_witness")
    shown = SealOut.from_orm(seal)
    if KeyScope.READ_PERSONAL not in holder.scopes:
        shown = shown.model_copy(update=dict.fromkeys(people))
    return shown

"""Filing, verifying, sealing: the acts that a program may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as N_
from ninja import Query, Router, Status

from quanheng.api import versions
from quanheng.api.cursors import page_of
from quanheng.api.operations.declaring import Paging, holder_of, reads, writes
from quanheng.api.schemas.acts import (
    FilingIn,
    FilingOut,
    SealBreakIn,
    SealIn,
    SealOut,
    SealPage,
    VerificationIn,
)
from quanheng.api.schemas.instruments import VerificationOut
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.accounts.key_queries import KeyHolder
from quanheng.apps.instruments.models import Seal
from quanheng.apps.instruments.queries import exchange
from quanheng.apps.instruments.services import file_instruments
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.record_verification import record_verification

router = Router()


@router.post(
    "/filings",
    tags=["filings"],
    **writes(
        KeyScope.WRITE_LEDGER, FilingOut, N_("提交备案"),
        N_("把草稿或退回后已补正的器具提交备案审核，一次最多 1000 台；有一台不能提交，则全部不提交。"),
    ),
)  # fmt: skip
def submit_filing(request: HttpRequest, body: FilingIn) -> Any:
    ids = sorted(set(body.instrument_ids))
    count = file_instruments.submit(instrument_ids=ids, by=holder_of(request).actor, at=timezone.now())
    return Status(201, {"submitted": count})


@router.post(
    "/instruments/{int:instrument_id}/verifications",
    tags=["verifications"],
    **writes(
        KeyScope.WRITE_VERIFICATION, VerificationOut, N_("登记检定结果"),
        N_("登记一次检定。合格的，器具转为在用；铅封破损过的，须先重新施封。可用 If-Match 确认器具未被他人修改。"),
    ),
)  # fmt: skip
def verify(request: HttpRequest, instrument_id: int, body: VerificationIn) -> Any:
    holder = _holder_who_saw(request, instrument_id)
    row = record_verification(
        instrument_id=instrument_id, **body.dict(), by=holder.actor, at=timezone.localtime()
    )
    return Status(201, row)


@router.get(
    "/instruments/{int:instrument_id}/seals",
    tags=["seals"],
    **reads(
        KeyScope.READ_LEDGER, SealPage, N_("铅封"),
        N_("该器具的铅封，含已破损的。施封人、启封人和见证人只对有 read:personal 权限的密钥显示。"),
    ),
)  # fmt: skip
def list_seals(request: HttpRequest, instrument_id: int, paging: Query[Paging]) -> dict[str, Any]:
    holder = holder_of(request)
    exchange.instrument(instrument_id, holder.actor)
    rows = exchange.seals(instrument_id, holder.actor)
    page = page_of(request, rows, cursor=paging.cursor, limit=paging.limit)
    return page | {"items": [seal_out(seal, holder) for seal in page["items"]]}


@router.post(
    "/instruments/{int:instrument_id}/seals",
    tags=["seals"],
    **writes(
        KeyScope.WRITE_SEALS, SealOut, N_("登记施封"),
        N_("一个位置只能有一枚完好铅封；铅封编号在一台器具上只用一次。施封不会恢复已失效的检定。"),
    ),
)  # fmt: skip
def put_on_seal(request: HttpRequest, instrument_id: int, body: SealIn) -> Any:
    holder = _holder_who_saw(request, instrument_id)
    seal = apply_seal(instrument_id=instrument_id, **body.dict(), by=holder.actor, at=timezone.now())
    return Status(201, seal_out(seal, holder))


@router.post(
    "/instruments/{int:instrument_id}/seals/{int:seal_id}/break",
    tags=["seals"],
    **writes(
        KeyScope.WRITE_SEALS, SealOut, N_("登记破封"),
        N_("登记铅封破损或启封。自当天起原检定失效，下一次扫码即显示不可信。"),
    ),
)  # fmt: skip
def take_off_seal(request: HttpRequest, instrument_id: int, seal_id: int, body: SealBreakIn) -> Any:
    holder = _holder_who_saw(request, instrument_id)
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


def _holder_who_saw(request: HttpRequest, instrument_id: int) -> KeyHolder:
    """Return the holder; with If-Match, only when the instrument is still what they saw."""
    holder = holder_of(request)
    if "If-Match" in request.headers:
        row = exchange.instrument(instrument_id, holder.actor, for_update=True)
        versions.check_seen(request, row.version)
    return holder

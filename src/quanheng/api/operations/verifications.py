"""Verifications: the history of an instrument, and recording one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Query, Router, Status

from quanheng.api.cursors import page_of
from quanheng.api.operations.declaring import Paging, holder_of, reads, writes
from quanheng.api.operations.seen import holder_who_saw
from quanheng.api.schemas.acts import VerificationIn
from quanheng.api.schemas.instruments import VerificationOut, VerificationPage
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.instruments.queries import exchange
from quanheng.apps.instruments.services.record_verification import record_verification

router = Router(tags=["verifications"])


@router.get(
    "/instruments/{int:instrument_id}/verifications",
    **reads(
        KeyScope.READ_LEDGER,
        VerificationPage,
        gettext_noop("检定历史"),
        gettext_noop("该器具的检定记录。器具转走后，原辖区和原主体仍能看到自己的记录。"),
    ),
)
def list_verifications(request: HttpRequest, instrument_id: int, paging: Query[Paging]) -> dict[str, Any]:
    actor = holder_of(request).actor
    exchange.instrument(instrument_id, actor)
    rows = exchange.verifications(instrument_id, actor)
    return page_of(request, rows, cursor=paging.cursor, limit=paging.limit)


@router.post(
    "/instruments/{int:instrument_id}/verifications",
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
    return Status(201, row)

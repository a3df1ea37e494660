"""Sending instruments to the office for review."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Router, Status

from quanheng.api.operations.declaring import holder_of, writes
from quanheng.api.schemas.acts import FilingIn, FilingOut
from quanheng.apps.accounts.enums import KeyScope
from quanheng.apps.instruments.services import file_instruments

router = Router(tags=["filings"])


@router.post(
    "/filings",
    **writes(
        KeyScope.WRITE_LEDGER,
        FilingOut,
        gettext_noop("提交备案"),
        gettext_noop(
            "把草稿或退回后已补正的器具提交备案审核，一次最多 1000 台；有一台不能提交，则全部不提交。"
        ),
    ),
)
def submit_filing(request: HttpRequest, body: FilingIn) -> Any:
    ids = sorted(set(body.instrument_ids))
    count = file_instruments.submit(instrument_ids=ids, by=holder_of(request).actor, at=timezone.now())
    return Status(201, {"submitted": count})

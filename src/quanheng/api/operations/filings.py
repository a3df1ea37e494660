"""Sending instruments to the office for review."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Router, Status

from quanheng.api.operations.declaring import holder_of, writes
from quanheng.api.schemas.acts import FiledIn, FiledOut, FilingIn, FilingOut, FilingReturnIn
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


@router.post(
    "/filings/withdraw",
    operation_id="withdraw_filings",
    **writes(
        KeyScope.WRITE_LEDGER,
        FiledOut,
        gettext_noop("撤回备案"),
        gettext_noop("审核前撤回，器具转为草稿；一次最多 1000 台，有一台不能撤回，则全部不撤回。"),
        status=200,
    ),
)
def withdraw(request: HttpRequest, body: FiledIn) -> Any:
    count = file_instruments.withdraw_filing(
        instrument_ids=body.instrument_ids, by=holder_of(request).actor, at=timezone.now()
    )
    return {"instruments": count}


@router.post(
    "/filings/accept",
    operation_id="accept_filings",
    **writes(
        KeyScope.WRITE_LEDGER,
        FiledOut,
        gettext_noop("备案审核通过"),
        gettext_noop("由监管部门办理；一次最多 1000 台，有一台不能通过，则全部不通过。"),
        status=200,
    ),
)
def accept(request: HttpRequest, body: FiledIn) -> Any:
    count = file_instruments.accept(
        instrument_ids=body.instrument_ids, by=holder_of(request).actor, at=timezone.now()
    )
    return {"instruments": count}


@router.post(
    "/filings/return",
    operation_id="return_filings",
    **writes(
        KeyScope.WRITE_LEDGER,
        FiledOut,
        gettext_noop("备案退回"),
        gettext_noop("由监管部门办理，写明需要补正的内容，使用单位可以看到。"),
        status=200,
    ),
)
def return_for_correction(request: HttpRequest, body: FilingReturnIn) -> Any:
    count = file_instruments.return_filing(**body.dict(), by=holder_of(request).actor, at=timezone.now())
    return {"instruments": count}

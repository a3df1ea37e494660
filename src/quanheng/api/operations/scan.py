"""The scan answer for programs: the verdict of the scan page, for whoever holds the code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router

from quanheng.api.operations.declaring import public
from quanheng.api.problems import Problem, not_found
from quanheng.api.schemas.scan import ScanOut
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.queries.scan import Card, scan_card
from quanheng.apps.instruments.scan_counter import SCANS
from quanheng.kit.clients import client_address
from quanheng.kit.pace import AddressPaces
from quanheng.regulation.instrument_code import CodeUnreadable, parse_code
from quanheng.regulation.trust import Current, Grade

router = Router(tags=["scan"])

# People scan with the scan page, which knows a market hall from a scraper. A program asks with a key.
WITHOUT_KEY = AddressPaces(60, 24 * 3600.0)

LABELS = {
    CodeState.BLANK: (Grade.GREY, "code_blank"),
    CodeState.VOID: (Grade.RED, "code_void"),
    CodeState.REPLACED: (Grade.AMBER, "code_replaced"),
}
SEAL = ("number", "position", "applied_on", "broken_on", "ended_as")
VERIFICATION = (
    "verified_on",
    "kind",
    "result",
    "valid_until",
    "certificate_number",
    "institute",
    "voided_on",
    "provenance",
    "in_error",
)


@router.get(
    "/scan/{str:code}",
    **public(
        ScanOut,
        gettext_noop("扫码结果"),
        gettext_noop(
            "器具码对应的公开信息和当日结论，与扫码页一致，不含个人信息。不带密钥的，每个地址每天约 60 次。"
        ),
    ),
)
def scan(request: HttpRequest, code: str) -> dict[str, Any]:
    if getattr(request, "holder", None) is None:
        _keep_pace(client_address(request))
    try:
        value = parse_code(code)
    except CodeUnreadable as fault:
        raise Problem(422, "code_unreadable", fault.message, {"fault": fault.fault}) from None
    today = timezone.localdate()
    card = scan_card(value, today)
    if card is None:
        raise not_found(_("这个器具码"))
    if card.instrument_id is not None:
        SCANS.count(card.instrument_id, today)
    return answer(card)


def _keep_pace(address: str) -> None:
    wait = WITHOUT_KEY.spend(address)
    if wait:
        seconds = int(wait) + 1
        detail = _("没有密钥的查询过于频繁，请在 %(seconds)d 秒后重试，或申请接口密钥。") % {
            "seconds": seconds
        }
        raise Problem(429, "too_fast", detail, {"seconds": seconds}, headers={"Retry-After": str(seconds)})


def answer(card: Card) -> dict[str, Any]:
    """Say what the public may know of a code, and the verdict of the scan page."""
    instrument = card.facts["instrument"]
    grade, reason, days_left = _verdict(card)
    return {
        "code": card.code,
        "code_state": card.code_state,
        "grade": grade,
        "reason": reason,
        "days_left": days_left,
        "verification": card.current and _current(card.current),
        "instrument": instrument
        and {
            **instrument,
            "result": instrument["result"] or None,
            "provenance": instrument["provenance"] or None,
        },
        "place": card.facts["place"],
        "seals": [_named(SEAL, row) for row in card.facts["seals"]],
        "verifications": [_named(VERIFICATION, row) for row in card.facts["verifications"]],
    }


def _named(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """Name the public columns of a row; the instants after them only order the history."""
    return {
        name: value or None if name == "ended_as" else value for name, value in zip(names, row, strict=False)
    }


def _current(now: Current) -> dict[str, Any]:
    return {"counts": now.counts, "until": now.until, "ended_on": now.since, "why": now.why}


def _verdict(card: Card) -> tuple[Grade, str, int | None]:
    """Judge the label before the instrument: a label that was replaced proves nothing."""
    if card.code_state in LABELS or card.trust is None:
        return *LABELS[card.code_state], None
    return card.trust.grade, card.trust.reason, card.trust.days_left

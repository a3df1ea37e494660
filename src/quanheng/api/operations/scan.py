"""The scan answer for programs: the verdict of the scan page, for whoever holds the code."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router

from quanheng.api import refusals
from quanheng.api.operations.declaring import public
from quanheng.api.problems import Problem, not_found
from quanheng.api.schemas.scan import ScanOut
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.queries.card import CardInstrument, CardSeal
from quanheng.apps.instruments.queries.scan import Card, scan_card
from quanheng.apps.instruments.refusals import code_unreadable
from quanheng.apps.instruments.scan_counter import SCANS
from quanheng.kit.clients import client_address
from quanheng.kit.pace import AddressPaces
from quanheng.regulation.instrument_code import CodeUnreadable, parse_code
from quanheng.regulation.trust import Current, Grade

router = Router(tags=["scan"])

# People scan with the scan page, which knows a market hall from a scraper. A program asks with a key.
WITHOUT_KEY = AddressPaces(60, 24 * 3600.0, name="api-scan")

LABELS = {
    CodeState.BLANK: (Grade.GREY, "code_blank"),
    CodeState.VOID: (Grade.RED, "code_void"),
    CodeState.REPLACED: (Grade.AMBER, "code_replaced"),
}


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
def scan_code(request: HttpRequest, code: str) -> dict[str, Any]:
    if getattr(request, "holder", None) is None:
        _keep_pace(client_address(request))
    try:
        value = parse_code(code)
    except CodeUnreadable as fault:
        raise Problem(code_unreadable(fault)) from None
    today = timezone.localdate()
    card = scan_card(value, today)
    if card is None:
        raise not_found(_("该器具码"))
    if card.instrument_id is not None:
        SCANS.count(card.instrument_id, today)
    return answer(card)


def _keep_pace(address: str) -> None:
    wait = WITHOUT_KEY.spend(address)
    if wait:
        raise Problem(refusals.SCANS_TOO_FAST(seconds=int(wait) + 1))


def answer(card: Card) -> dict[str, Any]:
    """Say what the public may know of a code, and the verdict of the scan page."""
    grade, reason, days_left = _verdict(card)
    return {
        "code": card.code,
        "code_state": card.code_state,
        "grade": grade,
        "reason": reason,
        "days_left": days_left,
        "verification": card.current and _current(card.current),
        "instrument": card.instrument and _said(card.instrument, "result", "provenance"),
        "place": card.place and asdict(card.place),
        "seals": [_said(seal, "ended_as") for seal in card.seals],
        "verifications": [asdict(row) for row in card.verifications],
    }


def _said(row: CardInstrument | CardSeal, *words: str) -> dict[str, Any]:
    """Return a row as data; a word that is empty says nothing. What the answer does not name stays behind."""
    facts = asdict(row)
    return facts | {word: facts[word] or None for word in words}


def _current(now: Current) -> dict[str, Any]:
    return {"counts": now.counts, "until": now.until, "ended_on": now.since, "why": now.why}


def _verdict(card: Card) -> tuple[Grade, str, int | None]:
    """Judge the label before the instrument: a label that was replaced proves nothing."""
    if card.code_state in LABELS or card.trust is None:
        return *LABELS[card.code_state], None
    return card.trust.grade, card.trust.reason, card.trust.days_left

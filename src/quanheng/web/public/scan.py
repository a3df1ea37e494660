"""The scan page: a code in, the truth out. One SELECT, no script, no cookie, nothing kept of the visitor."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.queries.scan import Card, scan_card
from quanheng.apps.instruments.scan_counter import SCANS
from quanheng.kit.clients import client_address
from quanheng.regulation.instrument_code import CodeUnreadable, parse_code
from quanheng.regulation.trust import Reason
from quanheng.web.access import public_page
from quanheng.web.public.english import ENGLISH
from quanheng.web.public.history import POSITIONS, SOURCES, history
from quanheng.web.public.labels import Label, key_ring, read_label
from quanheng.web.public.limits import LIMITER, UNKNOWN, UNREADABLE
from quanheng.web.public.pages import kept_query, respond
from quanheng.web.public.photos import registered_photo
from quanheng.web.public.slowing import has_pass, slow_down
from quanheng.web.public.verdicts import SEAL_ENDS, until_of, verdict_for, verdict_of

# Where a verification stands under the verdict, the shopper reads who answers for it.
STANDING = frozenset({Reason.VALID, Reason.DUE_SOON, Reason.UNCONFIRMED, Reason.DISPUTED})


@public_page
@require_safe
def scan(request: HttpRequest, address: str) -> HttpResponse:
    """Answer `/s/<code>` and `/s/<code>.<mark>`."""
    typed, _, mark_text = address.partition(".")
    try:
        code = parse_code(typed)
    except CodeUnreadable as fault:
        return unreadable(request, typed, fault)
    now = timezone.localtime()
    card = scan_card(code, now.date())
    client = client_address(request)
    if card is None:
        return unknown(request, client)
    wait = 0.0 if has_pass(request, client, code) else LIMITER.known(client, code, card.root_id)
    if wait:
        return slow_down(request, client, code, f"/s/{address}", wait)
    if card.instrument_id is not None and request.method == "GET":
        SCANS.count(card.instrument_id, now.date())
    opens = f"{code}.{mark_text}" if mark_text else code
    return respond(request, "scan.jinja", opens=opens, **facts_of(card, read_label(code, mark_text), now))


@public_page
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Show the box to type a code; with `?code=` answer it at once."""
    typed = request.GET.get("code", "")
    if not typed:
        return respond(request, "ask.jinja", typed="", fault="")
    address = typed.strip().rpartition("/s/")[2]  # a whole scanned address will do
    try:
        code = parse_code(address.partition(".")[0])
    except CodeUnreadable as fault:
        return unreadable(request, address, fault)
    return HttpResponseRedirect(f"/s/{code}{kept_query(request)}")


@public_page
@require_safe
def photo(_request: HttpRequest, code: str) -> HttpResponse:
    """Show the registered picture of an instrument."""
    try:
        data = _photo_of(parse_code(code), timezone.localdate())
    except CodeUnreadable:
        data = None
    if data is None:
        return HttpResponse(status=404)
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "max-age=300"})


@public_page
@require_safe
def keys(_request: HttpRequest) -> HttpResponse:
    """Publish every key that ever signed labels, so that anybody can check them without us."""
    return HttpResponse(key_ring().key_list().to_json(), content_type="application/json")


def facts_of(card: Card, label: Label, now: datetime) -> dict[str, Any]:
    """Gather what the page shows."""
    it, trust = card.instrument, card.trust
    return {
        "code": card.code,
        "verdict": verdict_of(card, now.date(), forged=label.is_forged),
        "present": verdict_for(trust.reason, now.date()) if trust else None,
        "doubtful": label.is_forged or card.code_state == CodeState.REPLACED,
        "until": None if label.is_forged or card.code_state == CodeState.REPLACED else until_of(card),
        "present_until": until_of(card),
        "source": SOURCES[it.provenance] if it and trust and trust.reason in STANDING else "",
        "seal_ends": SEAL_ENDS,
        "it": it,
        "place": card.place,
        "may_be_bound": card.code_state == CodeState.BLANK and not label.is_forged,
        "seals": card.seals,
        "position_words": POSITIONS,
        "events": history(card) if it else [],
        "record": card.record,
        "serial_differs": it is not None and label.differs_from(card.code, it.serial_number),
        "signature": label.signature,
        "signed_on": label.signed_on,
        "now": now.strftime("%Y-%m-%d %H:%M"),
    }


def unreadable(request: HttpRequest, typed: str, fault: CodeUnreadable) -> HttpResponse:
    """Say what is wrong with what was typed, with the box filled in again."""
    wait = LIMITER.spend(client_address(request), UNKNOWN, UNREADABLE)
    if wait:
        return slow_down(request, "", "", "", wait)
    message = ENGLISH[fault.fault] if request.GET.get("lang") == "en" else fault.message
    return respond(
        request,
        "ask.jinja",
        status=400,
        typed=typed[:60],
        fault=message,
        grade="grey",
        word="编码有误",
        advice="",
    )


def unknown(request: HttpRequest, client: str) -> HttpResponse:
    """Say that a code was never issued: the same page for every such code."""
    wait = LIMITER.spend(client, UNKNOWN)
    if wait:
        return slow_down(request, "", "", "", wait)
    return respond(
        request, "ask.jinja", status=404, typed="", grade="red", word="查无此码",
        fault="本平台未发放该编码。", advice="如印在器具的标签上，标签可能是伪造的，请拨打 12315 反映。",
    )  # fmt: skip


def _photo_of(code: str, on: date) -> bytes | None:
    card = scan_card(code, on)
    if card is None or card.instrument is None or not card.instrument.photo:
        return None
    return registered_photo(card.instrument.photo)

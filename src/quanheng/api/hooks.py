"""Calls of other systems that prove themselves by a signature (`kit/signed_calls.py`), not by a key."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from quanheng.api import refusals
from quanheng.api.problems import Problem
from quanheng.apps.exchange import refusals as of_exchange
from quanheng.apps.exchange.enums import Link
from quanheng.apps.exchange.incoming import read_delivery
from quanheng.apps.exchange.mapping import SCALES, mapping_of
from quanheng.apps.exchange.queries.links import link_of
from quanheng.apps.exchange.services.note_link import note_failed, note_worked
from quanheng.apps.exchange.services.receive_events import receive_events
from quanheng.apps.exchange.services.tell_platform import is_configured
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.signed_calls import SIGNATURE, STAMP, is_genuine

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
A_STRANGER_IS_NOTED = timedelta(minutes=1)  # once: nobody fills the page, or the database, from outside


@csrf_exempt  # no cookie carries a right here
def national_scales(request: HttpRequest) -> HttpResponse:
    """Take locks, unlocks and anti-tamper alarms from the platform for scales, each once.

    200 with what became of each event; whatever is answered otherwise may be sent again as it is.
    """
    at = timezone.now()
    try:
        delivery = read_delivery(_genuine(request, at), mapping_of(SCALES, timezone.localdate(at)))
    except Problem as problem:
        return problem.response(request)
    except RuleBroken as refusal:
        note_failed(Link.SCALES_HOOK, f"收到的内容无法读取：{refusal.message}", at=at)
        return Problem(refusal).response(request)
    received = receive_events(events=delivery.events, at=at)
    note_worked(Link.SCALES_HOOK, at=at)
    return JsonResponse({"known": received.known, "outcomes": received.outcomes})


def _genuine(request: HttpRequest, at: datetime) -> bytes:
    """Return the body of a call that the platform signed.

    Raises:
        Problem: 405, 404 where no platform is configured, 413, 401.
    """
    if request.method != "POST":
        refusal = refusals.METHOD_NOT_ALLOWED(method=request.method)
        raise Problem(refusal, headers={"Allow": "POST"})
    if not is_configured():
        raise Problem(of_exchange.NOT_CONFIGURED())
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise Problem(refusals.EVENTS_TOO_LARGE(size=MOST_BYTES // 1024))
    body = request.body
    stamp, signed = request.headers.get(STAMP, ""), request.headers.get(SIGNATURE, "")
    if not is_genuine(settings.NATIONAL_SCALES_SECRET, stamp, signed, body, at):
        _note_stranger(at)
        raise Problem(refusals.NOT_GENUINE())
    return body


def _note_stranger(at: datetime) -> None:
    """Let the page say that the secrets, or the clocks, may differ."""
    last = link_of(Link.SCALES_HOOK).tried_at
    if last is None or at - last > A_STRANGER_IS_NOTED:
        log.warning("a call in the name of the platform for scales was not signed with its secret")
        note_failed(Link.SCALES_HOOK, "收到签名不符的推送，请核对密钥和两边的时钟", at=at)

"""The entity's code: who it is, and how many of its instruments can be trusted today. Lists no codes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from quanheng.apps.instruments.queries.scan import EntityCard, entity_card
from quanheng.kit.clients import client_address
from quanheng.regulation.instrument_code import CodeUnreadable, parse_code
from quanheng.regulation.trust import Grade
from quanheng.web.access import public_page
from quanheng.web.public.limits import LIMITER
from quanheng.web.public.pages import respond
from quanheng.web.public.scan import unknown, unreadable
from quanheng.web.public.slowing import has_pass, slow_down
from quanheng.web.public.verdicts import verdict_for

WORDS = {Grade.GREEN: "有效", Grade.AMBER: "即将到期", Grade.RED: "请勿使用", Grade.GREY: "未在用"}


@public_page
@require_safe
def entity(request: HttpRequest, code: str) -> HttpResponse:
    """Answer `/e/<code>`."""
    try:
        value = parse_code(code)
    except CodeUnreadable as fault:
        return unreadable(request, code, fault)
    today = timezone.localdate()
    card = entity_card(value, today)
    client = client_address(request)
    if card is None:
        return unknown(request, client)
    wait = 0.0 if has_pass(request, client, value) else LIMITER.known(client, value, int(card.facts["id"]))
    if wait:
        return slow_down(request, client, value, f"/e/{value}", wait)
    return respond(
        request,
        "entity.jinja",
        it=card.facts,
        title=_title(card),
        total=card.total,
        counts=[(grade, WORDS[grade], card.counts[grade]) for grade in Grade],
        listed=[(thing, verdict_for(trust.reason, today)) for thing, trust in card.listed],
    )


def _title(card: EntityCard) -> str:
    """A stall is called by its number: its name is its keeper's."""
    facts = card.facts
    return str(facts["name"] or facts["spot"] or "经营者")

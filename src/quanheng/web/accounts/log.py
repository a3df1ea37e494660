"""One act of the log: who did what, to which thing, what was before and after; and the way to that thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit import queries as audit
from quanheng.apps.instruments.queries.attachments import of_act
from quanheng.kit.acts import verb_of
from quanheng.kit.lists import find_list
from quanheng.kit.tones import State
from quanheng.web.access import OfficeRequest, signed_in
from quanheng.web.instruments.labels import changes_of, role_words
from quanheng.web.parts import DetailHead, Fact, Link

if TYPE_CHECKING:
    from quanheng.apps.audit.models import Act

PAGES = (("instruments", "instrument_id", "instrument_page"), ("entities", "entity_id", "entity_page"))


@signed_in
@require_safe
def act_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show an act, as far as the reader's scope reaches it."""
    act = audit.acts(request.actor).filter(pk=pk).first()
    if act is None:
        raise Http404
    verb = verb_of(act.verb)
    return render(request, "accounts/act.html", {
        "act": act,
        "head": DetailHead(verb.label, State(act.subject or verb.label, verb.tone)),
        "facts": _facts(act),
        "changes": list(changes_of(act)),
        "things": list(_things(act, request.actor)),
        "files": of_act(act, request.actor),
    })  # fmt: skip


def _facts(act: Act) -> list[Fact]:
    return [
        Fact(_("对象"), act.subject),
        Fact(_("操作人"), act.actor_name),
        Fact(_("岗位"), role_words(act.actor_role)),
        Fact(_("时间"), localtime(act.at).strftime("%Y-%m-%d %H:%M:%S")),
        Fact(_("事由"), act.reason),
        Fact(_("日志编号"), act.pk, code=True),
    ]


def _things(act: Act, by: Actor) -> Iterator[Link]:
    """Yield the way to what the act changed, where the reader may open its page and sees the row."""
    for key, column, page in PAGES:
        row_id, listing = getattr(act, column), find_list(key)
        if row_id and listing and listing.admits(by) and listing.rows(by).filter(pk=row_id).exists():
            yield Link(listing.title, reverse(page, args=[row_id]), "link")

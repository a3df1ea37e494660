"""消息: what one was told, newest first; read all, read one; which kinds one wants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.notices.kinds import kinds_for
from quanheng.apps.notices.queries import ToldNotice, kinds_off, told, unread
from quanheng.apps.notices.services.choose import choose
from quanheng.apps.notices.services.read import read_all, read_one
from quanheng.apps.notices.services.sweep import KEPT_DAYS
from quanheng.kit.tones import State, Text, Tone
from quanheng.web.access import OfficeRequest, signed_in
from quanheng.web.notices.links import link_of

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as the page shows it."""

    pk: int
    text: str
    url: str
    kind: Text
    at: datetime
    state: State
    is_unread: bool


@signed_in
@require_safe
def notice_list(request: OfficeRequest) -> HttpResponse:
    """Show what somebody was told; `?unread=1` what they have not read, `?before=` what is older."""
    only_unread, before = request.GET.get("unread") == "1", _number(request.GET.get("before", ""))
    found = told(request.actor, only_unread=only_unread, before=before, at_most=SHOWN + 1)
    shown = [_line(each, request.actor) for each in found[:SHOWN]]
    return render(request, "notices/list.html", {
        "lines": shown,
        "older": shown[-1].pk if len(found) > SHOWN else None,
        "only_unread": only_unread,
        "count": unread(request.actor),
        "kept_days": KEPT_DAYS,
    })  # fmt: skip


@signed_in
@require_POST
def notices_read(request: OfficeRequest) -> HttpResponse:
    """Mark everything as read."""
    read_all(by=request.actor, at=timezone.now())
    return redirect("notice_list")


@signed_in
@require_POST
def notice_read(request: OfficeRequest, pk: int) -> HttpResponse:
    """Mark one as read."""
    read_one(pk, by=request.actor, at=timezone.now())
    unread_too = "?unread=1" if request.POST.get("unread") == "1" else ""
    return redirect(reverse("notice_list") + unread_too)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: OfficeRequest) -> HttpResponse:
    """Show which kinds one's role is told, and keep which of them one wants."""
    kinds = kinds_for(request.actor.role)
    if request.method == "POST":
        choose(request.POST.getlist("kind"), by=request.actor)
        messages.success(request, _("已保存。"))
        return redirect("notice_settings")
    off = kinds_off(request.actor.user_id or 0)
    choices = [(kind.key, kind.label, kind.key not in off) for kind in kinds]
    return render(request, "notices/settings.html", {"choices": choices})


def _line(each: ToldNotice, by: Actor) -> Line:
    is_unread = not each.is_read and not each.is_settled
    if each.is_settled:
        state = State(_("已办结"), Tone.QUIET)
    else:
        state = State(_("未读"), each.kind.tone) if is_unread else State(_("已读"), Tone.QUIET)
    notice = each.notice
    return Line(
        notice.pk,
        each.text,
        link_of(each, by),
        each.kind.label,
        timezone.localtime(notice.at),
        state,
        is_unread,
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)

"""国家平台交换: how it stands, what became of an event, what an alarm led to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.accounts.enums import OFFICERS, Role
from quanheng.apps.exchange import acts
from quanheng.apps.exchange.enums import AlarmState, EventKind, EventState, Finding, Link
from quanheng.apps.exchange.queries import events
from quanheng.apps.exchange.queries.links import standing_on
from quanheng.apps.exchange.services.review_alarm import close_alarm, take_up_alarm
from quanheng.apps.exchange.services.settle_event import assign_event, dismiss_event
from quanheng.apps.exchange.services.tell_platform import is_configured
from quanheng.apps.outbox.queries import COUNTED
from quanheng.kit.acts import may
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.tones import State, Text, Tone
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.exchange.forms import AssignForm, DismissForm, FindingForm
from quanheng.web.exchange.lists import alarm_badge, event_badge
from quanheng.web.home.worklists import alarms_and_quarantine
from quanheng.web.parts import DetailHead, Fact, Tile

if TYPE_CHECKING:
    from quanheng.apps.exchange.models import ExchangeLink, PlatformEvent, TamperAlarm

OTHERS_SHOWN = 20  # alarms of the same scale
SILENT = 300  # seconds; the jobs run every minute
page_methods = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class ShownLink:
    """One way of the exchange."""

    it: ExchangeLink
    state: State


@office(*OFFICERS, Role.SYSTEM_ADMINISTRATOR)
@require_safe
def exchange_page(request: OfficeRequest) -> HttpResponse:
    """Show how the exchange with the platform for scales stands."""
    at = timezone.now()
    found = standing_on(timezone.localdate(at))
    return render(request, "exchange/standing.html", {
        "configured": is_configured(),
        "links": [ShownLink(link, _standing(link, at)) for link in found.links],
        "tiles": [*alarms_and_quarantine(request.actor), *_messages(request, found.waiting, found.given_up)],
        "mapping": found.mapping,
        "fault": found.fault,
    })  # fmt: skip


def _standing(link: ExchangeLink, at: datetime) -> State:
    if link.error:
        return State(_("有错误"), Tone.BAD)
    if link.tried_at is None:
        return State(_("未启用"), Tone.QUIET)
    if link.link != Link.SCALES_HOOK and (at - link.tried_at).total_seconds() > SILENT:
        return State(_("已停止"), Tone.DUE)
    return State(_("正常"), Tone.OK)


def _messages(request: OfficeRequest, waiting: int, given_up: int) -> list[Tile]:
    """Return what has not gone out; its list is the administrator's."""
    if request.actor.role != Role.SYSTEM_ADMINISTRATOR:
        return []
    url = reverse("message_list")
    return [
        Tile(_capped(waiting), _("等待报送"), f"{url}?standing=waiting", "", Tone.INFO),
        Tile(
            _capped(given_up), _("已停止报送"), f"{url}?standing=given_up", _("改正后可以重新发送"),
            Tone.BAD if given_up else Tone.QUIET,
        ),
    ]  # fmt: skip


def _capped(count: int) -> str:
    return f"{count}+" if count == COUNTED else str(count)


@office(*OFFICERS)
@page_methods
def platform_event(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show an event as it came; say which scale it is about, or put it aside."""
    event = _event(request, pk)
    act = request.POST.get("act")
    assign = AssignForm(request.POST if act == "assign" else None)
    dismiss = DismissForm(request.POST if act == "dismiss" else None)
    if assign.is_valid():
        with refusals_on(assign, field="code"):
            typed = assign.cleaned_data["code"]
            done = assign_event(event_id=pk, typed_code=typed, by=request.actor, at=timezone.now())
            _tell(request, done)
            return redirect("platform_event", pk)
    if dismiss.is_valid():
        with refusals_on(dismiss):
            reason = dismiss.cleaned_data["reason"]
            dismiss_event(event_id=pk, reason=reason, by=request.actor, at=timezone.now())
            messages.success(request, _("已写明不予登记的原因。"))
            return redirect("platform_event_list")
    waits = event.state == EventState.QUARANTINED
    return render(request, "exchange/event.html", {
        "event": event,
        "alarm": events.alarm_of_event(event.pk, request.actor),
        "head": DetailHead(EventKind(event.kind).label, event_badge(event), event.event_id),
        "facts": _facts_of(event),
        "raw": json.dumps(event.raw, ensure_ascii=False, indent=2),
        "assign": assign,
        "dismiss": dismiss,
        "may_assign": event.kind != EventKind.UNKNOWN,
        "may_settle": waits and may(acts.PLATFORM_EVENT_DISMISSED, request.actor, event),
    })  # fmt: skip


def _event(request: OfficeRequest, pk: int) -> PlatformEvent:
    event = events.event(pk, request.actor)
    if event is None:
        raise Http404
    return event


def _tell(request: OfficeRequest, event: PlatformEvent) -> None:
    """Say what became of an event; one that still cannot be entered goes on waiting."""
    if event.state == EventState.QUARANTINED:
        messages.warning(request, _("暂时不能登记：%(why)s") % {"why": event.reason})
    else:
        messages.success(request, EventState(event.state).label)


@office(*OFFICERS)
@page_methods
def platform_alarm(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show an alarm with those before it on the same scale; close it with what was found."""
    alarm = _alarm(request, pk)
    request.shows = ("platform-alarms", pk)
    form = FindingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            data = form.cleaned_data
            close_alarm(
                alarm_id=pk, finding=data["finding"], text=data["text"], by=request.actor, at=timezone.now()
            )
            messages.success(request, _("已办结。"))
            return redirect("platform_alarm", pk)
    return render(request, "exchange/alarm.html", {
        "alarm": alarm,
        "head": DetailHead(alarm.instrument.name, alarm_badge(alarm), alarm.instrument.serial_number),
        "scale": _facts_of_scale(alarm),
        "facts": _facts_of(alarm.event),
        "done": _facts_of_review(alarm),
        "others": _others(request, alarm),
        "form": form,
        "may_take_up": alarm.state == AlarmState.NEW
        and may(acts.PLATFORM_ALARM_TAKEN_UP, request.actor, alarm),
        "may_close": alarm.state == AlarmState.UNDER_REVIEW
        and may(acts.PLATFORM_ALARM_CLOSED, request.actor, alarm),
    })  # fmt: skip


@office(*OFFICERS)
@require_POST
def alarm_take_up(request: OfficeRequest, pk: int) -> HttpResponse:
    """Begin to look into an alarm."""
    _alarm(request, pk)
    try:
        take_up_alarm(alarm_id=pk, by=request.actor, at=timezone.now())
        messages.success(request, _("已由您核查。现场核查后请写明结论。"))
    except RuleBroken as refusal:
        messages.error(request, refusal.message)
    return redirect("platform_alarm", pk)


def _alarm(request: OfficeRequest, pk: int) -> TamperAlarm:
    alarm = events.alarm(pk, request.actor)
    if alarm is None:
        raise Http404
    return alarm


def _others(request: OfficeRequest, alarm: TamperAlarm) -> Sequence[tuple[TamperAlarm, State]]:
    found = events.other_alarms(alarm, request.actor, at_most=OTHERS_SHOWN)
    return [(one, alarm_badge(one)) for one in found]


def _facts_of(event: PlatformEvent) -> list[Fact]:
    url = reverse("instrument_page", args=[event.instrument_id]) if event.instrument_id else ""
    facts = [
        Fact(_("发生时间"), moment(event.happened_at)),
        Fact(_("收到时间"), moment(event.received_at)),
        Fact(_("器具"), event.instrument.serial_number if event.instrument else None, url, code=True),
        Fact(_("器具码"), event.code, code=True),
        Fact(_("生产码"), event.production_code, code=True),
        Fact(_("出厂编号"), event.serial_number, code=True),
        Fact(_("制造单位"), event.manufacturer),
        Fact(_("内容"), event.detail),
        Fact(_("行政区划"), event.area.full_name),
    ]
    if event.skew_seconds:
        facts.insert(1, Fact(_("平台时钟超前"), _("%(seconds)s 秒") % {"seconds": event.skew_seconds}))
    if event.reason:
        facts.insert(0, Fact(_("原因"), event.reason))
    return facts


def _facts_of_scale(alarm: TamperAlarm) -> list[Fact]:
    scale = alarm.instrument
    return [
        Fact(_("出厂编号"), scale.serial_number, reverse("instrument_page", args=[scale.pk])),
        Fact(_("型号/规格"), scale.model),
        Fact(_("使用单位"), scale.entity.name, reverse("entity_page", args=[scale.entity_id])),
        Fact(_("使用地点"), scale.place),
        Fact(_("行政区划"), alarm.area.full_name),
    ]


def _facts_of_review(alarm: TamperAlarm) -> list[Fact]:
    if alarm.taken_up_at is None:
        return []
    facts = [Fact(_("核查人"), _who(alarm.taken_up_by)), Fact(_("开始核查"), moment(alarm.taken_up_at))]
    if alarm.closed_at is not None:
        facts += [
            Fact(_("核查结论"), Finding(alarm.finding).label), Fact(_("核查情况"), alarm.finding_text),
            Fact(_("办结人"), _who(alarm.closed_by)), Fact(_("办结时间"), moment(alarm.closed_at)),
        ]  # fmt: skip
    return facts


def _who(user: object) -> Text:
    return str(getattr(user, "name", ""))


def moment(at: datetime) -> str:
    """Return a time as a page shows it, to the second: a scale locks and unlocks within a minute."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")

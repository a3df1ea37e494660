"""Pages of the webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.changes.acts import ENDED
from quanheng.apps.changes.enums import SubscriptionState
from quanheng.apps.changes.queries.standing import standing
from quanheng.apps.changes.queries.subscriptions import (
    KEEPERS,
    deliveries,
    is_held,
    kinds_named,
    subscription,
)
from quanheng.apps.changes.services import change_subscription as acts
from quanheng.apps.changes.services.post_delivery import post_test, send_again
from quanheng.apps.changes.services.subscribe import subscribe
from quanheng.kit.refusal import RuleBroken
from quanheng.web.access import OfficeRequest, refusals_on, signed_in
from quanheng.web.asking import ask_once
from quanheng.web.parts import DetailHead, Fact
from quanheng.web.webhooks.forms import WebhookForm
from quanheng.web.webhooks.lists import badge

SHOWN = 50  # messages
DONE = {
    "pause": gettext_lazy("已暂停。其间的变更在恢复后补发。"),
    "resume": gettext_lazy("已恢复，从暂停之处接着推送。"),
    "end": gettext_lazy("已结束，不再推送。"),
    "test": gettext_lazy("测试消息已排队，一分钟内发送；结果见推送消息。"),
    "again": gettext_lazy("已排队，将以同一编号再发送一次。"),
    "release": gettext_lazy("已放行，未发送的消息将继续发送。"),
    "discard": gettext_lazy("已放行，未发送的消息不再发送。"),
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_new(request: OfficeRequest) -> HttpResponse:
    """Register an address; its secret is shown this once."""
    form = WebhookForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid():
        with refusals_on(form):
            row = subscribe(**form.cleaned_data, by=request.actor, at=timezone.now())
            return _with_secret(request, row.pk, row.secret)
    return render(request, "webhooks/new.html", {"form": form})


@signed_in
@require_safe
def webhook_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show how a webhook stands and what was sent."""
    request.shows = ("webhooks", pk)
    return _page(request, pk)


@signed_in
@require_POST
def webhook_act(request: OfficeRequest, pk: int) -> HttpResponse:
    """Pause, resume, test, send again, release or end."""
    act = request.POST.get("act", "")
    row = _row(request, pk)
    doing = {"subscription_id": row.pk, "by": request.actor, "at": timezone.now()}
    message = request.POST.get("message", "")
    ending = ask_once(Form(request.POST), ENDED)
    if act == "end" and not ending.is_valid():
        return _page(request, pk, ending=ending)
    known: dict[str, Callable[[], Any]] = {
        "pause": lambda: acts.pause_subscription(**doing),
        "resume": lambda: acts.resume_subscription(**doing),
        "end": lambda: acts.end_subscription(**doing),
        "test": lambda: post_test(row, at=doing["at"]),
        "again": lambda: send_again(row, int(message), by=request.actor, at=doing["at"]),
        "release": lambda: acts.release_subscription(discard=False, **doing),
        "discard": lambda: acts.release_subscription(discard=True, **doing),
    }
    if act == "secret":
        return _with_secret(request, pk, acts.change_secret(**doing).secret)
    if act not in known or (act == "again" and not message.isdecimal()):
        raise Http404
    known[act]()
    messages.success(request, str(DONE[act]))
    return redirect("webhook_page", pk)


def _row(request: OfficeRequest, pk: int) -> Any:
    try:
        return subscription(pk, request.actor)
    except RuleBroken:
        raise Http404 from None


def _with_secret(request: OfficeRequest, pk: int, secret: str) -> HttpResponse:
    response = _page(request, pk, secret=secret)
    response["Cache-Control"] = "no-store"
    return response


def _page(request: OfficeRequest, pk: int, *, secret: str = "", ending: Form | None = None) -> HttpResponse:
    row = _row(request, pk)
    state, own = SubscriptionState(row.state), row.key.appointment.user_id == request.actor.user_id
    living = state != SubscriptionState.ENDED
    context = {
        "row": row,
        "head": DetailHead(
            _("推送 %(number)d") % {"number": row.pk}, badge(row), duty=row.key.appointment.user.name
        ),
        "facts": _facts(row),
        "secret": secret,
        "own": own,
        "held": own and living and is_held(row, standing()),
        "is_active": state == SubscriptionState.ACTIVE,
        "is_stopped": state in acts.STOPPED,
        "living": living,
        "ending": ending or ask_once(Form(), ENDED),
        "may_stop": own or request.actor.role in KEEPERS,
        "messages_sent": list(deliveries(row)[:SHOWN]),
        "shown": SHOWN,
    }
    return render(request, "webhooks/webhook.html", context)


def _facts(row: Any) -> list[Fact]:
    return [
        Fact(_("接收地址"), row.url),
        Fact(_("接口密钥"), str(row.key), url=f"/keys/{row.key_id}/"),
        Fact(_("推送的对象"), kinds_named(row.kinds)),
        Fact(_("登记时间"), row.made_at),
        Fact(_("最近送达"), row.worked_at),
        Fact(_("未送达起始时间"), row.failing_since),
        Fact(_("停用或结束的原因"), row.why),
    ]

"""Pages of the keys of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.accounts.enums import KeyScope, KeyState
from quanheng.apps.accounts.key_queries import key_of, state_of
from quanheng.apps.accounts.services.issue_api_key import collect_api_key, issue_api_key
from quanheng.apps.accounts.services.revoke_api_key import REVOKERS, revoke_api_key
from quanheng.web.access import OfficeRequest, office, refusals_on, signed_in
from quanheng.web.keys.forms import IssueKeyForm, RevokeKeyForm
from quanheng.web.keys.lists import ISSUERS, badge
from quanheng.web.parts import DetailHead, Fact

if TYPE_CHECKING:
    from quanheng.apps.accounts.api_keys import ApiKey


@office(*ISSUERS)
@require_http_methods(["GET", "HEAD", "POST"])
def key_new(request: OfficeRequest) -> HttpResponse:
    """Issue a key; its holder collects it."""
    form = IssueKeyForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid():
        with refusals_on(form):
            key = issue_api_key(**form.terms(), by=request.actor, at=timezone.now())
            messages.success(request, _("已签发。请持有人登录后在“接口密钥”中领取，密钥只显示一次。"))
            return redirect("key_page", key.pk)
    return render(request, "keys/new.html", {"form": form})


@signed_in
@require_safe
def key_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a key without its secret."""
    return _page(request, _key(request, pk))


@signed_in
@require_POST
def key_collect(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show the whole key to its holder, this once. The answer is kept nowhere."""
    secret = collect_api_key(key_id=_key(request, pk).pk, by=request.actor, at=timezone.now())
    response = _page(request, _key(request, pk), secret=secret)
    response["Cache-Control"] = "no-store"
    return response


@signed_in
@require_POST
def key_revoke(request: OfficeRequest, pk: int) -> HttpResponse:
    """End a key."""
    key = _key(request, pk)
    form = RevokeKeyForm(request.POST)
    if form.is_valid():
        with refusals_on(form, field="reason"):
            revoke_api_key(
                key_id=key.pk, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            )
            messages.success(request, _("已吊销，立即生效。"))
            return redirect("key_page", pk)
    return _page(request, key, revoke_form=form)


def _key(request: OfficeRequest, pk: int) -> ApiKey:
    key = key_of(pk)
    if key is None or (
        request.actor.role not in REVOKERS and key.appointment.user_id != request.actor.user_id
    ):
        raise Http404
    return key


def _page(
    request: OfficeRequest, key: ApiKey, *, secret: str = "", revoke_form: RevokeKeyForm | None = None
) -> HttpResponse:
    state = state_of(key, timezone.localdate())
    own = key.appointment.user_id == request.actor.user_id
    context = {
        "key": key,
        "head": DetailHead(
            key.name,
            badge(key),
            code=f"qh_{key.prefix}",
            due=_("%(day)s 前换发") % {"day": key.expires_on},
            duty=key.appointment.user.name,
        ),
        "facts": _facts(key),
        "secret": secret,
        "may_collect": own and state == KeyState.ISSUED,
        "revoke_form": None if state == KeyState.REVOKED else revoke_form or RevokeKeyForm(),
    }
    return render(request, "keys/key.html", context)


def _facts(key: ApiKey) -> list[Fact]:
    scopes = "、".join(str(KeyScope(scope).label) for scope in key.scopes)
    return [
        Fact(_("持有人"), key.appointment.user.name),
        Fact(_("岗位"), key.appointment.get_role_display()),
        Fact(_("权限"), scopes),
        Fact(_("每分钟请求数"), key.per_minute),
        Fact(_("签发"), key.issued_at),
        Fact(_("领取"), key.collected_at),
        Fact(_("最近使用"), key.last_used_on),
        Fact(_("吊销"), key.revoked_at),
    ]

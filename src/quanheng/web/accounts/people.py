"""Pages of the system and the security administrator: people, roles, agencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.enums import ENTITY_ROLES, AgencyKind, Role
from quanheng.apps.accounts.services.appoint import appoint, end_appointment, ends_today
from quanheng.apps.accounts.services.create_account import create_account
from quanheng.apps.accounts.services.disable_account import disable_account, enable_account
from quanheng.apps.accounts.services.found_agency import found_agency
from quanheng.apps.accounts.services.reset_credentials import reset_password, reset_second_factor
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.accounts.lists import ACCOUNT_KEEPERS, account_state
from quanheng.web.accounts.people_forms import AppointForm, NewAccountForm, NewAgencyForm, ReasonForm
from quanheng.web.parts import DetailHead, Fact
from quanheng.web.posts import form_of

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import User

SYSTEM, SECURITY = Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR


@office(SYSTEM)
@sensitive_variables("password")
@require_http_methods(["GET", "HEAD", "POST"])
def account_new(request: OfficeRequest) -> HttpResponse:
    """Open an account and show its first password, this once."""
    form = NewAccountForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, field="username"):
            user, password = create_account(**form.cleaned_data, by=request.actor, at=timezone.now())
            return _page(request, user, password=password)
    return render(request, "accounts/account_new.html", {"form": form})


@office(*ACCOUNT_KEEPERS)
@require_safe
def account_page(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Show a person's sign-in and roles, with what this administrator may do."""
    return _page(request, _person(user_id))


@office(SECURITY)
@require_http_methods(["GET", "HEAD", "POST"])
def account_appoint(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Grant a role."""
    form = AppointForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            appoint(user_id=_person(user_id).pk, **_terms(form), by=request.actor, at=timezone.now())
            messages.success(request, _("已授予，下次操作即生效。"))
            return redirect("account_page", user_id)
    return render(request, "accounts/appoint.html", {"form": form, "person": _person(user_id)})


@office(SECURITY)
@require_POST
def appointment_end(request: OfficeRequest, appointment_id: int) -> HttpResponse:
    """End a role at once."""
    now = timezone.now()
    ended = end_appointment(appointment_id=appointment_id, on=ends_today(now), by=request.actor, at=now)
    messages.success(request, _("已终止，立即生效。"))
    return redirect("account_page", ended.user_id)


@office(SYSTEM)
@form_of("account_page")
def account_disable(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Close an account."""
    return _with_reason(request, user_id, disable_account, _("已停用，所有登录已退出。"))


@office(SYSTEM)
@form_of("account_page")
def account_enable(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Open a closed account again."""
    return _with_reason(request, user_id, enable_account, _("已恢复。"))


@office(SECURITY)
@form_of("account_page")
def account_reset_second_factor(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Remove the authenticator of somebody who lost it."""
    return _with_reason(request, user_id, reset_second_factor, _("已重置，下次登录须重新启用两步验证。"))


@office(SECURITY)
@sensitive_variables("password")
@form_of("account_page")
def account_reset_password_by_administrator(request: OfficeRequest, user_id: int) -> HttpResponse:
    """Make a new first password and show it, this once."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            user, password = reset_password(
                user_id=user_id, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            )
            return _page(request, user, password=password)
    return _page(request, _person(user_id), form=form)


@office(SYSTEM)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_new(request: OfficeRequest) -> HttpResponse:
    """Enter an agency."""
    form = NewAgencyForm(request.POST or None)
    if form.is_valid():
        asked = form.cleaned_data
        with refusals_on(form):
            found_agency(
                name=asked["name"], kind=AgencyKind(asked["kind"]), area_id=asked["area"],
                authorisation=asked["authorisation"], by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已设立。"))
            return redirect("agency_list")
    return render(request, "accounts/agency_new.html", {"form": form})


def _with_reason(request: OfficeRequest, user_id: int, act: Callable[..., User], done: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            act(user_id=user_id, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
            messages.success(request, done)
            return redirect("account_page", user_id)
    return _page(request, _person(user_id), form=form)


def _person(user_id: int) -> User:
    found = queries.person(user_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: OfficeRequest, user: User, *, password: str = "", form: ReasonForm | None = None
) -> HttpResponse:
    context = {
        "person": user,
        "head": DetailHead(user.name, account_state(user), code=user.username),
        "facts": [
            Fact(_("最近登录"), user.last_login),
            Fact(_("改密时间"), user.password_changed_at),
            Fact(_("两步验证"), _("已启用") if queries.has_second_factor(user.pk) else _("未启用")),
        ],
        "appointments": user.appointments.select_related("agency", "area").order_by("-valid_from"),
        "today": timezone.localdate(),
        "password": password,
        "on_both_sides": queries.on_both_sides(timezone.localdate()).filter(pk=user.pk).exists(),
        "form": form or ReasonForm(),
        "is_system": request.actor.role is SYSTEM,
        "is_security": request.actor.role is SECURITY and request.actor.user_id != user.pk,
    }
    return render(request, "accounts/account.html", context)


def _terms(form: AppointForm) -> dict[str, Any]:
    asked = form.cleaned_data
    role = Role(asked["role"])
    return {
        "role": role,
        "agency_id": asked.get("agency_id"),
        "entity_credit_code": asked["entity_code"].strip() if role in ENTITY_ROLES else "",
        "valid_from": asked["valid_from"],
        "valid_to": asked["valid_to"],
        "is_chief": asked["is_chief"],
    }

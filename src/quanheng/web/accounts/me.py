"""My account: my roles, my sessions, my second factor, how I like the pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.kept_form_queries import kept_of_person
from quanheng.apps.accounts.services import sign_in
from quanheng.apps.accounts.services.keep_elder_mode import keep_elder_mode
from quanheng.web.access import OfficeRequest, own_sign_in, public_page
from quanheng.web.accounts.door import APPOINTMENT_KEY
from quanheng.web.kept_forms.browser import browser_of


@public_page
@require_safe
def sign_in_help(request: HttpRequest) -> HttpResponse:
    """Say who opens accounts and who mends them."""
    return render(request, "accounts/help.html")


@own_sign_in
@require_safe
def my_account(request: OfficeRequest) -> HttpResponse:
    """Show the person their roles, sessions and second factor."""
    context = {
        "sessions": queries.sessions_of(request.user.pk, at=timezone.now()),
        "this_session": request.session.session_key,
        "appointments": queries.appointments_of(request.user.pk, timezone.localdate()),
        "has_second_factor": queries.has_second_factor(request.user.pk),
        "kept_forms": kept_of_person(
            user_id=request.user.pk, browser=browser_of(request).number, at=timezone.now()
        ),
    }
    return render(request, "accounts/my_account.html", context)


@own_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def choose_appointment(request: OfficeRequest) -> HttpResponse:
    """Choose in which of one's roles to act."""
    held = queries.appointments_of(request.user.pk, timezone.localdate())
    if request.method == "POST":
        chosen = next((a for a in held if str(a.pk) == request.POST.get("appointment")), None)
        if chosen is not None:
            request.session[APPOINTMENT_KEY] = chosen.pk
            return redirect("desk")
    return render(request, "accounts/choose_appointment.html", {"appointments": held})


@own_sign_in
@require_safe
def no_role(request: OfficeRequest) -> HttpResponse:
    """Say that the account holds no role today."""
    return render(request, "accounts/no_role.html")


@own_sign_in
@require_POST
def end_other_sessions(request: OfficeRequest) -> HttpResponse:
    """End every sign-in of mine but this one."""
    ended = sign_in.end_sessions(request.user.pk, but=request.session.session_key)
    messages.success(request, _("已退出其他设备上的 %(count)s 个会话。") % {"count": ended})
    return redirect("my_account")


@own_sign_in
@require_POST
def set_elder_mode(request: OfficeRequest) -> HttpResponse:
    """Keep the elder-friendly mode with the account, for every device."""
    keep_elder_mode(user_id=request.user.pk, on=request.POST.get("elder") == "1")
    return redirect("my_account")

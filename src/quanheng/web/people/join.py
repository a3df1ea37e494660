"""What anybody may open: taking an invitation up, and asking for the account of an entity."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.services.enrol import Newcomer
from quanheng.apps.people import refusals
from quanheng.apps.people.one_time_codes import plain
from quanheng.apps.people.services.ask_for_account import Asked, ask_for_account
from quanheng.apps.people.services.take_up_invitation import Key, take_up_invitation
from quanheng.kit.clients import client_address
from quanheng.kit.free_space import refuse_when_low
from quanheng.kit.pace import AddressPaces
from quanheng.kit.refusal import RuleBroken
from quanheng.web.access import come_back_after, field_of, public_page
from quanheng.web.people.forms import AskForm, FindInvitationForm, TakeUpForm

TRIES = AddressPaces(30, 3600.0, name="join")  # of one address at invitations, whosever they are
ASKS = AddressPaces(6, 3600.0, name="account-request")


@public_page
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the number of an invitation, for whoever has it on paper and no camera."""
    form = FindInvitationForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        number = plain(form.cleaned_data["number"])
        if number:
            return redirect("join", number)
        form.add_error("number", _("请填写邀请函上的编号。"))
    return render(request, "people/find.html", {"form": form})


@public_page
@sensitive_post_parameters("password", "password_again", "passcode")
@sensitive_variables("form", "asked")
@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: HttpRequest, number: str) -> HttpResponse:
    """Open the account of an invitation. The page says nothing of it before the code is right."""
    form, refusal = TakeUpForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            _take_up(request, number, form)
        except RuleBroken as refused:  # not undone: a wrong try is counted
            refusal = refused
            form.add_error(field_of(form, refused), refused.message)
        else:
            messages.success(request, _("账号已开通，请登录。"))
            return redirect("account_login")
    return come_back_after(refusal, render(request, "people/join.html", {"form": form, "number": number}))


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a request for an account in."""
    form, refusal = AskForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            _spend(ASKS, request)
            refuse_when_low()
            number = ask_for_account(asked=Asked(**form.cleaned_data), at=timezone.now())
        except RuleBroken as refused:
            refusal = refused
            form.add_error(field_of(form, refused), refused.message)
        else:
            return redirect("join_asked", number)
    return come_back_after(refusal, render(request, "people/ask.html", {"form": form}))


@public_page
@require_safe
def asked(request: HttpRequest, number: str) -> HttpResponse:
    """Say that a request was taken in; the same for every number."""
    return render(request, "people/asked.html", {"number": number[:16]})


def _take_up(request: HttpRequest, number: str, form: TakeUpForm) -> None:
    _spend(TRIES, request)
    refuse_when_low()
    asked = form.cleaned_data
    take_up_invitation(
        key=Key(number, asked["passcode"], asked["stated"]),
        who=Newcomer(asked["username"], asked["name"], asked["phone"], asked["password"]),
        address=client_address(request), at=timezone.now(),
        signed_in=request.user.pk if request.user.is_authenticated else None,
    )  # fmt: skip


def _spend(pace: AddressPaces, request: HttpRequest) -> None:
    """Charge the address.

    Raises:
        RuleBroken: too_many_tries_here.
    """
    wait = pace.spend(client_address(request))
    if wait:
        raise refusals.TOO_MANY_TRIES_HERE(seconds=int(wait) + 1)

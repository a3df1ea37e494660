"""向监管部门反映: the shopper's form. No session: a signed token says that the form came from here."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from quanheng.apps.instruments.enums import ReportFinding, ReportState, ShopperProblem
from quanheng.apps.instruments.queries.reports import receipt
from quanheng.apps.instruments.services.receive_shopper_report import receive_shopper_report
from quanheng.kit.clients import client_address
from quanheng.kit.free_space import refuse_when_low
from quanheng.kit.intake import has_unfit_form
from quanheng.kit.pictures import MOST_BYTES
from quanheng.kit.refusal import NotNow, RuleBroken
from quanheng.packs.public_texts import public_text
from quanheng.regulation.instrument_code import ALPHABET, CodeUnreadable, parse_code
from quanheng.web import refusals
from quanheng.web.access import come_back_after, public_page
from quanheng.web.public.limits import LIMITER, REPORTS
from quanheng.web.public.pages import kept_query, respond
from quanheng.web.public.photos import forget_report_photo, keep_report_photo
from quanheng.web.public.scan import unreadable
from quanheng.web.public.slowing import slow_down

SALT = "quanheng.report"
TOKEN_SECONDS = 2 * 3600

with translation.override("zh-hans"):
    PROBLEMS = [(problem.value, str(problem.label)) for problem in ShopperProblem]
    STATES = {state: str(state.label) for state in ReportState}
    FINDINGS = {finding: str(finding.label) for finding in ReportFinding}


@public_page
@csrf_exempt  # no cookie carries a right here; the token and the origin are checked below
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form; take it in."""
    try:
        value = parse_code(code)
    except CodeUnreadable as fault:
        return unreadable(request, code, fault)
    if request.method != "POST":
        return _form(request, value, {})
    wait = LIMITER.spend(client_address(request), REPORTS)  # before a byte of the picture is read
    if wait:
        return slow_down(request, "", "", "", wait)
    try:
        number = _receive(request, value, timezone.now())
    except RuleBroken as refusal:
        status = refusal.kind.status if isinstance(refusal, NotNow) else 400
        page = _form(request, value, request.POST, refusal.message, status=status)
        return come_back_after(refusal, page)
    return HttpResponseRedirect(f"/s/{value}/received/{number}{kept_query(request)}", status=303)


@public_page
@require_http_methods(["GET", "HEAD"])
def received(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Show the receipt number, and what became of the report."""
    return respond(
        request,
        "receipt.jinja",
        code=code,
        number=number,
        told=receipt(number),
        states=STATES,
        findings=FINDINGS,
    )


def _receive(request: HttpRequest, code: str, at: datetime) -> str:
    _check_origin(request)
    if has_unfit_form(request):
        raise refusals.UNFIT_TEXT()
    number = _number_in(request, code)
    refuse_when_low(upload="photo" in request.FILES)
    typed = request.POST
    picture = request.FILES.get("photo")
    photo, taken = _kept(number, picture) if picture else "", ""
    try:
        taken = receive_shopper_report(
            number=number, code=code, problem=typed.get("problem", ""), place=typed.get("place", ""),
            words=typed.get("words", ""), photo=photo, at=at,
        ).photo  # fmt: skip
    finally:
        if taken != photo:  # refused, or pressed twice: the first picture stays
            forget_report_photo(photo)
    return number


def _kept(number: str, picture: UploadedFile[Any]) -> str:
    return keep_report_photo(number, picture.read(MOST_BYTES + 1))


def _check_origin(request: HttpRequest) -> None:
    """Refuse a form that another site sent. Raises RuleBroken (form_expired)."""
    origin = request.headers.get("Origin")
    if origin not in {None, "null"} and urlsplit(origin or "").netloc != request.get_host():
        raise refusals.FORM_EXPIRED()


def _number_in(request: HttpRequest, code: str) -> str:
    """Return the receipt number that was made with the form: pressed twice, it is one report.

    Raises:
        RuleBroken: form_expired.
    """
    expired = refusals.FORM_EXPIRED()
    try:
        for_code, number = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError):
        raise expired from None
    if for_code != code:
        raise expired
    return str(number)


def _new_number(at: datetime) -> str:
    """R, the day, eight symbols by chance: nobody can count through the receipts."""
    return f"R{timezone.localtime(at):%y%m%d}-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def _form(request: HttpRequest, code: str, typed: Any, fault: str = "", *, status: int = 200) -> HttpResponse:
    token = signing.dumps([code, _new_number(timezone.now())], salt=SALT)
    again = {name: typed.get(name, "") for name in ("problem", "place", "words")}
    return respond(
        request,
        "report.jinja",
        status=status,
        code=code,
        token=token,
        problems=PROBLEMS,
        typed=again,
        fault=fault,
        legal=public_text("reports", timezone.localdate()),
    )

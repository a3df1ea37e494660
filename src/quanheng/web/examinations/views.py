"""检定: the institute's worklist, the record of one instrument, check and approval, the tablet page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Case, When
from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import INSTITUTE_STAFF, Role
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.enums import ExaminationState, LineState
from quanheng.apps.certificates.queries.certificates import certificate_of_line
from quanheng.apps.certificates.queries.lines import (
    examinations_of,
    institute_line,
    institute_lines,
    lines_at_bench,
)
from quanheng.apps.certificates.services.check_examination import check_examination, send_back
from quanheng.apps.certificates.services.issue_certificate import issue_certificate
from quanheng.apps.certificates.services.record_examination import record_examination
from quanheng.apps.instruments.enums import Result
from quanheng.kit.acts import may
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.tones import State, Text, Tone
from quanheng.regulation.verification_procedure import AT_BENCH, BOOKED, Step
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.asking import ask_once
from quanheng.web.examinations.duties import words_for
from quanheng.web.examinations.forms import ExaminationForm, SendBackForm
from quanheng.web.posts import form_of

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import ApplicationLine, Examination

OPEN = tuple(LineState(step) for step in Step if step in BOOKED)
SHOWN, ON_TABLET = 200, 30
TONES = {LineState.RECORDED: Tone.DUE, LineState.CHECKED: Tone.DUE, LineState.ISSUED: Tone.OK}
page_methods = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Tab:
    """One state of the worklist."""

    value: str
    text: Text
    count: int
    current: bool


@office(*INSTITUTE_STAFF)
@require_safe
def examination_list(request: OfficeRequest) -> HttpResponse:
    """Show what waits, state by state; who checks or approves chooses here what to decide at once."""
    wanted = request.GET.get("state", "")
    mine = institute_lines(request.actor)
    counts = {state: mine.filter(state=state).count() for state in OPEN}
    tabs = [Tab(state.value, state.label, counts[state], state.value == wanted) for state in OPEN]
    deciding = words_for(request.actor)
    mine_first = Case(When(state=deciding.state if deciding else "", then=0), default=1)
    # A state that there is not shows nothing, as in every list.
    states = [state for state in OPEN if wanted in ("", state.value)]
    rows = mine.filter(state__in=states)
    rows = rows.order_by(mine_first, "booked_for", "slot", "pk")
    return render(request, "examinations/list.html", {
        "tabs": tabs, "rows": [(row, badge(row)) for row in rows[:SHOWN]], "wanted": wanted,
        "may_record": may(acts.EXAMINATION_RECORDED, request.actor), "deciding": deciding,
        "to_decide": counts[deciding.state] if deciding else 0, "shown": SHOWN,
        "total": sum(counts[state] for state in states),
    })  # fmt: skip


@office(*INSTITUTE_STAFF)
@page_methods
def examination_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show one instrument of an application; check, send back or approve its record."""
    line = _line(request, pk)
    back = SendBackForm(request.POST if request.POST.get("act") == "send_back" else None)
    approve = _approval(request.POST if request.POST.get("act") == "approve" else None)
    refusal = ""
    if request.method == "POST":
        try:
            if _decide(request, line, back, approve):
                return redirect("examination_page", pk)
        except (RuleBroken, NotYours) as broken:
            refusal = broken.message
    return _page(request, line, back=back, approve=approve, refusal=refusal)


@office(Role.VERIFIER)
@form_of("examination_page")
def record(request: OfficeRequest, pk: int) -> HttpResponse:
    """Record an examination: from the page (a redirect follows) or from the tablet's queue (JSON).

    A button that only adds rows, or takes pasted ones, draws the page again and records nothing.
    """
    line, queued = _line(request, pk), request.headers.get("Accept") == "application/json"
    if request.POST.get("more"):
        return _page(request, line, form=ExaminationForm(line=line, actor=request.actor, kept=request.POST))
    form = ExaminationForm(request.POST, line=line, actor=request.actor)
    done: Examination | None = None
    if form.is_valid():
        with refusals_on(form):
            done = record_examination(
                line_id=pk, findings=form.findings(), by=request.actor, at=timezone.now()
            )
    if done is not None:
        text = _("已录入，结论：%(result)s。") % {"result": Result(done.result).label}
        if queued:
            return JsonResponse({"recorded": True, "message": text})
        messages.success(request, text)
        return redirect("examination_page", pk)
    if queued:
        faults = [str(fault) for faults in form.errors.values() for fault in faults]
        return JsonResponse({"recorded": False, "message": " ".join(faults)}, status=422)
    return _page(request, line, form=form)


@office(Role.VERIFIER)
@require_safe
def tablet(request: OfficeRequest) -> HttpResponse:
    """Show the day's instruments with their forms on one page that stays usable without a network."""
    rows = lines_at_bench(request.actor)
    forms, without = [], []
    for line in rows[:ON_TABLET]:
        try:
            forms.append(ExaminationForm(line=line, actor=request.actor))
        except RuleBroken as broken:
            without.append((line, broken.message))
    return render(request, "examinations/tablet.html", {"forms": forms, "without": without})


def badge(line: ApplicationLine) -> State:
    """Return how a line stands, as a badge."""
    return State(LineState(line.state).label, TONES.get(LineState(line.state), Tone.INFO))


def _line(request: OfficeRequest, pk: int) -> ApplicationLine:
    line = institute_line(pk, request.actor)
    if line is None:
        raise Http404
    return line


def _approval(sent: QueryDict | None = None) -> Form:
    return ask_once(Form(sent), acts.CERTIFICATE_ISSUED)


def _decide(request: OfficeRequest, line: ApplicationLine, back: SendBackForm, approve: Form) -> bool:
    by, at, act = request.actor, timezone.now(), request.POST.get("act")
    if (act == "send_back" and not back.is_valid()) or (act == "approve" and not approve.is_valid()):
        return False
    known: dict[str | None, Callable[[], object]] = {
        "check": lambda: check_examination(line_id=line.pk, by=by, at=at),
        "approve": lambda: issue_certificate(line_id=line.pk, by=by, at=at),
        "send_back": lambda: send_back(line_id=line.pk, reason=back.cleaned_data["reason"], by=by, at=at),
    }
    if act not in known:
        return False
    known[act]()
    done = {"check": _("已核验，待批准。"), "approve": _("已批准，证书已签发。"), "send_back": _("已退回。")}
    messages.success(request, done[act or ""])
    return True


def _page(
    request: OfficeRequest, line: ApplicationLine, *, form: ExaminationForm | None = None,
    back: SendBackForm | None = None, approve: Form | None = None, refusal: str = "",
) -> HttpResponse:  # fmt: skip
    actor, state = request.actor, LineState(line.state)
    records = examinations_of(line.pk, actor)
    recordable = Step(state) in AT_BENCH and may(acts.EXAMINATION_RECORDED, actor, line)
    if recordable and form is None:
        try:
            form = ExaminationForm(line=line, actor=actor)
        except RuleBroken as broken:
            refusal = broken.message
    certificate = certificate_of_line(line.pk, actor)
    return render(request, "examinations/page.html", {
        "line": line, "state": badge(line), "records": records, "refusal": refusal, "back": back,
        "approve": approve or _approval(),
        "form": form if recordable else None, "certificate": certificate,
        "sent_back": ExaminationState.SENT_BACK,
        "may_check": state == LineState.RECORDED and may(acts.EXAMINATION_CHECKED, actor, line),
        "may_approve": state == LineState.CHECKED and may(acts.CERTIFICATE_ISSUED, actor, line),
        "may_send_back": state in {LineState.RECORDED, LineState.CHECKED}
        and may(acts.EXAMINATION_SENT_BACK, actor, line),
    })  # fmt: skip

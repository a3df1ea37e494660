"""Pages of campaigns and of what they drew."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.inspections import acts, queries
from quanheng.apps.inspections.enums import CampaignState, FrameSubject, TaskState
from quanheng.apps.inspections.services.plan_campaign import plan_campaign
from quanheng.apps.inspections.services.record_inspection import checklist_of, record_inspection
from quanheng.kit.acts import may
from quanheng.regulation.checklists import items_of
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.asking import SURE, ask_once
from quanheng.web.inspections.facts import draw_facts
from quanheng.web.inspections.forms import ANSWERS as ANSWERS_OF_FORM
from quanheng.web.inspections.forms import InspectionForm, PlanForm
from quanheng.web.inspections.lists import INSPECTED, READERS, campaign_badge, quarter, task_badge
from quanheng.web.inspections.steps import STEPS, initial, offer_people, steps_for
from quanheng.web.parts import DetailHead, Fact, moment

if TYPE_CHECKING:
    from quanheng.apps.inspections.models import Campaign, InspectionTask
    from quanheng.regulation.checklists import Item

ANSWERS = dict(ANSWERS_OF_FORM)


@office(*acts.PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request: OfficeRequest) -> HttpResponse:
    """Plan a campaign."""
    form = PlanForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid():
        said = dict(form.cleaned_data)
        area, subject = said.pop("area"), FrameSubject(said.pop("subject"))
        with refusals_on(form):
            campaign = plan_campaign(
                **said, area_id=int(area.value), subject=subject, by=request.actor, at=timezone.now()
            )
            messages.success(request, _("已提出，待另一人批准。"))
            return redirect("campaign_page", campaign.pk)
    return render(request, "inspections/plan.html", {"form": form})


@office(*READERS)
@require_safe
def campaign_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a campaign: how it stands in each county, who was sent, and what anybody can check."""
    campaign, today = _campaign(request, pk), timezone.localdate()
    request.shows = ("campaigns", pk)
    runs = may(acts.CAMPAIGN_DRAWN, request.actor, campaign)
    return render(request, "inspections/campaign.html", {
        "campaign": campaign,
        "head": DetailHead(
            campaign.name, campaign_badge(campaign), campaign.number or "",
            acts=steps_for(campaign, request.actor),
        ),
        "facts": _facts(campaign),
        "proof": _facts_of_draw(campaign),
        "standings": queries.standings(campaign, request.actor, today),
        "loads": queries.loads(campaign) if runs and campaign.drawn_at else (),
        "own_plan": campaign.state == CampaignState.WAITING
        and campaign.planned_by_id == request.actor.user_id,
    })  # fmt: skip


@office(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_act(request: OfficeRequest, pk: int, slug: str) -> HttpResponse:
    """Do one of the steps."""
    campaign, step = _campaign(request, pk), STEPS.get(slug)
    if step is None:
        raise Http404
    # What was typed meets the refusal of the act, and stays; who may not do it at all is shown no form.
    allowed = may(step.verb, request.actor, campaign)
    if not allowed or (request.method != "POST" and not step.offered(campaign, request.actor)):
        messages.error(request, _("该行动目前不能办理此事项，或须由他人办理。请核对状态。"))
        return redirect("campaign_page", pk)
    sent = request.POST if request.method == "POST" else None
    form = ask_once(step.form(sent, initial=initial(step, campaign)), step.verb)
    offer_people(form, campaign, request.actor)
    if form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != SURE}
        with refusals_on(form):
            step.does(campaign_id=pk, **said, by=request.actor, at=timezone.now())
            messages.success(request, str(step.done))
            return redirect("campaign_page", pk)
    return render(request, "inspections/act.html", {
        "campaign": campaign, "step": step, "form": form,
        "waits_for_beacon": campaign.known_at is not None and slug == "draw",
    })  # fmt: skip


@office(*READERS, *INSPECTED)
@require_http_methods(["GET", "HEAD", "POST"])
def inspection_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a task; its officers record what they found."""
    task = queries.task(pk, request.actor)
    if task is None:
        raise Http404
    request.shows = ("inspections", pk)
    items = items_of(checklist_of(task, task.checked_on or timezone.localdate()))
    theirs = request.actor.user_id in (task.lead_id, task.second_id)
    does = theirs and may(acts.INSPECTION_RECORDED, request.actor, task)
    if request.method != "POST":  # what was typed meets the refusal of the act, and stays
        does = does and task.state == TaskState.OPEN
    form = _record_form(request, items) if does else None
    if form is not None and form.is_valid():
        data = form.cleaned_data
        with refusals_on(form):
            record_inspection(
                task_id=pk, said=form.said(), words=data["words"], on=data["on"], unable=data["unable"],
                seen=form.seen(), by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已登记抽查结果。"))
            return redirect("inspection_page", pk)
    return render(request, "inspections/inspection.html", {
        "task": task,
        "head": DetailHead(
            f"{task.entity_name} {task.instrument_name}", task_badge(task), task.serial_number,
            due=task.due_on if task.state == TaskState.OPEN else None,
        ),
        "facts": _facts_of_task(task),
        "found": _found(task, items),
        "form": form,
    })  # fmt: skip


def _record_form(request: OfficeRequest, items: tuple[Item, ...]) -> InspectionForm:
    posted = request.method == "POST"
    sent, files = (request.POST, request.FILES) if posted else (None, None)
    return ask_once(InspectionForm(sent, files, items=items, actor=request.actor), acts.INSPECTION_RECORDED)


def _campaign(request: OfficeRequest, pk: int) -> Campaign:
    campaign = queries.campaign(pk, request.actor)
    if campaign is None:
        raise Http404
    return campaign


def _facts(campaign: Campaign) -> list[Fact]:
    return [
        Fact(_("检查对象"), FrameSubject(campaign.subject).label),
        Fact(_("行政区划"), campaign.area.full_name),
        Fact(_("季度"), quarter(campaign)),
        Fact(_("检查依据"), campaign.legal_basis),
        Fact(_("检查事项"), campaign.matters),
        Fact(_("提出"), _who_when(campaign.planned_by, campaign.planned_at)),
        Fact(_("批准或退回"), _who_when(campaign.decided_by, campaign.decided_at)),
        Fact(_("退回或放弃原因"), campaign.reason),
    ]


def _facts_of_draw(campaign: Campaign) -> list[Fact]:
    if campaign.number is None:
        return []
    public = Fact(_("公开页"), campaign.number, url=reverse("draw_page", args=[campaign.number]))
    return [public, *draw_facts(campaign)]


def _facts_of_task(task: InspectionTask) -> list[Fact]:
    return [
        Fact(_("器具"), task.instrument_name, url=reverse("instrument_page", args=[task.instrument_id])),
        Fact(_("出厂编号"), task.serial_number, code=True),
        Fact(_("安装位置"), task.place),
        Fact(_("行政区划"), task.area.full_name),
        Fact(_("行动"), f"{task.campaign_name} {task.campaign_number}"),
        Fact(_("检查人员"), f"{task.lead.name}、{task.second.name}"),
        Fact(_("检查日期"), task.checked_on or ""),
        Fact(_("检查情况"), task.words),
    ]


def _found(task: InspectionTask, items: tuple[Item, ...]) -> list[tuple[str, str, str, str]]:
    """Return item, clause, answer and note, in the order of the checklist."""
    return [
        (item.text, item.clause, str(ANSWERS[answer["answer"]]), answer["note"])
        for item in items
        if (answer := task.answers.get(item.key))
    ]


def _who_when(person: object, at: datetime | None) -> str:
    name = getattr(person, "name", "")
    return f"{name} {moment(at)}" if at else ""

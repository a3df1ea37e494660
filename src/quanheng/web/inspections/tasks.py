"""Pages of what was drawn: the checklist of a task, what was found, and how it was put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.inspections import acts, queries
from quanheng.apps.inspections.enums import TaskState
from quanheng.apps.inspections.services.record_inspection import record_inspection
from quanheng.apps.inspections.services.results import checklist_of
from quanheng.kit.acts import may
from quanheng.regulation.checklists import items_of
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.asking import ask_once
from quanheng.web.inspections.corrections import shown_corrections
from quanheng.web.inspections.forms import ANSWERS as ANSWERS_OF_FORM
from quanheng.web.inspections.forms import InspectionForm
from quanheng.web.inspections.lists import INSPECTED, READERS, task_badge
from quanheng.web.inspections.task_steps import TASK_STEPS, task_steps_for
from quanheng.web.parts import DetailHead, Fact

if TYPE_CHECKING:
    from quanheng.apps.inspections.models import InspectionTask
    from quanheng.regulation.checklists import Item

ANSWERS = dict(ANSWERS_OF_FORM)


@office(*READERS, *INSPECTED)
@require_http_methods(["GET", "HEAD", "POST"])
def inspection_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a task; its officers record what they found."""
    task = _task(request, pk)
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
            acts=task_steps_for(task, request.actor),
        ),
        "facts": _facts(task),
        "found": _found(task, items),
        "corrections": shown_corrections(task, request.actor),
        "form": form,
    })  # fmt: skip


@office(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def inspection_act(request: OfficeRequest, pk: int, slug: str) -> HttpResponse:
    """Do one of the steps that come after the first record."""
    task, step = _task(request, pk), TASK_STEPS.get(slug)
    if step is None:
        raise Http404
    # What was typed meets the refusal of the act, and stays; who may not do it at all is shown no form.
    if not may(step.verb, request.actor, task) or (
        request.method != "POST" and not step.offered(task, request.actor)
    ):
        messages.error(request, _("该任务目前不能办理此事项，或须由他人办理。请核对状态。"))
        return redirect("inspection_page", pk)
    form = ask_once(step.form(request, task), step.verb)
    if form.is_valid():
        with refusals_on(form):
            step.does(form, task_id=pk, by=request.actor, at=timezone.now())
            messages.success(request, str(step.done))
            return redirect("inspection_page", pk)
    return render(request, "inspections/task_act.html", {
        "task": task, "step": step, "form": form,
        "corrections": shown_corrections(task, request.actor)[:1] if step.shows_correction else (),
    })  # fmt: skip


def _record_form(request: OfficeRequest, items: tuple[Item, ...]) -> InspectionForm:
    posted = request.method == "POST"
    sent, files = (request.POST, request.FILES) if posted else (None, None)
    return ask_once(InspectionForm(sent, files, items=items, actor=request.actor), acts.INSPECTION_RECORDED)


def _task(request: OfficeRequest, pk: int) -> InspectionTask:
    task = queries.task(pk, request.actor)
    if task is None:
        raise Http404
    return task


def _facts(task: InspectionTask) -> list[Fact]:
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

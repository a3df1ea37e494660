"""What is done to a task after its first record, one page a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.inspections import acts, queries
from quanheng.apps.inspections.enums import CorrectionState, TaskState
from quanheng.apps.inspections.services.correct_inspection import (
    approve_correction,
    deciders_but,
    decline_correction,
    propose_correction,
    withdraw_correction,
)
from quanheng.apps.inspections.services.results import checklist_of
from quanheng.kit.acts import Verb, may
from quanheng.regulation.checklists import items_of
from quanheng.web.asking import SURE
from quanheng.web.inspections.forms import (
    CorrectionForm,
    DeclineCorrectionForm,
    ReadCorrectionForm,
    ReasonForm,
)
from quanheng.web.parts import Link, Text

if TYPE_CHECKING:
    from quanheng.apps.inspections.models import InspectionTask
    from quanheng.web.access import OfficeRequest


@dataclass(frozen=True, slots=True)
class TaskStep:
    """One thing that an officer does to a task.

    Args:
        hint: what it brings about.
        form: makes the form of a request.
        does: takes the form that was valid.
        when: whether the task stands so that this officer can do it.
    """

    verb: Verb
    hint: Text
    icon: str
    form: Callable[[OfficeRequest, InspectionTask], forms.Form]
    does: Callable[..., object]
    when: Callable[[InspectionTask, Actor], bool]
    done: Text
    main: bool = False
    shows_correction: bool = False

    def offered(self, task: InspectionTask, actor: Actor) -> bool:
        """Say whether this officer can do it to the task as it stands."""
        return self.when(task, actor) and may(self.verb, actor, task)


def _sent(request: OfficeRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _correction_form(request: OfficeRequest, task: InspectionTask) -> CorrectionForm:
    items = items_of(checklist_of(task, task.checked_on or timezone.localdate()))
    files = request.FILES if request.method == "POST" else None
    initial: dict[str, Any] = {
        "unable": not task.answers, "words": task.words, "on": task.checked_on,
        **{f"item_{key}": each["answer"] for key, each in task.answers.items()},
        **{f"note_{key}": each["note"] for key, each in task.answers.items()},
    }  # fmt: skip
    return CorrectionForm(_sent(request), files, items=items, actor=request.actor, initial=initial)


def _read_form(form: type[forms.Form]) -> Callable[[OfficeRequest, InspectionTask], forms.Form]:
    def make(request: OfficeRequest, task: InspectionTask) -> forms.Form:
        rows = queries.corrections(task, request.actor)
        waiting = next((row.pk for row in rows if row.state == CorrectionState.WAITING), None)
        return form(_sent(request), initial={"correction_id": waiting})

    return make


def _plain_form(form: type[forms.Form]) -> Callable[[OfficeRequest, InspectionTask], forms.Form]:
    return lambda request, _task: form(_sent(request))


def _propose(form: CorrectionForm, **more: Any) -> object:
    data = form.cleaned_data
    return propose_correction(
        reason=data["reason"], said=form.said(), words=data["words"], on=data["on"], unable=data["unable"],
        photos=data["photos"] or (), **more,
    )  # fmt: skip


def _plainly(does: Callable[..., object]) -> Callable[..., object]:
    def call(form: forms.Form, **more: Any) -> object:
        return does(**{name: value for name, value in form.cleaned_data.items() if name != SURE}, **more)

    return call


def _can_ask(task: InspectionTask, by: Actor) -> bool:
    theirs = by.user_id in (task.lead_id, task.second_id)
    return theirs and task.state == TaskState.DONE and task.doubted_at is None


def _can_decide(task: InspectionTask, by: Actor) -> bool:
    return task.doubted_at is not None and deciders_but(task, by.user_id)


def _can_withdraw(task: InspectionTask, by: Actor) -> bool:
    return task.doubted_at is not None and task.doubted_by_id == by.user_id


TASK_STEPS: Final = {
    "approve-correction": TaskStep(
        acts.CORRECTION_APPROVED, _("同意后以更正后的结果为准，原结果保留可查。"), "check",
        _read_form(ReadCorrectionForm), _plainly(approve_correction), _can_decide, _("已更正。"), main=True,
        shows_correction=True,
    ),
    "decline-correction": TaskStep(
        acts.CORRECTION_DECLINED, _("原结果不变，申请和理由保留可查。"), "ban",
        _read_form(DeclineCorrectionForm), _plainly(decline_correction), _can_decide, _("原结果不变。"),
        shows_correction=True,
    ),
    "correct": TaskStep(
        acts.CORRECTION_PROPOSED, _("由检查人员以外的人复核；复核前以原结果为准。"), "pencil",
        _correction_form, _propose, _can_ask, _("已申请更正，待另一人复核。"),
    ),
    "withdraw-correction": TaskStep(
        acts.CORRECTION_WITHDRAWN, _("撤回后原结果不变，申请和撤回保留可查。"), "arrow-left",
        _plain_form(ReasonForm), _plainly(withdraw_correction), _can_withdraw, _("已撤回。"),
        shows_correction=True,
    ),
}  # fmt: skip


def task_steps_for(task: InspectionTask, actor: Actor) -> list[Link]:
    """Return the links to what this officer may do to a task."""
    return [
        Link(step.verb.label, reverse("inspection_act", args=[task.pk, slug]), step.icon, primary=step.main)
        for slug, step in TASK_STEPS.items()
        if step.offered(task, actor)
    ]

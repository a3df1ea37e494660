"""Pages of long tasks, the same for every kind."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quanheng.apps.accounts.my_tasks import tasks_of
from quanheng.apps.accounts.services.cancel_task import cancel
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import ScopedQuerySet
from quanheng.kit.tasks import AT_WORK, Kind, LongTask, kinds
from quanheng.web.access import OfficeRequest, signed_in
from quanheng.web.tasks.page import OWN_PAGES, may_download, progress_of, shown, task_url

MOST = 50


@signed_in
@require_safe
def task_list(request: OfficeRequest) -> HttpResponse:
    """Show the tasks that the person asked for, of every kind, and how they ended."""
    found = tasks_of(request.actor, MOST + 1)
    context = {
        "tasks": [shown(mine, request.actor) for mine in found[:MOST]],
        "most": MOST if len(found) > MOST else 0,
    }
    return render(request, "tasks/mine.html", context)


@signed_in
@require_safe
def task_page(request: OfficeRequest, kind: str, pk: int) -> HttpResponse:
    """Show a task; a kind with a page of its own is shown there."""
    of, task = _find(request, kind, pk)
    if of.key in OWN_PAGES:
        return redirect(task_url(of, task))
    request.shows = ("tasks", pk, of.key)
    context = {"kind": of, "task": task, "progress": progress_of(of, task, request.actor)}
    return render(request, "tasks/task.html", context)


@signed_in
@require_safe
def task_progress(request: OfficeRequest, kind: str, pk: int) -> HttpResponse:
    """Answer with the progress part; when the task no longer runs, have the page loaded anew."""
    of, task = _find(request, kind, pk)
    response = render(request, "tasks/progress.html", {"progress": progress_of(of, task, request.actor)})
    if task.state not in AT_WORK:
        response.headers["HX-Refresh"] = "true"
    return response


@signed_in
@require_safe
def task_file(request: OfficeRequest, kind: str, pk: int) -> HttpResponse | FileResponse:
    """Hand out a task's file, if the person still acts where it was asked for."""
    of, task = _find(request, kind, pk)
    path = of.result_file(task)
    if not may_download(of, task, request.actor) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=task.result_name)


@signed_in
@require_POST
def task_cancel(request: OfficeRequest, kind: str, pk: int) -> HttpResponse:
    """End a task before its time."""
    of, task = _find(request, kind, pk)
    try:
        cancel(kind=of, task_id=pk, by=request.actor, at=timezone.now())
    except RuleBroken as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("任务已取消。"))
    return redirect(task_url(of, task))


def _find(request: OfficeRequest, key: str, pk: int) -> tuple[Kind[Any], LongTask]:
    for kind in kinds():
        if kind.key == key and kind.admits(request.actor):
            rows: ScopedQuerySet[Any] = ScopedQuerySet(kind.model).visible_to(request.actor)
            if task := rows.filter(pk=pk).first():
                return kind, task
    raise Http404

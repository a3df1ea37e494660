"""Exports: asked for from a list; what becomes of them is a task's (`web.tasks`)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from quanheng.apps.accounts.tasks import EXPORT
from quanheng.apps.audit import acts
from quanheng.apps.audit import services as audit
from quanheng.kit.lists import List
from quanheng.kit.lists.request import read_request
from quanheng.kit.models import ExportFormat, ExportJob
from quanheng.kit.tasks import queue_task
from quanheng.web.access import OfficeRequest, signed_in
from quanheng.web.lists.views import back_to_list, chosen_columns, of_list, person


@of_list
@require_POST
def request_export(request: OfficeRequest, listing: List[Any]) -> HttpResponse:
    """Queue the file and log that it was asked for; both or neither."""
    asked = read_request(
        listing, QueryDict(request.POST.get("query", "")), request.actor, chosen_columns(request, listing)
    )
    if asked.unread:
        messages.error(request, asked.unread[0].text)
        return back_to_list(request)
    file_format = request.POST.get("format", "")
    if file_format not in ExportFormat.values:
        messages.error(request, gettext("请选择文件格式。"))
        return back_to_list(request)
    query = asked.query.urlencode()
    if len(query) > 2_000:
        messages.error(request, gettext("筛选条件太长，不能导出。"))
        return back_to_list(request)
    now = timezone.now()
    job = ExportJob(
        list_key=listing.key,
        title=str(listing.title),
        query=query,
        columns=[column.key for column in asked.columns],
        format=file_format,
        language=get_language() or "zh-hans",
        requested_by_id=person(request),
        appointment_id=request.actor.appointment_id,
        requested_at=now,
    )
    job.save()
    audit.record(
        acts.LIST_EXPORTED,
        by=request.actor,
        at=now,
        subject=f"{listing.title} {file_format}",
        after={"list": listing.key, "query": query, "columns": job.columns},
    )
    queue_task(EXPORT, job)
    return redirect("task_page", EXPORT.key, job.pk)


@signed_in
@require_safe
def moved(_request: OfficeRequest, job_id: int) -> HttpResponse:
    """Lead an old address to the page of the task."""
    return redirect("task_page", EXPORT.key, job_id)

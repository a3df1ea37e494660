"""Exports: asked for from a list, made by a job, found again and downloaded until they expire."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from quanheng.apps.audit import acts
from quanheng.apps.audit import services as audit
from quanheng.kit import queue
from quanheng.kit.lists import List, find_list
from quanheng.kit.lists.exporting import export_file
from quanheng.kit.lists.request import read_request
from quanheng.kit.models import ExportFormat, ExportJob, ExportState
from quanheng.web.access import OfficeRequest, signed_in
from quanheng.web.lists.views import back_to_list, of_list, person
from quanheng.web.parts import Link, Progress, Tone

RUNNING = {ExportState.WAITING, ExportState.RUNNING}


@of_list
@require_POST
def request_export(request: OfficeRequest, listing: List[Any]) -> HttpResponse:
    """Queue the file and log that it was asked for; both or neither."""
    asked = read_request(listing, QueryDict(request.POST.get("query", "")), request.actor)
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
    queue.defer("exports.write", job_id=job.pk)
    return HttpResponseRedirect(reverse("export_page", args=[job.pk]))


@signed_in
@require_safe
def export_page(request: OfficeRequest, job_id: int) -> HttpResponse:
    """Show how far an export has got; HTMX asks for the progress alone."""
    job = _own(request, job_id)
    part = request.headers.get("HX-Request") == "true"
    context = {"job": job, "progress_of_job": _progress(job)}
    return render(request, "ui/export_progress.html" if part else "ui/export_page.html", context)


@signed_in
@require_safe
def download(request: OfficeRequest, job_id: int) -> HttpResponse | FileResponse:
    """Hand out the file, if the person still acts where it was made and may still open the list."""
    job = _own(request, job_id)
    listing = find_list(job.list_key)
    same_place = job.appointment_id == request.actor.appointment_id
    if (
        job.state != ExportState.DONE
        or not same_place
        or listing is None
        or not listing.admits(request.actor)
    ):
        raise Http404
    path = export_file(job)
    if job.expires_at is None or job.expires_at <= timezone.now() or not path.exists():
        raise Http404
    name = f"{job.title}-{timezone.localtime(job.requested_at):%Y%m%d-%H%M}.{job.format}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


def _own(request: OfficeRequest, job_id: int) -> ExportJob:
    job = (
        ExportJob.objects.visible_to(request.actor).filter(pk=job_id, requested_by_id=person(request)).first()
    )
    if job is None:
        raise Http404
    return job


def _progress(job: ExportJob) -> Progress:
    download_link = Link(_("下载"), reverse("export_download", args=[job.pk]), "download", primary=True)
    return Progress(
        title=job.title,
        done=job.rows_written,
        total=job.rows_total,
        url=reverse("export_page", args=[job.pk]),
        running=job.state in RUNNING,
        text=_text(job),
        tone=Tone.BAD if job.state == ExportState.FAILED else Tone.OK,
        act=download_link if job.state == ExportState.DONE and not _is_over(job) else None,
    )


def _is_over(job: ExportJob) -> bool:
    return job.expires_at is not None and job.expires_at <= timezone.now()


def _text(job: ExportJob) -> str:
    if job.state == ExportState.DONE and not _is_over(job) and job.expires_at is not None:
        left = max(1, round((job.expires_at - timezone.now()).total_seconds() / 3600))
        return ngettext("文件保留 %(hours)d 小时", "文件保留 %(hours)d 小时", left) % {"hours": left}
    if job.state == ExportState.DONE:
        return gettext("文件已过期删除，请重新导出")
    return job.message or job.get_state_display()

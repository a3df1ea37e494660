"""Pages of the import. A worker does the reading and committing; the pages start it and show how far it
is.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments.enums import ImportState, RowAction
from quanheng.apps.instruments.models import ImportRow, ImportRun
from quanheng.apps.instruments.services.imports.receive import receive_upload
from quanheng.apps.instruments.services.imports.report import write_report, write_template
from quanheng.apps.instruments.services.imports.undo import ask_to_undo, stands_on
from quanheng.apps.instruments.services.imports.work import AT_WORK, answer_columns, confirm, give_up
from quanheng.kit.queue import defer
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.downloads import sheet_answer
from quanheng.web.imports.forms import ColumnsForm, ReasonForm, UploadForm
from quanheng.web.imports.lists import badge
from quanheng.web.parts import DetailHead, Progress, Tile, Tone

IMPORTERS = OFFICERS | ENTITY_ROLES
SHOWN = 50


@office(*IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: OfficeRequest) -> HttpResponse:
    """Take a file; a worker begins to read it as soon as the act commits."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        with refusals_on(form, field="file"):
            file = form.cleaned_data["file"]
            run = receive_upload(
                name=file.name, chunks=file.chunks(), premises=form.cleaned_data["premises"],
                by=request.actor, at=timezone.now(),
            )  # fmt: skip
            defer("imports.work", run_id=run.pk)
            return redirect("import_page", run.pk)
    return render(
        request, "imports/new.html", {"form": form, "uploads_kept_days": settings.UPLOADS_KEPT.days}
    )


@office(*IMPORTERS)
@require_safe
def import_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a run: its progress, what is asked, the preview, what became of it."""
    run = _run(request, pk)
    told = ImportRow.objects.filter(run=run)
    rejected = told.filter(action=RowAction.REJECTED).order_by("position")
    context = {
        "run": run,
        "head": _head(run),
        "progress": _progress(run),
        "tiles": _tiles(run),
        "rejected": rejected[:SHOWN],
        "rejected_more": max(0, run.rows_rejected - SHOWN),
        "notices": told.exclude(notice="").order_by("position")[:20],
        "columns_form": ColumnsForm(questions=run.questions)
        if run.state == ImportState.NEEDS_COLUMNS
        else None,
        "undo_form": ReasonForm() if run.state == ImportState.DONE else None,
        "blocker": stands_on(run) if run.state == ImportState.DONE else "",
        "clean": run.rows_read - run.rows_rejected,
    }
    return render(request, "imports/run.html", context)


@office(*IMPORTERS)
@require_safe
def import_progress(request: OfficeRequest, pk: int) -> HttpResponse:
    """Answer with the progress part; when the run has moved on, have the page loaded anew."""
    run = _run(request, pk)
    response = render(request, "imports/progress.html", {"progress": _progress(run)})
    if run.state not in AT_WORK:
        response.headers["HX-Refresh"] = "true"
    return response


@office(*IMPORTERS)
@require_POST
def import_columns(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take the answers about columns and read the file again."""
    run = _run(request, pk)
    form = ColumnsForm(request.POST, questions=run.questions)
    if form.is_valid():
        with refusals_on(form):
            answer_columns(run_id=pk, mapping=form.mapping(), by=request.actor)
            defer("imports.work", run_id=pk)
    return redirect("import_page", pk)


@office(*IMPORTERS)
@require_POST
def import_confirm(request: OfficeRequest, pk: int) -> HttpResponse:
    """Have the clean rows committed."""
    confirm(run_id=_run(request, pk).pk, by=request.actor, at=timezone.now())
    defer("imports.work", run_id=pk)
    return redirect("import_page", pk)


@office(*IMPORTERS)
@require_POST
def import_give_up(request: OfficeRequest, pk: int) -> HttpResponse:
    """Drop a run that has not been committed."""
    give_up(run_id=_run(request, pk).pk, by=request.actor, at=timezone.now())
    messages.success(request, _("已放弃导入，台账没有变化。"))
    return redirect("import_list")


@office(*IMPORTERS)
@require_POST
def import_undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Have a whole run taken back."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            ask_to_undo(run_id=pk, reason=form.cleaned_data["reason"], by=request.actor)
            defer("imports.work", run_id=pk)
    for faults in form.errors.values():
        messages.error(request, str(faults[0]))
    return redirect("import_page", pk)


@office(*IMPORTERS)
@require_safe
def import_report(request: OfficeRequest, pk: int) -> FileResponse:
    """Download the same sheet with its faults marked and the reasons beside them."""
    run = _run(request, pk)
    return sheet_answer(partial(write_report, run), f"{Path(run.file_name).stem}-核对结果.xlsx")


@office(*IMPORTERS)
@require_safe
def import_template(_request: OfficeRequest) -> FileResponse:
    """Download an empty sheet for those who have none yet."""
    return sheet_answer(write_template, "台账模板.xlsx")


def _run(request: OfficeRequest, pk: int) -> ImportRun:
    run = ImportRun.objects.visible_to(request.actor).select_related("area").filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def _head(run: ImportRun) -> DetailHead:
    duties = {
        ImportState.NEEDS_COLUMNS: _("上传人：确认没有认出的列"),
        ImportState.PREVIEW: _("上传人：核对后确认导入，或放弃"),
    }
    return DetailHead(
        title=run.file_name, state=badge(run), code=f"#{run.pk}", duty=duties.get(ImportState(run.state), "")
    )


def _progress(run: ImportRun) -> Progress | None:
    url = reverse("import_progress", args=[run.pk])
    if run.state in {ImportState.UPLOADED, ImportState.READING}:
        return Progress(_("读取并核对"), run.rows_read, None, url, text=_("行"))
    if run.state == ImportState.COMMITTING:
        return Progress(_("写入台账"), run.rows_committed, run.rows_read, url)
    if run.state == ImportState.UNDOING:
        return Progress(_("撤销导入"), 0, None, url)
    return None


def _proposed(run: ImportRun) -> list[Tile]:
    if not run.rows_proposed:
        return []
    url = reverse("proposal_list")
    return [Tile(f"{run.rows_proposed:,}", _("待监管部门审核"), url, tone=Tone.DUE)]


def _tiles(run: ImportRun) -> list[Tile]:
    if run.state in {ImportState.UPLOADED, ImportState.READING, ImportState.REFUSED}:
        return []
    mine = reverse("instrument_list") + f"?import_run={run.pk}"
    report = reverse("import_report", args=[run.pk])
    tiles = [Tile(f"{run.rows_read:,}", _("读到的行"), report)]
    if run.state in {ImportState.DONE, ImportState.COMMITTING, ImportState.UNDONE, ImportState.UNDOING}:
        tiles += [
            Tile(f"{run.rows_new:,}", _("新增器具"), mine, tone=Tone.OK),
            Tile(f"{run.rows_updated:,}", _("更新器具"), report),
            Tile(f"{run.rows_unchanged:,}", _("无变化"), report),
            *_proposed(run),
        ]
    else:
        tiles.append(Tile(f"{run.rows_read - run.rows_rejected:,}", _("可以导入"), report, tone=Tone.OK))
    wrong = Tone.BAD if run.rows_rejected else Tone.QUIET
    return [*tiles, Tile(f"{run.rows_rejected:,}", _("有误，不导入"), report, tone=wrong)]

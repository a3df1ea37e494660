"""Pages of the import. A worker does the reading and committing; the pages start it and show how far it
is.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments.enums import ASKING, ImportStage
from quanheng.apps.instruments.queries.imports import import_run as run_for
from quanheng.apps.instruments.queries.imports import noticed_rows, rejected_rows
from quanheng.apps.instruments.services.imports.receive import receive_upload
from quanheng.apps.instruments.services.imports.report import write_report, write_template
from quanheng.apps.instruments.services.imports.undo import ask_to_undo, stands_on
from quanheng.apps.instruments.services.imports.work import answer_columns, confirm, give_up
from quanheng.apps.instruments.tasks import IMPORT
from quanheng.kit.tasks import AT_WORK, queue_task
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.downloads import sheet_answer
from quanheng.web.imports.forms import ColumnsForm, UndoForm, UploadForm
from quanheng.web.imports.lists import badge
from quanheng.web.imports.preview import preview_of
from quanheng.web.parts import DetailHead, Tile, Tone
from quanheng.web.tasks.page import progress_of

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import ImportRun

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
            queue_task(IMPORT, run)
            return redirect("import_page", run.pk)
    return render(
        request, "imports/new.html", {"form": form, "uploads_kept_days": settings.UPLOADS_KEPT.days}
    )


@office(*IMPORTERS)
@require_safe
def import_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a run: its progress, what is asked, the preview, what became of it."""
    run = _run(request, pk)
    request.shows = ("tasks", pk, IMPORT.key)
    context = {
        "run": run,
        "head": _head(run),
        "progress": progress_of(IMPORT, run, request.actor) if run.state in AT_WORK else None,
        "tiles": _tiles(run),
        "rejected": rejected_rows(run)[:SHOWN],
        "rejected_more": max(0, run.rows_rejected - SHOWN),
        "notices": noticed_rows(run)[:20],
        "columns_form": ColumnsForm(questions=run.questions)
        if run.stage == ImportStage.NEEDS_COLUMNS
        else None,
        "preview": preview_of(run) if run.stage in ASKING else None,
        "undo_form": UndoForm() if run.stage == ImportStage.DONE else None,
        "blocker": stands_on(run) if run.stage == ImportStage.DONE else "",
        "clean": run.rows_read - run.rows_rejected,
    }
    return render(request, "imports/run.html", context)


@office(*IMPORTERS)
@require_POST
def import_columns(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take the answers about columns and read the file again."""
    run = _run(request, pk)
    form = ColumnsForm(request.POST, questions=run.questions)
    if form.is_valid():
        with refusals_on(form):
            queue_task(IMPORT, answer_columns(run_id=pk, mapping=form.mapping(), by=request.actor))
    return redirect("import_page", pk)


@office(*IMPORTERS)
@require_POST
def import_confirm(request: OfficeRequest, pk: int) -> HttpResponse:
    """Have the clean rows committed."""
    queue_task(IMPORT, confirm(run_id=_run(request, pk).pk, by=request.actor, at=timezone.now()))
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
    form = UndoForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            queue_task(IMPORT, ask_to_undo(run_id=pk, reason=reason, by=request.actor))
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
    run = run_for(pk, request.actor)
    if run is None:
        raise Http404
    return run


def _head(run: ImportRun) -> DetailHead:
    duties = {
        ImportStage.NEEDS_COLUMNS: _("上传人：指定无法识别的列"),
        ImportStage.PREVIEW: _("上传人：核对后确认导入，或放弃"),
    }
    return DetailHead(
        title=run.file_name, state=badge(run), code=f"#{run.pk}", duty=duties.get(ImportStage(run.stage), "")
    )


def _proposed(run: ImportRun) -> list[Tile]:
    if not run.rows_proposed:
        return []
    url = reverse("proposal_list")
    return [Tile(f"{run.rows_proposed:,}", _("待监管部门审核"), url, tone=Tone.DUE)]


def _tiles(run: ImportRun) -> list[Tile]:
    if run.stage in {ImportStage.UPLOADED, ImportStage.READING, ImportStage.REFUSED}:
        return []
    mine = reverse("instrument_list") + f"?import_run={run.pk}"
    report = reverse("import_report", args=[run.pk])
    tiles = [Tile(f"{run.rows_read:,}", _("读到的行"), report)]
    if run.stage in {ImportStage.DONE, ImportStage.COMMITTING, ImportStage.UNDONE, ImportStage.UNDOING}:
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

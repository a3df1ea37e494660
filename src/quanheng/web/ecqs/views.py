"""Pages of the exchange of files with e-CQS. A worker reads and writes; the pages start it and show it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.exchange.acts import BY_FILE
from quanheng.apps.exchange.enums import Content, Direction
from quanheng.apps.exchange.queries import ecqs_runs
from quanheng.apps.exchange.services.export_to_ecqs import start_export
from quanheng.apps.exchange.services.receive_results import receive_results
from quanheng.apps.exchange.services.report_results import write_report
from quanheng.apps.exchange.services.runs import files_dir
from quanheng.apps.exchange.tasks import ECQS
from quanheng.kit.sheets import SheetRefused
from quanheng.kit.tasks import AT_WORK, TaskState, queue_task
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.downloads import sheet_answer
from quanheng.web.ecqs.forms import ExportForm, ResultsForm
from quanheng.web.parts import DetailHead, Tile, Tone
from quanheng.web.tasks.page import badge, progress_of

if TYPE_CHECKING:
    from quanheng.apps.exchange.models import ExchangeRun

SHOWN = 20  # the others are in the report


@office(*BY_FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def ecqs_export(request: OfficeRequest) -> HttpResponse:
    """Start an export; a worker writes the file as soon as the act commits."""
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            run = start_export(
                content=Content(form.cleaned_data["content"]), kind=form.cleaned_data["kind"],
                whole=form.cleaned_data["whole"], by=request.actor, at=timezone.now(),
            )  # fmt: skip
            queue_task(ECQS, run)
            return redirect("ecqs_run", run.pk)
    return render(request, "ecqs/export.html", {"form": form})


@office(*BY_FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def ecqs_import(request: OfficeRequest) -> HttpResponse:
    """Take a file of results; a worker reads it as soon as the act commits."""
    form = ResultsForm(request.POST, request.FILES) if request.method == "POST" else ResultsForm()
    if form.is_valid():
        with refusals_on(form, field="file"):
            file = form.cleaned_data["file"]
            run = receive_results(name=file.name, chunks=file.chunks(), by=request.actor, at=timezone.now())
            queue_task(ECQS, run)
            return redirect("ecqs_run", run.pk)
    return render(request, "ecqs/import.html", {"form": form})


@office(*OFFICERS)
@require_safe
def ecqs_run(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a run: its progress, its counts, the rows that somebody has to look at, its file."""
    run = _run(request, pk)
    context = {
        "run": run,
        "head": DetailHead(title=run.file_name, state=badge(run), code=f"#{run.pk}"),
        "progress": progress_of(ECQS, run, request.actor) if run.state in AT_WORK else None,
        "tiles": _tiles(run),
        "rows": ecqs_runs.not_taken(run).order_by("outcome", "position")[:SHOWN],
        "more": max(0, run.conflicts + run.rejected - SHOWN),
        "has_file": _has_file(run),
        "has_report": _has_report(run),
    }
    return render(request, "ecqs/run.html", context)


@office(*OFFICERS)
@require_safe
def ecqs_file(request: OfficeRequest, pk: int) -> FileResponse:
    """Download what was exported."""
    run = _run(request, pk)
    path = files_dir() / run.file_path
    if not _has_file(run) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=run.file_name)


@office(*OFFICERS)
@require_safe
def ecqs_report(request: OfficeRequest, pk: int) -> FileResponse | HttpResponse:
    """Download the sheet that was imported, with what became of each row beside it."""
    run = _run(request, pk)
    if not _has_report(run):
        raise Http404
    try:
        return sheet_answer(partial(write_report, run), f"{Path(run.file_name).stem}-处理结果.xlsx")
    except SheetRefused as refused:  # the file is gone after its term
        messages.warning(request, refused.message)
        return redirect("ecqs_run", pk)


def _run(request: OfficeRequest, pk: int) -> ExchangeRun:
    run = ecqs_runs.run(pk, request.actor)
    if run is None:
        raise Http404
    return run


def _has_file(run: ExchangeRun) -> bool:
    return run.has_result and run.state == TaskState.DONE


def _has_report(run: ExchangeRun) -> bool:
    """Also of an import that was refused half-way: what it had taken by then stays taken."""
    return run.direction == Direction.IN and run.state not in AT_WORK and run.rows > 0


def _tiles(run: ExchangeRun) -> list[Tile]:
    if _has_file(run):
        return [Tile(f"{run.rows:,}", _("导出的行"), reverse("ecqs_file", args=[run.pk]))]
    if not _has_report(run):
        return []
    report = reverse("ecqs_report", args=[run.pk])
    counts = (
        (run.rows, _("读到的行"), Tone.QUIET),
        (run.taken, _("已登记"), Tone.OK),
        (run.known, _("已有，无变化"), Tone.QUIET),
        (run.conflicts, _("有冲突"), Tone.BAD if run.conflicts else Tone.QUIET),
        (run.rejected, _("未登记"), Tone.DUE if run.rejected else Tone.QUIET),
    )
    return [Tile(f"{count:,}", text, report, tone=tone) for count, text, tone in counts]

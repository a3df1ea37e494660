"""成批录入: a day's results pasted or uploaded, judged in a preview, recorded when they are confirmed."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates.queries.lines import at_bench_by_serial_number, standards_for
from quanheng.apps.certificates.services.completing import lay
from quanheng.apps.certificates.services.judge_readings import judge
from quanheng.apps.certificates.services.record_examination import Findings, record_examination
from quanheng.apps.instruments.enums import Result, VerificationKind
from quanheng.apps.instruments.queries.ledger import parts_in_service
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.sheets import SheetRefused, read_rows
from quanheng.metrology.examinations.template import Template
from quanheng.web import refusals
from quanheng.web.access import OfficeRequest, office
from quanheng.web.examinations.pasting import HEADERS, OF_WHOLE, cells_of, in_words, keys_of
from quanheng.web.examinations.readings import YES, Row, columns_of, readings_of
from quanheng.web.fields import day_input
from quanheng.web.kept_forms.answers import keep_step

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import ApplicationLine

NO_WORD = "不符合"
MOST_ROWS, MOST_BYTES = 5_000, 5 * 1024 * 1024


class BatchForm(forms.Form):
    """Paste or file, and the day they are of."""

    verified_on = forms.DateField(
        label=_("检定日期"), initial=timezone.localdate,
        widget=day_input(),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("检定类别"), choices=VerificationKind.choices, initial=VerificationKind.SUBSEQUENT
    )
    pasted = forms.CharField(
        label=_("粘贴表格"), required=False, max_length=2_000_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("从表格软件复制，连同表头；需要的列见下方“各类器具的列”。"),
    )  # fmt: skip
    file = forms.FileField(
        label=_("或上传文件"), required=False, help_text=_("xlsx、xls 或 csv，不超过 5 MB。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        file = data.get("file")
        if file and file.size > MOST_BYTES:
            self.add_error("file", _("文件超过 5 MB，请分几次上传。"))
        if not file and not data.get("pasted", "").strip():
            self.add_error("pasted", _("请粘贴表格或选择文件。"))
        return data


@dataclass(slots=True)
class Judged:
    """One instrument of the sheet: its line, its readings, and what would come of them."""

    serial: str
    points: int
    line: ApplicationLine | None = None
    findings: Findings | None = None
    result: str = ""
    fault: str = ""


@office(Role.VERIFIER)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: OfficeRequest) -> HttpResponse:
    """Take the sheet, show what would be recorded, record it."""
    sent = request.method == "POST"
    form = BatchForm(request.POST if sent else None, request.FILES if sent else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            text = _text_of(form)
            judged = _judged(request, form, text)
        except (RuleBroken, SheetRefused) as refusal:
            form.add_error("pasted", str(refusal))
        else:
            if request.POST.get("confirmed"):
                return _record(request, judged)
            keep_step(request)
            context |= {"judged": judged, "text": text, "good": sum(not one.fault for one in judged)}
    return render(request, "examinations/batch.html", context)


def _text_of(form: BatchForm) -> str:
    """Return the sheet as tab-separated text, whichever way it came."""
    file = form.cleaned_data["file"]
    if not file:
        return str(form.cleaned_data["pasted"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet{Path(file.name).suffix.lower()}"
        path.write_bytes(b"".join(file.chunks()))
        rows = [[_as_text(cell) for cell in row.cells] for row in read_rows(path)]
    return "\n".join("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row) for row in rows)


def _as_text(cell: object) -> str:
    """Write a cell as the clerk saw it: a whole number has no decimal point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return "" if cell is None else str(cell)


def _judged(request: OfficeRequest, form: BatchForm, text: str) -> list[Judged]:
    table = cells_of(text)
    if len(table) > MOST_ROWS:
        raise refusals.TOO_MANY_ROWS(most=MOST_ROWS)
    at = _heading(table)
    serials = keys_of(table[at], ["serial"])
    by_serial: dict[str, list[list[str]]] = {}
    for cells in table[at + 1 :]:
        if serial := dict(zip(serials, cells, strict=False)).get("serial", ""):
            by_serial.setdefault(serial, []).append(cells)
    found = at_bench_by_serial_number(by_serial, request.actor)
    sheet = (form, table[at])
    return [_one(request, sheet, serial, some, found.get(serial, [])) for serial, some in by_serial.items()]


def _heading(table: Sequence[list[str]]) -> int:
    """Return the row of the heading."""
    for number, cells in enumerate(table[:20]):
        if "serial" in (known := keys_of(cells, HEADERS)) and len({name for name in known if name}) > 2:
            return number
    raise refusals.NO_HEADER()


def _one(
    request: OfficeRequest, sheet: tuple[BatchForm, list[str]], serial: str, rows: Sequence[list[str]],
    found: Sequence[ApplicationLine],
) -> Judged:  # fmt: skip
    judged = Judged(serial, len(rows))
    if len(found) != 1:
        judged.fault = (
            gettext("该编号对应多台待检器具，请逐台录入") if found else gettext("未找到该编号的待检器具")
        )
        return judged
    judged.line = found[0]
    try:
        judged.findings = _findings(sheet, found[0], rows)
        judged.result = str(_verdict(request, found[0], judged.findings).label)
    except RuleBroken as refusal:
        judged.fault = refusal.message
    return judged


def _findings(
    sheet: tuple[BatchForm, list[str]], line: ApplicationLine, rows: Sequence[list[str]]
) -> Findings:  # fmt: skip
    form, header = sheet
    day, kind = form.cleaned_data["verified_on"], VerificationKind(form.cleaned_data["kind"])
    standard = standards_for(line).first()
    if standard is None:
        raise refusals.NO_STANDARD_FOR_ITEM()
    whole = _of_whole(header, rows)
    template = lay(line.instrument, kind, day, regulation=whole["regulation"]).template
    columns = columns_of(template)
    names = keys_of(header, [column.key for column in columns])
    empty = dict.fromkeys((column.key for column in columns), "")
    read = [empty | in_words(dict(zip(names, cells, strict=False)), template) for cells in rows]
    readings = readings_of(template, read, _checks(header, rows, template))
    clauses = {one.title: one.name for one in template.allowances}
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"batch {line.pk} {line.changed_at.isoformat()} {readings} {whole}")
    return Findings(
        day, kind, standard.pk, readings, remarks=whole["remarks"], regulation=whole["regulation"],
        allowance=clauses.get(whole["allowance"], whole["allowance"]), entry_key=key,
    )  # fmt: skip


def _of_whole(header: Sequence[str], rows: Sequence[list[str]]) -> Row:
    """Return what a sheet says of the whole instrument: the first cell of each such column that is filled."""
    names = keys_of(header, OF_WHOLE)
    cells = [dict(zip(names, row, strict=False)) for row in rows]
    return {name: next((row[name] for row in cells if row.get(name)), "") for name in OF_WHOLE}


def _checks(header: Sequence[str], rows: Sequence[list[str]], template: Template) -> Row:
    """Return the answers to what was looked at: each check has a column of its own."""
    answers: Row = {}
    for check in template.checks:
        columns = [at for at, cell in enumerate(header) if cell == check.title]
        said = [cells[at] for at in columns for cells in rows if at < len(cells) and cells[at]]
        answers[check.name] = NO_WORD if any(one not in YES for one in said) else next(iter(said), "")
    return answers


def _verdict(request: OfficeRequest, line: ApplicationLine, findings: Findings) -> Result:
    parts = parts_in_service([line.instrument_id], request.actor).get(line.instrument_id, {})
    return judge(
        line.instrument, findings.readings, findings.kind, findings.verified_on,
        regulation=findings.regulation, allowance=findings.allowance, parts=tuple(parts),
    ).result  # fmt: skip


def _record(request: OfficeRequest, judged: Sequence[Judged]) -> HttpResponse:
    """Record each good one by itself: a fault in one does not hold up the day."""
    done, faults = 0, []
    for one in judged:
        if one.line is None or one.findings is None or one.fault:
            continue
        try:
            record_examination(
                line_id=one.line.pk, findings=one.findings, by=request.actor, at=timezone.now()
            )
            done += 1
        except (RuleBroken, NotYours) as refusal:
            faults.append(f"{one.serial}：{refusal.message}")
    messages.success(request, gettext("已录入 %(count)d 台（件）。") % {"count": done})
    for fault in faults[:20]:
        messages.error(request, fault)
    return redirect("examination_list")

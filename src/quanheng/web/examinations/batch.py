"""成批录入: a day's results pasted or uploaded, judged in a preview, recorded when they are confirmed."""

from __future__ import annotations

import re
import tempfile
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.apps.certificates.services.judging import judge
from quanheng.apps.certificates.services.record_examination import Findings, record_examination
from quanheng.apps.instruments.enums import VerificationKind
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.sheets import SheetRefused, read_rows
from quanheng.web.access import OfficeRequest, office
from quanheng.web.examinations.forms import standards_for
from quanheng.web.examinations.readings import Row, kind_of, readings_of
from quanheng.web.examinations.views import AT_BENCH, lines

HEADERS = {
    "serial": ("出厂编号", "编号", "器具编号"), "test": ("项目",), "load_g": ("载荷", "标准值"),
    "indication_g": ("示值",), "added_g": ("附加砝码",), "position": ("偏载位置", "位置"),
    "nozzle": ("油枪号", "油枪"), "fuel": ("油品",), "flow": ("流量点", "流量"),
    "indicated_l": ("示值",), "measured_l": ("量器读数", "量器"),
    "dispenser_celsius": ("加油机油温",), "measure_celsius": ("量器油温",),
}  # fmt: skip
WORDS = {
    "称量": "weighing", "偏载": "eccentricity", "重复性": "repeatability", "零点": "zero", "汽油": "petrol",
    "柴油": "diesel",
}  # fmt: skip
MOST_ROWS, MOST_BYTES = 5_000, 5 * 1024 * 1024


class BatchForm(forms.Form):
    """Paste or file, and the day they are of."""

    verified_on = forms.DateField(
        label=_("检定日期"), initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("检定类别"), choices=VerificationKind.choices, initial=VerificationKind.SUBSEQUENT
    )
    pasted = forms.CharField(
        label=_("粘贴表格"), required=False, max_length=2_000_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("从表格软件复制，连同表头。秤：出厂编号、项目、载荷、示值；加油机：出厂编号、油枪号、油品、流量点、示值、量器读数。"),
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
    table = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]
    if len(table) > MOST_ROWS:
        raise RuleBroken("too_many_rows", f"一次最多 {MOST_ROWS} 行，请分几次录入。")
    header, rows = _split(table)
    by_serial: dict[str, list[Row]] = {}
    for cells in rows:
        row = dict(zip(header, cells, strict=False))
        if serial := row.get("serial", ""):
            by_serial.setdefault(serial, []).append(row)
    found = _lines(request, by_serial)
    return [_one(form, serial, some, found.get(serial, [])) for serial, some in by_serial.items()]


def _split(table: Sequence[list[str]]) -> tuple[list[str], Sequence[list[str]]]:
    for number, cells in enumerate(table[:20]):
        names = [_field(cell, table[number]) for cell in cells]
        if "serial" in names and len({name for name in names if name}) > 2:
            return names, table[number + 1 :]
    raise RuleBroken("no_header", "没有找到表头：第一行应有“出厂编号”“载荷”“示值”等列名。")


def _field(cell: str, header: Iterable[str]) -> str:
    """Name a column; 示值 is litres where a 量器 column stands in the same header."""
    plain = re.split(r"[（(]", cell, maxsplit=1)[0].strip()
    litres = any("量器" in other for other in header)
    names = [name for name, words in HEADERS.items() if plain in words]
    if names == ["indication_g", "indicated_l"]:
        return names[litres]
    return names[0] if names else ""


def _lines(request: OfficeRequest, serials: Iterable[str]) -> dict[str, list[ApplicationLine]]:
    rows = lines(request).filter(state__in=AT_BENCH, instrument__serial_number__in=list(serials))
    found: dict[str, list[ApplicationLine]] = {}
    for line in rows:
        found.setdefault(line.instrument.serial_number, []).append(line)
    return found


def _one(form: BatchForm, serial: str, rows: Sequence[Row], found: Sequence[ApplicationLine]) -> Judged:
    judged = Judged(serial, len(rows))
    if len(found) != 1:
        judged.fault = _t("有几台待检器具用这个编号，请逐台录入") if found else _t("没有这个编号的待检器具")
        return judged
    line = judged.line = found[0]
    day, kind = form.cleaned_data["verified_on"], VerificationKind(form.cleaned_data["kind"])
    standard = standards_for(line).first()
    try:
        if standard is None:
            raise RuleBroken("standard_not_found", _t("本机构没有适用于这类器具的计量标准"))
        table = kind_of(line.instrument)
        readings = readings_of(table, [_complete(row) for row in rows])
        judged.result = str(judge(line.instrument, readings, kind, day).result.label)
        key = uuid.uuid5(uuid.NAMESPACE_OID, f"batch {line.pk} {line.changed_at.isoformat()} {readings}")
        judged.findings = Findings(day, kind, standard.pk, readings, entry_key=key)
    except RuleBroken as refusal:
        judged.fault = refusal.message
    return judged


def _complete(row: Row) -> Row:
    return {key: WORDS.get(row.get(key, ""), row.get(key, "")) for key in HEADERS}


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
    messages.success(request, _t("已录入 %(count)d 台。") % {"count": done})
    for fault in faults[:20]:
        messages.error(request, fault)
    return redirect("examination_list")

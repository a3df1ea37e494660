"""按表邀请: a sheet of staff is read into a form, checked row by row, put right there, sent as a whole."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.acts import UNITS
from quanheng.apps.accounts.enums import Role
from quanheng.apps.accounts.units import roles_given_by
from quanheng.apps.people.enums import InvitationWay
from quanheng.apps.people.services.invite_many import Wanted, invite_many
from quanheng.apps.people.staff_sheet import MOST, read_staff, write_template
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.sheets import SheetRefused
from quanheng.web.access import OfficeRequest, office
from quanheng.web.downloads import sheet_answer
from quanheng.web.people.papers import papers_page

LARGEST = 2 * 2**20
FIELDS = ("name", "phone", "role", "agency", "way")


class StaffSheetForm(forms.Form):
    """The sheet."""

    file = forms.FileField(
        label=gettext_lazy("人员表"),
        help_text=gettext_lazy("xlsx、xls 或 csv：姓名、手机号、岗位；可有机构、送达方式，最多 100 人。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is no list of people."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件太大，请只保留人员表，不超过 2 MB。"))
        return file


@dataclass(frozen=True, slots=True)
class Row:
    """One person as the page shows it: what stands in the fields, and why it is refused."""

    number: int
    wanted: Wanted
    refusal: str
    other_role: str = ""  # what was written for a role that is not among the choices


@office(*UNITS)
@sensitive_variables("tried")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_sheet(request: OfficeRequest) -> HttpResponse:
    """Read a sheet, show how each row was understood and what is wrong with it; then invite everybody."""
    form = StaffSheetForm(request.POST, request.FILES) if request.FILES else StaffSheetForm()
    people: list[Wanted] = []
    if request.FILES and form.is_valid():
        people = _read(form)
    elif request.method == "POST" and not request.FILES:
        people = _typed(request)
    if not people:
        if request.method == "POST" and not request.FILES:
            messages.error(request, _("请选择人员表。"))
        return _page(request, form, [])
    sends = request.POST.get("act") == "send"
    tried = invite_many(people, by=request.actor, at=timezone.now(), only_check=not sends)
    if not sends or tried.refused:
        return _page(request, form, _rows(request, people, tried.refused))
    by_text = sum(not each.code for each in tried.issued)
    if by_text:
        told = ngettext("%(count)d 条邀请短信将发出。", "%(count)d 条邀请短信将发出。", by_text)
        messages.success(request, told % {"count": by_text})
    if papers := [each for each in tried.issued if each.code]:
        return papers_page(request, papers, reverse("staff_page"), _("本单位账号"))
    return redirect("staff_page")


@office(*UNITS)
@require_safe
def staff_sheet_template(request: OfficeRequest) -> FileResponse:
    """Download an empty sheet."""
    roles = [role for role in Role if role in roles_given_by(request.actor)]
    return sheet_answer(partial(write_template, roles), _("人员表模板.xlsx"))


def _page(request: OfficeRequest, form: StaffSheetForm, rows: list[Row]) -> HttpResponse:
    given = roles_given_by(request.actor)
    return render(request, "people/staff_sheet.html", {
        "form": form, "rows": rows, "is_chief": request.actor.is_chief,
        "roles": [(role.value, role.label) for role in Role if role in given],
        "ways": InvitationWay.choices, "refused": sum(bool(row.refusal) for row in rows),
    })  # fmt: skip


def _rows(request: OfficeRequest, people: list[Wanted], refused: Mapping[int, str]) -> list[Row]:
    given = {role.value for role in roles_given_by(request.actor)}
    return [
        Row(number, one, refused.get(number - 1, ""), "" if one.role in given else _role_name(one.role))
        for number, one in enumerate(people, 1)
    ]


def _role_name(key: str) -> str:
    return str(Role(key).label) if key in Role.values else key


def _read(form: StaffSheetForm) -> list[Wanted]:
    file = form.cleaned_data["file"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet{Path(file.name).suffix.lower()[:5]}"
        path.write_bytes(file.read())
        try:
            return read_staff(path)
        except SheetRefused as refusal:
            form.add_error("file", str(refusal))
        except RuleBroken as refusal:
            form.add_error("file", refusal.message)
    return []


def _typed(request: OfficeRequest) -> list[Wanted]:
    """Return what stands in the fields of the page; a row whose fields are all empty is taken out."""
    columns = [request.POST.getlist(field)[:MOST] for field in FIELDS]
    return [
        Wanted(name.strip(), phone.strip(), role, agency.strip(), _way(way))
        for name, phone, role, agency, way in zip(*columns, strict=False)
        if name.strip() or phone.strip()
    ]


def _way(text: str) -> InvitationWay:
    return InvitationWay(text) if text in InvitationWay.values else InvitationWay.PAPER

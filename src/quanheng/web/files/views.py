"""照片和附件: one attached file, its content, taking it off; attaching to the file of an entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts.enums import ENTITY_ROLES, INSTITUTE_STAFF, OFFICERS
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.queries.attachments import as_attached, attachment
from quanheng.apps.instruments.services.attach import attach_to_entity
from quanheng.apps.instruments.services.withdraw_attachment import withdraw_attachment
from quanheng.apps.registry.queries import entity_file
from quanheng.kit.acts import may, verb_of
from quanheng.kit.attached_files import CONTENT_TYPES, DOCUMENT, ENDINGS
from quanheng.kit.tones import State, Tone
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.files.forms import AttachForm, WithdrawForm
from quanheng.web.parts import DetailHead, Fact, moment

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Attachment

READERS = OFFICERS | ENTITY_ROLES | INSTITUTE_STAFF
page_methods = require_http_methods(["GET", "HEAD", "POST"])


@office(*READERS)
@page_methods
def file_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a file with who attached it; take it off."""
    row = _row(request, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            withdraw_attachment(attachment_id=pk, reason=reason, by=request.actor, at=timezone.now())
            messages.success(request, _("已撤下。"))
            return redirect(_home(row))
    own = request.actor.is_officer or row.attached_by == request.actor.user_id
    return render(request, "files/file.html", {
        "row": row,
        "head": DetailHead(str(row), _badge(row)),
        "facts": _facts(row),
        "form": form,
        "home": _home(row),
        "is_there": row.forgotten_at is None and as_attached(row) is not None,
        "may_withdraw": row.is_open and own and may(acts.ATTACHMENT_WITHDRAWN, request.actor, row),
    })  # fmt: skip


@office(*READERS)
@require_safe
def file_content(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send what was attached; never what was put in its place. A PDF is handed out to be saved."""
    row = _row(request, pk)
    data = as_attached(row) if row.forgotten_at is None else None
    if data is None:
        raise Http404
    how = "attachment" if row.kind == DOCUMENT else "inline"
    headers = {"Content-Disposition": f'{how}; filename="file-{row.pk}{ENDINGS[row.kind]}"'}
    return HttpResponse(data, content_type=CONTENT_TYPES[row.kind], headers=headers)


@office(*(OFFICERS | ENTITY_ROLES))
@page_methods
def entity_attach(request: OfficeRequest, pk: int) -> HttpResponse:
    """Attach photos or papers to the file of an entity."""
    entity = entity_file(pk, request.actor)
    if entity is None or not may(acts.ATTACHED, request.actor, entity):
        raise Http404
    form = AttachForm(
        request.POST if request.method == "POST" else None, request.FILES or None, actor=request.actor
    )
    if form.is_valid():
        with refusals_on(form):
            data = form.cleaned_data
            attach_to_entity(
                entity_id=pk, files=data["photos"], title=data["title"], by=request.actor, at=timezone.now()
            )
            messages.success(request, _("已添加。"))
            return redirect(f"{reverse('entity_page', args=[pk])}#files")
    context = {
        "entity": entity, "form": form, "title": _("添加照片或附件"), "button": _("添加"),
        "text": _("添加人和时间记入操作记录；添加后可以撤下，但不能更改。"), "danger": False,
    }  # fmt: skip
    return render(request, "registry/form.html", context)


def _row(request: OfficeRequest, pk: int) -> Attachment:
    row = attachment(pk, request.actor)
    if row is None:
        raise Http404
    return row


def _home(row: Attachment) -> str:
    if row.instrument_id:
        return reverse("instrument_page", args=[row.instrument_id])
    return reverse("entity_page", args=[row.entity_id])


def _badge(row: Attachment) -> State:
    if row.withdrawn_at is not None:
        return State(_("已撤下"), Tone.BAD)
    return (
        State(_("已到期删除"), Tone.QUIET) if row.forgotten_at else State(row.get_kind_display(), Tone.INFO)
    )


def _facts(row: Attachment) -> list[Fact]:
    return [
        Fact(_("对象"), str(row.instrument or row.entity), _home(row)),
        Fact(_("随同的事项"), verb_of(row.verb).label),
        Fact(_("添加人"), row.attached_by_name),
        Fact(_("添加时间"), moment(row.attached_at)),
        Fact(_("内容摘要"), row.digest, code=True),
        Fact(_("撤下人"), row.withdrawn_by_name),
        Fact(_("撤下时间"), moment(row.withdrawn_at)),
        Fact(_("撤下原因"), row.withdraw_reason),
        Fact(_("到期删除时间"), moment(row.forgotten_at)),
    ]

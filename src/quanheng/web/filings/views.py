"""备案: the office's worklist and review; the entity's own view of what came back and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts import queries as accounts
from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import InstrumentState, Result
from quanheng.apps.instruments.queries.filings import (
    doubled_serials,
    draft_entities_of,
    returned_by_reason,
    unfiled_counts,
    waiting_batches,
    waiting_rows,
)
from quanheng.apps.instruments.services import file_instruments
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.queries import entity_file
from quanheng.apps.registry.services.confirm_entity import confirm_entity
from quanheng.kit.acts import may
from quanheng.kit.lists import find_source
from quanheng.kit.tones import Text, Tone
from quanheng.web import refusals
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.filings.forms import ACCEPT_ALL, RETURN, ReviewForm
from quanheng.web.parts import Tile

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import Area
    from quanheng.apps.instruments.models import Instrument
    from quanheng.apps.registry.models import Entity

BATCHES_SHOWN = 200
ROWS_SHOWN = 500
READERS = OFFICERS | ENTITY_ROLES


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One filing with what the reviewer should look at twice."""

    it: Instrument
    notes: Sequence[Text]
    checked: bool


@office(*READERS)
@require_safe
def filing_list(request: OfficeRequest) -> HttpResponse:
    """Show an officer what waits, an entity what it has to do."""
    return _own_filings(request) if request.actor.is_entity else _worklist(request)


def _worklist(request: OfficeRequest) -> HttpResponse:
    area = _area(request)
    first, last = (area.pk, area.last) if area else (None, None)
    batches = waiting_batches(request.actor, first=first, last=last, at_most=BATCHES_SHOWN + 1)
    context = {
        "batches": batches[:BATCHES_SHOWN],
        "more": len(batches) > BATCHES_SHOWN,
        "shown": BATCHES_SHOWN,
        "area": area,
        "area_text": area.full_name if area else "",
        "area_id": area.pk if area else "",
        "may_review": may(acts.FILING_ACCEPTED, request.actor),
    }
    return render(request, "filings/worklist.html", context)


def _area(request: OfficeRequest) -> Area | None:
    """Return the area that was picked, if it is inside the officer's own."""
    source = find_source("areas")
    value, text = request.GET.get("area", ""), request.GET.get("area_text", "").strip()
    if source is None or not (value or text):
        return None
    option = source.find(request.actor, value) if value else source.resolve(request.actor, text)
    return accounts.area(int(option.value)) if option else None


def _own_filings(request: OfficeRequest) -> HttpResponse:
    counts = unfiled_counts(request.actor)
    tones = {
        InstrumentState.DRAFT: Tone.INFO,
        InstrumentState.FILING: Tone.INFO,
        InstrumentState.RETURNED: Tone.DUE,
    }
    tiles = [
        Tile(str(counts.get(state, 0)), state.label, f"{reverse('instrument_list')}?state={state}", "", tone)
        for state, tone in tones.items()
    ]
    submit_url = reverse("list_bulk", args=["instruments", "submit"])
    context = {
        "tiles": tiles,
        "returned": returned_by_reason(request.actor),
        "drafts": counts.get(InstrumentState.DRAFT, 0),
        "submit_url": f"{submit_url}?reach=all&state=draft&back={reverse('filing_list')}",
    }
    return render(request, "filings/own.html", context)


@office(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def filing_review(request: OfficeRequest, pk: int) -> HttpResponse:
    """Review the filings of one market, company or shop."""
    entity = entity_file(pk, request.actor)
    if entity is None:
        raise Http404
    rows = list(waiting_rows(pk, request.actor)[: ROWS_SHOWN + 1])
    total = len(rows) if len(rows) <= ROWS_SHOWN else waiting_rows(pk, request.actor).count()
    rows = rows[:ROWS_SHOWN]
    sent = request.POST if request.method == "POST" else None
    form = ReviewForm(sent, ids=[row.pk for row in rows], initial={"seen": total})
    if form.is_valid() and may(acts.FILING_ACCEPTED, request.actor):
        with refusals_on(form):
            _decide(request, pk, form, total)
            return redirect("filing_list" if not waiting_rows(pk, request.actor).exists() else request.path)
    taken = {int(text) for text in request.POST.getlist("ids") if text.isdecimal()}
    context = {
        "entity": entity,
        "form": form,
        "rows": _review_rows(rows, taken, request),
        "total": total,
        "drafts": _draft_entities(rows, entity),
        "may_review": may(acts.FILING_ACCEPTED, request.actor),
        "reason_fault": bool(form.is_bound and form.errors.get("reason")),
    }
    return render(request, "filings/review.html", context)


def _decide(request: OfficeRequest, root_id: int, form: ReviewForm, total: int) -> None:
    data, at = form.cleaned_data, timezone.now()
    if data["decision"] == RETURN:
        count = file_instruments.return_filing(
            instrument_ids=data["ids"], reason=data["reason"], by=request.actor, at=at
        )
        messages.success(request, _("已退回 %(count)d 台（件），使用单位可以看到原因。") % {"count": count})
        return
    ids = data["ids"]
    if data["decision"] == ACCEPT_ALL:
        if data["seen"] != total:
            raise refusals.CHANGED_MEANWHILE()
        ids = list(waiting_rows(root_id, request.actor).values_list("pk", flat=True))
    if data["confirm_entities"]:
        _confirm_drafts(request, ids)
    count = file_instruments.accept(instrument_ids=ids, by=request.actor, at=at)
    messages.success(request, _("已通过 %(count)d 台（件）。") % {"count": count})


def _confirm_drafts(request: OfficeRequest, ids: Sequence[int]) -> None:
    used = draft_entities_of(ids, request.actor)
    for entity in used:
        confirm_entity(entity_id=entity.pk, by=request.actor, at=timezone.now())


def _draft_entities(rows: Sequence[Instrument], root: Entity) -> list[Entity]:
    entities = {row.entity_id: row.entity for row in rows} | {root.pk: root}
    return [entity for _pk, entity in sorted(entities.items()) if entity.state == EntityState.DRAFT]


def _review_rows(rows: Sequence[Instrument], taken: set[int], request: OfficeRequest) -> list[ReviewRow]:
    doubled, today = doubled_serials(rows, request.actor), timezone.localdate()
    return [ReviewRow(it, _notes(it, it.pk in doubled, today), it.pk in taken) for it in rows]


def _notes(it: Instrument, is_doubled: bool, today: date) -> list[Text]:
    notes: list[Text] = []
    if is_doubled:
        notes.append(_("出厂编号与另一台（件）相同"))
    if it.verified_on is None:
        notes.append(_("无检定记录"))
    elif it.result == Result.FAILED:
        notes.append(_("最近检定不合格"))
    elif it.valid_until and it.valid_until < today:
        notes.append(_("超期未检"))
    if not it.manufacturer:
        notes.append(_("无制造单位"))
    if it.entity.state == EntityState.DRAFT:
        notes.append(_("主体待确认"))
    return notes

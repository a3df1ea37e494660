"""The catalogue and its periods: read by everybody, kept by the province."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.instruments import acts
from quanheng.apps.instruments.queries.catalogue import catalogue, catalogue_item
from quanheng.apps.instruments.services.change_catalogue import add_period, confirm_period, set_synonyms
from quanheng.kit.acts import may
from quanheng.kit.dated import has_ended, holds_on
from quanheng.kit.tones import State, Text, Tone
from quanheng.web.access import OfficeRequest, office, refusals_on, signed_in
from quanheng.web.catalogue.forms import ConfirmPeriodForm, PeriodForm, SynonymsForm
from quanheng.web.parts import Fact

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import CatalogueItem, VerificationPeriod

page_methods = require_http_methods(["GET", "HEAD", "POST"])
KEEPERS = acts.RULES_CHANGED.who
SUPERVISION: dict[str, Text] = {
    "P": gettext_lazy("型式批准"),
    "V": gettext_lazy("强制检定"),
    "PV": gettext_lazy("型式批准、强制检定"),
}
MODES: dict[str, Text] = {
    "periodic": gettext_lazy("周期检定"),
    "first_only": gettext_lazy("只作首次强制检定"),
    "first_then_replace": gettext_lazy("首次检定，到期轮换"),
    "calibration": gettext_lazy("校准"),
}
CHECKED, UNCHECKED = State(gettext_lazy("已核实"), Tone.OK), State(gettext_lazy("未核实"), Tone.DUE)


@dataclass(frozen=True, slots=True)
class ShownPeriod:
    """One row of periods on a day."""

    row: VerificationPeriod
    months: Text
    state: State
    checked: State


@dataclass(frozen=True, slots=True)
class ShownItem:
    item: CatalogueItem
    supervision: Text
    mode: Text
    periods: list[ShownPeriod]
    checked: State


def shown_item(item: CatalogueItem, on: date) -> ShownItem:
    """Put an item into words."""
    return ShownItem(
        item, SUPERVISION.get(item.supervision, item.supervision), MODES.get(item.mode, item.mode),
        list(_periods(item, on)), CHECKED if item.verified else UNCHECKED,
    )  # fmt: skip


def _periods(item: CatalogueItem, on: date) -> Iterator[ShownPeriod]:
    for row in item.periods.all():
        months = _("%(months)d 个月") % {"months": row.months} if row.months else _("只作首次强制检定")
        state = State(_("施行中"), Tone.OK) if holds_on(row, on) else State(_("未到启用日期"), Tone.INFO)
        if has_ended(row, on):
            state = State(_("已停用"), Tone.QUIET)
        yield ShownPeriod(row, months, state, CHECKED if row.verified else UNCHECKED)


@signed_in
@require_safe
def catalogue_list(request: OfficeRequest) -> HttpResponse:
    """List the items in force today; `?q=` finds them by common names too."""
    text, today = request.GET.get("q", "").strip()[:60], timezone.localdate()
    items = [shown_item(item, today) for item in catalogue(today, text)]
    return render(request, "catalogue/list.html", {"items": items, "q": text})


@signed_in
@require_safe
def catalogue_page(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show one item with all its dated periods."""
    shown = shown_item(_item(pk), timezone.localdate())
    item = shown.item
    facts = [
        Fact(_("一级项目"), item.parent.name if item.parent else ""),
        Fact(_("监管方式"), shown.supervision),
        Fact(_("检定方式"), shown.mode),
        Fact(_("俗称"), _("、").join(item.synonyms)),
        Fact(_("医疗12类序号"), item.medical_class),
        Fact(_("启用日期"), item.valid_from),
        Fact(_("依据"), item.source, state=shown.checked),
    ]
    context = {"shown": shown, "facts": facts, "may_keep": may(acts.RULES_CHANGED, request.actor)}
    return render(request, "catalogue/item.html", context)


@office(*KEEPERS)
@page_methods
def period_new(request: OfficeRequest, pk: int) -> HttpResponse:
    """Add a dated row; the one it replaces ends the day before."""
    item = _item(pk)
    form = PeriodForm(request.POST if request.method == "POST" else None, item=item)
    if form.is_valid():
        with refusals_on(form):
            data = form.cleaned_data
            add_period(
                item_id=pk, regulation=data["regulation"], months=data["months"],
                valid_from=data["valid_from"], source=data["source"], verified=data["verified"],
                replaces_id=int(data["replaces"]) if data["replaces"] else None,
                by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已登记新的检定周期。"))
            return redirect("catalogue_item", pk)
    text = _("新规程另加一行，不覆盖旧的；按检定日期当天施行的计算。")
    context = {"form": form, "item": item, "title": _("新的检定周期"), "text": text}
    return render(request, "catalogue/form.html", context)


@office(*KEEPERS)
@page_methods
def period_confirm(request: OfficeRequest, pk: int, period_id: int) -> HttpResponse:
    """Say that a row was compared with its source."""
    item = _item(pk)
    period = next((row for row in item.periods.all() if row.pk == period_id), None)
    if period is None:
        raise Http404
    form = ConfirmPeriodForm(
        request.POST if request.method == "POST" else None, initial={"source": period.source}
    )
    if form.is_valid():
        with refusals_on(form):
            confirm_period(
                period_id=period_id, source=form.cleaned_data["source"], by=request.actor, at=timezone.now()
            )
            messages.success(request, _("已标为核实。"))
            return redirect("catalogue_item", pk)
    context = {"form": form, "item": item, "title": _("核实检定周期"), "text": str(period)}
    return render(request, "catalogue/form.html", context)


@office(*KEEPERS)
@page_methods
def synonyms_edit(request: OfficeRequest, pk: int) -> HttpResponse:
    """Write the common names of an item."""
    item = _item(pk)
    form = SynonymsForm(
        request.POST if request.method == "POST" else None, initial={"synonyms": "\n".join(item.synonyms)}
    )
    if form.is_valid():
        with refusals_on(form, field="synonyms"):
            names = form.cleaned_data["synonyms"].splitlines()
            set_synonyms(item_id=pk, synonyms=names, by=request.actor, at=timezone.now())
            messages.success(request, _("俗称已保存。"))
            return redirect("catalogue_item", pk)
    return render(
        request, "catalogue/form.html", {"form": form, "item": item, "title": _("俗称"), "text": item.name}
    )


def _item(pk: int) -> CatalogueItem:
    item = catalogue_item(pk)
    if item is None:
        raise Http404
    return item

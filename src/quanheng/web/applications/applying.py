"""检定申请: choose instruments, see where they would go and when there is room, then apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.apps.certificates.queries.due import DUE_WITHIN, due_by, in_procedure
from quanheng.apps.certificates.queries.routes import Routing, routes_for
from quanheng.apps.certificates.services.apply_for_verification import (
    AT_ONCE,
    apply_for_verification,
    why_not,
)
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.apps.registry.queries import entities
from quanheng.kit.lists import find_source
from quanheng.kit.scope import ScopedQuerySet
from quanheng.kit.tones import State, Text
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.applications.forms import WishForm
from quanheng.web.instruments.labels import verdict
from quanheng.web.kept_forms.answers import keep_step

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import Application
    from quanheng.apps.instruments.models import Instrument

SHOWN = 300
WITHIN: tuple[tuple[int, Text], ...] = (
    (0, gettext_lazy("已到期或未经检定")),
    (7, gettext_lazy("7 天内到期")),
    (30, gettext_lazy("30 天内到期")),
    (60, gettext_lazy("60 天内到期")),
)


@dataclass(frozen=True, slots=True)
class Choosing:
    """What can be chosen.

    Args:
        rows: with how each stands and whether it is ticked.
        more: how many there are, when they are more than the page shows.
        within: days; None where instruments were named in the address.
        entity_id, entity: the market or company that was picked.
    """

    rows: Sequence[tuple[Instrument, State, bool]]
    more: int
    within: int | None
    entity_id: int | None
    entity: str
    needs_entity: bool

    choices = WITHIN


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be applied for.

    Args:
        refused: instruments that cannot be applied for, each with the reason.
        nowhere: instruments that no institute may verify here.
    """

    routing: Routing
    refused: Sequence[tuple[Instrument, str]]
    nowhere: Sequence[Instrument]

    @property
    def taken(self) -> Sequence[int]:
        """Return what the institutes would get."""
        return [pk for route in self.routing.routes for pk in route.instrument_ids]


@office(*(ENTITY_ROLES | (OFFICERS - {Role.INSPECTOR})))
@require_http_methods(["GET", "HEAD", "POST"])
def application_new(request: OfficeRequest) -> HttpResponse:
    """Choose, preview, apply: the page says in `step` where it is."""
    form = WishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        ids = _ids(request)
        if not ids:
            form.add_error(None, _("请先勾选器具，再申请。"))
        if form.is_valid():
            if request.POST.get("step") == "apply" and (done := _apply(request, form, ids)):
                return done
            if not form.errors:
                keep_step(request)
                preview = _preview(request, form, ids)
                context = {"form": form, "preview": preview, "back": request.get_full_path()}
                return render(request, "applications/preview.html", context)
    context = {"form": form, "choosing": _choosing(request), "at_once": AT_ONCE}
    return render(request, "applications/choose.html", context)


def _apply(request: OfficeRequest, form: WishForm, ids: Sequence[int]) -> HttpResponse | None:
    made: list[Application] = []
    with refusals_on(form):
        made = apply_for_verification(
            instrument_ids=ids, wish=form.wish(), by=request.actor, at=timezone.now()
        )
    if not made:
        return None
    text = _("已申请 %(count)d 台（件），分送 %(institutes)d 家检定机构。")
    institutes = len({one.institute_id for one in made})
    messages.success(request, text % {"count": len(ids), "institutes": institutes})
    if len(made) == 1:
        return redirect("application_page", made[0].pk)
    return redirect(f"{reverse('application_list')}?state=applied")


def _preview(request: OfficeRequest, form: WishForm, ids: Sequence[int]) -> Preview:
    rows = list(ledger(request.actor).filter(pk__in=ids).select_related("entity").order_by("pk"))
    open_ones = in_procedure(row.pk for row in rows)
    refusals = [(row, why_not(row, open_ones)) for row in rows]
    free = [row for row, refusal in refusals if refusal is None]
    routing = routes_for(free, form.cleaned_data["wanted_on"])
    return Preview(
        routing=routing,
        refused=[(row, refusal.message) for row, refusal in refusals if refusal],
        nowhere=[row for row in free if row.pk in set(routing.nowhere)],
    )


def _ids(request: OfficeRequest) -> list[int]:
    """Return what was ticked, which the preview carries on, or all that is due."""
    posted = request.POST
    if posted.get("reach") == "all":
        rows, _entity = _candidates(request)
        return list(rows.values_list("pk", flat=True)[: AT_ONCE + 1])
    texts = posted.getlist("instrument")
    return sorted({int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19})


def _choosing(request: OfficeRequest) -> Choosing:
    today = timezone.localdate()
    rows, entity = _candidates(request)
    named = request.GET.getlist("instrument")
    needs_entity = not (named or entity or request.actor.is_entity)
    found = [] if needs_entity else list(rows.select_related("entity")[: SHOWN + 1])
    total = rows.order_by().count() if len(found) > SHOWN else 0
    ticked = set(_ids(request)) if request.method == "POST" else None
    return Choosing(
        rows=[
            (row, verdict(row, today), ticked is None or row.pk in ticked) for row in found[:SHOWN]
        ],
        more=total,
        within=None if named else _within(request.GET),
        entity_id=entity[0] if entity else None,
        entity=entity[1] if entity else "",
        needs_entity=needs_entity,
    )  # fmt: skip


def _candidates(request: OfficeRequest) -> tuple[ScopedQuerySet[Instrument], tuple[int, str] | None]:
    """Return the instruments that the address names or that are due, and the entity it narrows them to."""
    query, by = request.GET, request.actor
    if named := [int(text) for text in query.getlist("instrument") if text.isdecimal() and len(text) < 19]:
        return ledger(by).filter(pk__in=named[:SHOWN]).order_by("pk"), None
    rows = due_by(by, timezone.localdate() + timedelta(days=_within(query)))
    entity = _entity(request)
    if entity is not None:
        rows = rows.filter(root_id=entity[0])
    return rows.order_by("trusted_until", "pk"), entity


def _entity(request: OfficeRequest) -> tuple[int, str] | None:
    """Return root and name of the entity that was picked, or typed where no script runs."""
    source, by = find_source("entities"), request.actor
    value, text = request.GET.get("at", ""), request.GET.get("at_text", "").strip()
    if source is None or not (value or text):
        return None
    option = source.find(by, value) if value else source.resolve(by, text)
    entity = entities(by).filter(pk=int(option.value)).first() if option else None
    return (entity.root_id or entity.pk, entity.name) if entity else None


def _within(query: QueryDict) -> int:
    text = query.get("within", "")
    days = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else DUE_WITHIN.days
    return days if days in dict(WITHIN) else DUE_WITHIN.days

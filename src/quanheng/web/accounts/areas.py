"""Pages of the divisions: the tree, one area with its history, and its reorganisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quanheng.apps.accounts import queries
from quanheng.apps.accounts.enums import AreaLevel, Role
from quanheng.apps.accounts.services.reorganise_area import Naming, found_area, merge_area, succeed_area
from quanheng.kit.tones import State, Tone
from quanheng.web.access import OfficeRequest, office, refusals_on
from quanheng.web.accounts.lists import AreaList
from quanheng.web.accounts.people_forms import FoundAreaForm, ReorganiseForm
from quanheng.web.parts import DetailHead, Fact

if TYPE_CHECKING:
    from quanheng.apps.accounts.models import Area


@office(*AreaList.roles or ())
@require_safe
def area_page(request: OfficeRequest, area_id: int) -> HttpResponse:
    """Show an area, what lies below it, and what it was before."""
    area = _area(area_id)
    may_change = request.actor.role is Role.SYSTEM_ADMINISTRATOR and area.valid_to is None
    state = State(_("已停用"), Tone.BAD) if area.valid_to else State(_("现行"), Tone.OK)
    context = {
        "area": area,
        "head": DetailHead(area.full_name, state, code=area.code),
        "path": queries.area_path(area)[:-1],
        "below": queries.sub_areas(area.pk, timezone.localdate()),
        "successions": queries.successions_of(area),
        "facts": [
            Fact(_("级别"), area.get_level_display()),
            Fact(_("启用日期"), area.valid_from),
            Fact(_("停用日期"), area.valid_to),
            Fact(_("曾用名"), "、".join(area.former_names)),
        ],
        "may_reorganise": may_change,
        "may_found": may_change and area.level < AreaLevel.STREET,
    }
    return render(request, "accounts/area.html", context)


@office(Role.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def area_found(request: OfficeRequest, area_id: int) -> HttpResponse:
    """Enter a division or a functional zone below an area."""
    above = _area(area_id)
    form = FoundAreaForm(request.POST or None, above=above.level)
    if form.is_valid():
        with refusals_on(form):
            asked = form.cleaned_data
            area = found_area(
                naming=Naming(asked["name"], asked["code"], AreaLevel(asked["level"]), above.pk),
                on=asked["on"], source=asked["source"], by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("区划已设立，可为其设立机构。"))
            return redirect("area_page", area.pk)
    return render(request, "accounts/area_found.html", {"form": form, "area": above})


@office(Role.SYSTEM_ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def area_reorganise(request: OfficeRequest, area_id: int) -> HttpResponse:
    """End an area and say what takes its place."""
    area = _area(area_id)
    form = ReorganiseForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            heir = _reorganise(area, form.cleaned_data, request)
            messages.success(request, _("区划已调整，现行数据已随之移交。"))
            return redirect("area_page", heir.pk)
    return render(request, "accounts/area_reorganise.html", {"form": form, "area": area})


def _reorganise(area: Area, asked: dict[str, Any], request: OfficeRequest) -> Area:
    terms: dict[str, Any] = {
        "on": asked["on"],
        "source": asked["source"],
        "by": request.actor,
        "at": timezone.now(),
    }
    if "into_id" in asked:
        return merge_area(area_id=area.pk, into_id=asked["into_id"], **terms)
    parent_id = asked.get("parent_id") or area.parent_id or 0
    naming = Naming(asked["name"], asked["code"], AreaLevel(area.level), parent_id)
    return succeed_area(area_id=area.pk, naming=naming, **terms)


def _area(area_id: int) -> Area:
    area = queries.area(area_id)
    if area is None:
        raise Http404
    return area

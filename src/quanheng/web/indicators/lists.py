"""The instruments behind a figure of the verification rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries import rates
from quanheng.kit.lists import Column, Filter, List
from quanheng.kit.lists.filters import NotUnderstood
from quanheng.web.indicators import asked as asking
from quanheng.web.parts import Link

PARTS = {
    "in_use": _("在用（分母）"),
    "verified": _("检定有效（分子）"),
    "claimed": _("检定有效，含使用单位自报的"),
    "gap": _("缺口：在用而无有效检定"),
}


@dataclass(frozen=True, slots=True)
class Behind:
    """One figure: where, when, which premises and class, which of the four numbers."""

    asked: asking.Asked
    part: rates.Part
    item: int | None
    only: bool

    def rows(self, actor: Any) -> QuerySet[Instrument]:
        place, selection = self.asked.place, self.asked.selection
        if self.item is not None:
            selection = rates.Selection(selection.premises, (self.item,))
        last = place.id if self.only else place.last
        return rates.instruments_behind(self.part, self.asked.day, place.id, last, selection, actor=actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Filter):
    """The figure whose rows are shown: several parameters of the address that mean something together."""

    template: ClassVar[str] = "indicators/figure_filter.html"

    @property
    def names(self) -> tuple[str, ...]:
        return ("part", "area", "day", "premises", "category", "item", "only")

    @property
    def parts(self) -> dict[str, Any]:
        return PARTS

    def read(self, query: QueryDict, actor: Any) -> Behind:
        item, part = query.get("item", ""), query.get("part") or "gap"
        if part not in PARTS or (item and not item.isdecimal()):
            raise NotUnderstood
        try:
            asked = asking.read({name: query.get(name, "") for name in self.names}, actor)
        except Http404:
            raise NotUnderstood from None
        return Behind(asked, cast(rates.Part, part), int(item) if item else None, query.get("only") == "1")

    def apply(self, rows: QuerySet[Any], value: Behind, actor: Any) -> QuerySet[Any]:
        return rows & value.rows(actor)

    def describe(self, value: Behind) -> str:
        place, day = value.asked.place.full_name, value.asked.day.isoformat()
        return _now("%(place)s %(day)s %(part)s") % {"place": place, "day": day, "part": PARTS[value.part]}


class RateRows(List[Instrument]):
    """Instruments in use on a day, or those of them with or without a verification that counts."""

    key = "rate-rows"
    title = _("受检率：数字背后的器具")
    intro = _("列出所选日期、区划和场所类型下计入受检率的器具。此后已迁出本辖区的器具不在此列。")
    model = Instrument
    roles = OFFICERS
    columns = (
        Column("serial_number", _("出厂编号"), lead=True, code=True),
        Column("name", _("器具名称")),
        Column("model", _("型号规格"), shown=False),
        Column("entity__name", _("使用单位")),
        Column("place", _("位置")),
        Column("area__full_name", _("行政区划"), shown=False),
        Column("state", _("状态")),
        Column("verified_on", _("最近检定日期")),
        Column("trusted_until", _("可信至")),
        Column("provenance", _("检定记录来源")),
        Column("certificate_number", _("证书编号"), shown=False, code=True),
    )
    filters = (Figure(key="figure", label=_("数字")),)
    default_sort = "id"
    empty_title = _("没有符合条件的器具")

    def rows(self, actor: Any) -> QuerySet[Instrument]:
        return Instrument.objects.visible_to(actor).select_related("entity", "area")

    def row_url(self, row: Instrument) -> str:
        return reverse("instrument_page", args=[row.pk])

    def crumbs(self) -> list[Link]:
        return [Link(_("受检率"), reverse("indicator_rate"))]

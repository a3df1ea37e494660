"""The instruments behind the figures of an indicator: one list for each, declared from the indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.indicators.queries.behind import instruments_behind
from quanheng.apps.indicators.queries.counts import Selection
from quanheng.apps.instruments.indicators import Indicator, indicators
from quanheng.apps.instruments.queries.ledger import ledger
from quanheng.kit.lists import Column, Filter, List
from quanheng.kit.lists.filters import NotUnderstood
from quanheng.web.addresses import page_of
from quanheng.web.indicators import asked as asking
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument


@dataclass(frozen=True, slots=True)
class Behind:
    """One figure: where, when, which premises and class, which of its numbers."""

    asked: asking.Asked
    part: str
    item: int | None
    only: bool

    def rows(self, actor: Any) -> QuerySet[Instrument]:
        place, selection = self.asked.place, self.asked.selection
        if self.item is not None:
            selection = Selection(selection.indicator, selection.premises, (self.item,))
        last = place.id if self.only else place.last
        return instruments_behind(self.part, self.asked.day, place.id, last, selection, actor=actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Filter):
    """The figure whose rows are shown: several parameters of the address that mean something together."""

    template: ClassVar[str] = "indicators/figure_filter.html"
    indicator: Indicator

    @property
    def names(self) -> tuple[str, ...]:
        return ("part", "area", "day", "premises", "category", "item", "only")

    @property
    def parts(self) -> dict[str, Any]:
        return {key: part.rows for key, part in self.indicator.parts.items()}

    def read(self, query: QueryDict, actor: Any) -> Behind:
        item, part = query.get("item", ""), query.get("part") or self.indicator.gap.key
        if part not in self.indicator.parts or (item and not item.isdecimal()):
            raise NotUnderstood
        try:
            values = {name: query.get(name, "") for name in self.names}
            asked = asking.read(self.indicator, values, actor)
        except Http404:
            raise NotUnderstood from None
        return Behind(asked, part, int(item) if item else None, query.get("only") == "1")

    def apply(self, rows: QuerySet[Any], value: Behind, actor: Any) -> QuerySet[Any]:
        return rows & value.rows(actor)

    def describe(self, value: Behind) -> str:
        place, day = value.asked.place.full_name, value.asked.day.isoformat()
        return gettext("%(place)s %(day)s %(part)s") % {
            "place": place,
            "day": day,
            "part": self.parts[value.part],
        }


class IndicatorRows(List["Instrument"]):
    """Instruments in use on a day, or those of them of which the indicator's rule holds, or does not."""

    indicator: ClassVar[Indicator]
    roles = OFFICERS
    columns = (
        Column("serial_number", _("出厂编号"), lead=True, code=True),
        Column("name", _("器具名称")),
        Column("model", _("型号/规格"), shown=False),
        Column("entity__name", _("使用单位")),
        Column("place", _("位置")),
        Column("area__full_name", _("行政区划"), shown=False),
        Column("state", _("状态")),
        Column("verified_on", _("最近检定日期")),
        Column("trusted_until", _("可信至")),
        Column("provenance", _("检定记录来源")),
        Column("certificate_number", _("证书编号"), shown=False, code=True),
        Column("code", _("器具码"), shown=False, code=True),
    )
    default_sort = "id"
    empty_title = _("暂无符合条件的器具")

    def rows(self, actor: Any) -> QuerySet[Instrument]:
        return ledger(actor).select_related("entity", "area")

    def row_url(self, row: Instrument) -> str:
        return page_of("instrument_page", row.pk)

    def crumbs(self) -> list[Link]:
        return [Link(self.indicator.name, reverse("indicator", args=[self.indicator.slug]))]


def rows_of(indicator: Indicator) -> type[IndicatorRows]:
    """Return the list of the instruments behind an indicator."""
    facts = {
        "indicator": indicator,
        "key": f"{indicator.slug}-rows",
        "title": format_lazy(_("{name}：器具明细"), name=indicator.name),
        "intro": format_lazy(
            _("列出所选日期、区划和场所类型下计入{name}的器具。此后已迁出本辖区的器具不在此列。"),
            name=indicator.name,
        ),
        "filters": (Figure(key="figure", label=_("数值"), indicator=indicator),),
    }
    return type(f"RowsOf{indicator.key}", (IndicatorRows,), facts)


ROWS = {indicator.slug: rows_of(indicator) for indicator in indicators()}

"""The register of instrument codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.instruments import acts as instruments_acts
from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.queries.codes import codes
from quanheng.apps.registry import acts as registry_acts
from quanheng.kit.acts import may
from quanheng.kit.lists import Choice, Column, DateRange, List, ListActor, Search
from quanheng.kit.tones import State, Tone
from quanheng.regulation.instrument_code import grouped, normalise
from quanheng.regulation.search_terms import read_term
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import InstrumentCode

TONES = {
    CodeState.BLANK: Tone.DUE,
    CodeState.ACTIVE: Tone.OK,
    CodeState.REPLACED: Tone.QUIET,
    CodeState.VOID: Tone.BAD,
}


def badge(row: InstrumentCode) -> State:
    """Return how a code stands, as a badge."""
    state = CodeState(row.state)
    return State(state.label, TONES[state])


class CodeSearch(Search):
    """A scanned address, a code as it is printed, its groups apart, or its beginning."""

    def apply(self, rows: QuerySet[Any], value: str, actor: ListActor) -> QuerySet[Any]:
        term = read_term(value)
        return super().apply(rows, term.code or normalise(term.text), actor)


class CodeList(List["InstrumentCode"]):
    """Every code that was issued in the area, blank ones too."""

    key = "codes"
    title = _("器具码")
    intro = _("空白码先印后绑；补发新码后，旧码显示“旧标签”。")
    roles = OFFICERS
    columns = (
        Column(
            "value", _("器具码"), value=lambda row: grouped(row.value), lead=True, code=True, sort="value"
        ),
        Column("state", _("状态"), value=badge),
        Column("batch", _("空白码批次")),
        Column("instrument__serial_number", _("出厂编号"), code=True),
        Column("instrument__name", _("器具名称")),
        Column("area__full_name", _("行政区划"), shown=False),
        Column("issued_at", _("赋码时间"), sort=True),
        Column("bound_at", _("绑定时间"), shown=False),
        Column("ended_at", _("停用时间"), shown=False),
        Column("end_reason", _("停用原因"), shown=False),
    )
    filters = (
        CodeSearch(label=_("器具码（开头几位）"), starts=("value",)),
        area_filter(),
        Choice(key="state", label=_("状态"), choices=CodeState.choices),
        Search(key="batch", label=_("空白码批次"), equals=("batch",)),
        Search(key="serial", label=_("出厂编号"), equals=("instrument__serial_number",), first=False),
        DateRange(key="issued_at", label=_("赋码日期"), on_time=True, first=False),
    )
    default_sort = "-issued_at"  # the batch of today is what somebody came for
    empty_title = _("暂无器具码")
    empty_text = _("备案通过的器具在“标签与二维码”中赋码；也可以先印一批空白码，到现场绑定。")

    def rows(self, actor: Any) -> QuerySet[InstrumentCode]:
        return codes(actor)

    def row_url(self, row: InstrumentCode) -> str:
        if row.instrument_id:
            return page_of("instrument_page", row.instrument_id)
        if row.state == CodeState.BLANK:
            return f"{reverse('code_bind')}?{urlencode({'code': row.value})}"
        return f"/s/{row.value}"

    def acts(self, actor: Any) -> Sequence[Link]:
        links = []
        if may(registry_acts.CODES_ISSUED, actor):
            links.append(Link(_("发放空白码"), reverse("code_blank_new"), "plus", primary=True))
        if may(instruments_acts.CODE_BOUND, actor):
            links.append(Link(_("现场绑码"), reverse("code_bind"), "qrcode", primary=not links))
        return links

"""Verification records: what was declared and waits for confirmation, what is disputed, and all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Case, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.instruments.enums import Provenance, Result
from quanheng.apps.instruments.queries.records import Waits, records, waiting_for
from quanheng.kit.lists import Choice, Column, DateRange, List, Search
from quanheng.kit.tones import State, Tone
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter
from quanheng.web.instruments.labels import doubt_words, source_state

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Verification

# What each waits for, and the act that it leads to.
WAITING: dict[str, tuple[Any, str]] = {
    Waits.UNCONFIRMED: (_("自报待核实"), "confirm-verification"),
    Waits.TURN: (_("作废、更正申请待我复核"), "decide-void"),
    Waits.DISPUTED: (_("他人提出的作废、更正申请"), "decide-void"),
    Waits.ASKED: (_("我提出的作废、更正申请"), "withdraw-dispute"),
}


# What leads on where a sending to repair is to be taken back.
SLUGS: dict[str, str] = {key: slug for key, (_words, slug) in WAITING.items()}
OF_REPAIRS: dict[str, str] = {
    Waits.DISPUTED: "decide-repair", Waits.ASKED: "withdraw-repair-mistake",
}  # fmt: skip


def _waiting(rows: QuerySet[Any], value: str, actor: Any) -> QuerySet[Any]:
    return rows.filter(waiting_for(value, actor))


def _turn(row: Verification) -> str:
    """Which of the things that wait a record is; empty for none."""
    if row.is_disputed:
        return Waits.ASKED if row.is_mine else Waits.DISPUTED  # type: ignore[attr-defined]  # annotated
    return Waits.UNCONFIRMED if row.is_unconfirmed else ""


def standing(row: Verification) -> State:
    """Return the badge of a record: what it is waiting for, or what became of it."""
    if row.in_error:
        return State(_("登记有误，已作废"), Tone.BAD)
    if row.disputed_at:
        return State(doubt_words(row), Tone.DUE)
    if row.voided_on:
        return State(_("已失效"), Tone.QUIET)
    return source_state(row.provenance)


class RecordList(List["Verification"]):
    """Every verification record of the officer's area."""

    key = "verification-records"
    title = _("检定记录")
    intro = _("自报的检定须对照证书核实；登记有误的须两人作废。国家平台的结果导入后自动核实。")
    by_area = True
    roles = OFFICERS
    columns = (
        Column("instrument__serial_number", _("出厂编号"), lead=True, code=True),
        Column("instrument__name", _("器具名称")),
        Column("instrument__entity__name", _("使用单位")),
        Column("verified_on", _("检定日期"), sort=True),
        Column("result", _("结论"), value=lambda row: Result(row.result).label),
        Column("valid_until", _("有效期至")),
        Column("certificate_number", _("证书编号"), code=True),
        Column("institute", _("检定机构")),
        Column("standing", _("状态"), value=standing),
        Column("provenance", _("来源"), value=lambda row: Provenance(row.provenance).label, shown=False),
        Column("dispute", _("申请作废理由"), shown=False),
        Column("recorded_at", _("登记时间"), shown=False),
        Column("area__full_name", _("行政区划"), shown=False),
    )
    filters = (
        Choice(
            key="waiting", label=_("待办"), choices=[(key, words[0]) for key, words in WAITING.items()],
            narrow=_waiting,
        ),
        area_filter(),
        Choice(key="provenance", label=_("来源"), choices=Provenance.choices),
        Search(label=_("证书编号或出厂编号"), equals=("certificate_number", "instrument__serial_number")),
        DateRange(key="verified_on", label=_("检定日期"), first=False),
    )  # fmt: skip
    empty_title = _("暂无符合条件的检定记录")
    empty_text = _("使用单位自报的检定、监管部门登记的检定和国家平台接收的检定都列在这里。")

    def rows(self, actor: Any) -> QuerySet[Verification]:
        whose = Case(When(disputed_by=actor.user_id, then=True), default=False, output_field=BooleanField())
        return records(actor).annotate(is_mine=whose)

    def row_url(self, row: Verification) -> str:
        if turn := _turn(row):
            slug = (OF_REPAIRS if row.asks_back else SLUGS)[turn]
            return reverse("instrument_act", args=[row.instrument_id, slug])
        return page_of("instrument_page", row.instrument_id)

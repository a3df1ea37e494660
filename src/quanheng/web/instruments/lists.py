"""The list of instruments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts import queries as accounts
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import InstrumentState, Provenance
from quanheng.apps.instruments.permissions import LEDGER_READERS
from quanheng.apps.instruments.queries.catalogue import items_of_category
from quanheng.apps.instruments.queries.conditions import MISSING, at_entity, at_stage, unconfirmed
from quanheng.apps.instruments.queries.ledger import graded, ledger_with_names
from quanheng.apps.instruments.queries.seals import has_disputed_seal
from quanheng.apps.instruments.queries.search import with_serial
from quanheng.apps.instruments.services import file_instruments
from quanheng.apps.instruments.services.act_on import impossible
from quanheng.apps.instruments.services.confirm_unchanged import confirm_unchanged, why_not
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.apps.registry.enums import PremisesKind
from quanheng.kit.acts import Verb, may
from quanheng.kit.lists import (
    BulkAct,
    Choice,
    Column,
    DateRange,
    Flag,
    List,
    ListActor,
    Outcome,
    Pick,
    Refused,
    Search,
    one_by_one,
)
from quanheng.kit.lists.filters import NotUnderstood
from quanheng.regulation.instrument_states import UNFILED, WITHOUT_CODE, Event, State, next_state
from quanheng.regulation.trust import Grade
from quanheng.web.addresses import page_of
from quanheng.web.instruments.labels import GRADE_WORDS, TO_SEE_TO, filing_state, validity, verdict
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

DUE_CHOICES = [
    ("overdue", _("超期未检")),
    ("7", _("7 天内到期")),
    ("15", _("15 天内到期")),
    ("30", _("30 天内到期")),
    ("90", _("90 天内到期")),
]
CATEGORIES = [
    ("scale", _("衡器")),
    ("fuel_dispenser", _("加油（气）机")),
    ("medical", _("医用")),
    ("other", _("其他")),
]
LABELS_AT_ONCE = 300  # the address of the next page names them; whole markets are printed from their file
STANDINGS = [("living", _("未报废")), ("unfiled", _("未备案"))]
GAPS = [
    ("code", _("无器具码")),
    ("serial", _("无出厂编号")),
    ("verification", _("无检定记录")),
    ("maker", _("无制造单位")),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSearch(Search):
    """Serial number (beginning or tail), certificate, seal or instrument code, as the header searches."""

    def apply(self, rows: QuerySet[Any], value: str, actor: Any) -> QuerySet[Any]:
        return with_serial(rows, value, actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNumber(Search):
    """The number of an import."""

    def read(self, query: QueryDict, actor: ListActor) -> str | None:  # noqa: ARG002 - as every filter
        text = query.get(self.key, "").strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise NotUnderstood
        return text or None

    def describe(self, value: str) -> str:
        return f"#{value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputedSeal(Flag):
    """Whether a whole seal carries a number that another whole seal carries too."""

    def apply(self, rows: QuerySet[Any], value: bool, actor: ListActor) -> QuerySet[Any]:
        found = has_disputed_seal(actor)
        return rows.filter(found if value else ~found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed(Flag):
    """Whether nobody has said for a period that it is there as the ledger has it."""

    def apply(self, rows: QuerySet[Any], value: bool, actor: ListActor) -> QuerySet[Any]:  # noqa: ARG002 - as every filter
        stale = unconfirmed(timezone.localdate())
        return rows.filter(stale if value else ~stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderReview(Flag):
    """Whether somebody asks for the verification that counts to be voided or revoked."""

    def apply(self, rows: QuerySet[Any], value: bool, actor: ListActor) -> QuerySet[Any]:  # noqa: ARG002 - as every filter
        return rows.filter(disputed_on__isnull=not value)


def in_area(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    """Keep the rows of an area and of everything below it."""
    area = accounts.area(int(value))
    return rows.filter(area_id__gte=area.pk, area_id__lte=area.last) if area else rows.none()


def _at_entity(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    return rows.filter(at_entity(int(value)))


def _of_grade(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    today = timezone.localdate()
    if value == TO_SEE_TO:
        return rows.filter(graded(Grade.RED, today) | graded(Grade.AMBER, today))
    return rows.filter(graded(Grade(value), today))


def _due(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    return at_stage(rows, value, timezone.localdate())


def _of_category(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    return rows.filter(item_id__in=items_of_category(value))


def _standing(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    if value == "unfiled":
        return rows.filter(state__in=UNFILED)
    return rows.exclude(state=InstrumentState.SCRAPPED)


def _gap(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    return rows.filter(MISSING[value])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def _refusal(verb: Verb, event: Event, row: Instrument, actor: Actor) -> str | None:
    if not may(verb, actor, row):
        return str(_("您的岗位不能办理此事项"))
    return None if next_state(State(row.state), event) else impossible(row, event).message


def _submit(rows: Sequence[Instrument], actor: Actor, at: datetime, _data: dict[str, Any]) -> Outcome:
    return Outcome(file_instruments.submit(instrument_ids=[row.pk for row in rows], by=actor, at=at))


def _accept(rows: Sequence[Instrument], actor: Actor, at: datetime, _data: dict[str, Any]) -> Outcome:
    return Outcome(file_instruments.accept(instrument_ids=[row.pk for row in rows], by=actor, at=at))


def _give_back(rows: Sequence[Instrument], actor: Actor, at: datetime, data: dict[str, Any]) -> Outcome:
    ids = [row.pk for row in rows]
    return Outcome(file_instruments.return_filing(instrument_ids=ids, reason=data["reason"], by=actor, at=at))


def _stop(rows: Sequence[Instrument], actor: Actor, at: datetime, data: dict[str, Any]) -> Outcome:
    on = timezone.localdate(at)
    return one_by_one(
        rows, lambda row: stop_use(instrument_id=row.pk, reason=data["reason"], on=on, by=actor, at=at)
    )


def _unchanged(rows: Sequence[Instrument], actor: Actor, at: datetime, _data: dict[str, Any]) -> Outcome:
    refused = confirm_unchanged(instrument_ids=[row.pk for row in rows], by=actor, at=at)
    kept = {row.pk: row for row in rows}
    return Outcome(len(rows) - len(refused), [Refused(kept[pk], why.message) for pk, why in refused.items()])


def _not_to_confirm(row: Instrument, actor: Actor) -> str | None:
    if not may(acts.UNCHANGED, actor, row):
        return str(_("您的岗位不能办理此事项"))
    refusal = why_not(row)
    return refusal.message if refusal else None


def _print(rows: Sequence[Instrument], _actor: Actor, _at: datetime, _data: dict[str, Any]) -> Outcome:
    chosen = urlencode([("instrument", row.pk) for row in rows])
    return Outcome(len(rows), url=f"{reverse('label_choose')}?{chosen}")


def _no_label(row: Instrument, actor: Actor) -> str | None:
    if not may(acts.LABELS_PRINTED, actor, row):
        return str(_("您的岗位不能办理此事项"))
    return None if row.state not in WITHOUT_CODE else str(_("备案通过后才能打印标签，已报废的不再打印"))


def _bulk(key: str, label: Any, verb: Verb, event: Event, run: Any, **more: Any) -> BulkAct:
    return BulkAct(
        key=key, label=label, run=run, check=partial(_refusal, verb, event), verb=verb,
        admits=lambda actor: may(verb, actor), most=5_000, **more,
    )  # fmt: skip


class InstrumentList(List["Instrument"]):
    """The ledger."""

    key = "instruments"
    title = _("计量器具")
    intro = _("一器一档。可按编号、证书、铅封或器具码查找。")
    by_area = True
    roles = LEDGER_READERS
    columns = (
        Column("serial_number", _("出厂编号"), sort=True, lead=True, code=True),
        Column("name", _("器具名称")),
        Column("model", _("型号/规格"), shown=False),
        Column("verdict", _("状态"), value=lambda row: verdict(row, timezone.localdate())),
        Column("state", _("办理状态"), value=filing_state, shown=False),
        Column("entity__name", _("使用单位")),
        Column("root__name", _("市场或上级")),
        Column("place", _("安装位置")),
        Column("area__full_name", _("行政区划"), shown=False),
        Column("premises", _("场所类型"), value=lambda row: PremisesKind(row.premises).label, shown=False),
        Column("item__name", _("目录项"), shown=False),
        Column("manufacturer", _("制造单位"), sort=True, shown=False),
        Column("accuracy_class", _("准确度等级"), shown=False),
        Column("verified_on", _("最近检定日期"), sort=True, shown=False),
        Column(
            "valid_until", _("有效期至"), sort=True, value=lambda row: validity(row, timezone.localdate())
        ),
        Column("certificate_number", _("证书编号"), code=True, shown=False),
        Column("institute", _("检定机构"), shown=False),
        Column("provenance", _("检定记录来源"), shown=False),
        Column("seal_broken", _("铅封破损"), shown=False),
        Column("seal_opened", _("已启封"), shown=False),
        Column("disputed_on", _("复核起始日期"), shown=False),
        Column("code", _("器具码"), code=True, shown=False),
        Column("import_run_id", _("导入批次"), shown=False),
        Column("confirmed_on", _("最近确认日期"), shown=False),
        Column("registered_at", _("登记时间"), sort=True, shown=False),
    )
    filters = (
        LedgerSearch(label=_("出厂编号（开头或末尾）、证书、铅封、器具码")),
        Pick(key="area", label=_("行政区划"), source="areas", narrow=in_area),
        Choice(
            key="grade",
            label=_("检定状况"),
            choices=[*((g.value, GRADE_WORDS[g]) for g in Grade), (TO_SEE_TO, _("不得使用或即将到期"))],
            narrow=_of_grade,
        ),
        Choice(key="provenance", label=_("检定记录来源"), choices=Provenance.choices, first=False),
        Choice(key="due", label=_("检定到期"), choices=DUE_CHOICES, narrow=_due),
        Choice(key="state", label=_("办理状态"), choices=InstrumentState.choices),
        Pick(key="at", label=_("使用单位或市场"), source="entities", narrow=_at_entity, first=False),
        Choice(key="premises", label=_("场所类型"), choices=PremisesKind.choices, first=False),
        Pick(key="item", label=_("目录项"), source="items", field="item_id", first=False, narrows=False),
        Choice(key="category", label=_("类别"), choices=CATEGORIES, narrow=_of_category, first=False),
        Choice(key="standing", label=_("在册"), choices=STANDINGS, narrow=_standing, first=False),
        Search(key="maker", label=_("制造单位"), starts=("manufacturer",), first=False),
        Flag(key="seal_broken", label=_("铅封破损"), first=False),
        Flag(key="seal_opened", label=_("已启封"), first=False),
        UnderReview(key="disputed", label=_("检定记录复核中"), first=False),
        Unconfirmed(key="unconfirmed", label=_("超期未确认"), first=False),
        DisputedSeal(key="disputed_seal", label=_("铅封编号重复"), first=False),
        Choice(key="gap", label=_("缺项"), choices=GAPS, narrow=_gap, first=False),
        DateRange(key="valid_until", label=_("有效期至"), first=False),
        DateRange(key="registered_at", label=_("登记日期"), on_time=True, first=False),
        RunNumber(key="import_run", label=_("导入批次"), equals=("import_run_id",), first=False),
    )
    bulk_acts = (
        _bulk("submit", _("提交备案"), acts.FILING_SUBMITTED, Event.SUBMIT, _submit, icon="upload"),
        _bulk("accept", _("通过备案"), acts.FILING_ACCEPTED, Event.ACCEPT, _accept, icon="check"),
        _bulk(
            "return",
            _("退回备案"),
            acts.FILING_RETURNED,
            Event.RETURN,
            _give_back,
            icon="arrow-left",
            form=ReasonForm,
        ),
        _bulk(
            "stop", _("停用"), acts.USE_STOPPED, Event.STOP, _stop, icon="ban", form=ReasonForm, danger=True
        ),
        BulkAct(
            key="unchanged", label=acts.UNCHANGED.label, run=_unchanged, check=_not_to_confirm, icon="check",
            admits=lambda actor: may(acts.UNCHANGED, actor), most=5_000,
        ),
        BulkAct(
            key="labels", label=_("打印标签"), run=_print, check=_no_label, icon="printer",
            admits=lambda actor: may(acts.LABELS_PRINTED, actor), most=LABELS_AT_ONCE,
        ),
    )  # fmt: skip
    empty_title = _("台账暂无器具")
    empty_text = _("可以逐台登记，也可以用表格一次导入。")

    def rows(self, actor: Any) -> QuerySet[Instrument]:
        return ledger_with_names(actor)

    def row_url(self, row: Instrument) -> str:
        return page_of("instrument_page", row.pk)

    def acts(self, actor: Any) -> Sequence[Link]:
        if not may(acts.INSTRUMENT_REGISTERED, actor):
            return ()
        return (Link(_("登记器具"), reverse("instrument_new"), "plus", primary=True),)

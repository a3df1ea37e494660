"""A list over the ledger for the tests of the component, and the addresses with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import include, path

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.kit import refusals
from quanheng.kit.lists import (
    BulkAct,
    Choice,
    Column,
    DateRange,
    Flag,
    List,
    Outcome,
    Pick,
    Search,
    one_by_one,
)
from quanheng.kit.tones import State, Tone
from quanheng.web.filters import area_filter
from quanheng.web.lists.views import list_view


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=100)


def stop(rows: Sequence[Instrument], actor: Actor, at: datetime, data: dict[str, Any]) -> Outcome:
    """Stop each one, but refuse what became unfit since the preview."""

    def act(row: Instrument) -> None:
        if row.serial_number == "REFUSED-LATE":
            raise refusals.CHANGED_MEANWHILE()
        row.state, row.return_reason = InstrumentState.STOPPED, data["reason"]
        row.save()

    return one_by_one(rows, act)


class LedgerList(List[Instrument]):
    key = "test-ledger"
    title = "台账"
    columns = (
        Column("serial_number", "出厂编号", sort=True, lead=True, code=True),
        Column("name", "器具名称"),
        Column("state", "状态"),
        Column("place", "安装位置", sort=True),
        Column("valid_until", "有效期至", sort=True),
        Column("standing", "标记", value=lambda row: State("有效", Tone.OK), shown=False),
        Column("entity__name", "使用单位", sort=True, shown=False),
    )
    filters = (
        Search(label="编号", starts=("serial_number",)),
        Choice(key="state", label="状态", choices=InstrumentState.choices, many=True),
        area_filter(),
        Pick(key="entity", label="使用单位", source="entities", field="entity_id"),
        DateRange(key="valid_until", label="有效期至"),
        Flag(key="seal_broken", label="铅封破损"),
    )
    bulk_acts = (
        BulkAct(
            key="stop",
            label="停用",
            run=stop,
            check=lambda row, _actor: "已经停用。" if row.state == InstrumentState.STOPPED else None,
            admits=lambda actor: actor.is_officer,
            form=ReasonForm,
            most=5,
        ),
    )
    default_sort = "serial_number"
    roles = OFFICERS | ENTITY_ROLES

    def rows(self, actor: Actor) -> QuerySet[Instrument]:
        return Instrument.objects.visible_to(actor).select_related("entity")

    def row_url(self, row: Instrument) -> str:
        return f"/test-ledger/{row.pk}/"


FAR = date(2027, 6, 30)
urlpatterns = [path("test-ledger/", list_view(LedgerList)), path("", include("quanheng.config.urls"))]

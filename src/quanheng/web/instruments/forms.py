"""Forms of filing, verification, checks and moves of one instrument."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import (
    CheckOutcome,
    InstrumentState,
)
from quanheng.apps.instruments.services.file_instruments import submit
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.regulation.instrument_states import Event
from quanheng.web.fields import day_field, long_field
from quanheng.web.instruments.act_form import ActForm
from quanheng.web.instruments.seal_forms import whole_seals
from quanheng.web.lists.fields import PickField

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

COMPARED = [("unknown", _("没有核对")), ("true", _("一致")), ("false", _("不一致"))]


class SubmitForm(ActForm):
    slug, verb, event, label, icon, main = (
        "submit",
        acts.FILING_SUBMITTED,
        Event.SUBMIT,
        _("提交备案"),
        "upload",
        True,
    )
    intro = _("提交后由辖区市场监管部门审核；检定合格前不得使用。")

    def act(self, *, by: Actor, at: datetime) -> object:
        return submit(instrument_ids=[self.instrument.pk], by=by, at=at)


class CheckForm(ActForm):
    slug, verb, label, icon, main = "check", acts.CHECKED, _("现场检查"), "clipboard-check", True
    intro = _("与实物逐项核对。发现铅封破损、需要停用或查封的，另行办理。")
    outcome = forms.ChoiceField(label=_("检查结果"), choices=CheckOutcome.choices, widget=forms.RadioSelect)
    serial_matches = forms.NullBooleanField(label=_("出厂编号与台账一致"), required=False)
    seals_match = forms.NullBooleanField(label=_("铅封编号与台账一致且完好"), required=False)
    words = long_field(_("情况说明"), required=False, most=500)
    on = day_field(_("检查日期"), today=True)

    def prepare(self) -> None:
        instrument = self.instrument
        seals = "、".join(seal.number for seal in whole_seals(instrument)) or _("无")
        self.fields["serial_matches"].help_text = _("台账：%(number)s") % {"number": instrument.serial_number}
        self.fields["seals_match"].help_text = _("台账：%(number)s") % {"number": seals}
        for name in ("serial_matches", "seals_match"):
            self.choice(name).widget.choices = COMPARED

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return record_check(
            instrument_id=self.instrument.pk, outcome=CheckOutcome(data["outcome"]), words=data["words"],
            on=data["on"], serial_matches=data["serial_matches"], seals_match=data["seals_match"],
            by=by, at=at,
        )  # fmt: skip


class MoveForm(ActForm):
    slug, verb, label, icon = "move", acts.INSTRUMENT_MOVED, _("变更地点或使用人"), "map-pin"
    intro = _("检定和铅封随器具走；原使用单位的档案里保留这一段历史。")
    entity = PickField(label=_("接收单位或摊位"), source="entities")
    place = forms.CharField(
        label=_("安装位置"), max_length=80, required=False, help_text=_("摊位号、科室、加油机号")
    )
    on = day_field(_("变更日期"), today=True)
    reason = long_field(_("原因"), required=False)

    def prepare(self) -> None:
        instrument = self.instrument
        field = cast(PickField, self.fields["entity"])
        field.actor = self.actor
        field.initial = (str(instrument.entity_id), instrument.entity.name)
        self.fields["place"].initial = instrument.place

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        moves = instrument.state != InstrumentState.SCRAPPED and instrument.parent_id is None
        return moves and not instrument.impounded

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return move_instrument(
            instrument_id=self.instrument.pk, entity_id=int(data["entity"].value), place=data["place"],
            on=data["on"], reason=data["reason"], by=by, at=at,
        )  # fmt: skip

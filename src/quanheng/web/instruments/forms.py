"""Forms of filing, verification, checks and moves of one instrument."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import (
    CheckOutcome,
    InstrumentState,
)
from quanheng.apps.instruments.services.attach import attach_to_instrument
from quanheng.apps.instruments.services.file_instruments import submit
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.record_check import check_team_on, record_check
from quanheng.regulation.instrument_states import Event
from quanheng.web.fields import day_field, long_field
from quanheng.web.instruments.act_form import ActForm
from quanheng.web.instruments.on_site_form import OnSiteForm
from quanheng.web.instruments.seal_forms import whole_seals
from quanheng.web.lists.fields import PickField
from quanheng.web.photos_field import PhotosField

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument


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


class CheckForm(OnSiteForm):
    slug, verb, label, icon, main = "check", acts.CHECKED, _("现场检查"), "clipboard-check", True
    intro = _("与实物逐项核对并拍照。发现不一致的，登记后可以接着办理铅封破损、变更地点或更正信息。")
    outcome = forms.ChoiceField(label=_("检查结果"), choices=CheckOutcome.choices, widget=forms.RadioSelect)
    serial_matches = forms.NullBooleanField(label=_("出厂编号与台账一致"), required=False)
    found_serial = forms.CharField(
        label=_("铭牌上的出厂编号"), max_length=80, required=False, help_text=_("与台账不一致时填写。")
    )
    seals_match = forms.NullBooleanField(label=_("铅封编号与台账一致且完好"), required=False)
    words = long_field(_("情况说明"), required=False, most=500)
    on = day_field(_("检查日期"), today=True)
    field_order = (
        "outcome", "serial_matches", "found_serial", "seals_match", "place_matches", "found_place",
        "words", "second_officer", "on", "longitude", "latitude", "photos",
    )  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        instrument = self.instrument
        seals = "、".join(seal.number for seal in whole_seals(instrument)) or _("无")
        self.fields["serial_matches"].help_text = _("台账：%(number)s") % {"number": instrument.serial_number}
        self.fields["seals_match"].help_text = _("台账：%(number)s") % {"number": seals}
        for name in ("serial_matches", "seals_match"):
            self.compare(name)
        if check_team_on(timezone.localdate()).needs_second_officer:
            self.fields["second_officer"].required = True

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return record_check(
            instrument_id=self.instrument.pk, outcome=CheckOutcome(data["outcome"]), words=data["words"],
            on=data["on"], serial_matches=data["serial_matches"], seals_match=data["seals_match"],
            found_serial=data["found_serial"], seen=self.seen(), by=by, at=at,
        )  # fmt: skip


class AttachForm(ActForm):
    slug, verb, label, icon = "attach", acts.ATTACHED, _("添加照片或附件"), "photo"
    intro = _("铭牌照片、证书扫描件等。添加人和时间记入操作记录；添加后可以撤下，但不能更改。")
    title = forms.CharField(label=_("名称"), max_length=80, required=False, help_text=_("如“铭牌”“购置发票”"))
    photos = PhotosField(label=_("照片或 PDF 文件"), documents=True)

    def prepare(self) -> None:
        cast(PhotosField, self.fields["photos"]).user_id = self.actor.user_id

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:  # noqa: ARG003 - papers come late, of a scrapped one too
        return True

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        attach_to_instrument(
            instrument_id=self.instrument.pk, files=data["photos"], title=data["title"], by=by, at=at
        )
        return None


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

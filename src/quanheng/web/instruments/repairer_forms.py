"""Forms of a repair: sending, naming a repairer, and what the repairer says: received, given back, done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import AfterRepair, InstrumentState
from quanheng.apps.instruments.queries.repairs import open_repair, own_repair
from quanheng.apps.instruments.services.change_repairer import change_repairer
from quanheng.apps.instruments.services.decline_repair import decline_repair
from quanheng.apps.instruments.services.receive_for_repair import receive_for_repair
from quanheng.apps.instruments.services.repair import record_repair, send_to_repair
from quanheng.kit.tones import Text
from quanheng.regulation.instrument_states import Event
from quanheng.web.fields import day_field, long_field
from quanheng.web.instruments.act_form import ActForm
from quanheng.web.lists.fields import PickField

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument

NOT_WITH_YOU = _("该器具未送到贵单位维修，或维修已结束。")


def _ask_for(field: forms.Field, actor: Actor) -> None:
    cast(PickField, field).actor = actor


class SendToRepairForm(ActForm):
    slug, verb, event, label, icon = "repair", acts.SENT_TO_REPAIR, Event.REPAIR, _("送修"), "settings"
    intro = _("送修后原检定失效；修好后须重新检定才能使用。")
    repairer = PickField(
        label=_("维修单位"), source="repairers", required=False,
        help_text=_("选定的维修单位在送修期间可以看到该器具，登记接收、启封和维修完成。不选的，由本单位登"
            "记。"),
    )  # fmt: skip
    reason = long_field(_("原因"))
    on = day_field(_("日期"), today=True)

    def prepare(self) -> None:
        _ask_for(self.fields["repairer"], self.actor)

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        named = data["repairer"]
        return send_to_repair(
            instrument_id=self.instrument.pk, reason=data["reason"], on=data["on"],
            repairer_id=int(named.value) if named else None, by=by, at=at,
        )  # fmt: skip


class ChangeRepairerForm(ActForm):
    slug, verb, label, icon = "change-repairer", acts.REPAIRER_CHANGED, _("指定或变更维修单位"), "refresh"
    intro = _("原维修单位不再看到该器具。")
    repairer = PickField(label=_("维修单位"), source="repairers")
    reason = long_field(_("原因"))

    def prepare(self) -> None:
        _ask_for(self.fields["repairer"], self.actor)
        if sent := open_repair(self.instrument):
            self.fields["repairer"].help_text = _("现为：%(name)s") % {"name": sent.name}

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return instrument.state == InstrumentState.UNDER_REPAIR

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return change_repairer(
            instrument_id=self.instrument.pk, repairer_id=int(data["repairer"].value), reason=data["reason"],
            by=by, at=at,
        )  # fmt: skip


class OfRepairer(ActForm):
    """An act of the very repairer to whom the instrument was sent."""

    not_now: ClassVar[Text] = NOT_WITH_YOU

    @classmethod
    def possible_for(cls, instrument: Instrument, actor: Actor) -> bool:
        return own_repair(instrument, actor) is not None

    def done_url(self) -> str:
        reached = self.instrument.reached_by(self.actor)
        return reverse("instrument_page", args=[self.instrument.pk]) if reached else reverse("repair_list")


class ReceiveForRepairForm(OfRepairer):
    slug, verb, label, icon, main = (
        "receive-repair", acts.REPAIR_RECEIVED, _("登记维修接收"), "check", True,
    )  # fmt: skip
    intro = _("确认器具已到贵单位。请核对器具名称和出厂编号；没有送到的，办理“退回送修”。")
    note = long_field(_("接收时的状况"), required=False, hint=_("外观、故障，铅封是否完好。"))

    @classmethod
    def possible_for(cls, instrument: Instrument, actor: Actor) -> bool:
        sent = own_repair(instrument, actor)
        return sent is not None and sent.waits

    def act(self, *, by: Actor, at: datetime) -> object:
        note = self.cleaned_data["note"]
        return receive_for_repair(instrument_id=self.instrument.pk, note=note, by=by, at=at)

    def done_url(self) -> str:
        return reverse("instrument_page", args=[self.instrument.pk])


class DeclineRepairForm(OfRepairer):
    slug, verb, label, icon = "decline-repair", acts.REPAIR_DECLINED, _("退回送修"), "arrow-left"
    intro = _("不能维修、没有送到或送错的，退回使用单位。退回后贵单位不再看到该器具。")
    reason = long_field(_("退回的原因"))

    def act(self, *, by: Actor, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return decline_repair(instrument_id=self.instrument.pk, reason=reason, by=by, at=at)


class RecordRepairForm(OfRepairer):
    slug, verb, event, label, icon, main = (
        "repaired", acts.REPAIRED, Event.REPAIRED, _("登记维修完成"), "check", True,
    )  # fmt: skip
    not_now = ""
    intro = _("修好的器具重新检定合格后才能使用。")
    repairer = forms.CharField(label=_("维修单位"), max_length=120)
    work = long_field(_("维修内容"), hint=_("更换的部件和调整的内容。"))
    on = day_field(_("完成日期"), today=True)
    destination = forms.ChoiceField(
        label=_("修后去向"), required=False, choices=[("", _("请选择")), *AfterRepair.choices]
    )

    def prepare(self) -> None:
        sent = open_repair(self.instrument)
        self.fields["repairer"].initial = sent.name if sent else ""
        own = own_repair(self.instrument, self.actor) is not None
        self.fields["repairer"].disabled = own
        self.fields["destination"].required = own

    @classmethod
    def possible_for(cls, instrument: Instrument, actor: Actor) -> bool:
        sent = own_repair(instrument, actor)
        return cls.possible(instrument) and (sent is None or not sent.waits)

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        where = AfterRepair(data["destination"]) if data["destination"] else None
        return record_repair(
            instrument_id=self.instrument.pk, repairer=data["repairer"], work=data["work"], on=data["on"],
            destination=where, by=by, at=at,
        )  # fmt: skip

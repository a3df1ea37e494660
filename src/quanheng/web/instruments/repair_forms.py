"""Forms of a sending to repair that was recorded by mistake: ask, decide, take back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.services import mistaken_repair
from quanheng.web.fields import long_field
from quanheng.web.instruments.act_form import ActForm
from quanheng.web.instruments.record_forms import decided_by

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument


class AskRepairMistakeForm(ActForm):
    slug, verb, label, icon = (
        "repair-mistake", acts.REPAIR_DISPUTED, gettext_lazy("申请更正送修登记"), "refresh",
    )  # fmt: skip
    intro = gettext_lazy("误登记送修、器具实际未离开也未拆动的，由另一名监管人员现场核对后恢复原检定。")
    not_now = gettext_lazy("该器具没有可更正的送修登记：送修后已办理其他事项、铅封已启封，或已有申请待复核。")
    reason = long_field(gettext_lazy("理由"), most=200, hint=gettext_lazy("写明误登记的情况，由复核人判断。"))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return (
            instrument.state == InstrumentState.UNDER_REPAIR
            and mistaken_repair.can_be_corrected(instrument)
            and mistaken_repair.waiting_correction(instrument) is None
        )

    def act(self, *, by: Actor, at: datetime) -> object:
        return mistaken_repair.ask_to_correct(
            instrument_id=self.instrument.pk, reason=self.cleaned_data["reason"], by=by, at=at
        )


class DecideRepairMistakeForm(ActForm):
    slug, verb, label, icon, main = (
        "decide-repair", acts.REPAIR_TAKEN_BACK, gettext_lazy("复核更正送修申请"), "list-check", True,
    )  # fmt: skip
    not_now = gettext_lazy("该器具暂无您可复核的更正送修申请：已由他人复核，或由您本人申请，须另一人复核。")
    decision = forms.ChoiceField(
        label=gettext_lazy("复核意见"), widget=forms.RadioSelect,
        choices=[
            ("back", gettext_lazy("同意，恢复原检定")), ("uphold", gettext_lazy("不同意，送修登记保留")),
        ],
    )  # fmt: skip
    seen_whole = forms.BooleanField(
        label=gettext_lazy("已到现场核对：器具未拆动，铅封完好且编号与登记一致"), required=False,
        help_text=gettext_lazy("同意的必选，复核人对此负责。"),
    )  # fmt: skip
    reason = long_field(
        gettext_lazy("不同意的理由"), most=200, required=False, hint=gettext_lazy("同意的不用填。")
    )
    final_if = ("decision", "back")

    def prepare(self) -> None:
        if row := mistaken_repair.waiting_correction(self.instrument):
            asked = {"who": row.disputed_by_name, "why": row.dispute}
            self.fields["decision"].help_text = _("%(who)s 申请更正，理由：%(why)s") % asked

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return mistaken_repair.waiting_correction(instrument) is not None

    @classmethod
    def possible_for(cls, instrument: Instrument, actor: Actor) -> bool:
        row = mistaken_repair.waiting_correction(instrument)
        return row is not None and row.disputed_by != actor.user_id

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        if data["decision"] == "back":
            return mistaken_repair.take_back_repair(
                instrument_id=self.instrument.pk, seen_whole=data["seen_whole"], by=by, at=at
            )
        return mistaken_repair.uphold_repair(
            instrument_id=self.instrument.pk, reason=data["reason"], by=by, at=at
        )


class WithdrawRepairMistakeForm(ActForm):
    slug, verb, label, icon = (
        "withdraw-repair-mistake", acts.REPAIR_DISPUTE_WITHDRAWN, gettext_lazy("撤回更正送修申请"),
        "arrow-left",
    )  # fmt: skip
    intro = gettext_lazy("撤回后送修登记照旧，操作记录保留申请和撤回。")
    not_now = gettext_lazy("该器具暂无您可撤回的更正送修申请：已由他人复核，或非您申请。")
    reason = long_field(gettext_lazy("撤回的理由"), most=200)

    def prepare(self) -> None:
        if (row := mistaken_repair.waiting_correction(self.instrument)) is not None:
            self.fields["reason"].help_text = decided_by(row)

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return mistaken_repair.waiting_correction(instrument) is not None

    @classmethod
    def possible_for(cls, instrument: Instrument, actor: Actor) -> bool:
        row = mistaken_repair.waiting_correction(instrument)
        return row is not None and row.disputed_by == actor.user_id

    def act(self, *, by: Actor, at: datetime) -> object:
        return mistaken_repair.withdraw_correction(
            instrument_id=self.instrument.pk, reason=self.cleaned_data["reason"], by=by, at=at
        )

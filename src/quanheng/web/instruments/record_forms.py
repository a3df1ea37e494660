"""Forms of the verification record: what an office reads from a paper, confirms, or voids with two people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.queries import institutes
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import Provenance, Result, VerificationKind
from quanheng.apps.instruments.queries.periods import regulations_of
from quanheng.apps.instruments.queries.records import (
    deciding_offices,
    disputable,
    disputed,
    unconfirmed,
    verified_before,
)
from quanheng.apps.instruments.services.confirm_verification import confirm_verification
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.instruments.services.void_record import ask_to_void, decide_to_void, withdraw_dispute
from quanheng.regulation.instrument_states import Event, State, next_state
from quanheng.web.fields import day_field, long_field
from quanheng.web.instruments.act_form import ActForm

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument, Verification

NOT_STATED = ("", _("证书未写明"))


class PaperForm(ActForm):
    """What a certificate says; institute and regulation are picked, and the officer has seen the paper."""

    valid_until = day_field(
        _("有效期至"), required=False, hint=_("按证书填写；不填则按目录项的检定周期推算，不合格的不用填。")
    )
    certificate_number = forms.CharField(label=_("证书或通知书编号"), max_length=80)
    institute = forms.ChoiceField(label=_("检定机构"))
    regulation = forms.ChoiceField(label=_("检定依据"), required=False)
    paper_seen = forms.BooleanField(
        label=_("已核对检定证书原件或照片"), help_text=_("登记后公开显示“监管部门录入”，登记人对此负责。")
    )

    def prepare(self) -> None:
        names = institutes().values_list("name", flat=True)
        self.choice("institute").choices = [("", _("请选择")), *((name, name) for name in names)]
        self.choice("regulation").choices = [
            NOT_STATED, *((name, name) for name in regulations_of(self.instrument.item_id))
        ]  # fmt: skip
        known = self.instrument.institute
        self.fields["institute"].initial = known if known in set(names) else ""

    def paper(self) -> dict[str, Any]:
        """Return what the services take of a certificate."""
        names = ("valid_until", "certificate_number", "institute", "regulation")
        return {name: self.cleaned_data[name] for name in names}


class VerificationForm(PaperForm):
    slug, verb, label, icon, main = (
        "verification", acts.VERIFICATION_RECORDED, _("登记检定"), "certificate", True,
    )  # fmt: skip
    intro = _("按检定证书或检定结果通知书填写。旧证书也可以登记，会进入检定历史。")
    kind = forms.ChoiceField(
        label=_("检定类别"), choices=VerificationKind.choices, initial=VerificationKind.SUBSEQUENT
    )
    result = forms.ChoiceField(label=_("结论"), choices=Result.choices, widget=forms.RadioSelect)
    verified_on = day_field(_("检定日期"))
    field_order = ("kind", "result", "verified_on")

    def prepare(self) -> None:
        super().prepare()
        if not verified_before(self.instrument):
            self.fields["kind"].initial = VerificationKind.INITIAL

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return next_state(State(instrument.state), Event.PASS) is not None

    def done_text(self) -> str:
        if self.cleaned_data["kind"] == VerificationKind.IN_SERVICE:
            return gettext("使用中检查已记入检定历史；检查合格不是检定，不延长有效期。")
        return super().done_text()

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return record_verification(
            instrument_id=self.instrument.pk, verified_on=data["verified_on"], result=Result(data["result"]),
            kind=VerificationKind(data["kind"]), **self.paper(), by=by, at=at,
        )  # fmt: skip


class ConfirmForm(PaperForm):
    slug, verb, label, icon, main = (
        "confirm-verification", acts.VERIFICATION_CONFIRMED, _("核实检定记录"), "file-check", True,
    )  # fmt: skip
    intro = _("使用单位自报的检定，照证书重新填写并核实后，才显示为有效，并计入受检率。")
    not_now = _("该器具暂无待核实的检定记录，可能已由他人核实。")
    record = forms.ChoiceField(label=_("待核实的检定记录"), widget=forms.RadioSelect)
    field_order = ("record",)

    def prepare(self) -> None:
        """Nothing of the paper is filled in from what the user says: the officer reads it from the paper."""
        super().prepare()
        pick(self.choice("record"), unconfirmed(self.instrument))
        self.fields["institute"].initial = ""
        self.fields["valid_until"].help_text = _("按证书填写；合格的必填。")
        self.fields["record"].help_text = _("证书与自报不符的，请返回器具页面，办理“申请作废检定记录”。")

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return bool(unconfirmed(instrument))

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return confirm_verification(
            instrument_id=self.instrument.pk, verification_id=int(data["record"]), **self.paper(),
            paper_seen=data["paper_seen"], by=by, at=at,
        )  # fmt: skip


class AskVoidForm(ActForm):
    slug, verb, label, icon, danger = (
        "void-record", acts.VERIFICATION_DISPUTED, _("申请作废检定记录"), "ban", True,
    )  # fmt: skip
    intro = _("由另一名人员复核；复核前扫码显示“复核中”。作废后视为从未登记，历史中保留。")
    not_now = _("该器具暂无可申请作废的检定记录。本平台出具的证书有误的，由出具机构变更或注销。")
    record = forms.ChoiceField(label=_("有误的检定记录"), widget=forms.RadioSelect)
    reason = long_field(_("理由"), most=200, hint=_("写明错误和依据，由复核人判断。"))

    def prepare(self) -> None:
        pick(self.choice("record"), disputable(self.instrument))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return bool(disputable(instrument))

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return ask_to_void(
            instrument_id=self.instrument.pk, verification_id=int(data["record"]), reason=data["reason"],
            by=by, at=at,
        )  # fmt: skip


class DecideVoidForm(ActForm):
    slug, verb, label, icon, main = (
        "decide-void", acts.VERIFICATION_VOIDED, _("复核作废申请"), "list-check", True,
    )  # fmt: skip
    not_now = _("该器具暂无您可复核的作废申请：已由他人复核，或由您本人申请，须另一人复核。")
    record = forms.ChoiceField(label=_("申请作废的检定记录"), widget=forms.RadioSelect)
    decision = forms.ChoiceField(
        label=_("复核意见"), choices=[("void", _("同意作废")), ("uphold", _("不同意，保留该记录"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = long_field(_("不同意的理由"), most=200, required=False, hint=_("同意的不用填。"))
    final_if = ("decision", "void")

    def prepare(self) -> None:
        rows = disputed(self.instrument)
        pick(self.choice("record"), rows)
        asked = (
            _("%(who)s 申请作废，理由：%(why)s") % {"who": row.disputed_by_name, "why": row.dispute}
            for row in rows
        )
        self.fields["record"].help_text = " ".join(map(str, asked))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return bool(disputed(instrument))

    @classmethod
    def possible_for(cls, instrument: Instrument, actor: Actor) -> bool:
        """Whoever asked does not decide, and is not offered to."""
        return any(row.disputed_by != actor.user_id for row in disputed(instrument))

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return decide_to_void(
            instrument_id=self.instrument.pk, verification_id=int(data["record"]),
            agreed=data["decision"] == "void", reason=data["reason"], by=by, at=at,
        )  # fmt: skip


class WithdrawDisputeForm(ActForm):
    slug, verb, label, icon = (
        "withdraw-dispute", acts.DISPUTE_WITHDRAWN, _("撤回作废申请"), "arrow-left",
    )  # fmt: skip
    intro = _("撤回后该检定记录照旧，操作记录保留申请和撤回。")
    not_now = _("该器具暂无您可撤回的作废申请：已由他人复核，或非您申请。")
    record = forms.ChoiceField(label=_("您申请作废的检定记录"), widget=forms.RadioSelect)
    reason = long_field(_("撤回的理由"), most=200)

    def prepare(self) -> None:
        rows = self._mine(self.instrument, self.actor)
        pick(self.choice("record"), rows)
        self.fields["record"].help_text = " ".join(map(decided_by, rows))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return bool(disputed(instrument))

    @classmethod
    def possible_for(cls, instrument: Instrument, actor: Actor) -> bool:
        return bool(cls._mine(instrument, actor))

    @staticmethod
    def _mine(instrument: Instrument, actor: Actor) -> list[Verification]:
        return [row for row in disputed(instrument) if row.disputed_by == actor.user_id]

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return withdraw_dispute(
            instrument_id=self.instrument.pk, verification_id=int(data["record"]), reason=data["reason"],
            by=by, at=at,
        )  # fmt: skip


def decided_by(row: Verification) -> str:
    """Say which offices may decide what was asked about a record, or that none can."""
    offices = deciding_offices(row, timezone.localdate())
    if not offices:
        return gettext("目前没有可以复核的人员，请联系上级机关。")
    return gettext("现由%(offices)s复核。") % {"offices": gettext("、").join(offices)}


def pick(field: forms.ChoiceField, rows: Iterable[Verification]) -> None:
    """Offer verifications to choose from; the only one is chosen."""
    field.choices = [(str(row.pk), _line(row)) for row in rows]
    if len(field.choices) == 1:
        field.initial = field.choices[0][0]


def _line(row: Verification) -> str:
    source = Provenance(row.provenance).label
    number = row.certificate_number or _("未填证书编号")
    return f"{row.verified_on} {row.get_result_display()} · {number} · {row.institute or '—'} · {source}"

"""Forms of the acts on one instrument. Each says when it is possible, and does its act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.enums import Verb
from quanheng.apps.instruments.enums import (
    CheckOutcome,
    InstrumentState,
    Result,
    SealPosition,
    VerificationKind,
)
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.apps.instruments.permissions import may
from quanheng.apps.instruments.services import hold, repair, stop_use
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.file_instruments import submit
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.kit.tones import Text
from quanheng.regulation.instrument_states import HELD_WHILE_IMPOUNDED, Event, State, next_state
from quanheng.web.lists.fields import PickField


def day_field(label: Text, *, required: bool = True, today: bool = False, hint: Text = "") -> forms.DateField:
    """A day, picked with the browser's own calendar."""
    return forms.DateField(
        label=label, required=required, help_text=hint, initial=timezone.localdate if today else None,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


def long_field(label: Text, *, required: bool = True, most: int = 300, hint: Text = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ActForm(forms.Form):
    """One act on one instrument.

    Class attributes:
        slug: in the address.
        verb: says who may.
        event: says when, by the state table; None where the state does not matter.
        label, intro: head of the page; the label is the button too.
        danger: drawn in red, because it cannot be undone or takes something away.
    """

    slug: ClassVar[str]
    verb: ClassVar[Verb]
    event: ClassVar[Event | None] = None
    label: ClassVar[Text]
    intro: ClassVar[Text] = ""
    icon: ClassVar[str] = ""
    danger: ClassVar[bool] = False
    main: ClassVar[bool] = False

    def __init__(self, *args: Any, instrument: Instrument, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instrument = instrument
        self.prepare(instrument, actor)

    def prepare(self, instrument: Instrument, actor: Actor) -> None:
        """Fill choices and starting values."""

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        """Say whether the state of things allows the act; who may is `permissions.may`."""
        if cls.event is None:
            return instrument.state != InstrumentState.SCRAPPED
        if instrument.impounded and cls.event in HELD_WHILE_IMPOUNDED:
            return False
        return next_state(State(instrument.state), cls.event) is not None

    def act(self, *, by: Actor, at: datetime) -> object:
        """Do the act."""
        raise NotImplementedError


class SubmitForm(ActForm):
    slug, verb, event, label, icon, main = (
        "submit",
        Verb.FILING_SUBMITTED,
        Event.SUBMIT,
        _("提交备案"),
        "upload",
        True,
    )
    intro = _("提交后由辖区市场监管部门审核；审核通过前请勿使用。")

    def act(self, *, by: Actor, at: datetime) -> object:
        return submit(instrument_ids=[self.instrument.pk], by=by, at=at)


class VerificationForm(ActForm):
    slug, verb, label, icon, main = (
        "verification",
        Verb.VERIFICATION_RECORDED,
        _("登记检定"),
        "certificate",
        True,
    )
    intro = _("按检定证书或检定结果通知书填写。旧证书也可以登记，会进入检定历史。")
    kind = forms.ChoiceField(
        label=_("检定类别"), choices=VerificationKind.choices, initial=VerificationKind.SUBSEQUENT
    )
    result = forms.ChoiceField(label=_("结论"), choices=Result.choices, widget=forms.RadioSelect)
    verified_on = day_field(_("检定日期"))
    valid_until = day_field(
        _("有效期至"), required=False, hint=_("按证书填写；不填则按目录项的检定周期推算，不合格的不用填。")
    )
    certificate_number = forms.CharField(label=_("证书或通知书编号"), max_length=80)
    institute = forms.CharField(label=_("检定机构"), max_length=120)
    regulation = forms.CharField(
        label=_("检定依据"), max_length=40, required=False, help_text=_("如 JJG 539-2016")
    )

    def prepare(self, instrument: Instrument, actor: Actor) -> None:
        self.fields["institute"].initial = actor.agency_name if actor.is_institute else instrument.institute

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return next_state(State(instrument.state), Event.PASS) is not None

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return record_verification(
            instrument_id=self.instrument.pk, verified_on=data["verified_on"], result=Result(data["result"]),
            certificate_number=data["certificate_number"], institute=data["institute"],
            valid_until=data["valid_until"], kind=VerificationKind(data["kind"]), regulation=data["regulation"],
            by=by, at=at,
        )  # fmt: skip


class ApplySealForm(ActForm):
    slug, verb, label, icon = "apply-seal", Verb.SEAL_APPLIED, _("施封"), "rubber-stamp"
    intro = _("新铅封不会恢复已经失效的检定；铅封破损过的，施封后还要重新检定。")
    number = forms.CharField(label=_("铅封编号"), max_length=60)
    position = forms.ChoiceField(label=_("位置"), choices=())
    on = day_field(_("施封日期"), today=True)
    applied_by = forms.CharField(
        label=_("施封人"), max_length=60, required=False, help_text=_("不填即为本人。")
    )
    witness = forms.CharField(label=_("见证人"), max_length=60, required=False)

    def prepare(self, instrument: Instrument, actor: Actor) -> None:
        sealed = Seal.objects.unscoped().filter(instrument=instrument, broken_on=None)
        taken = set(sealed.values_list("position", flat=True))
        field = self.fields["position"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (value, _("%(place)s（已有完好铅封）") % {"place": label} if value in taken else label)
            for value, label in SealPosition.choices
        ]

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return apply_seal(
            instrument_id=self.instrument.pk, number=data["number"], position=SealPosition(data["position"]),
            on=data["on"], applied_by=data["applied_by"], witness=data["witness"], by=by, at=at,
        )  # fmt: skip


class BreakSealForm(ActForm):
    slug, verb, label, icon, danger = (
        "break-seal",
        Verb.SEAL_BROKEN,
        _("登记铅封破损"),
        "alert-triangle",
        True,
    )
    intro = _("登记后原检定随即失效，扫码显示“请勿使用”；重新施封并检定合格后才恢复。")
    seal = forms.ChoiceField(label=_("哪一枚铅封"), choices=(), widget=forms.RadioSelect)
    reason = long_field(_("破损或启封的原因"), most=200)
    on = day_field(_("发现或启封日期"), today=True)
    broken_by = forms.CharField(
        label=_("启封人或发现人"), max_length=60, required=False, help_text=_("不填即为本人。")
    )
    witness = forms.CharField(label=_("见证人"), max_length=60, required=False)

    def prepare(self, instrument: Instrument, actor: Actor) -> None:
        field = self.fields["seal"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(seal.pk), f"{seal.get_position_display()} {seal.number}") for seal in _whole(instrument)
        ]
        if len(field.choices) == 1:
            field.initial = str(_whole(instrument)[0].pk)

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return bool(_whole(instrument))

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return break_seal(
            instrument_id=self.instrument.pk, seal_id=int(data["seal"]), reason=data["reason"], on=data["on"],
            broken_by=data["broken_by"], witness=data["witness"], by=by, at=at,
        )  # fmt: skip


def _whole(instrument: Instrument) -> list[Seal]:
    rows = Seal.objects.unscoped().filter(instrument=instrument, broken_on=None)
    return list(rows.order_by("position", "id"))


class CheckForm(ActForm):
    slug, verb, label, icon, main = "check", Verb.CHECKED, _("现场检查"), "clipboard-check", True
    intro = _("与实物逐项核对。发现铅封破损、需要停用或查封的，另行办理。")
    outcome = forms.ChoiceField(label=_("检查结果"), choices=CheckOutcome.choices, widget=forms.RadioSelect)
    serial_matches = forms.NullBooleanField(label=_("出厂编号与台账一致"), required=False)
    seals_match = forms.NullBooleanField(label=_("铅封编号与台账一致且完好"), required=False)
    words = long_field(_("情况说明"), required=False, most=500)
    on = day_field(_("检查日期"), today=True)

    def prepare(self, instrument: Instrument, actor: Actor) -> None:
        seals = "、".join(seal.number for seal in _whole(instrument)) or _("无")
        self.fields["serial_matches"].help_text = _("台账：%(number)s") % {"number": instrument.serial_number}
        self.fields["seals_match"].help_text = _("台账：%(number)s") % {"number": seals}
        for name in ("serial_matches", "seals_match"):
            self.fields[name].widget = forms.NullBooleanSelect()
            self.fields[name].widget.choices = [  # type: ignore[attr-defined]
                ("unknown", _("没有核对")), ("true", _("一致")), ("false", _("不一致")),
            ]  # fmt: skip

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return record_check(
            instrument_id=self.instrument.pk, outcome=CheckOutcome(data["outcome"]), words=data["words"],
            on=data["on"], serial_matches=data["serial_matches"], seals_match=data["seals_match"], by=by, at=at,
        )  # fmt: skip


class MoveForm(ActForm):
    slug, verb, label, icon = "move", Verb.INSTRUMENT_MOVED, _("变更地点或使用人"), "map-pin"
    intro = _("检定和铅封随器具走；原使用单位的档案里保留这一段历史。")
    entity = PickField(label=_("接收单位或摊位"), source="entities")
    place = forms.CharField(
        label=_("安装位置"), max_length=80, required=False, help_text=_("摊位号、科室、加油机号")
    )
    on = day_field(_("变更日期"), today=True)
    reason = long_field(_("原因"), required=False)

    def prepare(self, instrument: Instrument, actor: Actor) -> None:
        field = self.fields["entity"]
        assert isinstance(field, PickField)
        field.actor = actor
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


class StopForm(ActForm):
    """Acts that need a reason and a day."""

    slug, verb, event, label, icon = "stop", Verb.USE_STOPPED, Event.STOP, _("停用"), "ban"
    intro = _("停用期间不计入受检率；扫码显示“已停用”。")
    service = staticmethod(stop_use.stop_use)
    reason = long_field(_("原因"))
    on = day_field(_("日期"), today=True)

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return self.service(
            instrument_id=self.instrument.pk, reason=data["reason"], on=data["on"], by=by, at=at
        )


class ResumeForm(StopForm):
    slug, verb, event, label, icon, main = (
        "resume",
        Verb.USE_RESUMED,
        Event.RESUME,
        _("恢复使用"),
        "refresh",
        True,
    )
    intro = _("检定仍有效的直接恢复使用；已失效的须先检定。")
    service = staticmethod(stop_use.resume_use)
    reason = long_field(_("说明"), required=False)


class SealUpForm(StopForm):
    slug, verb, event, label, icon = "seal-up", Verb.SEALED_UP, Event.SEAL_UP, _("封存"), "lock"
    intro = _("封存的器具留在台账里，但不得使用。")
    service = staticmethod(stop_use.seal_up)


class ScrapForm(StopForm):
    slug, verb, event, label, icon = "scrap", Verb.SCRAPPED, Event.SCRAP, _("报废"), "trash"
    danger = True
    intro = _("报废不能撤销；器具码随之停用。")
    service = staticmethod(stop_use.scrap)


class SendToRepairForm(StopForm):
    slug, verb, event, label, icon = "repair", Verb.SENT_TO_REPAIR, Event.REPAIR, _("送修"), "settings"
    intro = _("送修后原检定失效；修好后须重新检定才能使用。")
    service = staticmethod(repair.send_to_repair)


class RecordRepairForm(ActForm):
    slug, verb, event, label, icon, main = (
        "repaired",
        Verb.REPAIRED,
        Event.REPAIRED,
        _("登记修理完成"),
        "check",
        True,
    )
    intro = _("修好的器具重新检定合格后才能使用。")
    repairer = forms.CharField(label=_("维修单位"), max_length=120)
    work = long_field(_("修理内容"))
    on = day_field(_("完成日期"), today=True)

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return repair.record_repair(
            instrument_id=self.instrument.pk, repairer=data["repairer"], work=data["work"], on=data["on"],
            by=by, at=at,
        )  # fmt: skip


class ImpoundForm(ActForm):
    slug, verb, label, icon, danger = "impound", Verb.IMPOUNDED, _("查封扣押"), "ban", True
    intro = _("须已作出查封扣押决定。解除之前不能移动、修理、恢复使用或报废。")
    service = staticmethod(hold.impound)
    reason = long_field(_("原因和决定书文号"))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return not instrument.impounded and instrument.state != InstrumentState.SCRAPPED

    def act(self, *, by: Actor, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return self.service(instrument_id=self.instrument.pk, reason=reason, by=by, at=at)


class ReleaseForm(ImpoundForm):
    slug, verb, label, icon, danger = "release", Verb.RELEASED, _("解除查封扣押"), "check", False
    intro = _("解除后按原状态继续管理。")
    service = staticmethod(hold.release)

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return instrument.impounded


class LockForm(ImpoundForm):
    slug, verb, label, icon, danger = "lock", Verb.LOCKED, _("登记锁机"), "lock", True
    intro = _("开壳锁机或被远程锁定的器具，解锁前扫码显示“请勿使用”。")
    service = staticmethod(hold.lock)
    reason = long_field(_("锁机情况"))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return not instrument.locked and instrument.state != InstrumentState.SCRAPPED


class UnlockForm(ImpoundForm):
    slug, verb, label, icon, danger = "unlock", Verb.UNLOCKED, _("登记解锁"), "check", False
    intro = _("由取得授权的维修单位用动态口令解锁后登记。")
    service = staticmethod(hold.unlock)
    reason = long_field(_("解锁情况和授权"))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return instrument.locked


ACT_FORMS: tuple[type[ActForm], ...] = (
    SubmitForm, VerificationForm, CheckForm, ApplySealForm, BreakSealForm, RecordRepairForm, ResumeForm, MoveForm,
    StopForm, SealUpForm, SendToRepairForm, ScrapForm, LockForm, UnlockForm, ImpoundForm, ReleaseForm,
)  # fmt: skip
FORM_OF_SLUG = {form.slug: form for form in ACT_FORMS}


def possible_acts(instrument: Instrument, actor: Actor) -> Iterable[type[ActForm]]:
    """Return the acts that this person may do to this instrument now."""
    return (form for form in ACT_FORMS if may(form.verb, actor, instrument) and form.possible(instrument))

"""Forms of seals: put on, found broken, opened lawfully, number corrected."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import SealEnd, SealPosition
from quanheng.apps.instruments.permissions import may_open_for
from quanheng.apps.instruments.queries.repairs import own_repair
from quanheng.apps.instruments.queries.seals import fitting_positions, numbers_by_position
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.correct_seal import correct_seal
from quanheng.apps.instruments.services.unseal import unseal
from quanheng.regulation.instrument_states import State
from quanheng.regulation.seal_opening import Purpose, may_open
from quanheng.web.fields import day_field, long_field
from quanheng.web.instruments.act_form import ActForm
from quanheng.web.instruments.on_site_form import OnSiteForm

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument, Seal

NO_SEAL = _("该器具暂无完好的铅封，不能办理此事项。")


class ApplySealForm(ActForm):
    slug, verb, label, icon = "apply-seal", acts.SEAL_APPLIED, _("施封"), "rubber-stamp"
    intro = _("新铅封不会恢复已经失效的检定；铅封破损过的，施封后还要重新检定。")
    number = forms.CharField(label=_("铅封编号"), max_length=60)
    position = forms.ChoiceField(label=_("位置"), choices=())
    on = day_field(_("施封日期"), today=True)
    applied_by = forms.CharField(
        label=_("施封人"), max_length=60, required=False, help_text=_("不填即为本人。")
    )
    witness = forms.CharField(label=_("见证人"), max_length=60, required=False)

    def prepare(self) -> None:
        instrument = self.instrument
        taken = numbers_by_position(instrument.pk)
        self.choice("position").choices = [
            (value, _("%(place)s（已有完好铅封）") % {"place": label} if value in taken else label)
            for value, label in (
                (one.value, one.label) for one in fitting_positions(instrument.item, timezone.localdate())
            )
        ]

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return apply_seal(
            instrument_id=self.instrument.pk, number=data["number"], position=SealPosition(data["position"]),
            on=data["on"], applied_by=data["applied_by"], witness=data["witness"], by=by, at=at,
        )  # fmt: skip


class BreakSealForm(OnSiteForm):
    slug, verb, label, icon, danger = (
        "break-seal",
        acts.SEAL_BROKEN,
        _("登记铅封破损"),
        "alert-triangle",
        True,
    )
    intro = _("铅封断开、缺失或被擅自拆动的，在此登记，原检定随即失效。依法启封的请办理“启封”。")
    not_now = NO_SEAL
    seal = forms.ChoiceField(label=_("铅封"), choices=(), widget=forms.RadioSelect)
    reason = long_field(_("破损情况"), most=200)
    on = day_field(_("发现日期"), today=True)
    broken_by = forms.CharField(
        label=_("发现人"), max_length=60, required=False, help_text=_("不填即为本人。")
    )
    witness = forms.CharField(label=_("见证人"), max_length=60, required=False)
    field_order = (
        "seal", "reason", "on", "second_officer", "broken_by", "witness", "place_matches", "found_place",
        "longitude", "latitude", "photos",
    )  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        offer_seals(self.choice("seal"), self.instrument)

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return bool(whole_seals(instrument))

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return break_seal(
            instrument_id=self.instrument.pk, seal_id=int(data["seal"]), reason=data["reason"], on=data["on"],
            broken_by=data["broken_by"], witness=data["witness"], seen=self.seen(), by=by, at=at,
        )  # fmt: skip


class UnsealForm(ActForm):
    slug, verb, label, icon = "unseal", acts.SEAL_OPENED, _("启封"), "list-check"
    intro = _("检定、调整或维修时依法启封的，在此登记，原检定失效。重新施封并检定合格后才能使用。")
    seal = forms.ChoiceField(label=_("铅封"), choices=(), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("用途"), choices=(), widget=forms.RadioSelect)
    reason = long_field(_("启封原因"), most=200)
    on = day_field(_("启封日期"), today=True)
    opened_by = forms.CharField(
        label=_("启封人"), max_length=60, required=False, help_text=_("不填即为本人。")
    )
    witness = forms.CharField(
        label=_("见证人"),
        max_length=60,
        required=False,
        help_text=_("因调整或维修启封的必填，不能是启封人本人。"),
    )

    def prepare(self) -> None:
        offer_seals(self.choice("seal"), self.instrument)
        allowed = _purposes(self.instrument, self.actor)
        self.choice("purpose").choices = [(end.value, end.label) for end in allowed]
        if len(allowed) == 1:
            self.choice("purpose").initial = allowed[0].value

    @classmethod
    def possible_for(cls, instrument: Instrument, actor: Actor) -> bool:
        sent = own_repair(instrument, actor)
        comes_first = sent is not None and sent.waits  # to say that it has come
        return bool(not comes_first and whole_seals(instrument) and _purposes(instrument, actor))

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return unseal(
            instrument_id=self.instrument.pk, seal_id=int(data["seal"]), purpose=Purpose(data["purpose"]),
            reason=data["reason"], on=data["on"], opened_by=data["opened_by"], witness=data["witness"],
            by=by, at=at,
        )  # fmt: skip


class CorrectSealForm(ActForm):
    slug, verb, label, icon = "correct-seal", acts.SEAL_CORRECTED, _("更正铅封编号"), "pencil"
    intro = _("编号与实物不符的，在此更正，扫码页显示更正。铅封更换过的，请登记启封或破损后重新施封。")
    not_now = NO_SEAL
    seal = forms.ChoiceField(label=_("铅封"), choices=(), widget=forms.RadioSelect)
    number = forms.CharField(label=_("实物上的编号"), max_length=60)
    reason = long_field(_("更正原因和核对情况"), most=200)

    def prepare(self) -> None:
        offer_seals(self.choice("seal"), self.instrument)

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return bool(whole_seals(instrument))

    def act(self, *, by: Actor, at: datetime) -> object:
        data = self.cleaned_data
        return correct_seal(
            instrument_id=self.instrument.pk, seal_id=int(data["seal"]), number=data["number"],
            reason=data["reason"], by=by, at=at,
        )  # fmt: skip


def offer_seals(field: forms.ChoiceField, instrument: Instrument) -> None:
    """Offer the whole seals of an instrument; where there is one, it is chosen."""
    whole = whole_seals(instrument)
    field.choices = [(str(seal.pk), f"{seal.get_position_display()} {seal.number}") for seal in whole]
    if len(whole) == 1:
        field.initial = str(whole[0].pk)


def whole_seals(instrument: Instrument) -> list[Seal]:
    """Return the seals that are whole, in the order of their positions."""
    whole = [seal for seal in instrument.all_seals if seal.broken_on is None]
    return sorted(whole, key=lambda seal: (seal.position, seal.pk))


def _purposes(instrument: Instrument, actor: Actor) -> list[SealEnd]:
    """What this person may open a seal for as the instrument stands."""
    state = State(instrument.state)
    return [
        end
        for end in (SealEnd(purpose) for purpose in Purpose)
        if may_open_for(end, actor) and may_open(Purpose(end), state, impounded=instrument.impounded)
    ]

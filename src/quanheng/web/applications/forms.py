"""Forms of an application: what is wished, and what each side decides on one instrument."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.enums import HalfDay, LineState, PlaceOfWork
from quanheng.apps.certificates.services.apply_for_verification import Wish
from quanheng.apps.certificates.services.cancel_application import cancel_application
from quanheng.apps.certificates.services.receive_application import (
    accept_application,
    receive_instrument,
    return_application,
)
from quanheng.apps.certificates.services.reschedule_line import reschedule_line
from quanheng.apps.certificates.services.slots import When, check_day_to_come
from quanheng.kit.acts import Verb
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.tones import Text
from quanheng.regulation.verification_procedure import Move, Step, possible_moves
from quanheng.web.asking import ask_once
from quanheng.web.fields import day_field, long_field

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import ApplicationLine


class WishForm(forms.Form):
    """Where and when the applicant would like the verification."""

    place_of_work = forms.ChoiceField(
        label=_("检定方式"), choices=PlaceOfWork.choices, initial=PlaceOfWork.ON_SITE
    )
    wanted_on = day_field(_("期望日期"), today=True, hint=_("检定机构受理时会安排具体的半天。"))
    remarks = long_field(_("说明"), required=False, hint=_("例如进场方式、联系时间。请不要写个人信息。"))

    def clean_wanted_on(self) -> date:
        day: date = self.cleaned_data["wanted_on"]
        try:
            check_day_to_come(day, timezone.now())
        except RuleBroken as refusal:  # told before the preview, not after it
            raise forms.ValidationError(refusal.message) from None
        return day

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(PlaceOfWork(data["place_of_work"]), data["wanted_on"], data["remarks"])


class FirstDayForm(forms.Form):
    """From which day on a batch is booked."""

    first_day = day_field(
        _("起始安排日期"),
        today=True,
        hint=_("依次排入有空余的半天，不早于申请单位期望的日期；排不下的顺延到下一个工作日。"),
    )


class ReturnReasonForm(forms.Form):
    """Why an application goes back."""

    reason = long_field(_("退回原因"), hint=_("申请人可以看到，请写明需要补正的内容。"))


class LineForm(forms.Form):
    """One act on one instrument of an application.

    Class attributes:
        slug: in the address; `verb` says who may, `move` when (None: while a day is held).
        label: head and button; `danger` draws it in red; `done` is said afterwards.
    """

    slug: ClassVar[str]
    verb: ClassVar[Verb]
    move: ClassVar[Move | None]
    label: ClassVar[Text]
    done: ClassVar[Text]
    icon: ClassVar[str]
    danger: ClassVar[bool] = False
    asks_for_a_day: ClassVar[bool] = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        ask_once(self, self.verb)

    @classmethod
    def possible(cls, line: ApplicationLine) -> bool:
        """Say whether the step allows the act."""
        if cls.move is None:
            return line.state == LineState.ACCEPTED
        return cls.move in possible_moves(Step(line.state))

    def act(self, line_id: int, *, by: Actor, at: datetime) -> object:
        """Do it.

        Raises:
            RuleBroken: with the reason that the page shows.
        """
        raise NotImplementedError


class DayForm(LineForm):
    """A half day."""

    asks_for_a_day = True
    day = day_field(_("日期"))
    half = forms.ChoiceField(label=_("时段"), choices=HalfDay.choices)

    def when(self) -> When:
        return When(self.cleaned_data["day"], HalfDay(self.cleaned_data["half"]))


class AcceptForm(DayForm):
    slug, verb, move = "accept", acts.VERIFICATION_ACCEPTED, Move.ACCEPT
    label, done, icon = _("受理"), _("已受理。"), "check"

    def act(self, line_id: int, *, by: Actor, at: datetime) -> object:
        return accept_application(line_id=line_id, when=self.when(), by=by, at=at)


class RebookForm(DayForm):
    slug, verb, move = "rebook", acts.VERIFICATION_REBOOKED, None
    label, done, icon = _("改期"), _("已改期。"), "clock"

    def act(self, line_id: int, *, by: Actor, at: datetime) -> object:
        return reschedule_line(line_id=line_id, when=self.when(), by=by, at=at)


class ReceiveForm(LineForm):
    slug, verb, move = "receive", acts.INSTRUMENT_RECEIVED, Move.RECEIVE
    label, done, icon = _("接收器具"), _("已接收，可以检定。"), "scale"

    def act(self, line_id: int, *, by: Actor, at: datetime) -> object:
        return receive_instrument(line_id=line_id, by=by, at=at)


class ReturnForm(LineForm):
    slug, verb, move = "return", acts.VERIFICATION_RETURNED, Move.RETURN
    label, done, icon, danger = _("退回申请"), _("已退回，申请人可以看到原因。"), "arrow-left", True
    reason = long_field(_("退回原因"), hint=_("申请人可以看到，请写明需要补正的内容。"))

    def act(self, line_id: int, *, by: Actor, at: datetime) -> object:
        return return_application(line_id=line_id, reason=self.cleaned_data["reason"], by=by, at=at)


class WithdrawForm(LineForm):
    slug, verb, move = "withdraw", acts.VERIFICATION_WITHDRAWN, Move.WITHDRAW
    label, done, icon, danger = _("撤回申请"), _("已撤回，预约的时段已释放。"), "ban", True

    def act(self, line_id: int, *, by: Actor, at: datetime) -> object:
        return cancel_application(line_id=line_id, by=by, at=at)


FORM_OF_SLUG: dict[str, type[LineForm]] = {
    form.slug: form for form in (AcceptForm, ReceiveForm, RebookForm, WithdrawForm, ReturnForm)
}

"""Forms of the acts that change how an instrument stands: out of use and back, repair, lock, impound."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.services import hold
from quanheng.apps.instruments.services.delete_draft import delete_draft
from quanheng.apps.instruments.services.file_instruments import withdraw_filing
from quanheng.apps.instruments.services.resume_use import resume_use
from quanheng.apps.instruments.services.scrap import scrap
from quanheng.apps.instruments.services.seal_up import seal_up
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.regulation.instrument_states import WITH_THE_OWNER, Event
from quanheng.web.fields import day_field, long_field
from quanheng.web.instruments.act_form import ActForm

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument


class StopForm(ActForm):
    """Acts that need a reason and a day."""

    slug, verb, event, label, icon = "stop", acts.USE_STOPPED, Event.STOP, _("停用"), "ban"
    intro = _("停用期间不计入受检率；扫码显示“已停用”。")
    service = staticmethod(stop_use)
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
        acts.USE_RESUMED,
        Event.RESUME,
        _("恢复使用"),
        "refresh",
        True,
    )
    intro = _("检定仍有效的直接恢复使用；已失效的须先检定。")
    service = staticmethod(resume_use)
    reason = long_field(_("说明"), required=False)


class SealUpForm(StopForm):
    slug, verb, event, label, icon = "seal-up", acts.SEALED_UP, Event.SEAL_UP, _("封存"), "lock"
    intro = _("封存的器具留在台账里，但不得使用。")
    service = staticmethod(seal_up)


class ScrapForm(StopForm):
    slug, verb, event, label, icon = "scrap", acts.SCRAPPED, Event.SCRAP, _("报废"), "trash"
    danger = True
    intro = _("报废不能撤销；器具码随之停用。")
    service = staticmethod(scrap)


class ImpoundForm(ActForm):
    slug, verb, label, icon, danger = "impound", acts.IMPOUNDED, _("查封扣押"), "ban", True
    intro = _("须已作出查封扣押决定。解除之前不能移动、维修、恢复使用或报废。")
    service = staticmethod(hold.impound)
    reason = long_field(_("原因和决定书文号"))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return not instrument.impounded and instrument.state != InstrumentState.SCRAPPED

    def act(self, *, by: Actor, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return self.service(instrument_id=self.instrument.pk, reason=reason, by=by, at=at)


class ReleaseForm(ImpoundForm):
    slug, verb, label, icon, danger = "release", acts.RELEASED, _("解除查封扣押"), "check", False
    intro = _("解除后按原状态继续管理。")
    service = staticmethod(hold.release)

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return instrument.impounded


class LockForm(ImpoundForm):
    slug, verb, label, icon, danger = "lock", acts.LOCKED, _("登记锁机"), "lock", True
    intro = _("开壳锁机或被远程锁定的器具，解锁前扫码显示“已锁机”。")
    service = staticmethod(hold.lock)
    reason = long_field(_("锁机情况"))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return not instrument.locked and instrument.state != InstrumentState.SCRAPPED


class UnlockForm(ImpoundForm):
    slug, verb, label, icon, danger = "unlock", acts.UNLOCKED, _("登记解锁"), "check", False
    intro = _("由取得授权的维修单位用动态口令解锁后登记。")
    service = staticmethod(hold.unlock)
    reason = long_field(_("解锁情况和授权"))

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return instrument.locked


class WithdrawFilingForm(ActForm):
    slug, verb, event = "withdraw-filing", acts.FILING_WITHDRAWN, Event.WITHDRAW
    label, icon = _("撤回备案"), "arrow-back-up"
    intro = _("监管部门审核前可以撤回；撤回后转为草稿，可以修改后重新提交，或删除。")
    reason = long_field(_("原因"), required=False)

    def act(self, *, by: Actor, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return withdraw_filing(instrument_ids=[self.instrument.pk], reason=reason, by=by, at=at)


class DeleteDraftForm(ActForm):
    slug, verb, label, icon, danger = "delete", acts.DRAFT_DELETED, _("删除草稿"), "trash", True
    intro = _("登记有误、未提交或被退回的，可以删除；删除后不能恢复，操作日志留有原内容。")
    not_now = _("只有草稿和被退回的器具可以删除。")
    reason = long_field(_("原因"), required=False)

    @classmethod
    def possible(cls, instrument: Instrument) -> bool:
        return instrument.state in WITH_THE_OWNER

    def act(self, *, by: Actor, at: datetime) -> object:
        self.serial_number = self.instrument.serial_number
        reason = self.cleaned_data["reason"]
        return delete_draft(instrument_id=self.instrument.pk, reason=reason, by=by, at=at)

    def done_text(self) -> str:
        return gettext("已删除草稿（出厂编号 %(serial)s）。") % {"serial": self.serial_number}

    def done_url(self) -> str:
        return reverse("instrument_list")

"""到期提醒: who was reminded of what, when, and whether it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.certificates.queries.reminders import arrived, reminders
from quanheng.apps.certificates.services.remind import OVERDUE
from quanheng.kit.lists import Choice, Column, DateRange, List, ListActor, Search
from quanheng.kit.tones import State, Text, Tone
from quanheng.web.addresses import page_of
from quanheng.web.due.lists import standing
from quanheng.web.filters import area_filter
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.certificates.models import Reminder


def stage(reminder: Reminder) -> Text:
    """Return how long before the last day it was, in words."""
    if reminder.days_before == OVERDUE:
        return _("超期未检")
    return str(_("%(days)s 天内到期") % {"days": reminder.days_before})


def arrival(reminder: Reminder) -> State:
    """Return whether it reached somebody."""
    return standing(reminder.message) if reminder.message else State(_("无接收人"), Tone.BAD)


def _with_standing(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    return rows.filter(arrived(value))


class ReminderList(List["Reminder"]):
    """One row for each instrument and stage; the numbers they went to are masked."""

    key = "reminders"
    title = _("到期提醒")
    intro = _("每台（件）器具每个提醒阶段一条；同一单位合发一条短信。")
    roles = OFFICERS
    columns = (
        Column("instrument__serial_number", _("出厂编号"), lead=True, code=True),
        Column("instrument__name", _("器具名称")),
        Column("instrument__entity__name", _("使用单位")),
        Column("root__name", _("市场或上级"), shown=False),
        Column("due_on", _("有效期至"), sort=True),
        Column("stage", _("提醒阶段"), value=stage),
        Column("arrival", _("状态"), value=arrival),
        Column("message__sent_to", _("收件人")),
        Column("message__last_error", _("最近错误"), shown=False),
        Column("area__full_name", _("行政区划"), shown=False),
        Column("at", _("时间")),
    )
    filters = (
        Choice(
            key="arrival", label=_("状态"), narrow=_with_standing,
            choices=[
                ("nobody", _("无接收人")), ("given_up", _("停止发送")), ("waiting", _("等待发送")),
                ("delivered", _("已发送")),
            ],
        ),
        area_filter(),
        DateRange(key="at", label=_("提醒日期"), on_time=True),
        DateRange(key="due_on", label=_("有效期至"), first=False),
        Search(label=_("出厂编号"), equals=("instrument__serial_number",), first=False),
    )  # fmt: skip
    empty_title = _("暂无提醒")
    empty_text = _("每天上午九点提醒到期和超期的器具；停用、已申请检定的不提醒。")

    def rows(self, actor: Any) -> QuerySet[Reminder]:
        return reminders(actor)

    def row_url(self, row: Reminder) -> str:
        return page_of("instrument_page", row.instrument_id)

    def acts(self, actor: Any) -> list[Link]:  # noqa: ARG002 - every reader has the due list
        return [Link(_("到期与超期"), reverse("due_list"), "hourglass")]

"""到期与超期: what has to be verified and by when; what was written to whom about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, OFFICERS, Role
from quanheng.apps.certificates import acts
from quanheng.apps.certificates.queries.due import DUE_WITHIN, is_applied_for, to_be_verified, unreachable
from quanheng.apps.certificates.queries.fees import Fee, compulsory_fee
from quanheng.apps.certificates.services.remind import OVERDUE, TOPIC, stages_on
from quanheng.apps.changes.services.deliver_messages import NOTICE
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.queries.conditions import at_entity, at_stage
from quanheng.apps.outbox import queries as outbox
from quanheng.apps.outbox.services import try_again
from quanheng.apps.outbox.texts import segments
from quanheng.apps.registry.enums import PremisesKind
from quanheng.kit.acts import may
from quanheng.kit.lists import (
    BulkAct,
    Choice,
    Column,
    DateRange,
    Flag,
    List,
    ListActor,
    Outcome,
    Pick,
    Search,
)
from quanheng.kit.tones import State, Text, Tone
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter
from quanheng.web.instruments.labels import validity, verdict
from quanheng.web.parts import Link

if TYPE_CHECKING:
    from quanheng.apps.instruments.models import Instrument
    from quanheng.apps.outbox.models import Message

TOPICS = {
    TOPIC: _("到期提醒"), "alarm.public_log": _("公开记录告警"), "certificate.sign": _("证书签名"),
    NOTICE: _("推送停用通知"), "national_scales.": _("向国家计价秤平台报送"),
}  # fmt: skip


def _at_stage(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    if value == "never":
        return rows.filter(state=InstrumentState.FILED)
    if value == "failed":
        return rows.filter(state=InstrumentState.FAILED)
    return at_stage(rows, value, timezone.localdate())


def _at_entity(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    return rows.filter(at_entity(int(value)))


class Stage(Choice):
    """The stages of reminders, as the rule of the day has them, and what has no last day at all."""

    @property
    def labels(self) -> dict[str, Text]:
        days = sorted(set(stages_on(timezone.localdate())) - {OVERDUE})
        due = {str(each): str(_("%(days)s 天内到期") % {"days": each}) for each in days}
        return {"overdue": _("超期未检"), **due, "never": _("未经检定"), "failed": _("检定不合格")}


class Unreachable(Flag):
    """Whether a reminder found nobody to write to."""

    def apply(self, rows: QuerySet[Any], value: bool, actor: Any) -> QuerySet[Any]:
        found = Q(pk__in=unreachable(actor))
        return rows.filter(found if value else ~found)


class AppliedFor(Flag):
    """Whether an application is under way."""

    def apply(self, rows: QuerySet[Any], value: bool, _actor: Any) -> QuerySet[Any]:
        return rows.filter(applied_for=value)


def _no_application(row: Any, _actor: Any) -> str | None:
    if row.applied_for:
        return str(_("已申请检定，正在办理"))
    return str(_("随整机检定，请选择整机")) if row.parent_id else None


def _apply(rows: Sequence[Instrument], _actor: Any, _at: datetime, _data: dict[str, Any]) -> Outcome:
    chosen = urlencode([("instrument", row.pk) for row in rows])
    return Outcome(len(rows), url=f"{reverse('application_new')}?{chosen}")


class DueList(List["Instrument"]):
    """What has to be verified soon, as far ahead as reminders look: its stages count as the ledger's do."""

    key = "due"
    title = _("到期与超期")
    intro = _("即将到期、超期未检、未经检定、检定不合格的在册器具，以及在用而铅封破损或已启封的。")
    roles = OFFICERS | ENTITY_ROLES
    columns = (
        Column("serial_number", _("出厂编号"), sort=True, lead=True, code=True),
        Column("name", _("器具名称")),
        Column("verdict", _("状态"), value=lambda row: verdict(row, timezone.localdate())),
        Column(
            "trusted_until", _("有效期至"), sort=True, value=lambda row: validity(row, timezone.localdate())
        ),
        Column("entity__name", _("使用单位")),
        Column("root__name", _("市场或上级")),
        Column("place", _("安装位置")),
        Column("area__full_name", _("行政区划"), shown=False),
        Column("premises", _("场所类型"), value=lambda row: PremisesKind(row.premises).label, shown=False),
        Column("institute", _("上次检定机构"), shown=False),
        Column("certificate_number", _("证书编号"), code=True, shown=False),
        Column("applied_for", _("已申请检定")),
    )
    filters = (
        Stage(key="stage", label=_("检定到期"), choices=(), narrow=_at_stage),
        area_filter(),
        Pick(key="at", label=_("使用单位或市场"), source="entities", narrow=_at_entity),
        Choice(key="premises", label=_("场所类型"), choices=PremisesKind.choices, first=False),
        AppliedFor(key="applied", label=_("已申请检定")),
        Unreachable(key="unreachable", label=_("提醒无接收人"), first=False, narrows=True),
    )  # fmt: skip
    bulk_acts = (
        BulkAct(
            key="apply", label=_("申请检定"), run=_apply, icon="rubber-stamp", most=200,
            check=_no_application,
            admits=lambda actor: may(acts.VERIFICATION_APPLIED, actor),
        ),
    )  # fmt: skip
    default_sort = "trusted_until"
    empty_title = _("暂无到期的器具")
    empty_text = _("近期没有到期、超期、未经检定或检定不合格的器具。")

    def rows(self, actor: Any) -> QuerySet[Instrument]:
        today = timezone.localdate()
        until = today + max(DUE_WITHIN, timedelta(days=max(stages_on(today))))
        rows: QuerySet[Any] = to_be_verified(actor, until).annotate(applied_for=is_applied_for())
        return rows.select_related("entity", "root", "area", "item")

    def fee(self) -> Fee | None:
        """Return what a verification costs today, for the note above the rows."""
        return compulsory_fee(timezone.localdate())

    def row_url(self, row: Instrument) -> str:
        return page_of("instrument_page", row.pk)

    def acts(self, actor: Any) -> Sequence[Link]:
        if not may(acts.VERIFICATION_APPLIED, actor):
            return ()
        return (Link(_("申请检定"), reverse("application_new"), "plus", primary=True),)


def standing(message: Message) -> State:
    """Return what became of a message, as a badge."""
    if message.delivered_at:
        return State(_("已发送"), Tone.OK)
    if message.given_up_at:
        return State(_("停止发送"), Tone.BAD)
    return State(_("等待重试"), Tone.DUE) if message.attempts else State(_("等待发送"), Tone.INFO)


def _with_standing(rows: QuerySet[Any], value: str, _actor: ListActor) -> QuerySet[Any]:
    return rows.filter(outbox.standing(value))


def _try_again(rows: Sequence[Message], _actor: Any, at: datetime, _data: dict[str, Any]) -> Outcome:
    return Outcome(sum(try_again(row.pk, at=at) for row in rows))


def _segments(message: Message) -> int | None:
    """Return for how many text messages the provider asks to be paid; None for what is none."""
    text = message.payload.get("text")
    return segments(text) if message.topic == TOPIC and text else None


def _subject(message: Message) -> Text:
    """Return the subject in words; the events of one platform are one subject."""
    head, _dot, _event = message.topic.partition(".")
    return TOPICS.get(message.topic) or TOPICS.get(f"{head}.") or message.topic


def _text(message: Message) -> str:
    """Return what a text message says, and by which act another message came about."""
    payload = message.payload
    if "sequence" in payload:
        return str(_("操作日志第 %(number)s 条") % {"number": payload["sequence"]})
    if "invitation" in payload:
        return str(_("账号邀请（内含一次性码，不在此显示）"))
    if "account_request" in payload:
        return str(_("账号开通申请的答复"))
    return str(payload.get("text", ""))


class MessageList(List["Message"]):
    """What goes out, or does not. No name, no number: a message knows its contact only by a reference."""

    key = "messages"
    title = _("外发消息")
    intro = _("短信和邮件在办理之后发送；未成功的自动重试，两天后停止，可在此重新发送。")
    roles = frozenset({Role.SYSTEM_ADMINISTRATOR})
    columns = (
        Column("topic", _("主题"), lead=True, value=_subject),
        Column("text", _("内容"), value=_text),
        Column("standing", _("状态"), value=standing),
        Column("segments", _("短信条数"), value=_segments, numeric=True, shown=False),
        Column("attempts", _("尝试次数"), shown=False),
        Column("sent_to", _("收件人"), shown=False),
        Column("last_error", _("最近错误")),
        Column("at", _("时间"), sort=True),
        Column("due_at", _("下次发送"), shown=False),
        Column("delivered_at", _("发送时间"), shown=False),
    )
    filters = (
        Choice(
            key="standing", label=_("状态"), narrow=_with_standing,
            choices=[("waiting", _("等待发送")), ("delivered", _("已发送")), ("given_up", _("停止发送"))],
        ),
        Search(key="topic", label=_("主题代码"), equals=("topic",), first=False),
        DateRange(key="at", label=_("日期"), on_time=True),
    )  # fmt: skip
    bulk_acts = (
        BulkAct(
            key="again", label=_("重新发送"), run=_try_again, icon="refresh",
            check=lambda row, _actor: None if row.given_up_at else str(_("只能重发已停止发送的消息")),
        ),
    )  # fmt: skip
    empty_title = _("暂无消息")

    def rows(self, actor: Any) -> QuerySet[Message]:  # noqa: ARG002 - no row belongs to a place
        return outbox.messages()

"""What the platform for scales told us: every event, and the alarms that somebody has to look into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import OFFICERS
from quanheng.apps.exchange.enums import AlarmState, EventKind, EventState, Finding
from quanheng.apps.exchange.queries import events
from quanheng.kit.lists import Choice, Column, DateRange, List, Search
from quanheng.kit.tones import State, Tone
from quanheng.web.addresses import page_of
from quanheng.web.filters import area_filter

if TYPE_CHECKING:
    from quanheng.apps.exchange.models import PlatformEvent, TamperAlarm

EVENT_TONES = {EventState.ENTERED: Tone.OK, EventState.QUARANTINED: Tone.DUE}
ALARM_TONES = {AlarmState.NEW: Tone.BAD, AlarmState.UNDER_REVIEW: Tone.DUE, AlarmState.CLOSED: Tone.OK}


def event_badge(event: PlatformEvent) -> State:
    """Return what became of an event."""
    state = EventState(event.state)
    return State(state.label, EVENT_TONES.get(state, Tone.QUIET))


def alarm_badge(alarm: TamperAlarm) -> State:
    """Return how an alarm stands."""
    state = AlarmState(alarm.state)
    return State(state.label, ALARM_TONES[state])


class EventList(List["PlatformEvent"]):
    """Locks, unlocks and alarms as they arrived; those that name no scale of ours wait here."""

    key = "platform-events"
    title = _("国家平台事件")
    intro = _("待匹配的事件每十分钟自动重试；也可以指定器具，或写明原因不予登记。")
    roles = OFFICERS
    columns = (
        Column("event_id", _("平台事件编号"), lead=True, code=True),
        Column("kind", _("事件"), value=lambda row: EventKind(row.kind).label),
        Column("state", _("处理"), value=event_badge),
        Column("reason", _("原因")),
        Column("instrument__serial_number", _("器具"), code=True),
        Column("code", _("器具码"), code=True, shown=False),
        Column("serial_number", _("出厂编号"), code=True, shown=False),
        Column("manufacturer", _("制造单位"), shown=False),
        Column("detail", _("内容"), shown=False),
        Column("happened_at", _("发生时间")),
        Column("received_at", _("收到时间")),
        Column("area__full_name", _("行政区划"), shown=False),
    )
    filters = (
        Choice(key="state", label=_("处理"), choices=EventState.choices),
        Choice(key="kind", label=_("事件"), choices=EventKind.choices),
        area_filter(),
        Search(
            label=_("事件编号、器具码或出厂编号"),
            equals=("event_id", "code", "serial_number", "instrument__serial_number"),
        ),
        DateRange(key="received_at", label=_("收到时间"), on_time=True, first=False),
    )
    empty_title = _("暂无事件")
    empty_text = _("国家计价秤平台的锁机、解锁和防作弊报警收到后列在这里。")

    def rows(self, actor: Any) -> QuerySet[PlatformEvent]:
        return events.events(actor)

    def row_url(self, row: PlatformEvent) -> str:
        return page_of("platform_event", row.pk)


class AlarmList(List["TamperAlarm"]):
    """Anti-tamper alarms; no entity sees them."""

    key = "platform-alarms"
    title = _("国家平台报警")
    intro = _("防作弊报警只是线索：现场核查后写明结论办结。经营者看不到本页。")
    roles = OFFICERS
    columns = (
        Column("instrument__serial_number", _("出厂编号"), lead=True, code=True),
        Column("instrument__name", _("器具名称")),
        Column("state", _("状态"), value=alarm_badge),
        Column("event__detail", _("内容")),
        Column("instrument__entity__name", _("使用单位")),
        Column("instrument__place", _("使用地点"), shown=False),
        Column("event__happened_at", _("发生时间")),
        Column("finding", _("核查结论"), value=lambda row: Finding(row.finding).label if row.finding else ""),
        Column("taken_up_by__name", _("核查人"), shown=False),
        Column("closed_at", _("办结时间"), shown=False),
        Column("event__event_id", _("平台事件编号"), code=True, shown=False),
        Column("area__full_name", _("行政区划"), shown=False),
    )
    filters = (
        Choice(key="state", label=_("状态"), choices=AlarmState.choices),
        Choice(key="finding", label=_("核查结论"), choices=Finding.choices),
        area_filter(),
        Search(label=_("出厂编号或事件编号"), equals=("instrument__serial_number", "event__event_id")),
        DateRange(key="happened", label=_("发生时间"), field="event__happened_at", on_time=True, first=False),
    )
    empty_title = _("暂无报警")
    empty_text = _("国家计价秤平台的防作弊报警收到后列在这里。")

    def rows(self, actor: Any) -> QuerySet[TamperAlarm]:
        return events.alarms(actor)

    def row_url(self, row: TamperAlarm) -> str:
        return page_of("platform_alarm", row.pk)

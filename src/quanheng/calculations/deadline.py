"""When a step is due: hours, working days or calendar days, with pauses and extensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import reduce
from itertools import groupby

from quanheng.calculations.calculation import Calculation, CitationOut, Example
from quanheng.calculations.deadline_model import (
    REASON_NAMES,
    DayRun,
    DeadlineCase,
    DeadlineResult,
    PauseCase,
    TimeRun,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePacks
from quanheng.packs.sentence import Sentence, tell
from quanheng.regulation import deadline_rules as rules
from quanheng.regulation.deadline_rules import Counting, Duration, DurationUnit
from quanheng.regulation.deadlines import CountedDay, CountedTime, DayStanding, Deadline, Extension, deadline
from quanheng.regulation.pauses import Pause, PauseReason, in_zone
from quanheng.regulation.workdays import DayKind, calendar_of, check_year

KIND_NAMES = {
    DayKind.WORKING: tell("工作日"),
    DayKind.MAKE_UP: tell("调休上班"),
    DayKind.WEEKEND: tell("周末"),
    DayKind.HOLIDAY: tell("放假"),
}
UNIT_NAMES = {
    DurationUnit.HOURS: tell("小时"),
    DurationUnit.WORKING_DAYS: tell("个工作日"),
    DurationUnit.CALENDAR_DAYS: tell("日"),
}


def run(case: DeadlineCase, packs: RulePacks) -> DeadlineResult:
    """Evaluate by the rule of the day of receipt."""
    received_at, counting = _start(case, packs)
    duration = _duration(case, packs, received_at.date())
    zone = timezone(counting.utc_offset)
    found = deadline(
        received_at,
        duration,
        counting,
        calendar_of(packs),
        pauses=[_pause(f"pauses[{index}]", pause, zone) for index, pause in enumerate(case.pauses)],
        extensions=[Extension(extension.count, extension.granted_at) for extension in case.extensions],
    )
    return DeadlineResult(
        title=duration.title,
        starts_with=duration.starts_with,
        count=found.count,
        unit=found.unit,
        received_at=found.received_at,
        due_on=found.due_on,
        late_from=found.late_from,
        is_running=found.is_running,
        is_provisional=found.is_provisional,
        unknown_past=found.unknown_past,
        days=tuple(_day_runs(found.days, found.unit)),
        times=tuple(map(_time_run, found.times)),
        summary=_summary(found),
        citations=tuple(map(CitationOut.of, found.citations)),
    )


def _start(case: DeadlineCase, packs: RulePacks) -> tuple[datetime, Counting]:
    """Return the instant of receipt as the office's clocks show it, and how days are counted by then."""
    if case.received_at is not None and case.received_on is None:
        check_year("received_at", case.received_at.year)
        counting = rules.counting_of(packs, case.received_at.date())
        return in_zone("received_at", case.received_at, counting.utc_offset), counting
    if case.received_on is None or case.received_at is not None:
        raise CaseFault("received_at", "one_of", "请给出 received_on 或 received_at，二选一。")
    check_year("received_on", case.received_on.year)
    counting = rules.counting_of(packs, case.received_on)
    return _midnight(case.received_on, timezone(counting.utc_offset)), counting


def _duration(case: DeadlineCase, packs: RulePacks, received_on: date) -> Duration:
    if case.duration is not None and case.procedure is None and case.step is None:
        duration = Duration(**case.duration.model_dump())
    elif case.duration is None and case.procedure is not None and case.step is not None:
        duration = rules.duration_of(packs, case.procedure, case.step, received_on)
    else:
        raise CaseFault("procedure", "one_of", "请给出 procedure 和 step，或者只给出 duration，二选一。")
    if duration.unit is DurationUnit.HOURS and case.received_at is None:
        raise CaseFault("received_at", "instant_needed", "按小时计算的期限须给出 received_at，带时区。")
    return duration


def _pause(name: str, pause: PauseCase, zone: timezone) -> Pause:
    """Return the pause in instants; its last day is left out whole."""
    by_days = pause.first_day is not None and pause.starts_at is None and pause.ends_at is None
    by_instants = pause.starts_at is not None and pause.first_day is None and pause.last_day is None
    if by_days and pause.first_day is not None:
        check_year(f"{name}.first_day", pause.first_day.year)
        return Pause(pause.reason, _midnight(pause.first_day, zone), _end(name, pause.last_day, zone))
    if by_instants and pause.starts_at is not None:
        return Pause(pause.reason, pause.starts_at, pause.ends_at)
    raise CaseFault(name, "one_of", "暂停请写 first_day 和 last_day，或者写 starts_at 和 ends_at，不要混用。")


def _end(name: str, last_day: date | None, zone: timezone) -> datetime | None:
    if last_day is None:
        return None
    check_year(f"{name}.last_day", last_day.year)
    return _midnight(last_day + timedelta(days=1), zone)


def _midnight(day: date, zone: timezone) -> datetime:
    return datetime.combine(day, time(), zone)


def _day_runs(days: Sequence[CountedDay], unit: DurationUnit) -> Iterator[DayRun]:
    for _alike, group in groupby(days, key=lambda day: _alikeness(day, unit)):
        run = list(group)
        kinds = {day.kind for day in run}
        yield DayRun(
            first_day=run[0].day,
            last_day=run[-1].day,
            kind=kinds.pop() if len(kinds) == 1 else None,
            standing=run[0].standing,
            counted=run[-1].number,
            why=_why(run[0], unit),
        )


def _alikeness(day: CountedDay, unit: DurationUnit) -> tuple[object, ...]:
    """Return what days must share to stand in one row: what made the day count, or not."""
    if day.standing is DayStanding.PAUSED:
        return day.standing, day.reasons
    if day.standing is DayStanding.COUNTED and unit is DurationUnit.CALENDAR_DAYS:
        return (day.standing,)
    return day.standing, day.kind, day.holiday


def _why(day: CountedDay, unit: DurationUnit) -> str:
    kind = (
        tell("{holiday}放假", holiday=tell(day.holiday))
        if day.kind is DayKind.HOLIDAY
        else KIND_NAMES[day.kind]
    )
    counted = tell("自然日") if unit is DurationUnit.CALENDAR_DAYS else kind
    return {
        DayStanding.START: tell("起算之日（{kind}），当日不计", kind=kind),
        DayStanding.COUNTED: tell("{counted}，计入", counted=counted),
        DayStanding.NOT_WORKING: tell("{kind}，不计入", kind=kind),
        DayStanding.PAUSED: tell("{reasons}，不计入", reasons=_reasons(day.reasons)),
        DayStanding.CARRIED: tell("末日放假，顺延（{kind}）", kind=kind),
    }[day.standing]


def _time_run(time: CountedTime) -> TimeRun:
    why = tell("计入") if time.is_counted else tell("{reasons}，不计入", reasons=_reasons(time.reasons))
    return TimeRun(starts_at=time.starts_at, ends_at=time.ends_at, is_counted=time.is_counted, why=why)


def _reasons(reasons: Iterable[PauseReason]) -> Sentence:
    names = [REASON_NAMES[reason] for reason in reasons]
    if not names:
        return tell("")
    return reduce(lambda former, latter: tell("{former}；{latter}", former=former, latter=latter), names)


def _summary(found: Deadline) -> str:
    length = tell(
        "自 {received_at:%Y-%m-%d %H:%M} 起 {count} {unit}",
        received_at=found.received_at,
        count=found.count,
        unit=UNIT_NAMES[found.unit],
    )
    if found.late_from is None:
        return tell("{length}，暂停尚未结束，届满时间待定。", length=length)
    end = f"{found.late_from:%Y-%m-%d %H:%M}" if found.times else f"{found.due_on} 24:00"
    return tell(
        "{length}，{end} 届满{reservation}。", length=length, end=end, reservation=_reservation(found)
    )


def _reservation(found: Deadline) -> str:
    """Say what the day stands on where a year's calendar is missing: not published yet, or not kept here."""
    if found.unknown_past:
        years = [tell("{year} 年", year=year) for year in found.unknown_past]
        return tell("（本平台没有 {years}的放假安排，只按周末推算，请按当年的放假通知核对）", years=years)
    return tell("（涉及尚未公布放假安排的年份，公布后重算）") if found.is_provisional else ""


CALCULATION = Calculation(
    name="deadline",
    title="期限",
    case=DeadlineCase,
    result=DeadlineResult,
    run=run,
    examples=(
        Example(
            name="spring-festival",
            title="初步判定意见：2026 年春节前一个工作日收到投诉",
            source="2026 年放假安排：2 月 13 日后的第 3 个工作日是 2 月 25 日",
            case={"procedure": "service-promise", "step": "opinion", "received_on": "2026-02-13"},
        ),
        Example(
            name="dispatch",
            title="24 小时内指派：时钟小时，不避节假日",
            source="2026年计量监管实施方案：24小时内指派专业技术人员现场核查",
            case={
                "procedure": "service-promise",
                "step": "assignment",
                "received_at": "2026-02-14T16:20:00+08:00",
            },
        ),
        Example(
            name="case-with-testing",
            title="行政处罚案件：90 日，扣除检测时间，批准延长 30 日",
            source="《市场监督管理行政处罚程序规定》第六十四条",
            case={
                "procedure": "case",
                "step": "decision",
                "received_on": "2026-03-02",
                "pauses": [{"reason": "testing", "first_day": "2026-03-10", "last_day": "2026-03-29"}],
                "extensions": [{"count": 30, "granted_at": "2026-06-15T10:00:00+08:00"}],
            },
        ),
        Example(
            name="into-next-year",
            title="直接写明期限：跨入尚未公布放假安排的年份",
            source="2027 年放假安排公布之前，结果是暂定的",
            case={
                "duration": {"count": 10, "unit": "working_days"},
                "received_on": "2026-12-25",
            },
        ),
    ),
)

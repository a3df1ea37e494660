"""What is asked of a deadline, and what comes out."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import AwareDatetime, Field

from quanheng.calculations.calculation import Case, CitationOut, Result, Words
from quanheng.packs.sentence import tell
from quanheng.regulation.deadline_rules import DurationUnit
from quanheng.regulation.deadlines import DayStanding
from quanheng.regulation.pauses import PauseReason
from quanheng.regulation.workdays import DayKind

REASON_NAMES = {
    PauseReason.TESTING: tell("检测、检验、检定、鉴定"),
    PauseReason.HEARING: tell("听证"),
    PauseReason.ANNOUNCEMENT: tell("公告"),
    PauseReason.SUSPENSION: tell("中止"),
    PauseReason.IDENTIFICATION: tell("权利人辨认或者鉴别"),
    PauseReason.REFUND: tell("责令退还多收价款"),
    PauseReason.MEDIATION: tell("调解"),
    PauseReason.CORRECTION: tell("补正材料"),
}


class DurationCase(Case):
    """A length that is stated rather than taken from a rule."""

    count: int = Field(description="多少")
    unit: DurationUnit = Field(description="hours 时钟小时；working_days 工作日；calendar_days 自然日")
    ends_on_working_day: bool = Field(
        default=False, description="自然日期限的末日放假时，是否顺延到下一个工作日"
    )


class PauseCase(Case):
    """A time that is left out: by days, both included, or by instants."""

    reason: PauseReason = Field(
        description="暂停原因：testing 检测、检验、检定、鉴定；hearing 听证；announcement 公告；"
        "suspension 中止；identification 权利人辨认或者鉴别；"
        "refund 责令退还多收价款；mediation 调解；correction 补正材料"
    )
    first_day: date | None = Field(default=None, description="暂停的第一天；与 starts_at 二选一")
    last_day: date | None = Field(default=None, description="暂停的最后一天，当天也不计；空表示仍在暂停")
    starts_at: AwareDatetime | None = Field(default=None, description="暂停开始的时刻，带时区")
    ends_at: AwareDatetime | None = Field(default=None, description="恢复计时的时刻，带时区；空表示仍在暂停")


class ExtensionCase(Case):
    """More time that was granted."""

    count: int = Field(description="延长多少，单位与期限相同")
    granted_at: AwareDatetime = Field(description="批准延长的时刻，带时区")


class DeadlineCase(Case):
    """One step of a procedure, or a stated length, from its start."""

    procedure: str | None = Field(
        default=None, description="程序，如 complaint；与 step 一起给出，按收到之日的规则计算"
    )
    step: str | None = Field(default=None, description="程序中的一步，如 acceptance")
    duration: DurationCase | None = Field(default=None, description="直接写明的期限；与 procedure 二选一")
    received_on: date | None = Field(default=None, description="起算之日，当天不计；与 received_at 二选一")
    received_at: AwareDatetime | None = Field(
        default=None, description="起算的时刻，带时区；按小时的期限须给"
    )
    pauses: tuple[PauseCase, ...] = Field(default=(), description="不计入期限的时间", max_length=100)
    extensions: tuple[ExtensionCase, ...] = Field(default=(), description="依次批准的延长", max_length=20)


class DayRun(Result):
    """Days in a row that stand alike."""

    first_day: date = Field(description="第一天")
    last_day: date = Field(description="最后一天")
    kind: DayKind | None = Field(description="日历上的日子；空表示各日不同")
    standing: DayStanding = Field(
        description="start 当日不计；counted 计入；not_working 不是工作日；paused 暂停；carried 顺延"
    )
    counted: int = Field(description="到最后一天为止计入的天数")
    why: Words = Field(description="计入或不计入的原因")


class TimeRun(Result):
    """A stretch of hours."""

    starts_at: datetime = Field(description="开始")
    ends_at: datetime | None = Field(description="结束；空表示仍在暂停")
    is_counted: bool = Field(description="是否计入")
    why: Words = Field(description="计入或不计入的原因")


class DeadlineResult(Result):
    """When it is due, and how that was counted."""

    title: Words = Field(description="期限名称")
    starts_with: Words = Field(description="起算事件")
    count: int = Field(description="合计多少，含延长")
    unit: DurationUnit = Field(description="单位")
    received_at: datetime = Field(description="起算的时刻；只给日期的，为当日零时")
    due_on: date | None = Field(description="最后一日；空表示仍在暂停")
    late_from: datetime | None = Field(description="从这一刻起为逾期；空表示仍在暂停")
    is_running: bool = Field(description="是否在计时；否表示仍在暂停")
    is_provisional: bool = Field(description="是否涉及尚未公布放假安排的年份；公布后须重算")
    unknown_past: tuple[int, ...] = Field((), description="本平台没有放假安排的往年；只按周末推算，须核对")
    days: tuple[DayRun, ...] = Field(description="逐日说明，相同的连续日子合并")
    times: tuple[TimeRun, ...] = Field(description="逐段说明，按小时的期限用")
    summary: Words = Field(description="一句话的结论")
    citations: tuple[CitationOut, ...] = Field(description="所用规则和日历")

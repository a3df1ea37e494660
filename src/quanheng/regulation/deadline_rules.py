"""How long an office or a party has for a step, as dated data.

Each edition of a procedure is one pack `deadlines/<procedure>`; each of its tables is one step. The edition
in force on the day of receipt governs the whole step. `deadline-counting` says how days are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack, RulePacks
from quanheng.packs.sentence import tell
from quanheng.regulation.pauses import PauseReason

PREFIX = "deadlines/"
COUNTING = "deadline-counting"
LONGEST_DAYS = 10_000
LONGEST_HOURS = 24 * LONGEST_DAYS


class DurationUnit(StrEnum):
    """In what a deadline is stated."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


@dataclass(frozen=True, slots=True)
class Counting:
    """How days are counted.

    Args:
        utc_offset: of the clocks by which a day ends.
        partly_paused_day_counts: False leaves out each day that a pause touches.
    """

    utc_offset: timedelta
    partly_paused_day_counts: bool
    citation: Citation


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a step may take.

    Args:
        starts_with: the event on whose day (day 0) or at whose instant it starts, in Chinese.
        pause_reasons: what is left out; None leaves out whatever is stated.
        extensions: the most that each extension in turn may add; None in it means as much as was decided.
            None instead of it allows any.
        ends_on_working_day: an end on a day off moves to the next working day (calendar days only).
    """

    count: int
    unit: DurationUnit
    title: str = ""
    starts_with: str = ""
    pause_reasons: frozenset[PauseReason] | None = None
    extensions: tuple[int | None, ...] | None = None
    ends_on_working_day: bool = False
    citation: Citation | None = None


def counting_of(packs: RulePacks, day: date) -> Counting:
    """Return how days are counted on the day of receipt.

    Raises:
        NoRuleInForce: no edition covers the day.
    """
    pack = packs.in_force(COUNTING, day)
    values = pack.table("days").values
    return Counting(
        utc_offset=timedelta(minutes=values["utc_offset_minutes"]),
        partly_paused_day_counts=values["partly_paused_day_counts"],
        citation=pack.cite("days"),
    )


def duration_of(packs: RulePacks, procedure: str, step: str, received_on: date) -> Duration:
    """Return how long a step may take when it is received on the day.

    Raises:
        CaseFault: no such procedure or step.
        NoRuleInForce: the procedure had no edition in force on the day.
    """
    _check_known("procedure", procedure, procedures(packs))
    pack = packs.in_force(PREFIX + procedure, received_on)
    _check_known("step", step, sorted(pack.tables))
    return read_duration(pack, step)


def procedures(packs: RulePacks) -> list[str]:
    """Return the procedures that have deadlines."""
    return sorted({pack.rule.removeprefix(PREFIX) for pack in packs.packs if pack.rule.startswith(PREFIX)})


def read_duration(pack: RulePack, step: str) -> Duration:
    """Read one step of one edition."""
    values = pack.table(step).values
    return Duration(
        count=values["count"],
        unit=DurationUnit(values["unit"]),
        title=values["title"],
        starts_with=values["starts_with"],
        pause_reasons=frozenset(map(PauseReason, values.get("pauses", ()))),
        extensions=tuple(most or None for most in values.get("extensions", ())),
        ends_on_working_day=values.get("ends_on_working_day", False),
        citation=pack.cite(step),
    )


def check_length(name: str, count: int, unit: DurationUnit) -> None:
    """Refuse a length that is none, or that no procedure has.

    Raises:
        CaseFault: less than 1, more than 10,000 days or 240,000 hours.
    """
    longest = LONGEST_HOURS if unit is DurationUnit.HOURS else LONGEST_DAYS
    if not 1 <= count <= longest:
        raise CaseFault(
            name,
            "length",
            tell("期限须为 1 至 {longest}，现为 {count}。", longest=longest, count=count),
            count=count,
        )


def _check_known(name: str, given: str, known: Sequence[str]) -> None:
    if given not in known:
        raise CaseFault(
            name,
            "unknown",
            tell("没有“{given}”；可用的有：{known}。", given=given[:40], known=[*known]),
            known=known,
        )

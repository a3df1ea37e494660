"""The focus list: who failed draw checks in a row is watched more closely, until the checks pass again.

Rule pack `focus-list` (the plan of 2026, chapter 3(1)1). The text leaves open what a check is and whose it
is; the pack says how it is read: by station or by company, by visit or by single instrument. What comes out
is a proposal with its reason; an officer decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell
from quanheng.regulation.workdays import check_year


@dataclass(frozen=True, slots=True)
class Check:
    """One instrument, checked on one visit.

    Args:
        visit: identifies the visit; all its checks are of one day.
        is_drawn: False for a check after a complaint, a special action, a re-test.
    """

    on: date
    visit: str
    company: str
    station: str
    instrument: str
    passed: bool
    is_drawn: bool = True


@dataclass(frozen=True, slots=True)
class FocusChange:
    """The day on which a subject should go on the list or off it, why, and by which visits."""

    on: date
    is_on: bool
    reason: str
    visits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FocusStanding:
    """Where a subject stands on a day.

    Args:
        since: the day of the last change; None where there was none.
        next_visit_by: until when a subject on the list is to be visited again.
    """

    subject: str
    is_on: bool
    since: date | None
    changes: tuple[FocusChange, ...]
    next_visit_by: date | None
    citation: Citation


@dataclass(slots=True)
class _Walk:
    """What is remembered on the way through the visits of one subject."""

    failed: dict[str, list[str]] = field(default_factory=dict)  # visits in a row, by series
    passed: list[str] = field(default_factory=list)  # visits in a row while on the list
    changes: list[FocusChange] = field(default_factory=list)
    last_visit: date = date.min

    @property
    def since(self) -> date | None:
        return self.changes[-1].on if self.changes else None

    @property
    def is_on(self) -> bool:
        return bool(self.changes) and self.changes[-1].is_on


def focus_standings(checks: Iterable[Check], day: date, pack: RulePack) -> dict[str, FocusStanding]:
    """Return where each subject that was checked stands on the day.

    Raises:
        CaseFault: checks of one visit on different days, or a year beyond reason.
    """
    entry = pack.table("entry").values
    counted = [
        check for check in checks if check.on <= day and (check.is_drawn or not entry["counts_only_draws"])
    ]
    _check_visits(counted)
    by_subject: dict[str, list[Check]] = {}
    for check in sorted(counted, key=lambda check: (check.on, check.visit, check.instrument)):
        by_subject.setdefault(_subject(check, entry["subject"]), []).append(check)
    return {subject: _standing(subject, history, day, pack) for subject, history in by_subject.items()}


def listing_standing(
    subject: str, listed_on: date, checks: Iterable[Check], day: date, pack: RulePack
) -> FocusStanding:
    """Return where a subject stands that was listed on a day: when it is visited next, whether it may leave.

    Only checks after that day count. What is proposed is asked of the whole history at once: a failed visit
    before anybody decided takes the proposal back.

    Args:
        checks: of this subject alone; which of them count towards the exit, the pack says.

    Raises:
        CaseFault: as `focus_standings`.
    """
    leave = pack.table("exit").values
    counted = [check for check in checks if listed_on < check.on <= day]
    _check_visits(counted)
    walk = _Walk(changes=[FocusChange(listed_on, is_on=True, reason="", visits=())], last_visit=listed_on)
    for _key, group in groupby(sorted(counted, key=lambda it: (it.on, it.visit)), key=lambda it: it.visit):
        visit = list(group)
        walk.last_visit = visit[0].on
        if leave["counts_only_draws"] and not visit[0].is_drawn:
            continue
        walk.passed = [*walk.passed, visit[0].visit] if all(check.passed for check in visit) else []
    _leave_if_due(walk, day, pack)
    every = timedelta(days=pack.table("frequency").values["visit_every_days"])
    return FocusStanding(
        subject=subject,
        is_on=walk.is_on,
        since=walk.since,
        changes=tuple(walk.changes),
        next_visit_by=walk.last_visit + every,
        citation=pack.cite(),
    )


def _subject(check: Check, reading: str) -> str:
    return {"station": check.station, "company": check.company}[reading]


def _standing(subject: str, history: Sequence[Check], day: date, pack: RulePack) -> FocusStanding:
    walk = _Walk()
    for _visit, checks in groupby(history, key=lambda check: (check.on, check.visit)):
        _take(walk, list(checks), pack)
    _leave_if_due(walk, day, pack)
    every = timedelta(days=pack.table("frequency").values["visit_every_days"])
    return FocusStanding(
        subject=subject,
        is_on=walk.is_on,
        since=walk.since,
        changes=tuple(walk.changes),
        next_visit_by=walk.last_visit + every if walk.is_on else None,
        citation=pack.cite(),
    )


def _take(walk: _Walk, checks: Sequence[Check], pack: RulePack) -> None:
    """Take one visit into account."""
    on, visit = checks[0].on, checks[0].visit
    _leave_if_due(walk, on - timedelta(days=1), pack)
    entry = pack.table("entry").values
    passed_all = all(check.passed for check in checks)
    for series, passed in _outcomes(checks, entry["check"]).items():
        walk.failed[series] = [] if passed else [*walk.failed.get(series, []), visit]
    walk.last_visit = on
    if walk.is_on:
        walk.passed = [*walk.passed, visit] if passed_all else []
        _leave_if_due(walk, on, pack)
    else:
        _enter_if_due(walk, on, entry)


def _outcomes(checks: Sequence[Check], reading: str) -> dict[str, bool]:
    """Return passed or failed by series: one for all visits, or one for each instrument."""
    if reading == "visit":
        return {"": all(check.passed for check in checks)}
    found: dict[str, bool] = {}
    for check in checks:
        found[check.instrument] = found.get(check.instrument, True) and check.passed
    return found


def _enter_if_due(walk: _Walk, on: date, entry: Any) -> None:
    needed = entry["failures_in_a_row"]
    worst = max(walk.failed.values(), key=len)
    if len(worst) >= needed:
        reason = tell("连续 {needed} 次抽查不合格", needed=needed)
        walk.changes.append(FocusChange(on, is_on=True, reason=reason, visits=tuple(worst[-needed:])))
        walk.passed = []


def _leave_if_due(walk: _Walk, day: date, pack: RulePack) -> None:
    """Take the subject off the list on the first day, up to the day, on which it has met the conditions."""
    leave = pack.table("exit").values
    if walk.since is None or not walk.is_on or len(walk.passed) < leave["passes_in_a_row"]:
        return
    on = max(walk.since + timedelta(days=leave["days_at_least"]), walk.last_visit)
    if on <= day:
        reason = tell(
            "列入满 {days} 日，连续 {passes} 次检查合格",
            days=leave["days_at_least"],
            passes=leave["passes_in_a_row"],
        )
        walk.changes.append(FocusChange(on, is_on=False, reason=reason, visits=tuple(walk.passed)))
        walk.failed = {}


def _check_visits(checks: Iterable[Check]) -> None:
    days: dict[str, date] = {}
    for check in checks:
        check_year("checks", check.on.year)
        if days.setdefault(check.visit, check.on) != check.on:
            message = tell("检查 {visit} 的记录不在同一天，请核对。", visit=check.visit)
            raise CaseFault("checks", "visit_on_two_days", message, visit=check.visit)

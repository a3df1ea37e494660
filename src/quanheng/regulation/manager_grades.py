"""Grades of metrology managers, and whether an enterprise has those it needs.

Rule pack `manager-grades` (the plan of 2026, chapter 3(2)1): an industrial enterprise above scale has at
least one manager of the intermediate grade or higher.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell
from quanheng.regulation.periods import valid_until
from quanheng.regulation.workdays import check_year


class ManagerGrade(StrEnum):
    """Grades of metrology managers; the pack orders them."""

    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"


class ManagerStanding(StrEnum):
    """Whether one manager counts, and why not."""

    COUNTS = "counts"
    GRADE_TOO_LOW = "grade_too_low"
    EXPIRED = "expired"
    NOT_YET_CERTIFIED = "not_yet_certified"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Manager:
    """One manager's certificate and post.

    Args:
        valid_to: the last day, as the certificate says; by the pack where it says nothing.
        left_on: the first day on which the person no longer holds the post.
    """

    person: str
    grade: ManagerGrade
    certified_on: date
    valid_to: date | None = None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Staffing:
    """Whether an enterprise has the managers it needs.

    Args:
        vacancies: how many are missing.
        lapses_on: the first day on which there will be too few, as things stand; None while there are too
            few already or none is needed.
        is_lapsing: that day comes within the warning time.
    """

    needed: int
    counted: int
    vacancies: int
    lapses_on: date | None
    is_lapsing: bool
    standings: tuple[tuple[str, ManagerStanding], ...]
    citation: Citation

    @property
    def is_met(self) -> bool:
        return self.vacancies == 0


def staffing(managers: Iterable[Manager], day: date, pack: RulePack, *, is_above_scale: bool) -> Staffing:
    """Return whether an enterprise has the managers it needs on the day.

    Args:
        is_above_scale: enterprises that are not need none.

    Raises:
        CaseFault: a certificate that ends before it begins, or a year beyond reason.
    """
    rule, certificate = pack.table("staffing").values, pack.table("certificate").values
    needed = rule["needed"] if is_above_scale else 0
    people = list(managers)
    ends = [_end(manager, certificate["valid_months"]) for manager in people]
    standings = [_standing(manager, end, day, pack) for manager, end in zip(people, ends, strict=True)]
    counting = sorted(
        end for end, standing in zip(ends, standings, strict=True) if standing is ManagerStanding.COUNTS
    )
    lapses_on = counting[-needed] + timedelta(days=1) if 0 < needed <= len(counting) else None
    return Staffing(
        needed=needed,
        counted=len(counting),
        vacancies=max(0, needed - len(counting)),
        lapses_on=lapses_on,
        is_lapsing=lapses_on is not None and (lapses_on - day).days <= certificate["warn_days"],
        standings=tuple((manager.person, at) for manager, at in zip(people, standings, strict=True)),
        citation=pack.cite(),
    )


def _end(manager: Manager, months: int) -> date:
    """Return the last day on which the manager can count."""
    check_year("certified_on", manager.certified_on.year)
    certified_to = manager.valid_to or valid_until(manager.certified_on, months)
    if certified_to is None or certified_to < manager.certified_on:
        message = tell("{person} 的证书在发证之前已经到期，请核对。", person=manager.person)
        raise CaseFault("valid_to", "ends_before_it_begins", message, person=manager.person)
    return certified_to if manager.left_on is None else min(certified_to, manager.left_on - timedelta(days=1))


def _standing(manager: Manager, end: date, day: date, pack: RulePack) -> ManagerStanding:
    rule = pack.table("staffing").values
    rank = list(rule["grades"]).index
    if manager.left_on is not None and manager.left_on <= day:
        return ManagerStanding.LEFT
    if day < manager.certified_on:
        return ManagerStanding.NOT_YET_CERTIFIED
    if end < day:
        return ManagerStanding.EXPIRED
    if rank(manager.grade) < rank(rule["needed_grade"]):
        return ManagerStanding.GRADE_TOO_LOW
    return ManagerStanding.COUNTS

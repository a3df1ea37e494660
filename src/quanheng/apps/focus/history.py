"""The checks that the focus list looks at: drawn ones, and those on site once somebody is on it.

A visit is what one campaign drew at one station and was checked on one day; on site, all checks there of one
day. What could not be checked is neither passed nor failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from quanheng.apps.inspections.verdicts import DrawnCheck, drawn_checks
from quanheng.apps.instruments.queries.checks import SiteCheck, checks_at
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped
from quanheng.regulation.focus_list import Check, FocusChange

RULE = "focus-list"


def pack_on(day: date) -> RulePack:
    """Return the edition of the rule in force on a day."""
    return shipped().in_force(RULE, day)


def subject_column(day: date) -> str:
    """Return by which column of a check the rule of a day tells its subjects apart: station or company."""
    return {"station": "entity_id", "company": "root_id"}[pack_on(day).table("entry").values["subject"]]


@dataclass(frozen=True, slots=True)
class Looked:
    """One instrument, checked; `task` is the drawn task, None for a check on site."""

    instrument: int
    passed: bool
    task: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit.

    Args:
        campaign: the number of the campaign; empty for checks on site.
        people: who checked.
    """

    key: str
    on: date
    campaign: str
    looked: tuple[Looked, ...]
    people: frozenset[int]

    def with_check(self, other: Visit) -> Visit:
        """Return the visit with what was checked beside it."""
        looked, people = self.looked + other.looked, self.people | other.people
        return replace(self, looked=looked, people=people)

    def as_json(self) -> dict[str, Any]:
        """As a listing keeps it."""
        looked = [asdict(each) for each in self.looked]
        people = sorted(self.people)
        return {
            "key": self.key, "on": self.on.isoformat(), "campaign": self.campaign, "looked": looked,
            "people": people,
        }  # fmt: skip


Visits: TypeAlias = dict[str, Visit]


@dataclass(frozen=True, slots=True)
class History:
    """What was checked at one subject: as the rule takes it, and as visits by their keys."""

    checks: tuple[Check, ...]
    visits: Visits

    def behind(self, change: FocusChange) -> list[dict[str, Any]]:
        """Return the visits that led to a change, as a listing keeps them."""
        return [self.visits[key].as_json() for key in change.visits]


def drawn_history(subject: int, pack: RulePack, *, since: date | None) -> History:
    """Return the drawn checks at a subject from a day on. The scope must let everything through."""
    return _history(subject, _judged(_drawn(subject, pack), since), ())


def listed_history(subject: int, pack: RulePack, *, since: date) -> History:
    """Return every check at a subject from a day on; what was drawn is not counted once more as on site."""
    drawn = _drawn(subject, pack)
    known = {(each.instrument_id, each.recorded_at) for each in drawn}
    on_site = [each for each in checks_at(subject, since) if (each.instrument_id, each.at) not in known]
    return _history(subject, _judged(drawn, since), on_site)


def _drawn(subject: int, pack: RulePack) -> list[DrawnCheck]:
    return drawn_checks(subject, with_parts=pack.table("entry").values["subject"] == "company")


def _judged(drawn: Sequence[DrawnCheck], since: date | None) -> list[DrawnCheck]:
    """Keep what passed or failed, from a day on."""
    return [it for it in drawn if it.passed is not None and it.on >= (since or date.min)]


def _history(subject: int, drawn: Sequence[DrawnCheck], on_site: Sequence[SiteCheck]) -> History:
    each_alone = [*map(_drawn_visit, drawn), *map(_site_visit, on_site)]
    visits: Visits = {}
    for visit in each_alone:
        visits[visit.key] = visits[visit.key].with_check(visit) if visit.key in visits else visit
    return History(tuple(_check(subject, visit) for visit in each_alone), visits)


def _drawn_visit(it: DrawnCheck) -> Visit:
    key = f"{it.campaign_number} {it.entity_id} {it.on}"
    looked = Looked(it.instrument_id, bool(it.passed), it.task_id)
    return Visit(key, it.on, it.campaign_number, (looked,), frozenset(it.people))


def _site_visit(it: SiteCheck) -> Visit:
    looked = Looked(it.instrument_id, it.passed)
    return Visit(f"{it.entity_id} {it.on}", it.on, "", (looked,), frozenset(it.people))


def _check(subject: int, visit: Visit) -> Check:
    """Read a check as the rule does: station and company are both the subject, which the pack chose."""
    name, (looked,) = str(subject), visit.looked
    is_drawn = looked.task is not None
    return Check(visit.on, visit.key, name, name, str(looked.instrument), looked.passed, is_drawn)

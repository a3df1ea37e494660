"""What is asked of inspections: by offices, by entities, and by the public."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from quanheng.apps.accounts.colleagues import names_of
from quanheng.apps.inspections.enums import CampaignState, TaskState, Verdict
from quanheng.apps.inspections.models import Campaign, FrozenFrame, InspectionTask, ResultCorrection
from quanheng.kit.scope import EVERYTHING, Actor, ScopedQuerySet, acting_in
from quanheng.regulation.quarters import Quarter, forecast

COUNTED = (CampaignState.COMMITTED, CampaignState.DRAWN, CampaignState.CLOSED)


def campaigns(by: Actor) -> QuerySet[Campaign]:
    """Return the campaigns of an officer's areas, and those of the areas above, in which they take part."""
    rows = Campaign.objects.unscoped().select_related("area", "planned_by", "decided_by")
    scope = by.scope
    if scope.everything:
        return rows
    if scope.first is None or scope.last is None:
        return rows.none()
    within = Q(area_id__gte=scope.first, area_id__lte=scope.last)
    above = Q(area_id__lte=scope.first, area_last__gte=scope.last)
    return rows.filter(within | above)


def campaign(campaign_id: int, by: Actor) -> Campaign | None:
    """Return one of them, or None."""
    return campaigns(by).filter(pk=campaign_id).first()


def tasks(by: Actor) -> ScopedQuerySet[InspectionTask]:
    """Return the tasks that somebody does, and what was opened of the others."""
    return InspectionTask.objects.visible_to(by).select_related("area", "lead", "second")


def task(task_id: int, by: Actor) -> InspectionTask | None:
    """Return one of them, or None."""
    return tasks(by).filter(pk=task_id).first()


def corrections(task: InspectionTask, by: Actor) -> list[ResultCorrection]:
    """Return what was asked to be put right of a task's result, the newest first."""
    rows = ResultCorrection.objects.visible_to(by).filter(task=task)
    return list(rows.select_related("proposed_by", "decided_by").order_by("-pk"))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a campaign stands in one stratum.

    Args:
        frame: units in use when the frame was frozen; quota: how many of them are drawn.
        done: checked, passed or failed; `unable` could not be checked and is not among them.
        forecast: how many will be done on the quarter's last day, at the pace since the draw.
    """

    code: str
    name: str
    frame: int
    quota: int
    done: int = 0
    failed: int = 0
    unable: int = 0
    forecast: int = 0

    @property
    def is_behind(self) -> bool:
        return self.forecast < self.quota


def standings(campaign: Campaign, by: Actor, today: date) -> list[Standing]:
    """Return how a campaign stands in the strata that an actor oversees: counts, which name nobody."""
    mine = [one for one in campaign.strata if by.scope.covers_area(one["area"])]
    counted = _counted(campaign, [one["code"] for one in mine]) if campaign.drawn_at else {}
    return [_standing(campaign, one, counted.get(one["code"], {}), today) for one in mine]


def _counted(campaign: Campaign, codes: Collection[str]) -> dict[str, dict[str, int]]:
    """Return by stratum how many tasks have which verdict; whose they are is not asked."""
    found: dict[str, dict[str, int]] = {}
    with acting_in(EVERYTHING):
        rows = InspectionTask.objects.unscoped().filter(campaign=campaign, stratum__in=codes)
        counts = rows.order_by().values_list("stratum", "verdict").annotate(n=Count("pk"))
        for code, verdict, number in counts:
            found.setdefault(code, {})[verdict] = number
    return found


def _standing(campaign: Campaign, one: dict[str, Any], found: dict[str, int], today: date) -> Standing:
    failed = found.get(Verdict.FAILED, 0)
    done = found.get(Verdict.PASSED, 0) + failed
    unable = found.get(Verdict.UNABLE, 0)
    return Standing(
        one["code"], one["name"], one["size"], one["quota"], done, failed, unable,
        _forecast(campaign, done, one["quota"] - unable, today),
    )  # fmt: skip


def _forecast(campaign: Campaign, done: int, possible: int, today: date) -> int:
    last = Quarter(campaign.year, campaign.quarter).last
    if campaign.state == CampaignState.CLOSED or today > last:
        return done
    if campaign.drawn_at is None:
        return possible
    return forecast(
        done=done, drawn=possible, since=timezone.localdate(campaign.drawn_at), today=today, last=last
    )


@dataclass(frozen=True, slots=True)
class Load:
    """How much one officer has in a campaign."""

    user_id: int
    name: str
    open: int
    done: int


def loads(campaign: Campaign) -> list[Load]:
    """Return who was sent and how much each has, by name; not to whom."""
    held: dict[int, list[int]] = {}
    with acting_in(EVERYTHING):
        rows = InspectionTask.objects.unscoped().filter(campaign=campaign).order_by()
        for column in ("lead_id", "second_id"):
            for user, state, number in rows.values_list(column, "state").annotate(n=Count("pk")):
                held.setdefault(user, [0, 0])[state == TaskState.DONE] += number
    names = names_of(held)
    found = [Load(user, names.get(user, ""), *counts) for user, counts in held.items()]
    return sorted(found, key=lambda one: (one.name, one.user_id))


@dataclass(frozen=True, slots=True)
class PublicDraw:
    """What anybody reads of a draw. What would tell who is drawn is empty until it is closed."""

    number: str
    name: str
    area: str
    state: CampaignState
    year: int
    quarter: int
    frame_day: date
    frame_size: int
    quota: int
    frame_digest: str
    commitment_digest: str
    committed_at: datetime
    known_at: datetime | None
    drawn_at: datetime | None
    closed_at: datetime | None
    reason: str
    commitment: str

    @property
    def is_open(self) -> bool:
        return self.state is CampaignState.CLOSED


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter in which draws were committed to."""

    year: int
    quarter: int

    @property
    def key(self) -> str:
        return f"{self.year}Q{self.quarter}"


def public_periods() -> list[Period]:
    """Return the quarters in which a draw was committed to, the latest first."""
    with acting_in(EVERYTHING):
        rows = _published().order_by("-year", "-quarter").values_list("year", "quarter").distinct()
        return [Period(*row) for row in rows]


def public_draws(period: Period) -> list[PublicDraw]:
    """Return every draw committed to in a quarter, the newest first: abandoned ones too, without gaps."""
    with acting_in(EVERYTHING):
        rows = _published().filter(year=period.year, quarter=period.quarter).defer("strata")
        return [_public(row) for row in rows.order_by("-committed_at", "-pk")]


def public_draw(number: str) -> PublicDraw | None:
    """Return one of them, or None."""
    with acting_in(EVERYTHING):
        row = _published().filter(number=number).first()
    return _public(row) if row else None


def public_proof(number: str) -> str | None:
    """Return the proof of a draw once it is closed; None before."""
    with acting_in(EVERYTHING):
        closed = FrozenFrame.objects.filter(campaign__number=number, campaign__state=CampaignState.CLOSED)
        return closed.values_list("proof", flat=True).first()


def _published() -> QuerySet[Campaign]:
    return Campaign.objects.unscoped().filter(number__isnull=False).select_related("area")


def _public(row: Campaign) -> PublicDraw:
    assert row.frame_day is not None and row.committed_at is not None  # noqa: S101, PT018  a constraint holds it
    return PublicDraw(
        row.number or "", row.name, row.area.full_name, CampaignState(row.state), row.year, row.quarter,
        row.frame_day, row.frame_size, row.quota, row.frame_digest, row.commitment_digest, row.committed_at,
        row.known_at, row.drawn_at, row.closed_at,
        row.reason if row.state == CampaignState.ABANDONED else "", row.commitment,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One campaign in one stratum, for programs."""

    key: str
    name: str
    kind: str
    quarter: str
    area: str
    frame: int
    drawn: int
    done: int
    failed: int
    quota: int
    forecast: int


def rows_of_campaigns(by: Actor, today: date) -> Iterator[Row]:
    """Yield how every campaign that has a frame stands, stratum by stratum."""
    for each in campaigns(by).filter(state__in=COUNTED).order_by("number"):
        for one in standings(each, by, today):
            yield Row(
                each.number or "", each.name, each.subject, Period(each.year, each.quarter).key, one.code,
                one.frame, one.quota if each.drawn_at else 0, one.done, one.failed, one.quota, one.forecast,
            )  # fmt: skip

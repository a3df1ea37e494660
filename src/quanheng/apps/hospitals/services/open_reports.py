"""The daily job: reports of half-years that have ended are opened, and whoever owes one is reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from quanheng.apps.hospitals.enums import WITH_HOSPITAL, HalfYearState
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.hospitals.notices import tell_due
from quanheng.apps.hospitals.queries.reports import pack_on
from quanheng.apps.registry.enums import EntityState
from quanheng.apps.registry.queries import hospitals_on_file, place_of_use
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.packs.shipped import shipped
from quanheng.regulation.half_year_report import HalfYear, ReportStanding, due_on, reports
from quanheng.regulation.workdays import calendar_of

AT_ONCE = 2_000


def open_reports(*, at: datetime) -> int:
    """Open what has come due since, bring open ones up to date, and remind.

    Returns:
        How many were opened.
    """
    day = timezone.localdate(at)
    with acting_in(EVERYTHING), transaction.atomic():
        opened = sum(_open(period, at) for period in _ended(day))
        _refresh(day)
        _remind(day, at)
    return opened


def _ended(day: date) -> Iterator[HalfYear]:
    """Yield the half-years that have ended since the rule is in force."""
    pack = pack_on(day)
    for each in reports(pack.in_force_from, day, {}, calendar_of(shipped()), pack):
        if each.standing is not ReportStanding.RUNNING:
            yield each.period


def _due_on(period: HalfYear) -> date:
    return due_on(period, calendar_of(shipped()), pack_on(period.last_day))


def _open(period: HalfYear, at: datetime) -> int:
    there = HalfYearReport.objects.unscoped().filter(year=period.year, half=period.half)
    owing = hospitals_on_file(period.last_day).exclude(pk__in=there.values("entity_id"))
    due, opened, rows = _due_on(period), 0, owing.iterator(AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        HalfYearReport.objects.unscoped().bulk_create(
            [
                HalfYearReport(
                    number=f"BN{period.year}{period.half}-{place.entity_id}", entity_id=place.entity_id,
                    root_id=place.root_id, area_id=place.area_id, year=period.year, half=period.half,
                    due_on=due, opened_at=at,
                )
                for place in map(place_of_use, some)
            ]
        )  # fmt: skip
        opened += len(some)
    return opened


def _refresh(day: date) -> None:
    """Follow the hospital where it moved, and the calendar; drop what a closed hospital never wrote."""
    theirs = HalfYearReport.objects.unscoped().filter(state__in=WITH_HOSPITAL)
    theirs.filter(state=HalfYearState.DRAFT, entity__state=EntityState.CLOSED).delete()
    moved = theirs.exclude(area=F("entity__area"))
    where = HalfYearReport.objects.unscoped().filter(pk=OuterRef("pk"))
    moved.update(area=Subquery(where.values("entity__area")[:1]))
    waiting = theirs.filter(first_submitted_on=None, due_on__gte=day)
    for year, half in waiting.order_by().values_list("year", "half").distinct():
        due = _due_on(HalfYear(year, half))
        waiting.filter(year=year, half=half).exclude(due_on=due).update(due_on=due)


def _remind(day: date, at: datetime) -> None:
    """Tell each hospital once at each stage, from the stage that the rule names to the day after the last."""
    stages = sorted([*pack_on(day).table("reminders").values["days_before"], -1], reverse=True)
    waiting = HalfYearReport.objects.unscoped().filter(first_submitted_on=None).defer("lines", "words")
    for stage, next_stage in zip(stages, [*stages[1:], None], strict=True):
        reached = waiting.filter(due_on__lte=day + timedelta(days=stage))
        if next_stage is not None:
            reached = reached.filter(due_on__gt=day + timedelta(days=next_stage))
        tell_due(reached.iterator(AT_ONCE), stage=stage, at=at)

"""Half-year reports, as those see them whom they concern."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AreaLevel
from quanheng.apps.accounts.positions import width
from quanheng.apps.accounts.queries import areas
from quanheng.apps.hospitals.enums import EVER_SUBMITTED, HalfYearState, ManagerStanding
from quanheng.apps.hospitals.figures import Line, classes_on, count, read_lines
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.instruments.queries.holdings import Held, holdings
from quanheng.apps.registry.queries import has_metrology_manager
from quanheng.kit.scope import ScopedQuerySet
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped
from quanheng.regulation.hospital_manager import full_time_manager

RULE = "half-year-report"


def pack_on(day: date) -> RulePack:
    """Return the edition of the rule in force on a day."""
    return shipped().in_force(RULE, day)


def half_year_reports(by: Actor) -> ScopedQuerySet[HalfYearReport]:
    """Return the reports that an actor sees, without the instruments behind their counts."""
    return HalfYearReport.objects.visible_to(by).select_related("entity", "area").defer("lines", "words")


def half_year_report(report_id: int, by: Actor) -> HalfYearReport | None:
    """Return one of them, whole."""
    rows = HalfYearReport.objects.visible_to(by).select_related("entity", "area")
    return rows.filter(pk=report_id).first()


def never_submitted(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Keep what is overdue: never submitted, and its last day is over."""
    return rows.filter(first_submitted_on=None, due_on__lt=day)


def lines_of(report: HalfYearReport, by: Actor, day: date) -> list[Line]:
    """Return the counts: frozen once submitted; the ledger's of the day while it lies with the hospital."""
    if not report.is_with_hospital:
        return read_lines(report.lines)
    lately = int(pack_on(day).table("reminders").values["lately_days"])
    return count(holdings(report.entity_id, day, by, lately_days=lately), day, report.remarks)


def manager_of(report: HalfYearReport, by: Actor, day: date) -> ManagerStanding:
    """Say whether the hospital has its full-time manager, by its file and by its word."""
    found = full_time_manager(
        report.entity.hospital_grade, report.full_time_managers or 0,
        on_file=has_metrology_manager(report.entity_id, by), pack=pack_on(day),
    )  # fmt: skip
    return ManagerStanding(found.value)


def has_unverified_classes(day: date) -> bool:
    """Say whether nobody has read the source of some class in force on a day."""
    return not all(each.is_verified for each in classes_on(day))


def instruments_behind(line: Line, standing: Held) -> list[int]:
    """Return the ids of the instruments behind one number of a line."""
    return line.behind.get(standing.value, [])


@dataclass(frozen=True, slots=True)
class AreaReports:
    """The reports of one half-year in one county."""

    area_id: int
    name: str
    reports: int
    submitted: int
    accepted: int
    overdue: int


def by_county(by: Actor, year: int, half: int) -> list[AreaReports]:
    """Return the reports of a half-year, county by county; the most overdue first."""
    rows = list(
        HalfYearReport.objects.visible_to(by)
        .filter(year=year, half=half)
        .annotate(county=F("area_id") - F("area_id") % width(AreaLevel.COUNTY))
        .values("county")
        .annotate(
            reports=Count("pk"),
            submitted=Count("pk", filter=Q(state__in=EVER_SUBMITTED)),
            accepted=Count("pk", filter=Q(state=HalfYearState.ACCEPTED)),
            overdue=Count("pk", filter=Q(first_submitted_on=None, due_on__lt=timezone.localdate())),
        )
    )
    named = areas().filter(pk__in=[row["county"] for row in rows])
    names = dict(named.values_list("pk", "full_name"))
    found = [
        AreaReports(row["county"], names.get(row["county"], ""), row["reports"], row["submitted"],
                    row["accepted"], row["overdue"])
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda it: (-it.overdue, it.area_id))


def periods(by: Actor) -> list[tuple[int, int]]:
    """Return the half-years of which an actor sees reports, the newest first."""
    rows = HalfYearReport.objects.visible_to(by).order_by("-year", "-half")
    return list(rows.values_list("year", "half").distinct())

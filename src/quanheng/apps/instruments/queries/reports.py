"""What shoppers reported: for the office that looks into it, and for whoever holds the receipt."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from quanheng.apps.instruments.enums import ReportFinding, ReportState
from quanheng.apps.instruments.models import ShopperReport
from quanheng.kit.scope import EVERYTHING, Actor, ScopedQuerySet, acting_in


def reports(by: Actor) -> ScopedQuerySet[ShopperReport]:
    """Return the reports that an actor sees; one about an unknown label has no instrument."""
    related = ("instrument__entity", "area", "taken_up_by")
    return ShopperReport.objects.visible_to(by).select_related(*related)


def report(report_id: int, by: Actor) -> ShopperReport | None:
    """Return one of them with who closed it, or None."""
    return reports(by).select_related("closed_by", "noted_by").filter(pk=report_id).first()


def open_reports(by: Actor) -> Coalesce:
    """Return how many reports about an instrument the actor sees that are not closed: a column of its row."""
    rows = ShopperReport.objects.visible_to(by).filter(instrument=OuterRef("pk"))
    waiting = rows.exclude(state=ReportState.CLOSED).order_by().values("instrument").annotate(n=Count("pk"))
    return Coalesce(Subquery(waiting.values("n")), 0)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What whoever holds the number of a receipt is told: never what was reported, never by whom."""

    state: ReportState
    finding: ReportFinding | None
    answer: str
    reply: str  # of the hotline


def receipt(number: str) -> Receipt | None:
    """Return what became of a report, by its number: there is no other key, and none is guessed."""
    with acting_in(EVERYTHING):
        row = ShopperReport.objects.unscoped().filter(number=number).first()
    if row is None:
        return None
    return Receipt(
        ReportState(row.state), ReportFinding(row.finding) if row.finding else None, row.answer, row.reply
    )

"""What is told of half-year reports: to the office that decides, and to the hospital that owes one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from quanheng.apps.hospitals import acts
from quanheng.apps.hospitals.models import HalfYearReport
from quanheng.apps.notices.addresses import Acts, Address, Letter, Letters, office_of
from quanheng.apps.notices.kinds import kind
from quanheng.apps.notices.services.write import News, tell
from quanheng.kit.tones import Tone


def _reports(told: Acts) -> dict[str, HalfYearReport]:
    rows = HalfYearReport.objects.unscoped().filter(number__in=[act.subject for act in told])
    return {row.number: row for row in rows.defer("lines", "words")}


def _to_county(told: Acts) -> Letters:
    found = _reports(told)
    for act in told:
        if (row := found.get(act.subject)) is not None:
            yield Letter(act, office_of(row.area_id), row.pk)


def _to_hospital(told: Acts) -> Letters:
    found = _reports(told)
    for act in told:
        if (row := found.get(act.subject)) is not None:
            yield Letter(act, Address(entity_id=row.entity_id), row.pk)


kind(
    "half_year_received",
    _("收到半年报告"),
    who=acts.HALF_YEAR_ACCEPTED.who,
    told_by=(acts.HALF_YEAR_SUBMITTED,),
    to=_to_county,
    text=_("收到半年报告，待审核：%(subject)s"),
    many=_("收到半年报告，待审核：%(count)s 份"),
    of="half-year-reports",
    among="state=submitted",
    settled_by=(acts.HALF_YEAR_RETURNED, acts.HALF_YEAR_ACCEPTED),
    rows_of=lambda told: (row.pk for row in _reports(told).values()),
    tone=Tone.DUE,
)
kind(
    "half_year_decided",
    _("半年报告审核结果"),
    who=acts.HOSPITAL_STAFF,
    told_by=(acts.HALF_YEAR_RETURNED, acts.HALF_YEAR_ACCEPTED),
    to=_to_hospital,
    text=_("%(act)s：%(subject)s"),
    many=_("半年报告审核结果：%(count)s 份"),
    of="half-year-reports",
)
DUE = kind(
    "half_year_due",
    _("半年报告待报送"),
    who=acts.HOSPITAL_STAFF,
    text=_("半年报告待报送：%(subject)s"),
    many=_("半年报告待报送：%(count)s 份"),
    of="half-year-reports",
    among="state=draft",
    settled_by=(acts.HALF_YEAR_SUBMITTED,),
    rows_of=lambda told: (row.pk for row in _reports(told).values()),
    tone=Tone.DUE,
)


def tell_due(rows: Iterable[HalfYearReport], *, stage: int, at: datetime) -> None:
    """Tell hospitals, once at each stage, that a report is due or overdue."""
    tell(
        News(
            kind=DUE, to=Address(entity_id=row.entity_id), at=at, row_id=row.pk, subject=row.number,
            key=f"{row.pk} {stage}",
        )
        for row in rows
    )  # fmt: skip

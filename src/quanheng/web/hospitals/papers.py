"""A half-year report as a PDF, as it was submitted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quanheng.adapters.papers import Document, print_document
from quanheng.apps.hospitals.queries import reports
from quanheng.web.hospitals.page import all_lines, facts_of

if TYPE_CHECKING:
    from quanheng.apps.accounts.actors import Actor
    from quanheng.apps.hospitals.models import HalfYearReport


def half_year_paper(report: HalfYearReport, by: Actor, at: datetime) -> bytes:
    """Return a report that was submitted as a PDF."""
    return print_document(Document.HALF_YEAR, paper_data(report, by, at), at)


def paper_data(report: HalfYearReport, by: Actor, at: datetime) -> dict[str, Any]:
    """Return what the template reads; every class stands in it, empty or not."""
    lines = all_lines(report, reports.lines_of(report, by, localtime(at).date()))
    told = {"at": f"{localtime(at):%Y-%m-%d %H:%M}", "who": by.name, "number": report.number}
    facts = [
        [str(fact.label), " ".join(filter(None, (str(fact.value), str(fact.state or ""))))]
        for fact in facts_of(report, by)
    ]
    return {
        "language": "en" if get_language() == "en" else "zh", "title": _("医疗机构半年报告"),
        "hospital": report.entity.name, "demonstration": _("演示数据，均为虚构") if settings.IS_DEMO else "",
        "facts": [[_("状态"), str(report.get_state_display())], *facts], "counts": _("分类数据"),
        "heads": [_("类别"), _("管理方式"), *(cell.head for cell in lines[0].cells), _("备注")],
        "rows": [
            [line.name, line.mode, *(cell.text for cell in line.cells), line.remark] for line in lines
        ],
        "note": _("校准管理的器具不计入应检。"), "words_title": _("情况说明"), "words": report.words,
        "footer": _("报告 %(number)s，系统 %(at)s 的记录，由%(who)s导出。") % told,
    }  # fmt: skip

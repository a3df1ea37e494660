"""The closing report as files: a sheet with a line for each area and market, and a PDF for the cabinet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quanheng.adapters.papers import Document, print_document
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.queries.campaign import DEADLINE, Doubled
from quanheng.kit.sheets import write_xlsx
from quanheng.web.campaign.report import Line, Report


def write_sheet(report: Report, path: Path) -> None:
    """Write the report as a workbook."""
    frozen = [_("%(head)s（固化）") % {"head": head} for head in _frozen_heads()]
    write_xlsx(path, [_("范围"), *frozen, *_now_heads()], _lines(report), sheet=_("录入结束报告"))


def report_paper(report: Report, by: Actor, at: datetime) -> bytes:
    """Return the report as a PDF."""
    return print_document(Document.CAMPAIGN, paper_data(report, by, at), at)


def paper_data(report: Report, by: Actor, at: datetime) -> dict[str, Any]:
    """Return what the template reads."""
    told = {"at": f"{localtime(at):%Y-%m-%d %H:%M}", "who": by.name}
    closing = report.total.closing
    frozen = _("固化于 %(at)s") % {"at": f"{localtime(closing.frozen_at):%Y-%m-%d %H:%M}"} if closing else ""
    return {
        "language": "en" if get_language() == "en" else "zh", "area": report.area.full_name,
        "title": _("电子秤信息录入结束报告"),
        "deadline": _("截止日 %(day)s") % {"day": DEADLINE}, "frozen": frozen or _("暂无固化数据"),
        "demonstration": _("演示数据，均为虚构") if settings.IS_DEMO else "",
        "parts": [
            {"title": _("截止日的情况"), "heads": [_("范围"), *_frozen_heads()], "empty": _("暂无固化数据。"),
             "rows": [_text([line.name, *_frozen(line)]) for line in report.frozen]},
            {"title": _("目前的情况"), "heads": [_("范围"), *_now_heads()], "empty": "",
             "rows": [_text([line.name, *_now(line)]) for line in (report.total, *report.areas)]},
            {"title": _("各市场和单位（赋码少的在前）"), "heads": [_("市场或单位"), *_now_heads()],
             "empty": _("请打开县（市、区）的报告查看。"),
             "rows": [_text([line.name, *_now(line)]) for line in report.markets]},
        ],
        "lists": [
            {"title": _("缺项"), "rows": [f"{tile.text}：{tile.text_count}" for tile in report.gaps]},
            {"title": _("未录入的市场"), "rows": [each.name for each in report.without_scales]},
            {"title": _("出厂编号相同"), "rows": _doubled(report.serials)},
            {"title": _("证书编号相同"), "rows": _doubled(report.certificates)},
        ],
        "none": _("无"), "comma": _("、"),
        "footer": _("系统 %(at)s 的记录，由%(who)s导出。固化的数字不再变动。") % told,
    }  # fmt: skip


def _lines(report: Report) -> Iterator[list[Any]]:
    for line in (report.total, *report.areas, *report.markets):
        yield [line.name, *_frozen(line), *_now(line)]


def _frozen_heads() -> list[str]:
    entered = [_("截止日前录入"), _("截止日前赋码"), _("截止日前绑码")]
    return [*entered, _("出厂编号相同"), _("无出厂编号"), _("无制造单位"), _("无检定记录")]


def _frozen(line: Line) -> list[int | None]:
    it = line.closing
    if it is None:
        return [None] * 7
    return [it.entered, it.coded, it.bound, it.doubled, it.no_serial, it.no_maker, it.no_verification]


def _now_heads() -> list[str]:
    entered = [_("截止日前录入"), _("截止日后录入"), _("目前在册")]
    return [*entered, _("已赋码"), _("未赋码"), _("未备案"), _("结果"), _("未完成起始日")]


def _now(line: Line) -> list[Any]:
    it = line.reached
    counts = [it.in_time, it.late, it.now, it.coded, it.uncoded, it.unfiled]
    return [*counts, str(line.outcome.text), line.reached.behind_since]


def _doubled(rows: Sequence[tuple[Doubled, str]]) -> list[str]:
    return [f"{each.value} × {each.count}" for each, _url in rows]


def _text(row: list[Any]) -> list[str]:
    return ["" if value is None else str(value) for value in row]

"""Deadlines: what was received when goes in, the last day and how it was counted come out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.calculations.deadline_model import REASON_NAMES, DeadlineResult
from quanheng.packs.shipped import shipped
from quanheng.regulation.deadline_rules import PREFIX, DurationUnit
from quanheng.web.calculators.forms import CaseForm, without_blanks
from quanheng.web.calculators.report import Report, Sheet, yes_no
from quanheng.web.fields import day_input
from quanheng.web.parts import Fact, Text, Tone

OWN = "own"
UNITS = {
    DurationUnit.WORKING_DAYS: gettext_lazy("个工作日"),
    DurationUnit.CALENDAR_DAYS: gettext_lazy("自然日"),
    DurationUnit.HOURS: gettext_lazy("小时"),
}
PAUSES, EXTENSIONS = 3, 2
DATE = day_input()


def steps() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every step that has a rule, under its procedure; the title is that of the latest edition."""
    latest = {}
    for pack in sorted(shipped().packs, key=lambda pack: pack.in_force_from):
        if pack.rule.startswith(PREFIX):
            latest[pack.rule] = pack
    groups = [
        (
            pack.title,
            [
                (f"{rule.removeprefix(PREFIX)}/{name}", table.values["title"])
                for name, table in pack.tables.items()
            ],
        )
        for rule, pack in latest.items()
    ]
    return [(str(_("自行填写期限")), [(OWN, str(_("自行填写")))]), *groups]


class DeadlineForm(CaseForm):
    """The step, the start, what is not counted, what was added."""

    fields_of: ClassVar[Mapping[str, str]] = {
        "procedure": "step", "duration": "count", "day": "received_on", "received_at": "received_time",
        "pauses": "pause_1_from", "extensions": "extension_1_count",
    }  # fmt: skip

    seldom_title: ClassVar[Text] = gettext_lazy("不计入的时间、批准的延长")

    def is_seldom(self, name: str) -> bool:
        return name.startswith(("pause_", "extension_"))

    step = forms.ChoiceField(label=gettext_lazy("事项"), choices=steps)
    count = forms.IntegerField(label=gettext_lazy("期限（自行填写的）"), required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("期限的单位"),
        required=False,
        choices=[(str(unit), text) for unit, text in UNITS.items()],
    )
    received_on = forms.DateField(
        label=gettext_lazy("起算之日"), widget=DATE, help_text=gettext_lazy("收到、立案等当天；当日不计。")
    )
    received_time = forms.TimeField(
        label=gettext_lazy("时刻"), required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=gettext_lazy("按小时计算的期限须填，例如 24 小时内指派。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reasons = [("", "—"), *((str(reason), _(name)) for reason, name in REASON_NAMES.items())]
        for n in range(1, PAUSES + 1):
            self.fields[f"pause_{n}"] = forms.ChoiceField(
                label=_("不计入 %(n)d：原因") % {"n": n}, choices=reasons, required=False
            )
            self.fields[f"pause_{n}_from"] = forms.DateField(
                label=_("不计入 %(n)d：从") % {"n": n}, required=False, widget=DATE
            )
            self.fields[f"pause_{n}_to"] = forms.DateField(
                label=_("不计入 %(n)d：到") % {"n": n}, required=False, widget=DATE,
                help_text=_("含当日；尚未结束的留空。"),
            )  # fmt: skip
        for n in range(1, EXTENSIONS + 1):
            self.fields[f"extension_{n}_count"] = forms.IntegerField(
                label=_("批准延长 %(n)d：多少") % {"n": n}, required=False
            )
            self.fields[f"extension_{n}_on"] = forms.DateField(
                label=_("批准延长 %(n)d：日期") % {"n": n}, required=False, widget=DATE
            )

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = {"received_on": case.get("received_on", timezone.localdate())}
        if "received_at" in case:
            instant = datetime.fromisoformat(case["received_at"])
            given |= {"received_on": instant.date(), "received_time": instant.time()}
        given["step"] = f"{case['procedure']}/{case['step']}" if "procedure" in case else OWN
        given |= case.get("duration", {})
        for n, pause in enumerate(case.get("pauses", ()), 1):
            given |= {
                f"pause_{n}": pause["reason"],
                f"pause_{n}_from": pause["first_day"],
                f"pause_{n}_to": pause.get("last_day"),
            }
        for n, extension in enumerate(case.get("extensions", ()), 1):
            given |= {
                f"extension_{n}_count": extension["count"],
                f"extension_{n}_on": extension["granted_at"][:10],
            }
        return given

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for n in range(1, PAUSES + 1):
            if bool(given.get(f"pause_{n}")) != bool(given.get(f"pause_{n}_from")):
                self.add_error(f"pause_{n}_from", ValidationError(_("请把原因和起始日一起填写，或都留空。")))
        for n in range(1, EXTENSIONS + 1):
            if bool(given.get(f"extension_{n}_count")) != bool(given.get(f"extension_{n}_on")):
                self.add_error(
                    f"extension_{n}_on", ValidationError(_("请把延长多少和批准日期一起填写，或都留空。"))
                )
        return given

    def to_case(self) -> dict[str, Any]:
        given = self.cleaned_data
        case: dict[str, Any] = {}
        if given["step"] == OWN:
            case["duration"] = without_blanks({"count": given["count"], "unit": given["unit"]})
        else:
            case["procedure"], case["step"] = given["step"].split("/")
        if given["received_time"]:
            case["received_at"] = _instant(given["received_on"], given["received_time"])
        else:
            case["received_on"] = given["received_on"].isoformat()
        case["pauses"] = [_pause(given, n) for n in range(1, PAUSES + 1) if given[f"pause_{n}"]]
        case["extensions"] = [
            {
                "count": given[f"extension_{n}_count"],
                "granted_at": _instant(given[f"extension_{n}_on"], datetime.min.time()),
            }
            for n in range(1, EXTENSIONS + 1)
            if given[f"extension_{n}_count"]
        ]
        return without_blanks(case)


def _instant(day: Any, time: Any) -> str:
    return timezone.make_aware(datetime.combine(day, time)).isoformat()


def _pause(given: Mapping[str, Any], n: int) -> dict[str, Any]:
    last = given[f"pause_{n}_to"]
    return without_blanks(
        {
            "reason": given[f"pause_{n}"],
            "first_day": given[f"pause_{n}_from"].isoformat(),
            "last_day": last.isoformat() if last else None,
        }
    )


def report(result: DeadlineResult) -> Report:
    """Say the last day, and day by day how it was counted."""
    facts = [
        Fact(_("从何起算"), result.starts_with or "—"),
        Fact(_("期限"), f"{result.count} {UNITS[result.unit]}"),
        Fact(_("最后一日"), result.due_on or "—"),
        Fact(_("逾期从"), timezone.localtime(result.late_from) if result.late_from else "—"),
        _calendar_fact(result),
    ]
    days = [
        (
            f"{run.first_day} – {run.last_day}" if run.first_day != run.last_day else str(run.first_day),
            run.why,
            run.counted,
        )
        for run in result.days
    ]
    times = [
        (f"{run.starts_at:%Y-%m-%d %H:%M}", f"{run.ends_at:%Y-%m-%d %H:%M}" if run.ends_at else "—", run.why)
        for run in result.times
    ]
    sheets = []
    if days:
        sheets.append(Sheet(_("逐日说明"), (_("日期"), _("计算方式"), _("累计")), days, frozenset({2})))
    if times:
        sheets.append(Sheet(_("逐段说明"), (_("从"), _("到"), _("计算方式")), times))
    return Report(
        tone=Tone.DUE if result.is_provisional or not result.is_running else Tone.OK,
        verdict=result.title or _("期限"), text=result.summary, facts=facts, sheets=sheets,
        citations=result.citations,
    )  # fmt: skip


def _calendar_fact(result: DeadlineResult) -> Fact:
    """Tell a past year that is not kept here from a coming one that is not published."""
    if result.unknown_past:
        return Fact(_("本平台没有放假安排的年份"), "、".join(map(str, result.unknown_past)))
    return Fact(_("涉及尚未公布放假安排的年份"), yes_no(result.is_provisional))

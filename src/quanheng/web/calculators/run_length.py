"""The average run length of a control chart: its settings go in, how long it stays silent goes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.calculations.run_length import RunLengthChart, RunLengthResult
from quanheng.web.calculators.forms import CaseForm, without_blanks
from quanheng.web.calculators.reading import numbers
from quanheng.web.calculators.report import Report
from quanheng.web.fields import day_input
from quanheng.web.parts import Fact, Text, Tone

CHARTS = (
    (str(RunLengthChart.SHEWHART), gettext_lazy("只有控制限")),
    (str(RunLengthChart.CUSUM), gettext_lazy("累积和")),
    (str(RunLengthChart.EWMA), gettext_lazy("指数加权移动平均")),
    (str(RunLengthChart.RUN_RULES), gettext_lazy("多条西部电气规则同用")),
)


class RunLengthForm(CaseForm):
    """The chart, its settings in standard deviations, and how many points it gets."""

    seldom_title: ClassVar[Text] = gettext_lazy("图的参数")
    seldom_names: ClassVar[frozenset[str]] = frozenset(
        {"width", "reference", "decision", "weight", "rules_on", "day", "is_one_sided"}
    )
    fields_of: ClassVar[Mapping[str, str]] = {"is_two_sided": "is_one_sided"}

    chart = forms.ChoiceField(label=gettext_lazy("控制图"), choices=CHARTS)
    shift = forms.CharField(
        label=gettext_lazy("过程的偏移"), max_length=12, required=False,
        help_text=gettext_lazy("以标准差计；不填为 0，即受控，得出误报的间隔。"),
    )  # fmt: skip
    points_per_day = forms.CharField(
        label=gettext_lazy("每天的点数"), max_length=12, required=False,
        help_text=gettext_lazy("填写后给出每天的报警数。"),
    )  # fmt: skip
    width = forms.CharField(
        label=gettext_lazy("控制限宽度 L"), max_length=12, required=False,
        help_text=gettext_lazy("只有控制限、移动平均用；不填为 3。"),
    )  # fmt: skip
    reference = forms.CharField(
        label=gettext_lazy("参考值 k"), max_length=12, required=False,
        help_text=gettext_lazy("累积和用；不填为 0.5。"),
    )  # fmt: skip
    decision = forms.CharField(
        label=gettext_lazy("判定间隔 h"), max_length=12, required=False,
        help_text=gettext_lazy("累积和用；不填为 5。"),
    )  # fmt: skip
    is_one_sided = forms.BooleanField(label=gettext_lazy("累积和只看一侧"), required=False)
    weight = forms.CharField(
        label=gettext_lazy("平滑系数 λ"), max_length=12, required=False,
        help_text=gettext_lazy("移动平均用；不填为 0.2。"),
    )  # fmt: skip
    rules_on = forms.CharField(
        label=gettext_lazy("启用的规则号"), max_length=20, required=False,
        help_text=gettext_lazy("如 1 2 4；不填为 1 至 4。"),
    )  # fmt: skip
    day = forms.DateField(
        label=gettext_lazy("判异规则的日期"), required=False,
        widget=day_input(),
        help_text=gettext_lazy("多条规则同用时填写。"),
    )  # fmt: skip

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        rules = " ".join(map(str, case.get("rules_on", ())))
        return {**case, "rules_on": rules, "is_one_sided": not case.get("is_two_sided", True)}

    def to_case(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        one_sided, day = data.pop("is_one_sided"), data["day"]
        case = without_blanks({**data, "rules_on": numbers(data["rules_on"]), "day": day and day.isoformat()})
        return case | {"is_two_sided": False} if one_sided else case


def report(result: RunLengthResult) -> Report:
    """State the run length, and the alarms of a day."""
    length = f"{result.run_length:,.2f}"
    facts = [Fact(_("平均运行长度"), length)]
    if result.alarms_per_day is not None:
        facts.append(Fact(_("每天的报警数"), f"{result.alarms_per_day:,.1f}"))
    return Report(
        tone=Tone.QUIET, verdict=_("平均每 %(length)s 点报警一次") % {"length": length},
        text=_("按各点独立、正态计算；有自相关时报警更多。"), facts=facts, citations=result.citations,
    )  # fmt: skip

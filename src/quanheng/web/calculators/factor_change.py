"""A changed pulse factor: what each shift drew and sold goes in, whether the factor changed goes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.calculations.factor_change import FactorChangeResult
from quanheng.metrology.cheating_signatures.factor_change import FactorChangeKind
from quanheng.web.calculators.forms import CaseForm, box
from quanheng.web.calculators.reading import rows
from quanheng.web.calculators.report import Report
from quanheng.web.fields import day_input
from quanheng.web.parts import Fact, Tone

VERDICTS = {
    FactorChangeKind.NONE: (Tone.OK, gettext_lazy("未见脉冲当量变化")),
    FactorChangeKind.STEP: (Tone.BAD, gettext_lazy("脉冲当量有阶跃：可能重新设定过或换过部件")),
    FactorChangeKind.DRIFT: (Tone.DUE, gettext_lazy("脉冲当量有漂移：不快于正常磨损")),
    FactorChangeKind.UNCLEAR: (Tone.DUE, gettext_lazy("脉冲当量有变化，尚不能分辨阶跃与漂移")),
}


class FactorChangeForm(CaseForm):
    """The shifts as lines."""

    fields_of: ClassVar[Mapping[str, str]] = {}

    day = forms.DateField(label=gettext_lazy("所用规则的日期"), widget=day_input())
    shifts = forms.CharField(
        label=gettext_lazy("各班次"), widget=box(10),
        help_text=gettext_lazy(
            "一行一个班次，依次：油罐减少量（已计卸油）、显示的销量，单位 L，如 4988.5 5000；"
            "未销售的班次不填。"
        ),
    )  # fmt: skip

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        written = (f"{one['drawn']}\t{one['sold']}" for one in case.get("shifts", ()))
        return {"day": case.get("day"), "shifts": "\n".join(written)}

    def clean_shifts(self) -> list[dict[str, str]]:
        given = []
        for number, cells in enumerate(rows(self.cleaned_data["shifts"]), 1):
            if len(cells) != 2:
                message = _("第 %(number)d 行有 %(count)d 格，应为油罐减少量和销量。")
                raise ValidationError(message % {"number": number, "count": len(cells)})
            given.append({"drawn": cells[0], "sold": cells[1]})
        return given

    def to_case(self) -> dict[str, Any]:
        return {"day": self.cleaned_data["day"].isoformat(), "shifts": self.cleaned_data["shifts"]}


def report(result: FactorChangeResult) -> Report:
    """State what the shifts tell; it is a suspicion at most."""
    tone, verdict = VERDICTS[result.kind]
    facts = [
        Fact(_("每班次的标准偏差"), f"{result.deviation_percent:.2f}%"),
        Fact(_("应发现的变化平均在几个班次内报警"), f"{result.found_within:.1f}"),
    ]
    for title, shift in ((_("报警的班次"), result.alarmed_at), (_("变化自第几班起"), result.since)):
        if shift is not None:
            facts.append(Fact(title, shift))
    if result.kind is not FactorChangeKind.NONE:
        facts.append(Fact(_("相对变化"), f"{result.size_percent:+.2f}%"))
    text = _("这是数据中的嫌疑，不是结论；只有按检定规程检定才能判定。")
    return Report(tone=tone, verdict=verdict, text=text, facts=facts, citations=result.citations)

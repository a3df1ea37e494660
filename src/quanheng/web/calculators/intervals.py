"""Calibration intervals: by how often the instrument was in tolerance, or by its drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.calculations.calibration_interval import CalibrationIntervalResult
from quanheng.calculations.drift_interval import DriftIntervalResult
from quanheng.web.calculators.forms import CaseForm, box, without_blanks
from quanheng.web.calculators.reading import rows
from quanheng.web.calculators.report import Report
from quanheng.web.fields import day_input
from quanheng.web.parts import Fact, Tone

NO_PERIOD = gettext_lazy("强制检定的周期由检定规程规定，不得据此延长。")
ENDS = {"limits": gettext_lazy("可能超出限值"), "uncertainty": gettext_lazy("不确定度达到目标")}


class CalibrationIntervalForm(CaseForm):
    """How often the instrument was in tolerance, and the target."""

    fields_of: ClassVar[Mapping[str, str]] = {"hits": "passed", "trials": "tested"}

    day = forms.DateField(label=gettext_lazy("所用规则的日期"), widget=day_input())
    interval = forms.CharField(label=gettext_lazy("现行校准间隔（天）"), max_length=12)
    tested = forms.CharField(label=gettext_lazy("按此间隔校准的次数"), max_length=12)
    passed = forms.CharField(
        label=gettext_lazy("其中合格的次数"), max_length=12, help_text=gettext_lazy("维修、调整之前的结果。")
    )
    target = forms.CharField(
        label=gettext_lazy("可靠性目标"), max_length=12, required=False,
        help_text=gettext_lazy("到期时仍合格的比例；不填为 0.95。"),
    )  # fmt: skip
    confidence = forms.CharField(
        label=gettext_lazy("调整所需的置信水平"), max_length=12, required=False,
        help_text=gettext_lazy("不填为 0.5。"),
    )  # fmt: skip

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        return dict(case)

    def to_case(self) -> dict[str, Any]:
        data = self.cleaned_data
        return without_blanks({**data, "day": data["day"].isoformat()})


class DriftIntervalForm(CaseForm):
    """The changes seen, and what the value has to keep to."""

    changes = forms.CharField(
        label=gettext_lazy("历次变化"), widget=box(6),
        help_text=gettext_lazy(
            "一行一次：距上次校准的天数、变化量，如 173 0.615；变化量为本次校准前减上次校准后。"
        ),
    )  # fmt: skip
    terms = forms.ChoiceField(
        label=gettext_lazy("漂移的形式"),
        choices=(("1", gettext_lazy("直线")), ("2", gettext_lazy("二次")), ("3", gettext_lazy("三次"))),
    )
    value = forms.CharField(label=gettext_lazy("最近一次校准后的值"), max_length=30)
    measured = forms.CharField(label=gettext_lazy("校准的标准不确定度"), max_length=30)
    lower = forms.CharField(label=gettext_lazy("下限"), max_length=30, required=False)
    upper = forms.CharField(label=gettext_lazy("上限"), max_length=30, required=False)
    probability = forms.CharField(
        label=gettext_lazy("到期时仍在限内的概率"), max_length=12, required=False,
        help_text=gettext_lazy("不填为 0.95。"),
    )  # fmt: skip
    target = forms.CharField(
        label=gettext_lazy("标准不确定度的目标"), max_length=30, required=False,
        help_text=gettext_lazy("与限值至少填写一项。"),
    )  # fmt: skip

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        written = (f"{one['days']}\t{one['change']}" for one in case.get("changes", ()))
        return {**case, "changes": "\n".join(written)}

    def clean_changes(self) -> list[dict[str, str]]:
        given = []
        for number, cells in enumerate(rows(self.cleaned_data["changes"]), 1):
            if len(cells) != 2:
                message = _("第 %(number)d 行有 %(count)d 格，应为天数和变化量。")
                raise ValidationError(message % {"number": number, "count": len(cells)})
            given.append({"days": cells[0], "change": cells[1]})
        return given

    def to_case(self) -> dict[str, Any]:
        return without_blanks(self.cleaned_data)


def report_interval(result: CalibrationIntervalResult) -> Report:
    """State the interval that is recommended, and how sure it is."""
    if result.is_changed:
        verdict = _("建议校准间隔调整为 %(days)d 天") % {"days": round(result.interval)}
    else:
        verdict = _("现行校准间隔 %(days)d 天不需调整") % {"days": round(result.interval)}
    ends = f"{100 * result.bounds.lower:.1f}% … {100 * result.bounds.upper:.1f}%"
    facts = [
        Fact(_("观测到的可靠性、区间"), f"{100 * result.reliability:.1f}%; {ends}"),
        Fact(_("不符合目标的置信水平"), f"{100 * result.rejection:.2f}%"),
        Fact(_("按方法算出的间隔（天）"), f"{result.calculated:.1f}"),
    ]
    return Report(
        tone=Tone.DUE if result.is_changed else Tone.OK, verdict=verdict, text=NO_PERIOD, facts=facts,
        citations=result.citations,
    )  # fmt: skip


def report_drift(result: DriftIntervalResult) -> Report:
    """State how long the value keeps, what ends it, and the fit."""
    tone, verdict = _verdict(result)
    facts = [
        Fact(_("只推到（天）"), f"{result.horizon:.0f}"),
        Fact(_("漂移的系数"), "; ".join(f"{one:.4g}" for one in result.coefficients)),
        Fact(_("变化对曲线的标准偏差、自由度"), f"{result.scatter:.4g}; {result.degrees_of_freedom}"),
    ]
    for title, value in (
        (_("到可能超出限值（天）"), result.until_limits),
        (_("到不确定度达到目标（天）"), result.until_uncertain),
        (_("到期时的预期值"), result.predicted),
        (_("到期时的标准不确定度"), result.uncertainty),
    ):
        if value is not None:
            facts.append(Fact(title, f"{value:.6g}"))
    text = _("超过所见的最长间隔，是外推的结果，请逐步延长。") if result.is_extrapolated else NO_PERIOD
    return Report(tone=tone, verdict=verdict, text=text, facts=facts)


def _verdict(result: DriftIntervalResult) -> tuple[Tone, str]:
    if result.interval is None:
        return Tone.OK, _("在可外推的 %(days)d 天内不到期") % {"days": round(result.horizon)}
    if result.interval == 0:
        return Tone.BAD, _("现在就不符合：%(end)s") % {"end": ENDS[result.ended_by or "limits"]}
    facts = {"days": int(result.interval), "end": ENDS[result.ended_by or "limits"]}
    return Tone.DUE, _("建议校准间隔不超过 %(days)d 天：%(end)s") % facts

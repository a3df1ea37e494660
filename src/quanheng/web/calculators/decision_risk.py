"""What a decision by measurement risks: limits, uncertainty and population go in, both risks come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.calculations.decision_risk import DecisionRiskResult
from quanheng.metrology.conformity.decision import GuardBand
from quanheng.web.calculators.forms import CaseForm, without_blanks
from quanheng.web.calculators.report import Report
from quanheng.web.parts import Fact, Text, Tone

BANDS = (
    ("", gettext_lazy("不设保护带")),
    (str(GuardBand.ROOT_SUM_SQUARE), "√(1 − 1/TUR²)"),
    (str(GuardBand.TEST_95), "1 − 1/TUR"),
    (str(GuardBand.RP_10), "1.25 − 1/TUR (RP-10)"),
)


class DecisionRiskForm(CaseForm):
    """The limits, what measures, what is measured."""

    seldom_title: ClassVar[Text] = gettext_lazy("自定的接受限、某台器具的误差")
    seldom_names: ClassVar[frozenset[str]] = frozenset({"acceptance_limit", "error", "is_one_sided"})

    limit = forms.CharField(label=gettext_lazy("最大允许误差的绝对值 T"), max_length=30)
    expanded_uncertainty = forms.CharField(
        label=gettext_lazy("扩展不确定度 U（k=2）"), max_length=30, help_text=gettext_lazy("与 T 同单位。"),
    )  # fmt: skip
    in_tolerance = forms.CharField(
        label=gettext_lazy("器具总体的合格率"), max_length=30, required=False,
        help_text=gettext_lazy("如 0.95；与总体标准差填写一项。"),
    )  # fmt: skip
    process_deviation = forms.CharField(
        label=gettext_lazy("误差的总体标准差"), max_length=30, required=False,
        help_text=gettext_lazy("与 T 同单位。"),
    )  # fmt: skip
    guard_band = forms.ChoiceField(label=gettext_lazy("保护带"), choices=BANDS, required=False)
    acceptance_limit = forms.CharField(
        label=gettext_lazy("自定的接受限"), max_length=30, required=False,
        help_text=gettext_lazy("不与保护带同用。"),
    )  # fmt: skip
    error = forms.CharField(
        label=gettext_lazy("某台器具的误差"), max_length=30, required=False,
        help_text=gettext_lazy("给出该台器具合格的概率。"),
    )  # fmt: skip
    is_one_sided = forms.BooleanField(
        label=gettext_lazy("该量只有上限（重复性、泄漏等不会为负的量）"), required=False
    )

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        return dict(case)

    def to_case(self) -> dict[str, Any]:
        return without_blanks({**self.cleaned_data, "is_one_sided": self.cleaned_data["is_one_sided"] or ""})


def report(result: DecisionRiskResult) -> Report:
    """State both risks beside those without a guard band."""
    consumer, producer = _percent(result.consumer), _percent(result.producer)
    facts = [
        Fact(_("消费者风险（接受了不合格品）"), consumer),
        Fact(_("生产者风险（拒绝了合格品）"), producer),
        Fact(_("不设保护带时的两种风险"),
             f"{_percent(result.unguarded_consumer)}; {_percent(result.unguarded_producer)}"),
        Fact(_("测试不确定度比 TUR"), f"{result.test_uncertainty_ratio:.6g}"),
        Fact(_("测量的标准不确定度 u"), f"{result.measurement_deviation:.6g}"),
        Fact(_("总体标准差"), f"{result.process_deviation:.6g}"),
        Fact(_("总体合格率"), _percent(result.in_tolerance)),
        Fact(_("接受限"), f"±{result.acceptance_limit:.6g} (× {result.guard_band_factor:.6g})"),
    ]  # fmt: skip
    if result.conformance_probability is not None:
        facts.append(Fact(_("该台器具合格的概率"), _percent(result.conformance_probability)))
    verdict = _("消费者风险 %(consumer)s，生产者风险 %(producer)s") % {
        "consumer": consumer, "producer": producer,
    }  # fmt: skip
    text = _("按总体误差以零为中心的正态分布、允差两侧对称计算（JCGM 106:2012，9.5）。")
    return Report(tone=Tone.QUIET, verdict=verdict, text=text, facts=facts)


def _percent(share: float) -> str:
    """A risk is small: three digits, never a zero that is none."""
    return f"{100 * share:.3g}%"

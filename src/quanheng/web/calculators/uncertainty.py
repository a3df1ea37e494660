"""Measurement uncertainty: an equation and its inputs go in, the report of a metrologist comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quanheng.calculations.uncertainty import MonteCarloOut, UncertaintyResult
from quanheng.metrology.uncertainty.distributions import Shape
from quanheng.metrology.uncertainty.report import with_guard_digits
from quanheng.metrology.uncertainty.validation import Verdict
from quanheng.web.calculators.forms import CaseForm, box, without_blanks
from quanheng.web.calculators.reading import rows
from quanheng.web.calculators.report import Report, Sheet, yes_no
from quanheng.web.parts import Fact, Text, Tone

SHAPES = {
    Shape.NORMAL: gettext_lazy("正态"),
    Shape.T: gettext_lazy("t 分布"),
    Shape.RECTANGULAR: gettext_lazy("矩形"),
    Shape.TRIANGULAR: gettext_lazy("三角"),
    Shape.TRAPEZOIDAL: gettext_lazy("梯形"),
    Shape.ARCSINE: gettext_lazy("反正弦"),
    Shape.CURVILINEAR: gettext_lazy("曲边梯形"),
}
CALLED = {
    "正态": Shape.NORMAL, "矩形": Shape.RECTANGULAR, "均匀": Shape.RECTANGULAR, "三角": Shape.TRIANGULAR,
    "反正弦": Shape.ARCSINE, "梯形": Shape.TRAPEZOIDAL, "曲边梯形": Shape.CURVILINEAR, "t分布": Shape.T,
}  # fmt: skip
VERDICTS = {
    Verdict.CONFIRMED: gettext_lazy("GUM 法通过蒙特卡洛法验证"),
    Verdict.REFUTED: gettext_lazy("GUM 法未通过验证：请采用蒙特卡洛法的区间"),
    Verdict.NOT_STABLE: gettext_lazy("试验到上限仍未稳定：不能验证 GUM 法"),
    Verdict.UNDECIDED: gettext_lazy("两法之差与容差过于接近，试验次数不足以判定"),
    Verdict.NO_VARIANCE: gettext_lazy("输入量的分布没有方差：不能验证 GUM 法"),
    Verdict.DIGITS_LOST: gettext_lazy("有效数字在计算中丢失：蒙特卡洛法的数值不可用"),
}
COLUMNS = ("name", "estimate", "distribution", "scale", "degrees_of_freedom", "unit")
NOTHING = {"", "-", "—", "inf", "∞"}
TRIALS = (("", gettext_lazy("自适应，直到稳定")), ("100000", "100,000"), ("500000", "500,000"))


class UncertaintyForm(CaseForm):
    """The equation, the inputs as rows, what is asked of them."""

    seldom_title: ClassVar[Text] = gettext_lazy("相关、包含概率、二阶项、试验次数")

    def is_seldom(self, name: str) -> bool:
        return name not in {"equation", "unit", "inputs"}

    def is_unfolded(self) -> bool:
        return any(
            bound.errors or bound.value() not in {bound.initial, "", False, "0.95", "2"}
            for bound in self.seldom()
        )

    equation = forms.CharField(
        label=gettext_lazy("测量模型"), max_length=2000, widget=box(2),
        help_text=gettext_lazy("右端，如 V / I * cos(phi)；可用 + - * / ^、sqrt、exp、ln、sin、cos 等。"),
    )  # fmt: skip
    unit = forms.CharField(
        label=gettext_lazy("被测量的单位"), required=False, max_length=40,
        help_text=gettext_lazy("输入量也写了单位时，核对两边是否一致。"),
    )  # fmt: skip
    inputs = forms.CharField(
        label=gettext_lazy("输入量"),
        widget=box(8),
        help_text=gettext_lazy(
            "一行一个：符号、估计值、分布（正态、矩形、三角、反正弦）、标准不确定度或半宽、自由度（可空）、单位（可空）。"
            "可从表格中粘贴；空格或制表符隔开，空的一格写 -。"
        ),
    )
    correlations = forms.CharField(
        label=gettext_lazy("相关系数"), required=False, widget=box(2),
        help_text=gettext_lazy("一行一对：符号、符号、系数，如 V I -0.36。"),
    )  # fmt: skip
    probability = forms.CharField(label=gettext_lazy("包含概率"), initial="0.95", max_length=10)
    second_order = forms.BooleanField(label=gettext_lazy("计入二阶项"), required=False)
    trials = forms.ChoiceField(label=gettext_lazy("蒙特卡洛试验次数"), choices=TRIALS, required=False)
    digits = forms.ChoiceField(label=gettext_lazy("不确定度有效位数"), choices=(("2", "2"), ("1", "1")))

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **case,
            "inputs": "\n".join(
                "\t".join(_cell(one, name) for name in COLUMNS) for one in case.get("inputs", ())
            ),
            "correlations": "\n".join(
                f"{one['one']}\t{one['other']}\t{one['coefficient']}" for one in case.get("correlations", ())
            ),
        }

    def clean_inputs(self) -> list[dict[str, Any]]:
        given = []
        for number, cells in enumerate(rows(self.cleaned_data["inputs"]), 1):
            if not 4 <= len(cells) <= len(COLUMNS):
                message = _("第 %(number)d 行有 %(count)d 格，应为 4 至 6 格：符号、估计值、分布、不确定度……")
                raise ValidationError(message % {"number": number, "count": len(cells)})
            one = {name: cell for name, cell in zip(COLUMNS, cells, strict=False) if cell not in NOTHING}
            shape = one.get("distribution", "normal").lower()
            one["distribution"] = str(CALLED.get(shape, shape))
            given.append(one)
        return given

    def clean_correlations(self) -> list[dict[str, Any]]:
        given = []
        for number, cells in enumerate(rows(self.cleaned_data["correlations"]), 1):
            if len(cells) != 3:
                raise ValidationError(_("第 %(number)d 行应为三格：符号、符号、系数。") % {"number": number})
            given.append(dict(zip(("one", "other", "coefficient"), cells, strict=True)))
        return given

    def to_case(self) -> dict[str, Any]:
        return without_blanks(self.cleaned_data)


def _cell(one: Mapping[str, Any], name: str) -> str:
    if name == "distribution":
        return str(SHAPES[Shape(one.get(name, Shape.NORMAL))])
    return str(one.get(name, "-"))


def report(result: UncertaintyResult) -> Report:
    """State the result, the budget, and whether the GUM framework holds."""
    framework, draws, unit = result.framework, result.monte_carlo, result.unit
    english = (get_language() or "").startswith("en")

    def written(value: float) -> str:
        return with_guard_digits(value, framework.expanded_uncertainty)

    return Report(
        tone=Tone.OK if result.is_validated else Tone.DUE,
        verdict=VERDICTS[result.verdict],
        text=result.statement.english if english else result.statement.chinese,
        facts=[
            Fact(_("估计值 y"), f"{written(framework.estimate)} {unit}".strip()),
            Fact(_("合成标准不确定度 u(y)"), f"{framework.standard_uncertainty:.6g} {unit}".strip()),
            Fact(
                _("有效自由度"),
                "∞" if framework.degrees_of_freedom is None else f"{framework.degrees_of_freedom:.4g}",
            ),
            Fact(_("包含因子 k"), f"{framework.coverage_factor:.4g}"),
            Fact(_("扩展不确定度 U"), f"{framework.expanded_uncertainty:.6g} {unit}".strip()),
            Fact(_("GUM 法的区间"), f"{written(framework.lower)} … {written(framework.upper)} {unit}"),
            Fact(
                _("蒙特卡洛法：估计值、标准不确定度"),
                f"{written(draws.estimate)}, {_spread(draws)} {unit}",
            ),
            Fact(
                _("概率对称区间"),
                f"{written(draws.symmetric_lower)} … {written(draws.symmetric_upper)} {unit}",
            ),
            Fact(_("最短区间"), f"{written(draws.lower)} … {written(draws.upper)} {unit}"),
            Fact(_("试验次数"), f"{draws.trials:,}"),
            Fact(_("达到稳定"), yes_no(draws.is_stable)),
            Fact(
                _("验证：容差 δ，两端之差"),
                f"{result.tolerance:.2g}; {result.lower_difference:.2g}, {result.upper_difference:.2g}",
            ),
        ],
        sheets=(_budget(result),),
        drawing=mark_safe(result.histogram.svg),
        drawing_text=_("灰色：蒙特卡洛法的分布；蓝线：GUM 法的分布和区间；红线：最短区间。"),
    )


def _budget(result: UncertaintyResult) -> Sheet:
    head = (
        _("输入量"), _("分布"), _("估计值"), _("标准不确定度"), _("自由度"), _("灵敏系数"), _("分量 |c|u"),
        _("份额"),
    )  # fmt: skip
    lines = [
        (
            row.name, SHAPES[row.distribution], _number(row.estimate, row.unit),
            f"{row.standard_uncertainty:.4g}",
            "∞" if row.degrees_of_freedom is None else f"{row.degrees_of_freedom:g}",
            f"{row.sensitivity:.4g}", f"{row.contribution:.4g}", f"{row.share:.1%}",
        )
        for row in result.budget
    ]  # fmt: skip
    return Sheet(_("不确定度分量"), head, lines, frozenset(range(2, 8)))


def _spread(draws: MonteCarloOut) -> str:
    if draws.standard_uncertainty is None:
        return _("没有方差")
    return f"{draws.standard_uncertainty:.4g}"


def _number(value: float, unit: str) -> str:
    return f"{value:.15g} {unit}".strip()

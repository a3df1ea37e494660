"""Net content of a lot: what is on the bench goes in, both verdicts come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.calculations.net_content import NetContentResult, Plan
from quanheng.metrology.net_content.deficiency import ItemClass
from quanheng.metrology.net_content.lot import LotOutcome, Reason
from quanheng.web.calculators.forms import CaseForm, box, without_blanks
from quanheng.web.calculators.reading import numbers
from quanheng.web.calculators.report import Report, Sheet, yes_no
from quanheng.web.fields import day_input
from quanheng.web.parts import Fact, Text, Tone

PLANS = {
    Plan.CN: gettext_lazy("中国 JJF 1070"),
    Plan.OIML_R87: "OIML R 87",
    Plan.EU: gettext_lazy("欧盟、英国参考检验"),
    Plan.NZ: gettext_lazy("新西兰有限批"),
    Plan.US: "NIST HB 133",
}
UNITS = ("g", "kg", "mL", "L", "m", "cm", "m2", "piece")
OUTCOMES = {
    LotOutcome.ACCEPTED: (Tone.OK, gettext_lazy("批合格")),
    LotOutcome.REJECTED: (Tone.BAD, gettext_lazy("批不合格")),
    LotOutcome.SECOND_SAMPLE: (Tone.DUE, gettext_lazy("须抽第二样本")),
}
REASONS = {
    Reason.T2_ITEM: gettext_lazy("有短缺大于 2T 的"),
    Reason.TOO_MANY_T1: gettext_lazy("短缺大于 T 的件数过多"),
    Reason.MEAN_TOO_SMALL: gettext_lazy("平均值不足"),
}
CLASSES = {
    ItemClass.ADEQUATE: gettext_lazy("合格"),
    ItemClass.T1: gettext_lazy("短缺大于 T"),
    ItemClass.T2: gettext_lazy("短缺大于 2T"),
}


class NetContentForm(CaseForm):
    """The lot, the sample, the label."""

    fields_of: ClassVar[Mapping[str, str]] = {"label": "statement"}
    seldom_title: ClassVar[Text] = gettext_lazy("带包装称重、破坏性检验、不确定度、标注")

    def is_seldom(self, name: str) -> bool:
        return name not in {"plan", "day", "nominal", "unit", "lot_size", "net"}

    plan = forms.ChoiceField(
        label=gettext_lazy("规则"), choices=[(str(plan), text) for plan, text in PLANS.items()]
    )
    day = forms.DateField(
        label=gettext_lazy("检验日期"), widget=day_input(),
        help_text=gettext_lazy("按当天有效的版本判定。"),
    )  # fmt: skip
    nominal = forms.CharField(label=gettext_lazy("标注净含量"), max_length=20)
    unit = forms.ChoiceField(label=gettext_lazy("单位"), choices=[(unit, unit) for unit in UNITS])
    lot_size = forms.IntegerField(label=gettext_lazy("批量"), help_text=gettext_lazy("整批的件数。"))
    net = forms.CharField(
        label=gettext_lazy("各件净含量"), required=False, widget=box(6),
        help_text=gettext_lazy("与标注同一单位；一行一个，或从表格中粘贴一列。直接称净重、量体积时填这里。"),
    )  # fmt: skip
    gross_g = forms.CharField(
        label=gettext_lazy("各件总重，g"), required=False, widget=box(6),
        help_text=gettext_lazy("带包装称重时填这里，下面再填皮重。"),
    )  # fmt: skip
    tares_g = forms.CharField(
        label=gettext_lazy("皮重，g"), required=False, widget=box(3),
        help_text=gettext_lazy("若干个包装的皮重；逐件称皮时与总重一一对应。"),
    )  # fmt: skip
    density_g_per_ml = forms.CharField(
        label=gettext_lazy("液体密度，g/mL"), required=False, max_length=20,
        help_text=gettext_lazy("以称重法测体积时填写。"),
    )  # fmt: skip
    is_destructive = forms.BooleanField(label=gettext_lazy("破坏性检验（打开后不能再卖）"), required=False)
    expanded_uncertainty = forms.CharField(
        label=gettext_lazy("测量的扩展不确定度（k=2），g、mL、m 等"), required=False, max_length=20
    )
    statement = forms.CharField(
        label=gettext_lazy("标注原文"), required=False, max_length=200,
        help_text=gettext_lazy("例如“净含量：500 g”，检查写法和单位。"),
    )  # fmt: skip
    figure_height_mm = forms.CharField(label=gettext_lazy("数字高度，mm"), required=False, max_length=20)

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        columns = {name: "\n".join(map(str, case.get(name, ()))) for name in ("net", "gross_g", "tares_g")}
        return {
            "plan": str(Plan.CN),
            "unit": "g",
            "day": timezone.localdate(),
            **case,
            **columns,
            **case.get("label", {}),
        }

    def to_case(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        label = without_blanks({name: given.pop(name) for name in ("statement", "figure_height_mm")})
        for name in ("net", "gross_g", "tares_g"):
            given[name] = numbers(given[name])
        given["day"] = given["day"].isoformat()
        return without_blanks(given) | ({"label": label} if label else {})


def report(result: NetContentResult) -> Report:
    """Say both verdicts, and every number that led to them."""
    tone, verdict = OUTCOMES[result.outcome]
    label = result.label
    if label is not None and not label.passed and tone is Tone.OK:
        tone, verdict = Tone.DUE, gettext_lazy("批合格，标注不合格")
    return Report(
        tone=tone,
        verdict=verdict,
        text="；".join(str(REASONS[reason]) for reason in result.reasons),
        facts=_facts(result),
        sheets=(_items(result),),
        citations=result.citations,
    )


def _facts(result: NetContentResult) -> list[Fact]:
    unit = result.base_unit
    facts = [
        Fact(_("标注净含量 Qn"), f"{result.nominal} {unit}"),
        Fact(
            _("允许短缺量 T"),
            _("%(t)s %(unit)s（修约前 %(exact)s）")
            % {"t": result.tolerable, "unit": unit, "exact": result.tolerable_exact},
        ),
        Fact(_("样本量 n"), result.sample_size),
        Fact(_("短缺大于 T 的件数（允许）"), f"{result.t1}（{result.allowed}）"),
        Fact(_("短缺大于 2T 的件数（允许）"), f"{result.t2}（0）"),
    ]
    if (test := result.mean_test) is not None:
        facts += [
            Fact(_("平均值"), f"{test.mean:.7g} {unit}"),
            Fact(_("标准偏差 s"), f"{test.standard_deviation:.5g} {unit}"),
            Fact(_("修正因子 λ"), "—" if test.factor is None else test.factor),
            Fact(_("平均值的下限 Qn − λs"), f"{test.limit:.7g} {unit}"),
            Fact(_("平均值检验通过"), yes_no(test.passed)),
        ]
    if result.tare_rule:
        tare = (
            _("平均皮重 %(grams)s g") % {"grams": result.tare_g}
            if result.tare_g is not None
            else _("逐件皮重")
        )
        facts.append(Fact(_("皮重"), tare))
    facts.append(Fact(_("测量的最大扩展不确定度 T/5"), f"{result.largest_uncertainty} {unit}"))
    if result.is_uncertainty_small_enough is not None:
        facts.append(Fact(_("不确定度足够小"), yes_no(result.is_uncertainty_small_enough)))
    if (label := result.label) is not None:
        facts += [
            Fact(_("标注单位写法正确"), yes_no(label.is_unit_lawful)),
            Fact(_("标注与所填一致"), yes_no(label.agrees)),
            Fact(_("数字最小高度"), "—" if label.least_height_mm is None else f"{label.least_height_mm} mm"),
            Fact(_("数字高度足够"), yes_no(label.is_high_enough)),
        ]
    return facts


def _items(result: NetContentResult) -> Sheet:
    rows = [
        (number, item, item - result.nominal, CLASSES[item_class])
        for number, (item, item_class) in enumerate(zip(result.items, result.classes, strict=True), 1)
    ]
    head = (_("序号"), _("净含量，%(unit)s") % {"unit": result.base_unit}, _("与标注之差"), _("判定"))
    return Sheet(_("各件"), head, rows, frozenset({0, 1, 2}))

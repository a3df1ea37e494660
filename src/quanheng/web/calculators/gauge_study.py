"""A study of a measuring system: rows of readings go in, where the variation comes from goes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.calculations.gauge_study import GaugeMethod, GaugeStudyResult
from quanheng.metrology.control_charts.gauge_rr import GaugeRating
from quanheng.web.calculators.forms import CaseForm, box, without_blanks
from quanheng.web.calculators.reading import rows
from quanheng.web.calculators.report import Report, Sheet, yes_no
from quanheng.web.fields import day_input
from quanheng.web.parts import Fact, Text, Tone

METHODS = (
    (str(GaugeMethod.VARIANCE), gettext_lazy("方差分析法")),
    (str(GaugeMethod.RANGE), gettext_lazy("极差法")),
)
RATINGS = {
    GaugeRating.ACCEPTABLE: (Tone.OK, gettext_lazy("测量系统可接受")),
    GaugeRating.MARGINAL: (Tone.DUE, gettext_lazy("测量系统有条件接受：视用途和代价而定")),
    GaugeRating.UNACCEPTABLE: (Tone.BAD, gettext_lazy("测量系统不可接受")),
}
NAMES = {
    "repeatability": gettext_lazy("重复性 EV"), "reproducibility": gettext_lazy("再现性 AV"),
    "interaction": gettext_lazy("其中：人与零件的交互作用"), "gauge": gettext_lazy("测量系统 GRR"),
    "parts": gettext_lazy("零件 PV"), "total": gettext_lazy("总变差 TV"), "part": gettext_lazy("零件"),
    "operator": gettext_lazy("操作者"), "pooled": gettext_lazy("合并后的误差"),
}  # fmt: skip
IN_TABLE = {"repeatability": gettext_lazy("重复性"), "interaction": gettext_lazy("交互作用")}


class GaugeStudyForm(CaseForm):
    """The readings as rows, and how they are evaluated."""

    seldom_title: ClassVar[Text] = gettext_lazy("交互作用")
    seldom_names: ClassVar[frozenset[str]] = frozenset({"keep_interaction"})
    fields_of: ClassVar[Mapping[str, str]] = {"may_pool": "keep_interaction", "readings": "rows"}

    day = forms.DateField(
        label=gettext_lazy("研究日期"), widget=day_input(),
        help_text=gettext_lazy("按当天有效的系数计算。"),
    )  # fmt: skip
    method = forms.ChoiceField(label=gettext_lazy("方法"), choices=METHODS)
    rows = forms.CharField(
        label=gettext_lazy("读数"),
        widget=box(10),
        help_text=gettext_lazy(
            "一行一格：操作者、零件、各次读数，如 A 1 0.29 0.41 0.64。"
            "每人测全部零件，次数相同；可从表格中粘贴。"
        ),
    )
    keep_interaction = forms.BooleanField(
        label=gettext_lazy("交互作用不显著时也不并入重复性"), required=False
    )

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        written = (
            "\t".join([row["operator"], row["part"], *map(str, row["readings"])])
            for row in case.get("rows", ())
        )
        return {
            "day": case.get("day"), "method": case.get("method"), "rows": "\n".join(written),
            "keep_interaction": not case.get("may_pool", True),
        }  # fmt: skip

    def clean_rows(self) -> list[dict[str, Any]]:
        given = []
        for number, cells in enumerate(rows(self.cleaned_data["rows"]), 1):
            if len(cells) < 4:
                message = _("第 %(number)d 行有 %(count)d 格，应为操作者、零件和至少 2 次读数。")
                raise ValidationError(message % {"number": number, "count": len(cells)})
            operator, part, *readings = cells
            given.append({"operator": operator, "part": part, "readings": readings})
        return given

    def to_case(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        pools = not data.pop("keep_interaction")
        case = without_blanks({**data, "day": data["day"].isoformat()})
        return case if pools else case | {"may_pool": False}


def report(result: GaugeStudyResult) -> Report:
    """State the rating, the components, and the table of the analysis of variance."""
    tone, verdict = RATINGS[result.rating]
    categories = _("无穷（测量系统没有变差）") if result.categories is None else f"{result.categories:.2f}"
    facts = [
        Fact(_("操作者、零件、次数"), f"{len(result.operators)} × {len(result.parts)} × {result.trials}"),
        Fact(_("可区分的类别数 ndc"), categories),
    ]
    if result.method == GaugeMethod.VARIANCE:
        facts.append(Fact(_("交互作用并入重复性"), yes_no(result.is_pooled)))
    for title, value in (
        (_("平均极差"), result.mean_range),
        (_("操作者平均值的极差"), result.operator_range),
        (_("零件平均值的极差"), result.part_range),
    ):
        if value is not None:
            facts.append(Fact(title, f"{value:.6g}"))
    sheets = [_components(result), *([_table(result)] if result.sources else [])]
    return Report(tone=tone, verdict=verdict, facts=facts, sheets=sheets, citations=result.citations)


def _components(result: GaugeStudyResult) -> Sheet:
    lines = [(NAMES[one.name], f"{one.deviation:.6g}", f"{one.percent:.2f}%") for one in result.components]
    return Sheet(_("变差的来源"), (_("来源"), _("标准差"), _("占总变差")), lines, frozenset({1, 2}))


def _table(result: GaugeStudyResult) -> Sheet:
    head = (_("来源"), _("平方和"), _("自由度"), _("均方"), "F", "p")
    lines = [
        (
            IN_TABLE.get(one.name) or NAMES[one.name], f"{one.squares:.6g}", one.freedom,
            f"{one.mean_square:.6g}", "—" if one.f is None else f"{one.f:.4g}",
            "—" if one.p is None else f"{one.p:.3g}",
        )
        for one in result.sources
    ]  # fmt: skip
    return Sheet(_("方差分析表"), head, lines, frozenset(range(1, 6)))

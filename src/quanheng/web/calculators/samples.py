"""Rates from samples: a proportion of units, or the estimate for units or clusters drawn in strata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quanheng.calculations.proportion import BoundsOut, ProportionResult
from quanheng.calculations.survey_rate import SurveyRateResult
from quanheng.metrology.survey_estimates.selection import Selection
from quanheng.web.calculators.forms import CaseForm, box, without_blanks
from quanheng.web.calculators.reading import rows
from quanheng.web.calculators.report import Report
from quanheng.web.parts import Fact, Text, Tone

SELECTIONS = (
    (str(Selection.UNIT), gettext_lazy("逐个抽取")),
    (str(Selection.CLUSTER), gettext_lazy("整群抽取（如整个加油站的加油机）")),
)
ESTIMATES = {
    "stratified": gettext_lazy("分层估计"), "weighted": gettext_lazy("按入样概率加权"),
    "clusters": gettext_lazy("分层整群估计"),
}  # fmt: skip
CELLS = 4  # of a line about a stratum or a cluster


def _confidence() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("置信水平"), max_length=10, required=False,
        help_text=gettext_lazy("如 0.95；不填为 0.95。"),
    )  # fmt: skip


class ProportionForm(CaseForm):
    """What was found among units with equal chances."""

    selection = forms.ChoiceField(label=gettext_lazy("抽取方式"), choices=SELECTIONS)
    hits = forms.CharField(
        label=gettext_lazy("样本中的件数"), max_length=12, help_text=gettext_lazy("如不合格数。")
    )
    sample = forms.CharField(label=gettext_lazy("样本量"), max_length=12)
    population = forms.CharField(
        label=gettext_lazy("总体的件数"), max_length=12, required=False,
        help_text=gettext_lazy("填写后给出对有限总体的精确界限。"),
    )  # fmt: skip
    confidence = _confidence()

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        return dict(case)

    def to_case(self) -> dict[str, Any]:
        return without_blanks(self.cleaned_data)


class SurveyRateForm(CaseForm):
    """Strata of units or of clusters as lines; or units with their chances."""

    seldom_title: ClassVar[Text] = gettext_lazy("按风险抽取的各件")
    seldom_names: ClassVar[frozenset[str]] = frozenset({"units"})

    selection = forms.ChoiceField(label=gettext_lazy("抽取方式"), choices=SELECTIONS)
    strata = forms.CharField(
        label=gettext_lazy("各层，或抽中的各群"), widget=box(8), required=False,
        help_text=gettext_lazy(
            "逐个抽取：一行一层，写层名、总件数、抽取件数、不合格件数，如 城关 1200 60 3。"
            "整群抽取：一行一群，写层名、该层总群数、群内件数、不合格件数，如 城关 80 4 1。"
        ),
    )  # fmt: skip
    units = forms.CharField(
        label=gettext_lazy("各件的结果和入样概率"), widget=box(6), required=False,
        help_text=gettext_lazy("一行一件：1（不合格）或 0，入样概率，如 1 0.8。与上一栏二者填一。"),
    )  # fmt: skip
    confidence = _confidence()

    @classmethod
    def from_case(cls, case: Mapping[str, Any]) -> dict[str, Any]:
        written = [
            line for place, stratum in enumerate(case.get("strata", ())) for line in _lines(stratum, place)
        ]
        units = [f"{int(one['hit'])}\t{one['inclusion']}" for one in case.get("units", ())]
        return {**case, "strata": "\n".join(written), "units": "\n".join(units)}

    def clean_strata(self) -> list[list[str]]:
        lines = rows(self.cleaned_data["strata"])
        for number, cells in enumerate(lines, 1):
            if len(cells) != CELLS:
                message = _("第 %(number)d 行有 %(count)d 格，应为 4 格。")
                raise ValidationError(message % {"number": number, "count": len(cells)})
        return lines

    def clean_units(self) -> list[dict[str, Any]]:
        given = []
        for number, cells in enumerate(rows(self.cleaned_data["units"]), 1):
            if len(cells) != 2 or cells[0] not in {"0", "1"}:
                message = _("第 %(number)d 行应为 1 或 0，和入样概率。")
                raise ValidationError(message % {"number": number})
            given.append({"hit": cells[0] == "1", "inclusion": cells[1]})
        return given

    def to_case(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        lines: list[list[str]] = data.pop("strata")
        strata = _clusters(lines) if data["selection"] == Selection.CLUSTER else _units(lines)
        return without_blanks({**data, "strata": strata})


def _lines(stratum: Mapping[str, Any], place: int) -> list[str]:
    name = stratum.get("name") or str(place + 1)
    if "seen" in stratum:
        return [f"{name}\t{stratum['clusters']}\t{one['size']}\t{one['hits']}" for one in stratum["seen"]]
    return [f"{name}\t{stratum['population']}\t{stratum['sample']}\t{stratum['hits']}"]


def _units(lines: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    names = ("name", "population", "sample", "hits")
    return [dict(zip(names, cells, strict=True)) for cells in lines]


def _clusters(lines: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """Put the clusters of a stratum together.

    Raises:
        ValidationError: one stratum with two numbers of clusters.
    """
    strata: dict[str, dict[str, Any]] = {}
    for name, clusters, size, hits in lines:
        stratum = strata.setdefault(name, {"name": name, "clusters": clusters, "seen": []})
        if stratum["clusters"] != clusters:
            message = _("层“%(name)s”的总群数前后不一：%(one)s 和 %(other)s。")
            raise ValidationError(
                {"strata": message % {"name": name, "one": stratum["clusters"], "other": clusters}}
            )
        stratum["seen"].append({"size": size, "hits": hits})
    return list(strata.values())


def report_proportion(result: ProportionResult) -> Report:
    """State the proportion with its intervals, and what is shown of the population."""
    facts = [
        Fact(_("样本中的比例"), _percent(result.rate)),
        Fact(_("Wilson 区间"), _bounds(result.wilson)),
        Fact(_("Clopper-Pearson 区间"), _bounds(result.exact)),
    ]
    if result.population is not None:
        there = result.population
        facts += [
            Fact(_("总体中的件数（双侧）"), f"{there.lower} … {there.upper}"),
            Fact(_("总体中的件数（单侧）"), f"≥ {there.fewest}; ≤ {there.most}"),
            Fact(_("样本能够证明的合格率"), _at_least(there.shown)),
        ]
    verdict = _("%(rate)s，区间 %(bounds)s") % {
        "rate": _percent(result.rate),
        "bounds": _bounds(result.exact),
    }
    return Report(tone=Tone.QUIET, verdict=verdict, facts=facts)


def report_rate(result: SurveyRateResult) -> Report:
    """State the rate with the interval to publish, and what it was estimated by."""
    facts = [
        Fact(_("估计方法"), ESTIMATES[result.estimate]),
        Fact(_("标准误差"), _percent(result.standard_error)),
        Fact(_("Korn-Graubard 区间（请公布）"), _bounds(result.exact)),
        Fact(_("对称区间"), _bounds(result.interval)),
        Fact(_("总体中的件数"), f"{result.total:.6g}"),
    ]
    if result.total_error is not None and result.total_interval is not None:
        ends = f"{result.total_interval.lower:.6g} … {result.total_interval.upper:.6g}"
        facts.append(Fact(_("件数的标准误差、区间"), f"{result.total_error:.4g}; {ends}"))
    seen = str(result.sample) if result.clusters is None else f"{result.sample}; {result.clusters}"
    facts += [
        Fact(_("所见件数（群数）"), seen),
        Fact(_("有效样本量、设计效应"), f"{result.effective_sample:.1f}; {result.design_effect:.2f}"),
    ]
    if result.degrees_of_freedom is not None:
        facts.append(Fact(_("自由度"), result.degrees_of_freedom))
    verdict = _("%(rate)s，区间 %(bounds)s") % {
        "rate": _percent(result.rate),
        "bounds": _bounds(result.exact),
    }
    return Report(tone=Tone.QUIET, verdict=verdict, facts=facts)


def _bounds(bounds: BoundsOut) -> str:
    return f"{_percent(bounds.lower)} … {_percent(bounds.upper)}"


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _at_least(share: float) -> str:
    """What is shown is never rounded up to a line that was not reached."""
    return f"{floor(10_000 * share + 1e-9) / 100:.2f}%"

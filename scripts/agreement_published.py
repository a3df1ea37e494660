"""Figures that a text printed, beside ours: decisions, gauge studies, conformity."""

from __future__ import annotations

from decimal import Decimal

from quanheng.calculations import decision_risk, gauge_study
from quanheng.calculations.decision_risk import DecisionRiskCase
from quanheng.calculations.gauge_study import GaugeStudyCase
from quanheng.metrology.conformity.decision import conformance_probability
from quanheng.metrology.percentages import percentage
from quanheng.packs.shipped import shipped

Row = tuple[str, str, float, float, float]  # figure, source, printed, ours, half of the last printed place


def rows() -> list[Row]:
    """Return each figure with its source."""
    packs, studies = shipped(), gauge_study.CALCULATION.examples
    anova, ranged = (
        {
            part.name: part.percent
            for part in gauge_study.run(GaugeStudyCase.model_validate(one.case), packs).components
        }
        for one in studies
    )
    case = DecisionRiskCase.model_validate(decision_risk.CALCULATION.examples[0].case)
    deaver = decision_risk.run(case, packs)
    return [
        ("GRR by variance, %", "AIAG MSA 4, III-B", 27.9, anova["gauge"], 0.05),
        ("PV by variance, %", "AIAG MSA 4, III-B", 96.0, anova["parts"], 0.05),
        ("GRR by ranges, %", "AIAG MSA 4, III-B", 26.68, ranged["gauge"], 0.005),
        ("consumer's risk at 4:1", "Deaver", 0.008, deaver.consumer, 0.0005),
        ("producer's risk at 4:1", "Deaver", 0.015, deaver.producer, 0.0005),
        ("one upper limit", "JCGM 106, 7.3", 0.92, conformance_probability(-5.47, 0.05, None, -5.40), 0.005),
        ("2/3, %", "any spreadsheet", 66.67, float(percentage(2, 3) or Decimal(0)), 0.005),
    ]


def section() -> str:
    """Return the section of the page."""
    lines = ["| figure | printed in | printed | ours | agrees |", "|---|---|---|---|---|"]
    for figure, source, printed, ours, half in rows():
        verdict = "yes" if abs(ours - printed) <= half else "**NO**"
        lines.append(f"| {figure} | {source} | {printed:g} | {ours:.6g} | {verdict} |")
    return "## Printed figures\n\nTo the last printed place.\n\n" + "\n".join(lines)

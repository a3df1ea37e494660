"""Figures that a text printed, beside ours: decisions, studies, conformity, contents, samples, intervals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from quanheng.calculations import decision_risk, gauge_study, survey_rate
from quanheng.calculations.decision_risk import DecisionRiskCase
from quanheng.calculations.gauge_study import GaugeStudyCase
from quanheng.calculations.survey_rate import SurveyRateCase
from quanheng.metrology.calibration_intervals.attributes import judge_interval, read_interval_rule
from quanheng.metrology.calibration_intervals.drift import Limits, fit_drift, until_limits, until_uncertain
from quanheng.metrology.conformity.decision import conformance_probability
from quanheng.metrology.conformity.scale_nameplate import PartialRange, Scale
from quanheng.metrology.conformity.scales import Stage, WeighingPoint, examine, limits_of
from quanheng.metrology.control_charts.average_run_length import (
    cusum_run_length,
    ewma_run_length,
    run_rules_run_length,
    shewhart_run_length,
)
from quanheng.metrology.control_charts.run_rules import read_run_rules
from quanheng.metrology.net_content.deficiency import tolerable_deficiency
from quanheng.metrology.net_content.quantities import QuantityKind
from quanheng.metrology.net_content.sampling import exact_factor, sampling_plan
from quanheng.metrology.percentages import percentage
from quanheng.metrology.si_units import convert, parse_unit
from quanheng.metrology.survey_estimates.proportions import clopper_pearson, wilson
from quanheng.packs.shipped import shipped

Row = tuple[str, str, float, float, float]  # figure, source, printed, ours, half of the last printed place
DAY = date(2026, 6, 1)
PACKS = shipped()
CN, NZ = (PACKS.in_force(f"net-content/{name}", DAY) for name in ("cn", "nz"))
SCALES = PACKS.in_force("conformity/scales", DAY)
R_76 = "OIML R 76-1:2006"


def rows() -> list[Row]:
    """Return each figure with its source."""
    return [
        *_studies(), *_risks(), *_contents(), *_scales(), *_charts(), *_samples(), *_intervals(), *_units(),
    ]  # fmt: skip


def _studies() -> Iterator[Row]:
    anova, ranged = (
        {
            part.name: part.percent
            for part in gauge_study.run(GaugeStudyCase.model_validate(one.case), PACKS).components
        }
        for one in gauge_study.CALCULATION.examples
    )
    yield "GRR by variance, %", "AIAG MSA 4, III-B", 27.9, anova["gauge"], 0.05
    yield "PV by variance, %", "AIAG MSA 4, III-B", 96.0, anova["parts"], 0.05
    yield "GRR by ranges, %", "AIAG MSA 4, III-B", 26.68, ranged["gauge"], 0.005


def _risks() -> Iterator[Row]:
    case = DecisionRiskCase.model_validate(decision_risk.CALCULATION.examples[0].case)
    deaver = decision_risk.run(case, PACKS)
    yield "consumer's risk at 4:1", "Deaver", 0.008, deaver.consumer, 0.0005
    yield "producer's risk at 4:1", "Deaver", 0.015, deaver.producer, 0.0005
    one_sided = conformance_probability(-5.47, 0.05, None, -5.40)
    yield "one upper limit", "JCGM 106, 7.3", 0.92, one_sided, 0.005
    yield "2/3, %", "any spreadsheet", 66.67, float(percentage(2, 3) or Decimal(0)), 0.005


def _contents() -> Iterator[Row]:
    """The tolerable deficiency of a package, and the factors of the plans by t(p, n - 1)/√n."""
    tolerable = tolerable_deficiency(QuantityKind.MASS, Decimal(80_000), NZ).rounded
    yield "T of 80 kg", "NZ SR 1999/373, Schedule 7A", 800.0, float(tolerable), 0.0
    for lot, printed in ((40, 1.028), (300, 0.379), (1000, 0.295), (10_000, 0.234)):
        factor = sampling_plan(lot, CN).exact_factor or 0.0
        yield f"SCF of a lot of {lot}", "JJF 1070-2005, table 4", printed, factor, 0.0005
    for sample, largest, printed in ((12, 39, 0.746), (12, 149, 0.860), (32, 4000, 0.483)):
        factor = exact_factor(sample, 0.995, largest)
        yield f"factor of lots up to {largest}", "NZ SR 1999/373, Schedule 7A", printed, factor, 0.0005


def _scales() -> Iterator[Row]:
    """The steps from a reading to its error, and the limits of a scale with partial ranges."""
    verdict = examine(
        Scale("III", Decimal(15000), Decimal(5)),
        [WeighingPoint(Decimal(1000), Decimal(1000), added_g=Decimal("1.5"))],
        zero=WeighingPoint(Decimal(0), Decimal(0), added_g=Decimal(2)),
        pack=SCALES,
    )
    steps = verdict.points[-1].steps
    for name, step, printed in zip(("P", "E", "E₀"), steps, (1001.0, 1.0, 0.5), strict=True):
        yield f"{name} at 1000 g, e = 5 g", f"{R_76}, A.4.4.3", printed, float(step.value), 0.0
    parts = (PartialRange(Decimal(6000), Decimal(2)), PartialRange(Decimal(15000), Decimal(5)))
    scale = Scale("III", Decimal(15000), Decimal(2), ranges=parts)
    for load, printed in ((1000, 1.0), (4000, 2.0), (6000, 3.0), (6005, 5.0), (15000, 7.5)):
        limits = limits_of(scale, Decimal(load), Stage.VERIFICATION, SCALES)
        yield f"MPE at {load} g of 6/15 kg, e 2/5 g", f"{R_76}, 3.5.1", printed, float(limits.upper or 0), 0.0


def _charts() -> Iterator[Row]:
    """Run lengths; those of a cumulative sum are what a changed pulse factor is found by."""
    rules = read_run_rules(PACKS.in_force("control-chart/run-rules", DAY), "western-electric")
    yield "three sigma, in control", "NIST/SEMATECH 6.3.2", 370.4, shewhart_run_length(), 0.05
    yield "rules 1 to 4, in control", "Champ, Woodall 1987", 91.75, run_rules_run_length(rules), 0.005
    yield "λ 0.1, L 2.814, in control", "Lucas, Saccucci 1990", 500.0, ewma_run_length(0, 0.1, 2.814), 0.5
    for shift, decision, printed, half in ((0, 4, 168, 0.5), (0, 5, 465, 0.5), (1, 4, 8.38, 0.005)):
        found = cusum_run_length(shift, 0.5, decision)
        yield f"K-factor chart: h = {decision}, {shift} σ", "NIST/SEMATECH 6.3.2.3.1", printed, found, half


def _samples() -> Iterator[Row]:
    case = SurveyRateCase.model_validate(survey_rate.CALCULATION.examples[0].case)
    clusters = survey_rate.run(case, PACKS)
    source = "SAS/STAT, SURVEYMEANS, example 1"
    yield "clusters in strata: rate", source, 0.561437, clusters.rate, 5e-7
    yield "clusters in strata: standard error", source, 0.056368, clusters.standard_error, 5e-7
    yield "clusters in strata: lower", source, 0.43966057, clusters.interval.lower, 5e-9
    yield "Wilson, 81 of 263: upper", "Newcombe 1998, table I", 0.3662, wilson(81, 263).upper, 5e-5
    exact = clopper_pearson(81, 263).upper
    yield "Clopper and Pearson: upper", "Newcombe 1998, table I", 0.3676, exact, 5e-5


def _intervals() -> Iterator[Row]:
    rule = read_interval_rule(PACKS.in_force("calibration-interval", DAY))
    tutorial = "NCSLI 2019 tutorial, RP-1 A3"
    assets = ((15, 365, 231, 0.9949), (14, 365, 205, 0.9993), (16, 730, 523, 0.9682))
    for passed, interval, days, rejection in assets:
        found = judge_interval(passed, 20, interval, 0.95, rule)
        yield f"{passed} of 20 in tolerance: days", tutorial, days, found.interval, 0.5
        yield f"{passed} of 20: rejection", tutorial, rejection, found.rejection, 5e-5
    drift = fit_drift([70, 86, 104, 135, 167, 173], [0.1, 0.11, 0.251, 0.299, 0.403, 0.615], 2)
    for name, table, printed, end, half in (
        ("limits 9 and 11", "7-4", 140.1, until_limits(drift, 10.03, 0.28, Limits(9, 11), 0.9), 0.05),
        ("limit 11", "7-5", 171.75, until_limits(drift, 10.03, 0.28, Limits(None, 11), 0.9), 0.005),
        ("uncertainty 0.5", "7-7", 327.15, until_uncertain(drift, 0.28, 0.5), 0.005),
    ):
        yield f"drift: days to {name}", f"NASA-HDBK-8739.19-5, table {table}", printed, end or 0.0, half


def _units() -> Iterator[Row]:
    for value, source, target, printed in (
        ("25.0", r"\degreecelsius", r"\kelvin", 298.15),
        ("1", r"\bar", r"\kilo\pascal", 100.0),
        ("1", r"\kilo\watt\hour", r"\mega\joule", 3.6),
    ):
        units = parse_unit(source), parse_unit(target)
        name = f"{value} {units[0].symbol} in {units[1].symbol}"
        yield name, "SI Brochure, tables 5 and 8", printed, float(convert(Decimal(value), *units)), 0.0


def section() -> str:
    """Return the section of the page."""
    lines = ["| figure | printed in | printed | ours | agrees |", "|---|---|---|---|---|"]
    for figure, source, printed, ours, half in rows():
        lines.append(f"| {figure} | {source} | {printed:.10g} | {ours:.8g} | {agrees(printed, ours, half)} |")
    return "## Printed figures\n\nTo the last printed place.\n\n" + "\n".join(lines)


def agrees(printed: float, ours: float, half: float) -> str:
    """Say whether ours is the printed figure; half a place is met by what lies on it."""
    return "yes" if abs(ours - printed) <= half * (1 + 1e-9) + 1e-12 else "**NO**"

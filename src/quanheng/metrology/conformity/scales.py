"""Digital indicating scales (OIML R 76-1:2006; JJG 539-2016, JJG 1204-2025). Masses in grams, exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quanheng.metrology.conformity.limits import Limits, limits_at, read_bands
from quanheng.metrology.conformity.points import Outcome, PointVerdict, Step, overall, plain_outcome
from quanheng.metrology.conformity.scale_nameplate import Scale, check_nameplate, unknown_class
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell

HALF = Decimal("0.5")


class Stage(StrEnum):
    """Which verification it is: in service the limits are twice as wide."""

    VERIFICATION = "verification"
    IN_SERVICE = "in_service"


@dataclass(frozen=True, slots=True)
class WeighingPoint:
    """One load and what the scale said.

    Args:
        added_g: small weights added until the indication jumped (ΔL); None where that was not done, then the
            indication is taken as it is.
        position: of an eccentricity load, such as ``"左前"``; empty at the centre.
    """

    load_g: Decimal
    indication_g: Decimal
    added_g: Decimal | None = None
    position: str = ""


@dataclass(frozen=True, slots=True)
class DiscriminationPoint:
    """A load at rest, then a small weight gently put on top (R 76-1, A.4.8).

    Args:
        added_g: at most 1.4 times the scale interval.
        indication_g, changed_g: before and after.
    """

    load_g: Decimal
    added_g: Decimal
    indication_g: Decimal
    changed_g: Decimal


@dataclass(frozen=True, slots=True)
class ScaleVerdict:
    """Every row with its verdict, and the verdict of the whole."""

    points: tuple[PointVerdict, ...]
    outcome: Outcome
    citation: Citation


def limits_of(scale: Scale, load_g: Decimal, stage: Stage, pack: RulePack) -> Limits:
    """Return the maximum permissible errors at a load, in grams.

    On a multi-interval scale the load is counted in the interval of its partial range (R 76-1, 3.5.1).

    Raises:
        CaseFault: unknown class, or a load beyond its table.
    """
    table = pack.table("mpe").values
    if scale.accuracy_class not in table or scale.accuracy_class == "in_service_factor":
        raise unknown_class(scale)
    bands = read_bands(table[scale.accuracy_class])
    factor = Decimal(table["in_service_factor"]) if stage == Stage.IN_SERVICE else Decimal(1)
    e_g = scale.interval_at(load_g)
    return limits_at(bands, load_g / e_g, "load_g").times(e_g * factor)


def mpe_changes_g(scale: Scale, pack: RulePack) -> tuple[Decimal, ...]:
    """Return the loads below Max at which the limit changes, the ends of partial ranges among them."""
    bands = read_bands(pack.table("mpe").values[scale.accuracy_class])
    changes: set[Decimal] = set()
    begins = Decimal(0)
    for part in scale.parts:
        ends = {band.up_to * part.e_g for band in bands if band.up_to is not None}
        changes |= {end for end in ends if begins < end < part.max_g} | {part.max_g}
        begins = part.max_g
    return tuple(sorted(end for end in changes if end < scale.max_g))


def limit_bands(scale: Scale, stage: Stage, pack: RulePack) -> list[tuple[Decimal, Limits]]:
    """Return the limits over the range in grams: up to which load, which limits. The last ends at Max."""
    ends = [*mpe_changes_g(scale, pack), scale.max_g]
    return [(end, limits_of(scale, end, stage, pack)) for end in ends]


def error_g(point: WeighingPoint, e_g: Decimal) -> Decimal:
    """Return the error before rounding: E = I + e/2 − ΔL − L (R 76-1, A.4.4.3); E = I − L without ΔL."""
    if point.added_g is None:
        return point.indication_g - point.load_g
    return point.indication_g + HALF * e_g - point.added_g - point.load_g


def examine(
    scale: Scale,
    weighing: Sequence[WeighingPoint],
    *,
    zero: WeighingPoint | None = None,
    eccentricity: Sequence[WeighingPoint] = (),
    repeatability: Sequence[WeighingPoint] = (),
    discrimination: Sequence[DiscriminationPoint] = (),
    stage: Stage = Stage.VERIFICATION,
    pack: RulePack,
) -> ScaleVerdict:
    """Judge the examination of a scale.

    Args:
        weighing: loads over the range; errors are corrected for the error at zero (E_c = E − E_0).
        zero: the determination of the error at or near zero; its limit is ±0.25 e.
        eccentricity: one load at each position, about a third of Max.
        repeatability: the same load at least three times.
        discrimination: a small weight on top of a load must change the indication.

    Raises:
        CaseFault: the nameplate does not fit, no load, a negative or too large load, loads that differ in the
            test of repeatability, a weight that is too large to test discrimination.
    """
    if faults := check_nameplate(scale, pack):
        raise faults[0]
    if not weighing:
        raise CaseFault("weighing", "no_points", "请至少填写一个称量点。")
    at_zero = Decimal(0) if zero is None else error_g(zero, scale.interval_at(zero.load_g))
    rows = [] if zero is None else [_zero_row(scale, zero, pack)]
    for name, quantity, points in (
        ("weighing", tell("称量"), weighing),
        ("eccentricity", tell("偏载"), eccentricity),
    ):
        for index, point in enumerate(points):
            try:
                rows.append(_row(scale, point, quantity=quantity, at_zero=at_zero, stage=stage, pack=pack))
            except CaseFault as fault:
                raise fault.within(f"{name}[{index}]") from None
    if repeatability:
        rows.append(_repeatability_row(scale, repeatability, stage, pack))
    for index, small in enumerate(discrimination):
        try:
            rows.append(_discrimination_row(scale, small, pack))
        except CaseFault as fault:
            raise fault.within(f"discrimination[{index}]") from None
    return ScaleVerdict(
        points=tuple(rows),
        outcome=overall(row.outcome for row in rows),
        citation=pack.cite("mpe", "classes", "tests", *(["partial_ranges"] if scale.ranges else [])),
    )


def _row(
    scale: Scale, point: WeighingPoint, *, quantity: str, at_zero: Decimal, stage: Stage, pack: RulePack
) -> PointVerdict:
    if point.load_g > scale.max_g:
        message = tell("载荷 {load_g} g 超过最大秤量 {max_g} g。", load_g=point.load_g, max_g=scale.max_g)
        raise CaseFault("load_g", "beyond_max", message, load=point.load_g)
    limits = limits_of(scale, point.load_g, stage, pack)
    found = error_g(point, scale.interval_at(point.load_g))
    error = found - at_zero
    steps = (
        Step(tell("化整前示值 P"), point.load_g + found, "g"), Step(tell("误差 E"), found, "g"),
        Step(tell("零点误差 E₀"), at_zero, "g"),
    )  # fmt: skip
    return PointVerdict(
        part=point.position, quantity=quantity, unit="g", nominal=point.load_g, indication=point.indication_g,
        error_unit="g", error=error, limits=limits, outcome=plain_outcome(error, limits), steps=steps,
    )  # fmt: skip


def _zero_row(scale: Scale, zero: WeighingPoint, pack: RulePack) -> PointVerdict:
    reach = scale.e_g * pack.table("tests").values["zero_limit_e"]
    limits, error = Limits(-reach, reach), error_g(zero, scale.interval_at(zero.load_g))
    return PointVerdict(
        part="", quantity=tell("零点"), unit="g", nominal=zero.load_g, indication=zero.indication_g,
        error_unit="g", error=error, limits=limits, outcome=plain_outcome(error, limits),
    )  # fmt: skip


def _repeatability_row(
    scale: Scale, runs: Sequence[WeighingPoint], stage: Stage, pack: RulePack
) -> PointVerdict:
    """Largest minus smallest error of one load, at most the absolute value of its limit."""
    if len(runs) < 3:
        raise CaseFault("repeatability", "too_few", "重复性至少要同一载荷称量 3 次。", runs=len(runs))
    loads = {run.load_g for run in runs}
    if len(loads) > 1:
        raise CaseFault("repeatability", "loads_differ", "重复性各次应为同一载荷。")
    errors = [error_g(run, scale.interval_at(run.load_g)) for run in runs]
    spread = max(errors) - min(errors)
    limits = Limits.at_most(limits_of(scale, runs[0].load_g, stage, pack).upper)
    steps = tuple(
        Step(tell("第 {number} 次 E", number=number), error, "g") for number, error in enumerate(errors, 1)
    )
    return PointVerdict(
        part="", quantity=tell("重复性"), unit="g", nominal=runs[0].load_g, indication=runs[-1].indication_g,
        error_unit="g", error=spread, limits=limits, outcome=plain_outcome(spread, limits), steps=steps,
    )  # fmt: skip


def _discrimination_row(scale: Scale, point: DiscriminationPoint, pack: RulePack) -> PointVerdict:
    """The indication changes by one scale interval at least; by two it never does."""
    d = scale.step_at(point.load_g)
    factor = pack.table("tests").values["discrimination_d"]
    if not 0 < point.added_g <= factor * d:
        message = tell(
            "鉴别阈所加小砝码应大于 0、不大于 {factor} d = {most} g，现为 {added_g} g。",
            factor=factor,
            most=factor * d,
            added_g=point.added_g,
        )
        raise CaseFault("added_g", "too_large_weight", message, added=point.added_g)
    change, limits = point.changed_g - point.indication_g, Limits(d, 2 * d)
    return PointVerdict(
        part="", quantity=tell("鉴别阈"), unit="g", nominal=point.load_g, indication=point.changed_g,
        error_unit="g", error=change, limits=limits, outcome=plain_outcome(change, limits),
    )  # fmt: skip

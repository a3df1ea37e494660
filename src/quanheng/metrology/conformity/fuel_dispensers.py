"""Fuel dispensers (JJG 443; OIML R 117). Volumes in litres, temperatures in °C, errors in percent.

A positive error is a short delivery: the dispenser indicates more than it gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quanheng.metrology.conformity.limits import Limits
from quanheng.metrology.conformity.points import Outcome, PointVerdict, Step, overall, plain_outcome
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell

HUNDRED = Decimal(100)


class Fuel(StrEnum):
    """What the nozzle delivers; its thermal expansion is in the pack."""

    PETROL = "petrol"
    DIESEL = "diesel"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One run into the standard measure.

    Args:
        indicated_l: what the dispenser showed (V_J).
        measured_l: what the measure held at its own temperature (V_B).
        dispenser_celsius, measure_celsius: temperatures of the fuel at the dispenser and in the measure; None
            where no temperature was taken, then no correction is made.
    """

    indicated_l: Decimal
    measured_l: Decimal
    dispenser_celsius: Decimal | None = None
    measure_celsius: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FlowPoint:
    """The runs at one flow rate of one nozzle.

    Args:
        flow: the rate in words, such as ``"大流量"``.
        is_minimum: the runs are at the minimum measured quantity, which has limits of its own.
    """

    nozzle: str
    flow: str
    runs: tuple[Delivery, ...]
    is_minimum: bool = False


@dataclass(frozen=True, slots=True)
class DispenserVerdict:
    """Error and repeatability of each flow point, the verdict of each nozzle and of the dispenser."""

    points: tuple[PointVerdict, ...]
    nozzles: dict[str, Outcome]
    outcome: Outcome
    citation: Citation


def reference_volume_l(run: Delivery, fuel: Fuel, pack: RulePack) -> Decimal:
    """Return what was delivered, at the temperature of the dispenser.

    V_Bt = V_B·[1 + β_Y·(t_J − t_B) + β_B·(t_B − 20)].

    Raises:
        CaseFault: the temperature was taken at one end only: nothing can be corrected by it.
    """
    if run.dispenser_celsius is None and run.measure_celsius is None:
        return run.measured_l
    if run.dispenser_celsius is None or run.measure_celsius is None:
        missing = "dispenser_celsius" if run.dispenser_celsius is None else "measure_celsius"
        message = "加油机处和量器内的油温须同时填写，或都不填写（不作温度修正）。"
        raise CaseFault(missing, "one_temperature", message)
    method = pack.table("method").values
    expansion: Decimal = method["expansion_per_celsius"][fuel.value]
    measure: Decimal = method["measure_expansion_per_celsius"]
    reference = Decimal(method["measure_reference_celsius"])
    return run.measured_l * (
        1
        + expansion * (run.dispenser_celsius - run.measure_celsius)
        + measure * (run.measure_celsius - reference)
    )


def error_percent(run: Delivery, fuel: Fuel, pack: RulePack) -> Decimal:
    """Return E = (V_J − V_Bt)/V_Bt · 100.

    Raises:
        CaseFault: a volume that is not positive.
    """
    for field, volume in (("indicated_l", run.indicated_l), ("measured_l", run.measured_l)):
        if volume <= 0:
            raise CaseFault(
                field, "not_positive", tell("体积应大于 0，现为 {volume} L。", volume=volume), volume=volume
            )
    reference = reference_volume_l(run, fuel, pack)
    return (run.indicated_l - reference) / reference * HUNDRED


def repeatability_percent(errors: Sequence[Decimal], pack: RulePack) -> Decimal:
    """Return the range of the errors, divided by its factor where the pack says so.

    Raises:
        CaseFault: fewer runs than the regulation asks for, or more than there are factors.
    """
    method = pack.table("method").values
    if len(errors) < method["runs"]:
        message = tell("每个流量点至少 {runs} 次，现为 {count} 次。", runs=method["runs"], count=len(errors))
        raise CaseFault("runs", "too_few_runs", message, runs=len(errors))
    spread = max(errors) - min(errors)
    if method["repeatability"] == "range":
        return spread
    factor = method["range_factors"].get(str(len(errors)))
    if factor is None:
        raise CaseFault("runs", "no_range_factor", tell("没有 {count} 次测量的极差系数。", count=len(errors)))
    return spread / Decimal(factor)


def examine(points: Sequence[FlowPoint], fuels: dict[str, Fuel], pack: RulePack) -> DispenserVerdict:
    """Judge every flow point of every nozzle.

    Args:
        fuels: what each nozzle delivers.

    Raises:
        CaseFault: no point, a nozzle without a fuel, too few runs, or a volume that is not positive.
    """
    if not points:
        raise CaseFault("points", "no_points", "请至少填写一条油枪的一个流量点。")
    rows: list[PointVerdict] = []
    for index, point in enumerate(points):
        try:
            rows += _rows(point, fuels, pack)
        except CaseFault as fault:
            raise fault.within(f"points[{index}]") from None
    nozzles = {
        nozzle: overall(row.outcome for row in rows if row.part == nozzle)
        for nozzle in dict.fromkeys(point.nozzle for point in points)
    }
    return DispenserVerdict(tuple(rows), nozzles, overall(nozzles.values()), pack.cite("mpe", "method"))


def _rows(point: FlowPoint, fuels: dict[str, Fuel], pack: RulePack) -> list[PointVerdict]:
    if point.nozzle not in fuels:
        raise CaseFault("nozzle", "no_fuel", tell("没有说明 {nozzle} 号枪的油品。", nozzle=point.nozzle))
    errors, volumes = [], []
    for index, run in enumerate(point.runs):
        try:
            errors.append(error_percent(run, fuels[point.nozzle], pack))
            volumes.append(reference_volume_l(run, fuels[point.nozzle], pack))
        except CaseFault as fault:
            raise fault.within(f"runs[{index}]") from None
    runs = tuple(_runs(volumes, errors))
    spread = repeatability_percent(errors, pack)
    mean = sum(errors, Decimal(0)) / len(errors)
    prefix = "minimum_" if point.is_minimum else ""
    mpe = pack.table("mpe").values
    reach, limit = mpe[f"{prefix}error_percent"], mpe[f"{prefix}repeatability_percent"]
    return [
        _row(point, tell("{flow}示值误差", flow=point.flow), mean, Limits(-reach, reach), runs),
        _row(point, tell("{flow}重复性", flow=point.flow), spread, Limits.at_most(limit), _spread(errors)),
    ]


def _runs(volumes: Sequence[Decimal], errors: Sequence[Decimal]) -> Iterator[Step]:
    for number, (volume, error) in enumerate(zip(volumes, errors, strict=True), 1):
        yield Step(tell("第 {number} 次 V_Bt", number=number), volume, "L")
        yield Step(tell("第 {number} 次 E", number=number), error, "%")


def _spread(errors: Sequence[Decimal]) -> tuple[Step, ...]:
    largest, smallest = max(errors), min(errors)
    return (
        Step(tell("最大 E"), largest, "%"), Step(tell("最小 E"), smallest, "%"),
        Step(tell("极差"), largest - smallest, "%"),
    )  # fmt: skip


def _row(
    point: FlowPoint, quantity: str, error: Decimal, limits: Limits, steps: tuple[Step, ...]
) -> PointVerdict:
    last = point.runs[-1]
    return PointVerdict(
        part=point.nozzle, quantity=quantity, unit="L", nominal=last.measured_l, indication=last.indicated_l,
        error_unit="%", error=error, limits=limits, outcome=plain_outcome(error, limits), steps=steps,
    )  # fmt: skip

"""Blood-pressure instruments (JJG 270-2008, JJG 692-2010). Pressures in kilopascals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from quanheng.metrology.conformity.limits import Limits
from quanheng.metrology.conformity.points import Outcome, PointVerdict, Step, overall, plain_outcome
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class PressurePoint:
    """A static pressure and what the instrument indicated."""

    reference_kpa: Decimal
    indication_kpa: Decimal


@dataclass(frozen=True, slots=True)
class PressureVerdict:
    """Every row with its verdict, and the verdict of the whole."""

    points: tuple[PointVerdict, ...]
    outcome: Outcome
    citation: Citation


def kpa_from_mmhg(pressure_mmhg: Decimal, pack: RulePack) -> Decimal:
    """Convert, unrounded; rounding is for display alone."""
    factor: Decimal = pack.table("limits").values["kpa_per_mmhg"]
    return pressure_mmhg * factor


def examine(
    points: Sequence[PressurePoint],
    *,
    zero_kpa: Decimal | None = None,
    leak_kpa_per_minute: Decimal | None = None,
    repeated_kpa: Sequence[Decimal] = (),
    pack: RulePack,
) -> PressureVerdict:
    """Judge static pressures and, where the regulation has a limit for it, zero, leak and repeatability.

    Args:
        repeated_kpa: the same simulated pressure, indicated several times.

    Raises:
        CaseFault: no point, or a value for which this regulation has no limit.
    """
    if not points:
        raise CaseFault("points", "no_points", "请至少填写一个压力点。")
    limits = pack.table("limits").values
    reach = limits["error_kpa"]
    rows = [
        _row(tell("静态压力"), point.reference_kpa, point.indication_kpa, Limits(-reach, reach))
        for point in points
    ]
    if zero_kpa is not None:
        _require(limits, "zero_from_kpa", "zero_kpa", tell("零位"), pack)
        zero = Limits(limits["zero_from_kpa"], limits["zero_to_kpa"])
        rows.append(_row(tell("零位"), Decimal(0), zero_kpa, zero))
    if leak_kpa_per_minute is not None:
        _require(limits, "leak_kpa_per_minute", "leak_kpa_per_minute", tell("气密性"), pack)
        leak = Limits.at_most(limits["leak_kpa_per_minute"])
        rows.append(_row(tell("每分钟漏气"), Decimal(0), leak_kpa_per_minute, leak))
    if repeated_kpa:
        _require(limits, "repeatability_kpa", "repeated_kpa", tell("示值重复性"), pack)
        spread = max(repeated_kpa) - min(repeated_kpa)
        steps = (
            Step(tell("最大示值"), max(repeated_kpa), "kPa"),
            Step(tell("最小示值"), min(repeated_kpa), "kPa"),
        )
        limit = Limits.at_most(limits["repeatability_kpa"])
        rows.append(replace(_row(tell("示值重复性"), Decimal(0), spread, limit), steps=steps))
    return PressureVerdict(tuple(rows), overall(row.outcome for row in rows), pack.cite("limits"))


def _require(limits: object, key: str, field: str, name: str, pack: RulePack) -> None:
    if key not in limits:  # type: ignore[operator]  # a mapping of the pack
        raise CaseFault(
            field,
            "no_limit",
            tell("{edition} 没有{name}的要求，请删除该项。", edition=pack.edition, name=name),
        )


def _row(quantity: str, reference: Decimal, indication: Decimal, limits: Limits) -> PointVerdict:
    error = indication - reference
    return PointVerdict(
        part="", quantity=quantity, unit="kPa", nominal=reference, indication=indication, error_unit="kPa",
        error=error, limits=limits, outcome=plain_outcome(error, limits),
    )  # fmt: skip

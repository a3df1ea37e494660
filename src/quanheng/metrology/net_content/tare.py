"""Net content from gross weighings, and volume by weighing (OIML R 87, annexes B and C)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from quanheng.metrology.net_content.statistics import deviation, mean
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell

AIR_DENSITY = Decimal("0.0012")  # g/mL, at 20 °C and 1013 hPa (OIML D 28)
WEIGHT_DENSITY = Decimal(8)  # g/mL


@dataclass(frozen=True, slots=True)
class Tare:
    """Which tare is taken off.

    Args:
        rule: ``"mean"`` one mean for all items; ``"individual"`` each item's own.
        grams: the mean; None where each item has its own.
        spread: standard deviation of the tares; None for a single one.
    """

    rule: str
    grams: Decimal | None
    spread: Decimal | None


def choose_tare(tares: Sequence[Decimal], nominal: Decimal, tolerable: Decimal, pack: RulePack) -> Tare:
    """Say which tare may be used.

    A mean tare of at most 10 % of the nominal quantity: the mean of ten. Heavier, but with a standard
    deviation of at most 0.25 T: the mean of twenty-five. Otherwise each item's own.

    Raises:
        CaseFault: too few tares for the rule that applies.
    """
    rule = pack.table("measurement").values
    few, many = rule["tare_first"], rule["tare_most"]
    if len(tares) < few:
        message = tell(
            "皮重至少要称 {few} 个，现为 {count} 个；批量更小时请逐件称皮重并填写净含量。",
            few=few,
            count=len(tares),
        )
        raise CaseFault("tares_g", "too_few", message, tares=len(tares))
    average, spread = mean(tares[:few]), deviation(tares[:few])
    if average <= rule["tare_light_share"] * nominal:
        return Tare("mean", average, spread)
    if spread > rule["tare_spread_share"] * tolerable:
        return Tare("individual", None, spread)
    if len(tares) < many:
        message = tell(
            "平均皮重超过标注净含量的 10 %，应称 {many} 个皮重，现为 {count} 个。",
            many=many,
            count=len(tares),
        )
        raise CaseFault("tares_g", "too_few", message, tares=len(tares))
    return Tare("mean", mean(tares[:many]), deviation(tares[:many]))


def volume_ml(mass_g: Decimal, density_g_per_ml: Decimal) -> Decimal:
    """Return the volume at 20 °C of a liquid that was weighed in air: V = m/(ρ − ρ_a)·(1 − ρ_a/ρ_w).

    Raises:
        CaseFault: a density that is no liquid's.
    """
    if density_g_per_ml <= AIR_DENSITY:
        raise CaseFault("density_g_per_ml", "too_light", "密度应大于空气密度 0.0012 g/mL。")
    return mass_g / (density_g_per_ml - AIR_DENSITY) * (1 - AIR_DENSITY / WEIGHT_DENSITY)

"""The tolerable deficiency T of a nominal quantity, and in which class an item falls."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any

from quanheng.metrology.net_content.quantities import QuantityKind
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack

PERCENT = Decimal("0.01")
ROUNDINGS = {"half_even": ROUND_HALF_EVEN, "up": ROUND_CEILING}


class ItemClass(StrEnum):
    """How much an item lacks (OIML R 87, 2.13)."""

    ADEQUATE = "adequate"  # at most T
    T1 = "t1"  # more than T, at most 2T: counted
    T2 = "t2"  # more than 2T: one is enough to reject the lot


@dataclass(frozen=True, slots=True)
class Deficiency:
    """T as the table gives it and as it is rounded, in the base unit of the kind; 0 where none is allowed."""

    exact: Decimal
    rounded: Decimal


def tolerable_deficiency(kind: QuantityKind, nominal: Decimal, pack: RulePack) -> Deficiency:
    """Return T of a nominal quantity in its base unit.

    Raises:
        CaseFault: not positive, a count that is not whole, or beyond the table.
    """
    if nominal <= 0:
        raise CaseFault("nominal", "not_positive", f"标注净含量应大于 0，现为 {nominal}。", nominal=nominal)
    table = pack.table("tolerable_deficiency").values
    if kind in {QuantityKind.MASS, QuantityKind.VOLUME}:
        return _of_mass_or_volume(nominal, table)
    if kind == QuantityKind.COUNT and nominal != nominal.to_integral_value():
        raise CaseFault("nominal", "not_whole", "计数商品的标注净含量应为整数。", nominal=nominal)
    rule = table[kind.value]
    if nominal <= rule["free_up_to"]:
        return Deficiency(Decimal(0), Decimal(0))
    exact = nominal * rule["percent"] * PERCENT
    whole = kind == QuantityKind.COUNT
    return Deficiency(exact, exact.to_integral_value(ROUND_CEILING) if whole else exact)


def classify(nominal: Decimal, actual: Decimal, tolerable: Decimal) -> ItemClass:
    """Return the class of an item; exactly T is adequate, exactly 2T is T1. Where T is 0 any lack is T2."""
    lack = nominal - actual
    if lack <= tolerable:
        return ItemClass.ADEQUATE
    return ItemClass.T1 if lack <= 2 * tolerable else ItemClass.T2


def _of_mass_or_volume(nominal: Decimal, table: Any) -> Deficiency:
    band = next((row for row in table["mass_volume"] if nominal <= row["up_to"]), None)
    if band is None:
        most = table["mass_volume"][-1]["up_to"]
        message = f"标注净含量 {nominal} 超出允许短缺量表（最大 {most} g 或 mL）。"
        raise CaseFault("nominal", "beyond_table", message, nominal=nominal)
    exact = Decimal(band["value"]) if "value" in band else nominal * band["percent"] * PERCENT
    step = Decimal(table["fine_step"] if nominal <= table["fine_up_to"] else table["coarse_step"])
    return Deficiency(exact, exact.quantize(step, ROUNDINGS[table["rounding"]]))

"""The tolerable deficiency T of a nominal quantity, and in which class an item falls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from quanheng.metrology.net_content.quantities import QuantityKind
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell

PERCENT = Decimal("0.01")
ROUNDINGS = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP, "up": ROUND_CEILING}


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
        CaseFault: not positive, a count that is not whole, beyond the table, or of a kind whose table the
            pack does not have: the limits of another rule are never used instead.
    """
    if nominal <= 0:
        raise CaseFault(
            "nominal",
            "not_positive",
            tell("标注净含量应大于 0，现为 {nominal}。", nominal=nominal),
            nominal=nominal,
        )
    if kind == QuantityKind.COUNT and nominal != nominal.to_integral_value():
        raise CaseFault("nominal", "not_whole", "计数商品的标注净含量应为整数。", nominal=nominal)
    table = pack.table("tolerable_deficiency").values
    band = _band(kind, nominal, table)
    exact = Decimal(band["value"]) if "value" in band else nominal * band["percent"] * PERCENT
    return Deficiency(exact, _rounded(exact, kind, nominal, table))


def classify(nominal: Decimal, actual: Decimal, tolerable: Decimal) -> ItemClass:
    """Return the class of an item; exactly T is adequate, exactly 2T is T1. Where T is 0 any lack is T2."""
    lack = nominal - actual
    if lack <= tolerable:
        return ItemClass.ADEQUATE
    return ItemClass.T1 if lack <= 2 * tolerable else ItemClass.T2


def _band(kind: QuantityKind, nominal: Decimal, table: Any) -> Any:
    """Return the row of the nominal quantity; an upper bound belongs to it, the last may have none."""
    is_filled = kind in {QuantityKind.MASS, QuantityKind.VOLUME}
    rows = table["mass_volume"] if is_filled and "mass_volume" in table else table[kind.value]
    if isinstance(rows, Mapping):
        rows = ({"up_to": rows["free_up_to"], "value": 0}, {"percent": rows["percent"]})
    band = next((row for row in rows if nominal <= row.get("up_to", nominal)), None)
    if band is None:
        most = rows[-1]["up_to"]
        message = tell(
            "标注净含量 {nominal} 超出允许短缺量表（最大 {most} g 或 mL）。", nominal=nominal, most=most
        )
        raise CaseFault("nominal", "beyond_table", message, nominal=nominal)
    if "missing" in band:
        message = tell("所选规则的{part}未收录，不能判定这种商品，请选用其他规则。", part=band["missing"])
        raise CaseFault("nominal", "no_table", message, nominal=nominal)
    return band


def _rounded(exact: Decimal, kind: QuantityKind, nominal: Decimal, table: Any) -> Decimal:
    """Round as the rule says: counts to whole pieces, masses and volumes to a step, the rest not at all."""
    if kind == QuantityKind.COUNT:
        return exact.to_integral_value(ROUNDINGS[table.get("count_rounding", "up")])
    if kind not in {QuantityKind.MASS, QuantityKind.VOLUME} or "rounding" not in table:
        return exact
    step = Decimal(table["fine_step"] if nominal <= table["fine_up_to"] else table["coarse_step"])
    return exact.quantize(step, ROUNDINGS[table["rounding"]])

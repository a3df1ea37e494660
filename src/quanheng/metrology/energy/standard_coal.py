"""Consumption in tonnes of standard coal equivalent (tce), GB/T 2589.

One kilogram of standard coal (kgce) is 29 307.6 kJ of lower calorific value. A measured calorific value goes
before the coefficient of the standard; what a coefficient stands on is kept beside each number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from quanheng.metrology.energy.units import convert
from quanheng.metrology.rounding import round_to_interval
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell

KILOGRAMS = Decimal(1000)  # kgce in a tce


class CoefficientBasis(StrEnum):
    """What a coefficient stands on."""

    STANDARD = "standard"
    MEASURED = "measured"
    STATED = "stated"


class Flow(StrEnum):
    """Which way a carrier crossed the boundary of the unit."""

    BOUGHT = "bought"
    DELIVERED = "delivered"
    MADE_INSIDE = "made_inside"


@dataclass(frozen=True, slots=True)
class Consumption:
    """One carrier over the period.

    Args:
        carrier: as the pack names it, such as ``"raw_coal"``.
        quantity: 0 or more, in `unit`; stock changes are already in it.
        calorific_value: measured lower calorific value, kJ for one kg, m3 …; None if it was not measured.
        coefficient: kgce for one unit of the standard, stated by the case: within the standard's range, or on
            another basis such as the yearly equivalent value of electricity (等价值).
        basis_note: where a stated coefficient comes from; needed with it.
    """

    carrier: str
    quantity: Decimal
    unit: str
    flow: Flow = Flow.BOUGHT
    calorific_value: Decimal | None = None
    coefficient: Decimal | None = None
    basis_note: str = ""


@dataclass(frozen=True, slots=True)
class Converted:
    """One carrier in standard coal.

    Args:
        tce: with the sign with which it enters the sum; 0 where it is not counted.
        not_counted: why it is not, in Chinese; empty where it is.
    """

    carrier: str
    name: str
    quantity: Decimal
    unit: str
    coefficient: Decimal
    basis: CoefficientBasis
    tce: Decimal
    not_counted: str


@dataclass(frozen=True, slots=True)
class StandardCoal:
    """Every carrier, and their sum in tce."""

    rows: tuple[Converted, ...]
    tce: Decimal
    citation: Citation


def comprehensive_consumption(
    consumption: Sequence[Consumption], pack: RulePack, *, counts_media: bool = False
) -> StandardCoal:
    """Return what the unit used, in tce: what came in, less what was delivered to others.

    A carrier that the unit made from others counts nothing: its source was counted already.

    Args:
        counts_media: whether the boundary takes in energy-consumed media (water, compressed air).

    Raises:
        CaseFault: an unknown carrier or unit, a negative quantity, a coefficient missing or out of range.
    """
    if not consumption:
        raise CaseFault("consumption", "no_rows", "请至少填写一种能源。")
    rows = []
    for index, item in enumerate(consumption):
        try:
            rows.append(_convert(item, pack, counts_media=counts_media))
        except CaseFault as fault:
            raise fault.within(f"consumption[{index}]") from None
    total = sum((row.tce for row in rows), Decimal(0))
    return StandardCoal(tuple(rows), total, pack.cite("conversion", "carriers", "media"))


def coefficient_of(calorific_value: Decimal, pack: RulePack) -> Decimal:
    """Return the coefficient of a lower calorific value (kJ for one unit), rounded as the tables are."""
    rule = pack.table("conversion").values
    if calorific_value <= 0:
        raise CaseFault("calorific_value", "not_positive", "低位发热量应大于 0。")
    places = Decimal(1).scaleb(-int(rule["coefficient_places"]))
    return round_to_interval(calorific_value / rule["standard_coal_kj_per_kg"], places)


def _convert(item: Consumption, pack: RulePack, *, counts_media: bool) -> Converted:
    carriers, media = pack.table("carriers").values, pack.table("media").values
    if item.carrier not in carriers and item.carrier not in media:
        known = "、".join([*carriers, *media])
        raise CaseFault(
            "carrier",
            "unknown_carrier",
            tell("没有能源“{carrier}”，现有：{known}。", carrier=item.carrier, known=known),
        )
    is_medium = item.carrier in media
    row = media[item.carrier] if is_medium else carriers[item.carrier]
    if item.quantity < 0:
        message = "数量应不小于 0；外供的能源请以 delivered 填写。"
        raise CaseFault("quantity", "negative", message)
    coefficient, basis = _coefficient(item, row, pack)
    quantity = convert(item.quantity, item.unit, row["unit"], "unit")
    reason = _why_not(item, is_medium=is_medium, counts_media=counts_media)
    sign = -1 if item.flow == Flow.DELIVERED else 1
    tce = Decimal(0) if reason else sign * quantity * coefficient / KILOGRAMS
    return Converted(
        carrier=item.carrier, name=row["name"], quantity=quantity, unit=row["unit"], coefficient=coefficient,
        basis=basis, tce=tce, not_counted=reason,
    )  # fmt: skip


def _why_not(item: Consumption, *, is_medium: bool, counts_media: bool) -> str:
    if item.flow == Flow.MADE_INSIDE:
        return tell("自产的二次能源，来源已计入")
    if is_medium and not counts_media:
        return tell("边界不包括耗能工质")
    return ""


def _coefficient(
    item: Consumption, row: Mapping[str, Any], pack: RulePack
) -> tuple[Decimal, CoefficientBasis]:
    if item.calorific_value is not None and item.coefficient is not None:
        raise CaseFault("coefficient", "two_bases", "低位发热量和折标系数只填一项。")
    if item.calorific_value is not None:
        return coefficient_of(item.calorific_value, pack), CoefficientBasis.MEASURED
    if item.coefficient is not None:
        return _stated(item, row), CoefficientBasis.STATED
    if "coefficient" not in row:
        lowest, highest = row["lowest"], row["highest"]
        message: str = tell(
            "{name}的系数在 {lowest}–{highest} 之间，请填写所用系数或实测低位发热量。",
            name=row["name"],
            lowest=lowest,
            highest=highest,
        )
        raise CaseFault("coefficient", "which_coefficient", message)
    return row["coefficient"], CoefficientBasis.STANDARD


def _stated(item: Consumption, row: Mapping[str, Any]) -> Decimal:
    stated = item.coefficient or Decimal(0)
    if stated <= 0:
        raise CaseFault("coefficient", "not_positive", "折标系数应大于 0。")
    if "lowest" in row and not row["lowest"] <= stated <= row["highest"]:
        message: str = tell(
            "{name}的系数应在 {lowest}–{highest} 之间，现为 {stated}。",
            name=row["name"],
            lowest=row["lowest"],
            highest=row["highest"],
            stated=stated,
        )
        raise CaseFault("coefficient", "out_of_range", message)
    if "lowest" not in row and not item.basis_note.strip():
        message = "采用与标准不同的系数（如电力等价值），请注明来源。"
        raise CaseFault("basis_note", "no_source", message)
    return stated

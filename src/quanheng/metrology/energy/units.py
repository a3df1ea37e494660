"""Units in which energy carriers are bought, each in the base unit of its kind."""

from __future__ import annotations

from decimal import Decimal

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

# unit: (base unit, factor)
UNITS: dict[str, tuple[str, Decimal]] = {
    "kg": ("kg", Decimal(1)),
    "t": ("kg", Decimal(1000)),
    "万t": ("kg", Decimal(10_000_000)),
    "m3": ("m3", Decimal(1)),
    "万m3": ("m3", Decimal(10_000)),
    "kWh": ("kWh", Decimal(1)),
    "MWh": ("kWh", Decimal(1000)),
    "万kWh": ("kWh", Decimal(10_000)),
    "GWh": ("kWh", Decimal(1_000_000)),
    "MJ": ("MJ", Decimal(1)),
    "GJ": ("MJ", Decimal(1000)),
    "TJ": ("MJ", Decimal(1_000_000)),
}


def convert(quantity: Decimal, unit: str, wanted: str, field: str) -> Decimal:
    """Return the quantity in the wanted unit.

    Raises:
        CaseFault: the unit is unknown, or measures something else; nothing is guessed from a density.
    """
    if unit not in UNITS:
        raise CaseFault(
            field, "unknown_unit", tell("单位“{unit}”无法识别，可用：{units}。", unit=unit, units=[*UNITS])
        )
    base, factor = UNITS[unit]
    wanted_base, wanted_factor = UNITS[wanted]
    if base != wanted_base:
        fitting = "、".join(name for name, (kind, _) in UNITS.items() if kind == wanted_base)
        raise CaseFault(
            field,
            "units_do_not_match",
            tell(
                "该能源以 {wanted} 计量，不能用 {unit}；可用：{fitting}。",
                wanted=wanted,
                unit=unit,
                fitting=fitting,
            ),
        )
    return quantity * factor / wanted_factor

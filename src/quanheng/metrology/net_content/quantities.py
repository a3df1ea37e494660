"""Kinds of nominal quantities, and the units in which labels state them."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


class QuantityKind(StrEnum):
    """What the label counts or measures; the tolerable deficiency depends on it."""

    MASS = "mass"  # in grams
    VOLUME = "volume"  # in millilitres
    LENGTH = "length"  # in metres
    AREA = "area"  # in square metres
    COUNT = "count"  # in pieces


# Unit → kind, and how many base units it is.
UNITS: dict[str, tuple[QuantityKind, Decimal]] = {
    "mg": (QuantityKind.MASS, Decimal("0.001")),
    "g": (QuantityKind.MASS, Decimal(1)),
    "kg": (QuantityKind.MASS, Decimal(1000)),
    "mL": (QuantityKind.VOLUME, Decimal(1)),
    "cL": (QuantityKind.VOLUME, Decimal(10)),
    "L": (QuantityKind.VOLUME, Decimal(1000)),
    "mm": (QuantityKind.LENGTH, Decimal("0.001")),
    "cm": (QuantityKind.LENGTH, Decimal("0.01")),
    "m": (QuantityKind.LENGTH, Decimal(1)),
    "cm2": (QuantityKind.AREA, Decimal("0.0001")),
    "dm2": (QuantityKind.AREA, Decimal("0.01")),
    "m2": (QuantityKind.AREA, Decimal(1)),
    "piece": (QuantityKind.COUNT, Decimal(1)),
}
BASE_UNIT = {
    QuantityKind.MASS: "g",
    QuantityKind.VOLUME: "mL",
    QuantityKind.LENGTH: "m",
    QuantityKind.AREA: "m2",
    QuantityKind.COUNT: "piece",
}


def in_base_unit(value: Decimal, unit: str, field: str) -> tuple[QuantityKind, Decimal]:
    """Return the kind of a quantity and its value in the kind's base unit, exactly.

    Raises:
        CaseFault: an unknown unit; it names the field.
    """
    if unit not in UNITS:
        raise CaseFault(
            field,
            "unknown_unit",
            tell("单位“{unit}”无法识别，可用：{units}。", unit=unit, units=[*UNITS]),
            unit=unit,
        )
    kind, factor = UNITS[unit]
    return kind, value * factor

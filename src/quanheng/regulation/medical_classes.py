"""The classes of medical measuring instruments that the plan names, and how each is kept exact.

Rule pack `medical-classes` (the plan of 2026, chapter 3(1)1). The plan names three of twelve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from quanheng.packs.rule_pack import RulePack

RULE = "medical-classes"


class MedicalMode(StrEnum):
    """How a class is kept exact: only what is verified compulsorily falls due."""

    VERIFICATION = "verification"
    CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class MedicalClass:
    """One class.

    Args:
        items: the slugs of the catalogue that belong to it.
        is_verified: whether anybody has read its source.
    """

    number: int
    name: str
    mode: MedicalMode
    items: tuple[str, ...]
    source: str
    is_verified: bool


def medical_classes(pack: RulePack) -> tuple[MedicalClass, ...]:
    """Return the classes of an edition, by number.

    Raises:
        ValueError: a number or an item stands twice, or a mode is unknown.
    """
    rows = pack.table("classes").values["rows"]
    found = tuple(sorted((_read(row) for row in rows), key=lambda each: each.number))
    items = [item for each in found for item in each.items]
    if len({each.number for each in found}) != len(found) or len(set(items)) != len(items):
        raise ValueError(f"{pack.rule} {pack.edition}: a number or an item stands twice")
    return found


def class_by_item(classes: tuple[MedicalClass, ...]) -> dict[str, MedicalClass]:
    """Return slug of the catalogue → class."""
    return {item: each for each in classes for item in each.items}


def _read(row: Mapping[str, object]) -> MedicalClass:
    number, items = row["number"], row["items"]
    if not (isinstance(number, int) and isinstance(items, list | tuple)):
        raise ValueError(f"{RULE}: a class has a number and items, not {number!r} and {items!r}")
    mode = MedicalMode(str(row["mode"]))
    return MedicalClass(
        number, str(row["name"]), mode, tuple(map(str, items)), str(row["source"]), row["verified"] is True
    )

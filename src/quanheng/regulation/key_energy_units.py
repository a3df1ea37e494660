"""Which energy-using units are key units, and which of them are reviewed (the plan's target T6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack


class KeyUnitClass(StrEnum):
    """What a year's consumption makes of a unit."""

    KEY = "key"
    DESIGNATED = "designated"
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class KeyUnitYear:
    """One year of a unit; `is_reviewed` tells whether its energy metering is reviewed."""

    year: int
    tce: Decimal
    unit_class: KeyUnitClass
    is_reviewed: bool


def classify(
    tce_by_year: Mapping[int, Decimal], pack: RulePack, *, is_designated: bool = False
) -> tuple[tuple[KeyUnitYear, ...], Citation]:
    """Classify each year by itself: a unit may cross a threshold from one to the next.

    Args:
        tce_by_year: comprehensive consumption, tonnes of standard coal; thresholds include themselves.
        is_designated: whether the authority designated it a key unit from 5 000 tce on.

    Raises:
        CaseFault: a negative consumption.
    """
    return tuple(
        _classify(year, tce_by_year[year], pack, is_designated=is_designated) for year in sorted(tce_by_year)
    ), pack.cite()


def _classify(year: int, tce: Decimal, pack: RulePack, *, is_designated: bool) -> KeyUnitYear:
    if tce < 0:
        raise CaseFault(f"tce_by_year.{year}", "negative", "年综合能耗应不小于 0。")
    thresholds = pack.table("thresholds").values
    unit_class = KeyUnitClass.ORDINARY
    if tce >= thresholds["key_tce"]:
        unit_class = KeyUnitClass.KEY
    elif tce >= thresholds["designated_tce"] and is_designated:
        unit_class = KeyUnitClass.DESIGNATED
    return KeyUnitYear(year, tce, unit_class, is_reviewed=tce >= pack.table("review").values["least_tce"])

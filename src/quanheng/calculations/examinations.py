"""Which template is laid over an examination, and what its readings are to the rule of completeness."""

from __future__ import annotations

from datetime import date

from quanheng.calculations.conformity_model import (
    FuelDispenserIn,
    Instrument,
    ListedIn,
    ScaleIn,
    SphygmomanometerIn,
    TableIn,
    WeighingIn,
)
from quanheng.metrology.examinations.completeness import Measured
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack, RulePacks
from quanheng.packs.sentence import tell


def template_packs(packs: RulePacks, item: str, day: date) -> list[RulePack]:
    """Return the templates of an item that are in force on a day, the newest first."""
    known = [pack for pack in packs.editions(f"examination/{item}") if pack.is_in_force(day)]
    return sorted(known, key=lambda pack: pack.in_force_from, reverse=True)


def template_pack(packs: RulePacks, item: str, regulation: str, day: date) -> RulePack:
    """Return the template of an item, of the regulation that was named or else of the newest.

    Raises:
        CaseFault: no template of the item is in force on the day, or not of that regulation.
    """
    known = template_packs(packs, item, day)
    if not known:
        message = tell(
            "{day} 没有这类器具的检定项目表，不能在本平台录入；请由省级管理人员补充规程的项目表。", day=day
        )
        raise CaseFault("item", "no_template", message)
    named = [pack for pack in known if pack.edition == regulation]
    if regulation and not named:
        editions = "、".join(pack.edition for pack in known)
        message = tell(
            "“{regulation}”不是这类器具当天有效的检定规程，应为：{editions}。",
            regulation=regulation,
            editions=editions,
        )
        raise CaseFault("regulation", "unknown_regulation", message)
    return named[0] if named else known[0]


def measured_in(given: Instrument) -> list[Measured]:
    """Return the readings as the rule of completeness counts them."""
    if isinstance(given, ScaleIn):
        return _of_scale(given)
    if isinstance(given, FuelDispenserIn):
        return [
            Measured(
                "minimum" if point.is_minimum else "flow", point.nozzle, None, point.flow, len(point.runs)
            )
            for point in given.points
        ]
    if isinstance(given, SphygmomanometerIn):
        return _of_sphygmomanometer(given)
    if isinstance(given, ListedIn):
        return [Measured(row.test, row.part, row.reference) for row in given.readings]
    return _of_table(given)


def _of_scale(given: ScaleIn) -> list[Measured]:
    tests: dict[str, list[WeighingIn]] = {
        "zero": [] if given.zero is None else [given.zero],
        "weighing": given.weighing, "eccentricity": given.eccentricity, "repeatability": given.repeatability,
    }  # fmt: skip
    weighed = [
        Measured(test, nominal=load.load_g, position=load.position)
        for test, loads in tests.items()
        for load in loads
    ]
    return [*weighed, *(Measured("discrimination", nominal=small.load_g) for small in given.discrimination)]


def _of_sphygmomanometer(given: SphygmomanometerIn) -> list[Measured]:
    single = {"zero": given.zero_kpa, "leak": given.leak_kpa_per_minute}
    return [
        *(Measured("pressure", nominal=point.reference_kpa) for point in given.points),
        *(Measured(test) for test, value in single.items() if value is not None),
        *(Measured("repeat") for _ in given.repeated_kpa),
    ]


def _of_table(given: TableIn) -> list[Measured]:
    return [Measured("reading", nominal=reading.reference) for reading in given.readings]

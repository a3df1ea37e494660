"""Are there meters enough: the fitting rate by carrier and level, GB 17167 4.3.3.

Fitting rate = meters fitted / meters needed to measure all of the energy, in percent. A meter too many at one
place does not stand for one that is missing at another, so it never counts above what is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from quanheng.metrology.percentages import percentage
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell

PERCENT = Decimal(100)


class MeteringLevel(StrEnum):
    """How deep in the unit the meters stand."""

    ORGANISATION = "organisation"
    SUBUNIT = "subunit"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True)
class Fitting:
    """The meters of one carrier at one level.

    Args:
        needed: meters needed to measure all of the energy there.
        fitted: those of them that stand.
    """

    carrier: str
    level: MeteringLevel
    needed: int
    fitted: int


@dataclass(frozen=True, slots=True)
class FittingRow:
    """One carrier at one level with its verdict.

    Args:
        rate: percent, rounded; None where no meter is needed.
        least: percent that the rule asks for; None where it asks for none.
        is_met: None where nothing is asked or needed.
    """

    carrier: str
    name: str
    level: MeteringLevel
    needed: int
    fitted: int
    rate: Decimal | None
    least: Decimal | None
    is_met: bool | None


@dataclass(frozen=True, slots=True)
class FittingVerdict:
    """Every row; the unit conforms when no row falls short."""

    rows: tuple[FittingRow, ...]
    is_met: bool
    citation: Citation


def fitting_rates(fittings: Sequence[Fitting], pack: RulePack) -> FittingVerdict:
    """Compare what is fitted with what the rule asks for.

    Raises:
        CaseFault: no row, a carrier that the rule does not know, one listed twice, more fitted than needed.
    """
    if not fittings:
        raise CaseFault("fittings", "no_rows", "请至少填写一行计量器具配备情况。")
    seen: set[tuple[str, MeteringLevel]] = set()
    rows = []
    for index, fitting in enumerate(fittings):
        try:
            rows.append(_row(fitting, seen, pack))
        except CaseFault as fault:
            raise fault.within(f"fittings[{index}]") from None
    return FittingVerdict(tuple(rows), all(row.is_met is not False for row in rows), pack.cite("rates"))


def _row(fitting: Fitting, seen: set[tuple[str, MeteringLevel]], pack: RulePack) -> FittingRow:
    table = pack.table("rates").values
    if fitting.carrier not in table:
        known = "、".join(table)
        raise CaseFault(
            "carrier",
            "unknown_carrier",
            tell("没有能源“{carrier}”，现有：{known}。", carrier=fitting.carrier, known=known),
        )
    key = (fitting.carrier, fitting.level)
    if key in seen:
        raise CaseFault("carrier", "twice", "同一能源的同一级只填一行。")
    seen.add(key)
    if not 0 <= fitting.fitted <= fitting.needed:
        message = tell(
            "实配数应在 0 与应配数 {needed} 之间；多配的器具不抵别处的缺配。", needed=fitting.needed
        )
        raise CaseFault("fitted", "more_than_needed", message)
    rule = table[fitting.carrier]
    least = Decimal(rule[fitting.level.value]) or None
    lines = [] if least is None else [least]
    rate = percentage(fitting.fitted, fitting.needed, lines=lines)
    return FittingRow(
        carrier=fitting.carrier, name=rule["name"], level=fitting.level, needed=fitting.needed,
        fitted=fitting.fitted, rate=rate, least=least,
        is_met=None if rate is None or least is None else PERCENT * fitting.fitted >= least * fitting.needed,
    )  # fmt: skip


def is_main(level: MeteringLevel, carrier: str, amount: Decimal, pack: RulePack) -> bool:
    """Tell whether a sub-unit or a piece of equipment uses so much that it needs meters of its own.

    Args:
        level: SUBUNIT or EQUIPMENT; the whole unit always needs them.
        amount: in the unit of the table: a year's use, or power or flow.

    Raises:
        CaseFault: a carrier that the table does not have.
    """
    if level == MeteringLevel.ORGANISATION:
        return True
    table = pack.table("main_subunits" if level == MeteringLevel.SUBUNIT else "main_equipment").values
    if carrier not in table:
        raise CaseFault(
            "carrier",
            "unknown_carrier",
            tell("没有能源“{carrier}”，现有：{table}。", carrier=carrier, table=[*table]),
        )
    return bool(amount >= table[carrier]["least"])

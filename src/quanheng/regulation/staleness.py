"""After how long the ledger's word for a thing that nobody has confirmed is to be asked for again.

The plan asks for a dynamic ledger (台账动态更新) and names no period: it is dated data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quanheng.packs.rule_pack import RulePack
from quanheng.regulation.periods import add_months

RULE = "ledger/staleness"


@dataclass(frozen=True, slots=True)
class Staleness:
    """How many months a confirmation stands.

    Args:
        is_verified: whether anybody has an official text for the periods.
    """

    instrument_months: int
    entity_months: int
    is_verified: bool

    def instruments_before(self, day: date) -> date:
        """Return the day before which an instrument's last confirmation is too old on a day."""
        return add_months(day, -self.instrument_months)

    def entities_before(self, day: date) -> date:
        """Return the same for the file of an entity."""
        return add_months(day, -self.entity_months)


def staleness(pack: RulePack) -> Staleness:
    """Read the periods of an edition.

    Raises:
        ValueError: a period is not a whole number of months from 1 to 120.
    """
    table = pack.table("periods")
    instruments, entities = table.values["instrument_months"], table.values["entity_months"]
    for months in (instruments, entities):
        if not (isinstance(months, int) and 1 <= months <= 120):
            raise ValueError(f"{pack.rule} {pack.edition}: a period is 1 to 120 whole months, not {months}")
    return Staleness(instruments, entities, is_verified=table.is_verified)

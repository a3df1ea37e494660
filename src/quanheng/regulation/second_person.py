"""When what takes two people comes to the level above: at once where the office has no second one.

No text says after how long: it is dated data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from quanheng.packs.rule_pack import RulePack

RULE = "procedure/second-person"


@dataclass(frozen=True, slots=True)
class Patience:
    """How many days a request waits at a level before it stands on the desk of the one above as well.

    Args:
        is_verified: whether anybody has an official text for it.
    """

    days: int
    is_verified: bool

    def asked_by(self, day: date, levels: int) -> date:
        """Return the last day on which a request was made that has come up so many levels by a day."""
        return day - timedelta(days=self.days * levels)

    def levels_up(self, asked_on: date, day: date) -> int:
        """Return how many levels a request has come up by a day for nobody having decided it."""
        return max(0, (day - asked_on).days // self.days)


def patience(pack: RulePack) -> Patience:
    """Read the term of an edition.

    Raises:
        ValueError: it is not a whole number of days from 1 to 90.
    """
    table = pack.table("term")
    days = table.values["days"]
    if not (isinstance(days, int) and 1 <= days <= 90):
        raise ValueError(f"{pack.rule} {pack.edition}: the term is 1 to 90 whole days, not {days}")
    return Patience(days, is_verified=table.is_verified)

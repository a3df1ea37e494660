"""What a compulsory verification costs, as the rule of the day says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quanheng.packs.rule_pack import NoRuleInForce
from quanheng.packs.shipped import shipped

RULE = "verification/fees"


@dataclass(frozen=True, slots=True)
class Fee:
    """What the rule in force says, and how well we know it.

    Args:
        is_verified: False while nobody has held the official text beside it.
    """

    text: str
    is_exempt: bool
    since: date
    edition: str
    source: str
    is_verified: bool


def compulsory_fee(day: date) -> Fee | None:
    """Return the rule of a day; None where no edition is in force."""
    try:
        pack = shipped().in_force(RULE, day)
    except NoRuleInForce:
        return None
    table = pack.table("compulsory")
    return Fee(
        table.values["title"], table.values["exempt"], pack.in_force_from, pack.edition, table.source,
        table.is_verified,
    )  # fmt: skip

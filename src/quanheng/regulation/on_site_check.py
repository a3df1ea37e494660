"""现场检查: how many officers a check takes.

The Administrative Penalty Law asks for two at an investigation (art. 42). Whether a daily check needs two
is not certain: it is dated data, and a check by one officer says that it was one.
"""

from __future__ import annotations

from dataclasses import dataclass

from quanheng.packs.rule_pack import RulePack

RULE = "checks/on-site"


@dataclass(frozen=True, slots=True)
class CheckTeam:
    """Who has to be there.

    Args:
        needs_second_officer: whether a check by one officer is refused.
        is_verified: whether anybody has an official text for it.
    """

    needs_second_officer: bool
    is_verified: bool


def check_team(pack: RulePack) -> CheckTeam:
    """Read the rule of an edition.

    Raises:
        ValueError: it is neither true nor false.
    """
    table = pack.table("officers")
    needed = table.values["second_officer_required"]
    if not isinstance(needed, bool):
        raise ValueError(
            f"{pack.rule} {pack.edition}: second_officer_required is true or false, not {needed}"
        )
    return CheckTeam(needed, is_verified=table.is_verified)

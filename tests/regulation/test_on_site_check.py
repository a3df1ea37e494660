"""How many officers a check takes is dated data, and nobody claims to have the official text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from quanheng.packs.shipped import shipped
from quanheng.regulation.on_site_check import RULE, CheckTeam, check_team

PACK = shipped().in_force(RULE, date(2026, 11, 30))


def edition_that_says(needed: object) -> CheckTeam:
    table = PACK.table("officers")
    values = MappingProxyType({**table.values, "second_officer_required": needed})
    return check_team(replace(PACK, tables={"officers": replace(table, values=values)}))


def test_the_shipped_edition_asks_for_no_second_officer_and_claims_no_law_for_it() -> None:
    assert check_team(PACK) == CheckTeam(needs_second_officer=False, is_verified=False)


def test_an_edition_may_ask_for_one() -> None:
    assert edition_that_says(True).needs_second_officer


@pytest.mark.parametrize("said", [2, "ja", None])
def test_an_edition_that_says_neither_is_refused_by_name(said: object) -> None:
    with pytest.raises(ValueError, match="checks/on-site 2026"):
        edition_that_says(said)

"""Zones without a division code are told as zones, with the districts to write instead."""

from __future__ import annotations

import pytest

from quanheng.apps.accounts.functional_zones import told_of_zone


@pytest.mark.parametrize("name", ["成都高新区", "四川天府新区", "成都东部新区", "成都高新技术产业开发区"])
def test_a_zone_of_the_list_says_which_districts_to_write(name: str) -> None:
    told = told_of_zone(name)
    assert told.startswith(f"“{name}”是功能区")
    assert "、" in told.partition("如")[2]


def test_a_zone_that_is_not_listed_is_told_as_one() -> None:
    assert "是功能区" in told_of_zone("某某经开区")


@pytest.mark.parametrize("name", ["锦江区", "成都市", "", "锦绣区"])
def test_a_division_or_a_mistyped_name_is_no_zone(name: str) -> None:
    assert told_of_zone(name) == ""

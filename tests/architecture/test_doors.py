"""Each pure function has its door, or is named in docs/reference/doors.md with what it waits for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.doors import Name, public_functions, reached

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "doors.md"
LINE = re.compile(r"^\| `([a-z_.*]+)` \| (\S.*?) \|$", re.M)
WITHOUT = public_functions() - reached()


def named() -> list[str]:
    """Return what the page names, in the order of its lines."""
    return [name for name, _ in LINE.findall(PAGE.read_text("utf-8"))]


def stands_for(pattern: str) -> set[Name]:
    """Return the functions without a door that a line of the page stands for."""
    module, _, name = f"quanheng.{pattern}".rpartition(".")
    return {one for one in WITHOUT if one[0] == module and name in {"*", one[1]}}


def test_each_pure_function_has_its_door_or_is_named_with_what_it_waits_for() -> None:
    told = {one for pattern in named() for one in stands_for(pattern)}
    assert sorted(".".join(one) for one in WITHOUT - told) == []


@pytest.mark.parametrize("pattern", named())
def test_what_is_named_as_waiting_waits(pattern: str) -> None:
    assert stands_for(pattern), f"{pattern} has a door, or is gone: take it off the page."


def test_nothing_is_named_twice() -> None:
    assert len(named()) == len(set(named()))
    functions = [one for pattern in named() for one in stands_for(pattern)]
    assert len(functions) == len(set(functions))


def test_a_function_with_a_door_is_seen_to_have_one() -> None:
    """Directly from a calculation, through another function, and as an attribute of a module."""
    there = reached()
    assert ("quanheng.metrology.survey_estimates.clusters", "stratified_cluster_rate") in there
    assert ("quanheng.metrology.survey_estimates.selection", "check_drawn_by_unit") in there
    assert ("quanheng.metrology.reading_quality.settings", "frozen_readings") in there
    assert len(WITHOUT) < len(public_functions()) / 3

"""Rule packs: which edition applies on a day, and what fixes its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import NoRuleInForce, RulePacks, read_pack
from quanheng.packs.shipped import shipped


def content(**changes: Any) -> dict[str, Any]:
    limit = {"clause": "表 1", "source": "the order", "verified": True, "limit": Decimal("0.30")}
    return {
        "rule": "scale",
        "edition": "1998",
        "title": "秤",
        "in_force_from": date(1998, 1, 1),
        "in_force_to": date(2016, 12, 31),
        "tables": {"mpe": limit, "period": limit | {"verified": False, "clause": "表 2"}},
    } | changes


OLD = read_pack(content())
NEW = read_pack(content(edition="2016", in_force_from=date(2017, 1, 1), in_force_to=None))
PACKS = RulePacks((NEW, OLD))


@pytest.mark.parametrize(
    ("day", "edition"),
    [(date(1998, 1, 1), "1998"), (date(2016, 12, 31), "1998"), (date(2017, 1, 1), "2016")],
)
def test_the_law_of_the_day_applies(day: date, edition: str) -> None:
    assert PACKS.in_force("scale", day).edition == edition


def test_the_later_edition_applies_where_two_are_in_force() -> None:
    overlapping = replace(OLD, in_force_to=None)
    assert RulePacks((NEW, overlapping)).in_force("scale", date(2020, 1, 1)) is NEW


def test_a_day_without_a_rule_says_which_editions_there_are() -> None:
    with pytest.raises(NoRuleInForce, match="1998（自 1998-01-01）、2016"):
        PACKS.in_force("scale", date(1997, 12, 31))
    with pytest.raises(NoRuleInForce, match="无"):
        PACKS.in_force("ruler", date(2020, 1, 1))


def test_an_edition_is_found_by_its_name() -> None:
    assert PACKS.edition("scale", "1998") is OLD
    with pytest.raises(KeyError, match="2016"):
        PACKS.edition("scale", "2030")
    with pytest.raises(KeyError, match="mpe"):
        OLD.table("mass")


def test_the_digest_fixes_every_number_and_nothing_but_the_content() -> None:
    assert read_pack(content()).digest == OLD.digest
    changed = content()
    changed["tables"] = changed["tables"] | {"mpe": changed["tables"]["mpe"] | {"limit": Decimal("0.31")}}
    assert read_pack(changed).digest != OLD.digest


def test_a_citation_is_verified_when_every_table_it_names_is() -> None:
    assert OLD.cite("mpe").is_verified
    assert not OLD.cite("mpe", "period").is_verified
    assert OLD.cite().clauses == ("表 1", "表 2")


def test_nobody_changes_a_pack_that_is_loaded() -> None:
    with pytest.raises(TypeError):
        OLD.table("mpe").values["limit"] = Decimal(1)  # type: ignore[index]


def test_a_table_without_a_source_and_an_end_before_the_beginning_are_refused() -> None:
    with pytest.raises(ValueError, match="names no source"):
        read_pack(content(tables={"mpe": {"source": "", "verified": True}}))
    with pytest.raises(ValueError, match="ends before"):
        read_pack(content(in_force_to=date(1990, 1, 1)))


@pytest.mark.parametrize("pack", shipped().packs, ids=lambda pack: f"{pack.rule} {pack.edition}")
def test_a_pack_that_is_shipped_holds_no_binary_float(pack: Any) -> None:
    def floats(value: Any) -> list[float]:
        if isinstance(value, float):
            return [value]
        if isinstance(value, dict) or hasattr(value, "items"):
            return [found for item in value.values() for found in floats(item)]
        return [found for item in value for found in floats(item)] if isinstance(value, tuple) else []

    assert [found for table in pack.tables.values() for found in floats(table.values)] == []


def test_a_rule_has_each_edition_once() -> None:
    names = [(pack.rule, pack.edition) for pack in shipped().packs]
    assert len(names) == len(set(names))


def test_a_fault_is_named_from_the_outermost_field() -> None:
    assert CaseFault("mean", "none", "缺少均值。").within("inputs[2]").field == "inputs[2].mean"
    assert CaseFault("[0]", "none", "缺少。").within("runs").field == "runs[0]"
    assert str(CaseFault("", "none", "缺少。")) == "缺少。"

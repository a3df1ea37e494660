"""Checklists: what is blank is never passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped
from quanheng.regulation.checklists import Answer, Said, filled, items_of

PACK = shipped().in_force("checklist/fuel-dispensers", date(2026, 6, 1))
ITEMS = items_of(PACK)
PASSED = {item.key: Said(Answer.PASSED) for item in ITEMS}


def test_what_the_plan_asks_for_is_required() -> None:
    assert {item.group for item in ITEMS if item.is_required} == {
        "检定证书有效性",
        "铅封完整性",
        "防作弊功能",
    }


def test_a_blank_item_is_neither_passed_nor_failed() -> None:
    found = filled(ITEMS, {})
    assert (found.unanswered, found.is_complete, found.passed, found.failed) == (ITEMS, False, False, ())


def test_all_passed_is_passed_and_one_failed_is_not() -> None:
    assert filled(ITEMS, PASSED).passed
    broken = filled(ITEMS, PASSED | {"seal_encoder": Said(Answer.FAILED, "断开")})
    assert ([item.key for item in broken.failed], broken.is_complete, broken.passed) == (
        ["seal_encoder"], True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "said", "explained"),
    [
        ("mark", Said(Answer.NOT_APPLICABLE, "新机"), True),
        ("mark", Said(Answer.NOT_APPLICABLE, " "), False),
        ("mark", Said(Answer.FAILED), False),
        ("self_lock", Said(Answer.NOT_APPLICABLE, "没有"), False),  # the plan itself asks for it
    ],
)
def test_what_is_not_passed_says_why(key: str, said: Said, explained: bool) -> None:
    found = filled(ITEMS, PASSED | {key: said})
    assert ([item.key for item in found.unexplained] == [], found.is_complete) == (explained, explained)


def test_an_answer_to_what_is_not_asked_is_told() -> None:
    found = filled(ITEMS, PASSED | {"colour": Said(Answer.PASSED)})
    assert (found.unknown, found.is_complete) == (("colour",), False)


@pytest.mark.parametrize("rows", [(), "doubled"])
def test_an_edition_without_items_or_with_one_twice_is_a_mistake(rows: object) -> None:
    table = PACK.table("items")
    some = (table.values["rows"][0],) * 2 if rows == "doubled" else ()
    broken: RulePack = replace(
        PACK, tables=MappingProxyType({"items": replace(table, values={**table.values, "rows": some})})
    )
    with pytest.raises(ValueError, match="a key of its own"):
        items_of(broken)

"""Checklists of inspections as dated data: what is looked at, and what a filled one comes to.

An item is passed, failed, not applicable (with a note), or not answered yet; what is blank is never taken for
passed, and a checklist with a blank item is not closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from quanheng.packs.rule_pack import RulePack


class Answer(StrEnum):
    """What was found of one item."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at.

    Args:
        key: stable over editions, in snake case.
        clause: what asks for it.
        is_required: asked for by the plan itself: it is never "not applicable".
    """

    key: str
    text: str
    group: str
    clause: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and what was written beside it."""

    answer: Answer
    note: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A checklist as it stands.

    Args:
        unanswered: items without an answer, in their order.
        unexplained: failed or not applicable without a note; required and not applicable.
        failed: items that failed.
        unknown: keys that this edition does not have.
    """

    unanswered: tuple[Item, ...]
    unexplained: tuple[Item, ...]
    failed: tuple[Item, ...]
    unknown: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return not (self.unanswered or self.unexplained or self.unknown)

    @property
    def passed(self) -> bool:
        """Whether every item was looked at and none failed."""
        return self.is_complete and not self.failed


def items_of(pack: RulePack) -> tuple[Item, ...]:
    """Return the items of an edition, in their order.

    Raises:
        ValueError: a key stands twice, or there is none.
    """
    rows = pack.table("items").values["rows"]
    items = tuple(
        Item(row["key"], row["text"], row["group"], row["clause"], is_required=row["required"])
        for row in rows
    )
    if not items or len({item.key for item in items}) != len(items):
        raise ValueError(f"{pack.rule} {pack.edition}: every item has a key of its own, and there is one")
    return items


def filled(items: tuple[Item, ...], said: Mapping[str, Said]) -> Filled:
    """Return how a checklist stands with these answers, by key."""
    known = {item.key for item in items}
    answered = [item for item in items if item.key in said]
    return Filled(
        unanswered=tuple(item for item in items if item.key not in said),
        unexplained=tuple(item for item in answered if _lacks_note(item, said[item.key])),
        failed=tuple(item for item in answered if said[item.key].answer is Answer.FAILED),
        unknown=tuple(sorted(set(said) - known)),
    )


def _lacks_note(item: Item, said: Said) -> bool:
    if said.answer is Answer.PASSED:
        return False
    return not said.note.strip() or (item.is_required and said.answer is Answer.NOT_APPLICABLE)

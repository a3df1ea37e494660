"""Acts on many rows at once: previewed first, then done row by row, each refusal with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction

from quanheng.kit.acts import Verb
from quanheng.kit.lists.actors import ListActor
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.tones import Text


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was left as it is, and why."""

    row: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a bulk act. `url` leads on, for example to the file that is being made."""

    done: int
    refused: Sequence[Refused] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAct:
    """An act on many rows.

    Args:
        key: name in the address.
        label: the button: a verb, such as 通过备案.
        run: does it for rows that `check` lets through: ``run(rows, actor, at, data) -> Outcome``.
        check: returns why a row would be refused, or None: ``check(row, actor)``.
        admits: says whether this actor is offered the act at all.
        form: what the act has to be told (a reason); shown on the preview page.
        most: how many rows one act takes; a larger selection is asked to be narrowed.
        danger: drawn in red.
        verb: what is done to each row, where it is one act; one that nobody takes back is asked once.
    """

    key: str
    label: Text
    run: Callable[[Sequence[Any], Any, datetime, dict[str, Any]], Outcome]
    check: Callable[[Any, Any], str | None] = lambda _row, _actor: None
    admits: Callable[[Any], bool] = lambda _actor: True
    form: type[forms.Form] | None = None
    icon: str = ""
    most: int = 1_000
    danger: bool = False
    verb: Verb | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a bulk act would do."""

    accepted: Sequence[Any]
    refused: Sequence[Refused]
    too_many: bool

    @property
    def count(self) -> int:
        return len(self.accepted) + len(self.refused)


def preview(act: BulkAct, rows: Iterable[Any], actor: ListActor) -> Preview:
    """Check every row (up to the act's limit) without changing anything."""
    accepted: list[Any] = []
    refused: list[Refused] = []
    for place, row in enumerate(rows):
        if place == act.most:
            return Preview(accepted, refused, too_many=True)
        reason = act.check(row, actor)
        if reason is None:
            accepted.append(row)
        else:
            refused.append(Refused(row, str(reason)))
    return Preview(accepted, refused, too_many=False)


def one_by_one(rows: Iterable[Any], act: Callable[[Any], object]) -> Outcome:
    """Do an act for each row in its own savepoint; a refused row is left as it is and reported."""
    done = 0
    refused: list[Refused] = []
    for row in rows:
        try:
            with transaction.atomic():
                act(row)
            done += 1
        except RuleBroken as refusal:
            refused.append(Refused(row, refusal.message))
    return Outcome(done, refused)

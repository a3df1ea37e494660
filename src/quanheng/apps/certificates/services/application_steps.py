"""How an act on the lines of applications runs: lock, check, move, save, log; one transaction.

`move_line` takes one instrument a step further, `Steps` many of them; what is checked and what is logged is
the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.services import Draft, draft, record_many
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import LineState
from quanheng.apps.certificates.models import ApplicationLine
from quanheng.kit.acts import Verb, check
from quanheng.kit.bulk import update_many
from quanheng.kit.refusal import RuleBroken
from quanheng.regulation.verification_procedure import Move, Step, next_step


@contextmanager
def move_line(
    verb: Verb, move: Move, line_id: int, *, by: Actor, at: datetime, reason: str = ""
) -> Iterator[ApplicationLine]:
    """Take one instrument a step further.

    Yields:
        The locked line, already in its new state; what the block changes on it is saved, the act is logged.

    Raises:
        RuleBroken: line_not_found, cannot_<move>.
        NotYours: not this role's act, or another institute's line.
    """
    with transaction.atomic():
        line = locked_line(line_id, by)
        there = check_step(verb, move, line, by)
        before, line.state, line.changed_at = line.state, there, at
        yield line
        line.save()
        record_many([_line_of_log(verb, line, before, by=by, at=at, reason=reason)])


class Steps:
    """Many instruments that take the same step at once.

        steps = Steps(verb, move, line_ids, by=by, at=at)      # locks them, sorts out who may not
        steps.take(act)                                        # act(line) for each; it may refuse
        steps.write()

    Lines are locked and taken in order of their id, so that two batches at once cannot wait for each other
    forever. A line that is refused stays as it was and holds up no other.

    Attributes:
        lines: that may take the step, by id.
        refused: why the others may not.
    """

    def __init__(self, verb: Verb, move: Move, line_ids: Collection[int], *, by: Actor, at: datetime) -> None:
        self.verb, self.move, self.by, self.at = verb, move, by, at
        self.lines: dict[int, ApplicationLine] = {}
        self.refused: dict[int, RuleBroken] = {}
        self._taken: list[tuple[ApplicationLine, str]] = []
        rows = ApplicationLine.objects.visible_to(by).select_related("application").order_by("pk")
        locked = rows.select_for_update(of=("self",)).filter(pk__in=line_ids)
        found = {line.pk: line for line in locked}
        for line_id in sorted(set(line_ids)):
            self._sort_in(line_id, found.get(line_id))

    def take(self, act: Callable[[ApplicationLine], object]) -> None:
        """Call `act` with each line; one that it refuses is noted and stays."""
        for line in list(self.lines.values()):
            try:
                act(line)
            except RuleBroken as refusal:
                self.refused[line.pk] = refusal
                del self.lines[line.pk]
                continue
            self._taken.append((line, line.state))
            line.state, line.changed_at = _next(self.move, line), self.at

    def write(self, facts: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        """Save the lines that moved and log their acts.

        Args:
            facts: by line, what the log should say besides.
        """
        told = facts or {}
        update_many([line for line, _ in self._taken], {"state", "changed_at"})
        record_many(
            [
                _line_of_log(self.verb, line, before, by=self.by, at=self.at, facts=told.get(line.pk))
                for line, before in self._taken
            ]
        )

    def _sort_in(self, line_id: int, line: ApplicationLine | None) -> None:
        try:
            if line is None:
                raise not_found()
            check_step(self.verb, self.move, line, self.by)
            self.lines[line_id] = line
        except RuleBroken as refusal:
            self.refused[line_id] = refusal


def check_step(verb: Verb, move: Move, line: ApplicationLine, by: Actor) -> LineState:
    """Return the state to which a move takes a line.

    Raises:
        RuleBroken: cannot_<move>.
        NotYours: not this role's act, or another institute's line.
    """
    check(verb, by, line)
    return _next(move, line)


def _next(move: Move, line: ApplicationLine) -> LineState:
    there = next_step(Step(line.state), move)
    if there is None:
        raise refusals.CANNOT[move](state=LineState(line.state), move=refusals.MOVES[move])
    return LineState(there)


def locked_line(line_id: int, by: Actor) -> ApplicationLine:
    """Return a line locked until the end of the transaction; unseen lines do not exist for the actor."""
    rows = ApplicationLine.objects.visible_to(by).select_related("application")
    try:
        return rows.select_for_update(of=("self",)).get(pk=line_id)
    except ApplicationLine.DoesNotExist:
        raise not_found() from None


def not_found() -> RuleBroken:
    """The refusal for a line that is not there for the actor."""
    return refusals.LINE_NOT_FOUND()


def _line_of_log(
    verb: Verb, line: ApplicationLine, before: str, *, by: Actor, at: datetime, reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Draft:  # fmt: skip
    return draft(
        verb, by=by, at=at, area_id=line.area_id, root_id=line.root_id, instrument_id=line.instrument_id,
        entity_id=line.application.entity_id, subject=f"{line.application.number}", reason=reason,
        before={"step": before},  # `state` is the instrument's own: the ledger is replayed from it
        after={"step": line.state, "institute_id": line.institute_id} | dict(facts or {}),
    )  # fmt: skip

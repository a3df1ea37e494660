"""指派: giving a single row to somebody for a time, and ending that; part of another act.

Whether it may be given is for the act to say, which calls this inside its transaction; the wall of the
database lets nobody give what they reach by an assignment themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.enums import AssignedKind
from quanheng.apps.accounts.queries import open_assignments
from quanheng.kit.acts import Verb
from quanheng.kit.assignments import Capacity


@dataclass(frozen=True, slots=True)
class Assignee:
    """To whom: exactly one of a person, an entity and an agency, whose people get it; and a name."""

    name: str
    user_id: int | None = None
    entity_id: int | None = None
    agency_id: int | None = None


def assign(
    row_id: int, capacity: Capacity, to: Assignee, *, subject: str, reason: str, verb: Verb,
    valid_from: date | None = None, valid_to: date | None = None, by: Actor, at: datetime,
) -> Assignment:  # fmt: skip
    """Give a row to somebody, in place of whoever had it in the same capacity.

    Args:
        row_id: of the capacity's kind.
        subject: what the row is called, for lists of assignments.
        verb: the act by which it is given.
        valid_from: the day of the act when None.
        valid_to: the last day; None where it is ended by an act.
    """
    end_assignments(row_id, capacity, at=at)
    return Assignment.objects.unscoped().create(
        kind=AssignedKind(capacity.kind), row_id=row_id, capacity=capacity, subject=subject[:120],
        name=to.name,
        user_id=to.user_id, entity_id=to.entity_id, agency_id=to.agency_id, reason=reason[:300], verb=verb,
        valid_from=valid_from or timezone.localdate(at), valid_to=valid_to,
        given_by=by.user_id, given_by_name=by.name, given_at=at,
    )  # fmt: skip


def end_assignments(row_id: int, capacity: Capacity, *, why: str = "", at: datetime) -> None:
    """End what a row is assigned as; from the next statement on nobody reaches it by that."""
    rows = open_assignments(row_id, capacity)
    rows.update(ended_at=at, end_reason=why[:300])


def take_up(assignment: Assignment, *, by: Actor, at: datetime) -> None:
    """Note that the other side has taken the matter up."""
    assignment.taken_up_at, assignment.taken_up_by_name = at, by.name
    assignment.save(update_fields=["taken_up_at", "taken_up_by_name"])

"""How an act on one instrument runs: `audit.row_acts`, and the counts and what stands beside the row follow.

    with act_on(acts.USE_STOPPED, instrument_id, by=by, at=at, reason=reason) as act:
        act.advance(Event.STOP)
        act.leave_service(on)

What the block changed on `act.instrument` is saved, the rate rollup follows, and the act log gets the changed
fields before and after. A refusal inside the block (`RuleBroken`) leaves nothing behind; a block that changes
nothing and has no facts to tell leaves no act in the log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import Max
from django.db.models.expressions import DatabaseDefault

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import RowKind, act_on_row
from quanheng.apps.audit.services import Draft, draft, record_many
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.ledger_lines import Records, changed_records, columns_of, records_of
from quanheng.apps.instruments.models import Instrument, Placement, Seal, Verification
from quanheng.apps.instruments.queries.ledger import current_of
from quanheng.apps.instruments.services import rate_changes
from quanheng.kit.acts import Verb
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, seeing_everything
from quanheng.regulation.instrument_states import (
    COUNTED_IN_USE,
    HELD_WHILE_IMPOUNDED,
    Event,
    State,
    next_state,
    state_in_service,
)

# `seen_on` follows from acts that the log has, and from sheets whose rows changed nothing.
UNLOGGED = {
    "id", "version", "changed_at", "registered_at", "serial_key", "serial_tail", "seen_on", "confirmed_on",
}  # fmt: skip
REMOVED = "removed"  # in `after`: the instruments that an act took out of the ledger, as ranges of numbers
RECORDS = "records"  # in `before` and `after` of an act: what it changed beside the instrument's own row
Changed: TypeAlias = tuple[dict[str, Any], dict[str, Any]]


@dataclass(slots=True)
class InstrumentAct:
    """An act while it is being done.

    Args:
        instrument: the locked row; change it freely, it is saved at the end.
        today: the day of the act in China.
        facts: what the log should say besides the changed fields (a seal number, a witness).
    """

    instrument: Instrument
    today: date
    facts: dict[str, Any] = field(default_factory=dict)

    def advance(self, event: Event) -> None:
        """Move to the state that follows the event, or refuse."""
        here = State(self.instrument.state)
        following = next_state(here, event)
        if following is None:
            raise impossible(self.instrument, event)
        if event in HELD_WHILE_IMPOUNDED:
            self.check_not_impounded()
        self.instrument.state = InstrumentState(following)

    def check_not_impounded(self) -> None:
        """Refuse what must wait until the instrument is released."""
        if self.instrument.impounded:
            raise refusals.IMPOUNDED()

    def check_day(self, on: date) -> None:
        """Refuse a day that has not come yet, or one before the instrument came to where it stands.

        Raises:
            RuleBroken: in_future, before_placed.
        """
        if on > self.today:
            raise refusals.IN_FUTURE(day=on)
        if self.instrument.placed_on and on < self.instrument.placed_on:
            raise refusals.BEFORE_PLACED(placed_on=self.instrument.placed_on)

    def enter_service(self, on: date) -> None:
        """Start to count as in use: in use when a verification still counts, waiting for one otherwise."""
        self.instrument.state = InstrumentState(state_in_service(verified=counts_on(self.instrument, on)))
        self.place(on)

    def place(self, on: date) -> None:
        """Begin a placement; it cannot overlap the one before.

        Raises:
            RuleBroken: in_future, before_last_placement.
        """
        it = self.instrument
        self.check_day(on)
        last_day = last_day_in_service(it)
        if last_day and on <= last_day:
            raise refusals.BEFORE_LAST_PLACEMENT(last_day=last_day + timedelta(days=1))
        it.placed_on = on
        it.in_use_since = it.in_use_since or on

    def leave_service(self, on: date) -> None:
        """Stop to count as in use: the placement ends the day before.

        Raises:
            RuleBroken: in_future, before_placed.
        """
        it = self.instrument
        self.check_day(on)
        if it.placed_on and it.placed_on < on:
            Placement.objects.unscoped().create(
                instrument=it, entity_id=it.entity_id, root_id=it.root_id, area_id=it.area_id,
                premises=it.premises, place=it.place, first_day=it.placed_on, last_day=on - timedelta(days=1),
            )  # fmt: skip
        it.placed_on = None

    @property
    def was_in_service(self) -> bool:
        return self.instrument.placed_on is not None and State(self.instrument.state) in COUNTED_IN_USE


@contextmanager
def act_on(
    verb: Verb, instrument_id: int, *, by: Actor, at: datetime, reason: str = "", version: int | None = None
) -> Iterator[InstrumentAct]:
    """Run one act on one instrument.

    Args:
        version: the version the person was looking at; another one is refused as a conflict.

    Raises:
        RuleBroken: instrument_not_found, changed_meanwhile, or whatever rule the block finds broken.
        NotYours: the actor's role or scope does not reach the act.
    """
    with act_on_row(INSTRUMENTS, verb, instrument_id, by=by, at=at, reason=reason, version=version) as one:
        yield InstrumentAct(one.row, one.today, one.facts)


def _beside(instrument_ids: Collection[int]) -> dict[int, dict[str, Records]]:
    """What stands beside instruments, whoever acts: some of it may lie where the actor does not reach."""
    with seeing_everything():
        return records_of(instrument_ids)


def _difference(then: dict[str, Records], now: dict[str, Records]) -> Changed:
    before, after = changed_records(then, now)
    return ({RECORDS: before}, {RECORDS: after}) if after else ({}, {})


def locked(instrument_id: int, by: Actor, *, shown: bool = False) -> Instrument:
    """Return the row locked until the end of the transaction; unseen rows do not exist for the actor.

    Args:
        shown: a row that is only assigned to the actor too, for whoever then asks `check` with the row.
    """
    rows = Instrument.objects.shown_to(by) if shown else Instrument.objects.visible_to(by)
    try:
        return rows.select_for_update(of=("self",)).get(pk=instrument_id)
    except Instrument.DoesNotExist:
        raise not_found() from None


@contextmanager
def following(by: Actor) -> Iterator[Actor]:
    """Yield who does to the parts, and to what hangs beside, what an act on the whole brings with it.

    Whoever was assigned the whole reaches that row alone; what follows from a lawful act follows anyway.
    """
    if not by.scope.assigned:
        yield by
        return
    with seeing_everything():
        yield by.in_scope(EVERYTHING)


def not_found() -> RuleBroken:
    """The refusal for an instrument that is not there for the actor."""
    return refusals.INSTRUMENT_NOT_FOUND()


def logged(instrument: Instrument) -> dict[str, Any]:
    """Return the columns as the log keeps them: JSON values, dates as ISO text."""
    return {
        column.attname: plain(getattr(instrument, column.attname))
        for column in instrument._meta.concrete_fields
        if column.attname not in UNLOGGED
    }


def recorded(row: Seal | Verification) -> dict[str, Any]:
    """Return the columns of a seal or verification as the log keeps them."""
    return {name: plain(getattr(row, name)) for name in columns_of(type(row))}


def plain(value: Any) -> Any:
    """Make a column's value fit JSON without losing digits; an instant is told in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, bool | int | str | dict | list):
        return value
    # A default that the database gives is known once the row is written.
    return value if isinstance(value, DatabaseDefault) else str(value)


def drafted(
    verb: Verb, act: InstrumentAct, before: dict[str, Any], *, by: Actor, at: datetime
) -> Draft | None:
    """Close an act: the row gets its next version, the log its line; None for an act that did nothing."""
    instrument = act.instrument
    if logged(instrument) == before and not act.facts:
        return None
    instrument.version += 1
    instrument.changed_at = at
    return line_of_log(verb, instrument, before, by=by, at=at, facts=act.facts)


def with_records(told: Draft, changed: Changed) -> Draft:
    """Have an act say what it changed beside the instrument's own row (`ledger_lines.changed_records`)."""
    if changed[1]:
        told.before[RECORDS], told.after[RECORDS] = changed
    return told


def log_entry(instrument: Instrument, *, by: Actor, at: datetime) -> None:
    """Record that an instrument entered the ledger with nothing beside it: the log knows all of it."""
    facts: dict[str, Any] = {RECORDS: {}}
    record_many([line_of_log(acts.INSTRUMENT_REGISTERED, instrument, {}, by=by, at=at, facts=facts)])


def line_of_log(
    verb: Verb, instrument: Instrument, before: dict[str, Any], *, by: Actor, at: datetime,
    reason: str = "", facts: dict[str, Any] | None = None,
) -> Draft:  # fmt: skip
    """Draft what the log says of an act: the fields that it changed, and its facts.

    A fact that is called like a changed field does not hide what the field is now.
    """
    after = logged(instrument)
    changed = [name for name, value in after.items() if before.get(name) != value]
    return draft(
        verb, by=by, at=at, reason=reason, **filed(instrument),
        before={name: before.get(name) for name in changed},
        after=(facts or {}) | {name: after[name] for name in changed},
    )  # fmt: skip


def filed(instrument: Instrument) -> dict[str, Any]:
    """Return under what the log files an act on an instrument."""
    return {
        "area_id": instrument.area_id, "entity_id": instrument.entity_id, "root_id": instrument.root_id,
        "instrument_id": instrument.pk, "subject": str(instrument)[:80],
    }  # fmt: skip


INSTRUMENTS = RowKind(
    model=Instrument,
    missing=refusals.INSTRUMENT_NOT_FOUND,
    told=logged,
    filed=filed,
    stamped="changed_at",
    versioned=True,
    meanwhile=refusals.CHANGED_MEANWHILE,
    around=rate_changes.tracking,
    beside=_beside,
    difference=_difference,
)


def parts_that_can(event: Event, instrument_id: int) -> list[int]:
    """Return the parts of a whole (the nozzles of a dispenser) that follow it in an event, in order of id."""
    parts = Instrument.objects.unscoped().filter(parent_id=instrument_id).order_by("pk")
    return [
        part
        for part, state in parts.values_list("pk", "state")
        if next_state(State(state), event) is not None
    ]


def last_day_in_service(instrument: Instrument) -> date | None:
    """Return the last day of the newest placement that has ended."""
    placements = Placement.objects.unscoped().filter(instrument=instrument)
    last: date | None = placements.aggregate(last=Max("last_day"))["last"]
    return last


def counts_on(instrument: Instrument, day: date) -> bool:
    """Say whether the verification on the row still counts on a day."""
    return current_of(instrument, day).counts


def impossible(instrument: Instrument, event: Event) -> RuleBroken:
    """The refusal for an event that cannot happen in the instrument's state."""
    state = InstrumentState(instrument.state)
    return refusals.CANNOT[event](serial_number=instrument.serial_number, state=state)

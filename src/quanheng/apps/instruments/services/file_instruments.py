"""备案: the entity submits, the office accepts or returns with a reason. Many instruments, one
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.row_acts import act_on_rows
from quanheng.apps.instruments import acts, refusals
from quanheng.apps.instruments.enums import InstrumentState, SealPosition
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.act_on import INSTRUMENTS, counts_on, impossible
from quanheng.apps.instruments.services.apply_seal import enter_seal
from quanheng.apps.instruments.services.ledger_batch import open_ledger
from quanheng.kit.acts import Verb
from quanheng.regulation.instrument_states import Event, State, next_state, state_in_service

AT_ONCE = 2_000
CHOSEN = replace(INSTRUMENTS, missing=refusals.INSTRUMENTS_NOT_FOUND)
DECLARED_SEALS = "declared_seals"
REASON_AT_MOST = 300
COLUMNS = ["state", "return_reason", "placed_on", "in_use_since", "changed_at", "version"]


def submit(*, instrument_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """Send drafts (or returned ones, put right) to the office for review; returns how many."""
    return _file(instrument_ids, Event.SUBMIT, acts.FILING_SUBMITTED, by=by, at=at, change=_waiting)


def withdraw_filing(*, instrument_ids: Sequence[int], reason: str = "", by: Actor, at: datetime) -> int:
    """Take filings back before the office has decided: they are drafts again, to put right or delete.

    Raises:
        RuleBroken: reason_too_long.
    """
    reason = reason.strip()
    if len(reason) > REASON_AT_MOST:
        raise refusals.REASON_TO_RETURN_TOO_LONG(most=REASON_AT_MOST)
    return _file(
        instrument_ids, Event.WITHDRAW, acts.FILING_WITHDRAWN, by=by, at=at, change=_waiting, reason=reason
    )


def accept(*, instrument_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """Accept filings: the instruments are in service, in use when their verification still counts. The seals
    that were declared with them are on record from here on.

    Raises:
        RuleBroken: what `apply_seal` raises for a declared seal.
    """
    today = timezone.localdate(at)
    with transaction.atomic():
        done = _file(
            instrument_ids, Event.ACCEPT, acts.FILING_ACCEPTED, by=by, at=at,
            change=lambda instrument: _in_service(instrument, today),
        )  # fmt: skip
        _enter_declared_seals(instrument_ids, by=by, at=at)
    return done


def _enter_declared_seals(instrument_ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    """What a user said of seals (`details.declared_seals`, position:number) is the office's word now."""
    declared = Instrument.objects.visible_to(by).filter(
        pk__in=instrument_ids, details__has_key=DECLARED_SEALS
    )
    said = dict(declared.values_list("pk", f"details__{DECLARED_SEALS}"))
    if not said:
        return
    with open_ledger(list(said), by=by, at=at) as ledger:
        for pk, seals in said.items():
            for entry in seals:
                position, number = entry.split(":", 1)
                on = ledger.page(pk).instrument.verified_on or ledger.today
                enter_seal(ledger, pk, number=number, position=SealPosition(position), on=on)


def return_filing(*, instrument_ids: Sequence[int], reason: str, by: Actor, at: datetime) -> int:
    """Return filings with the reason that the entity reads.

    Raises:
        RuleBroken: no_reason, reason_too_long.
    """
    reason = reason.strip()
    if not reason:
        raise refusals.NO_REASON_TO_RETURN()
    if len(reason) > REASON_AT_MOST:
        raise refusals.REASON_TO_RETURN_TOO_LONG(most=REASON_AT_MOST)

    def returned(instrument: Instrument) -> None:
        instrument.return_reason = reason

    return _file(
        instrument_ids, Event.RETURN, acts.FILING_RETURNED, by=by, at=at, change=returned, reason=reason
    )


def why_not(*, instrument_ids: Sequence[int], event: Event, by: Actor) -> list[str]:
    """Say, for a preview, which of the instruments could not take the event, and why (at most 20)."""
    rows = Instrument.objects.visible_to(by).filter(pk__in=instrument_ids).order_by("pk")
    stuck = (impossible(row, event).message for row in rows if next_state(State(row.state), event) is None)
    return [message for message, _ in zip(stuck, range(20), strict=False)]


def _file(
    instrument_ids: Sequence[int], event: Event, verb: Verb, *, by: Actor, at: datetime,
    change: Callable[[Instrument], None], reason: str = "",
) -> int:  # fmt: skip
    """File all of them or none; a few thousand are in memory at a time."""
    ids = sorted(set(instrument_ids))
    with transaction.atomic():
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            with act_on_rows(CHOSEN, verb, some, by=by, at=at, reason=reason) as batch:
                batch.take(lambda act: _advance(act.row, event, change))
                batch.refuse_any()
    return len(ids)


def _advance(instrument: Instrument, event: Event, change: Callable[[Instrument], None]) -> None:
    following = next_state(State(instrument.state), event)
    if following is None:
        raise impossible(instrument, event)
    instrument.state = InstrumentState(following)
    change(instrument)


def _waiting(instrument: Instrument) -> None:
    instrument.return_reason = ""


def _in_service(instrument: Instrument, today: date) -> None:
    instrument.state = InstrumentState(state_in_service(verified=counts_on(instrument, today)))
    since = instrument.in_use_since or instrument.verified_on or today
    instrument.placed_on = instrument.placed_on or min(since, today)
    instrument.in_use_since = instrument.in_use_since or instrument.placed_on

"""备案: submit, accept, return; many at once or not at all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.file_instruments import (
    accept,
    return_filing,
    submit,
    why_not,
    withdraw_filing,
)
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from quanheng.regulation.instrument_states import Event, State, next_state
from tests.factories import make_instrument
from tests.factories.acts import acts, last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")
NEVER = {"result": "", "verified_on": None, "valid_until": None, "trusted_until": None}
ACTS: list[tuple[Event, Any]] = [
    (Event.SUBMIT, submit),
    (Event.ACCEPT, accept),
    (Event.RETURN, return_filing),
    (Event.WITHDRAW, withdraw_filing),
]


@pytest.mark.parametrize(("event", "act"), ACTS, ids=[event for event, _ in ACTS])
@pytest.mark.parametrize("state", list(State))
def test_each_state_takes_the_act_or_refuses_it_as_the_table_says(
    stall: Entity, officer: Actor, at: datetime, event: Event, act: Any, state: State
) -> None:
    scale = make_instrument(stall, state=state, placed_on=None)
    more = {"reason": "缺证书"} if event == Event.RETURN else {}
    if next_state(state, event) is None:
        assert why_not(instrument_ids=[scale.pk], event=event, by=officer)
        with refused(f"cannot_{event}"):
            act(instrument_ids=[scale.pk], by=officer, at=at, **more)
        return
    assert act(instrument_ids=[scale.pk, scale.pk], by=officer, at=at, **more) == 1
    assert len(acts()) == 1


@pytest.mark.parametrize(
    ("fields", "state", "placed_on"),
    [
        ({}, "in_use", date(2025, 1, 1)),
        ({"in_use_since": None}, "in_use", date(2026, 1, 1)),
        ({"in_use_since": None} | NEVER, "filed", date(2026, 11, 23)),
        ({"valid_until": date(2026, 6, 1), "trusted_until": date(2026, 6, 1)}, "filed", date(2025, 1, 1)),
        ({"result": "failed"}, "filed", date(2025, 1, 1)),
        ({"in_use_since": date(2027, 1, 1)}, "in_use", date(2026, 11, 23)),
    ],
    ids=["verified", "since unknown", "never verified", "expired", "failed", "begins later"],
)  # fmt: skip
def test_an_accepted_one_is_in_use_when_its_verification_counts(
    stall: Entity, officer: Actor, at: datetime, fields: dict[str, Any], state: str, placed_on: date
) -> None:
    scale = make_instrument(stall, **{"state": "filing", "placed_on": None} | fields)
    accept(instrument_ids=[scale.pk], by=officer, at=at)
    scale = Instrument.objects.unscoped().get(pk=scale.pk)
    assert (scale.state, scale.placed_on) == (state, placed_on)


def test_one_that_cannot_leaves_all_as_they_are(stall: Entity, officer: Actor, at: datetime) -> None:
    good, bad = make_instrument(stall, state="filing"), make_instrument(stall, state="scrapped")
    with refused("cannot_accept"):
        accept(instrument_ids=[good.pk, bad.pk], by=officer, at=at)
    assert Instrument.objects.unscoped().get(pk=good.pk).state == "filing"


def test_the_entity_reads_why_and_submits_again(
    stall: Entity, officer: Actor, operator: Actor, at: datetime
) -> None:
    scale = make_instrument(stall, state="filing")
    return_filing(instrument_ids=[scale.pk], reason=" 证书编号与原件不符 ", by=officer, at=at)
    assert Instrument.objects.unscoped().get(pk=scale.pk).return_reason == "证书编号与原件不符"
    assert last_act().reason == "证书编号与原件不符"
    set_scope(operator.scope)
    submit(instrument_ids=[scale.pk], by=operator, at=at)
    scale = Instrument.objects.unscoped().get(pk=scale.pk)
    assert (scale.state, scale.return_reason) == ("filing", "")


@pytest.mark.parametrize(("reason", "code"), [("  ", "no_reason"), ("长" * 301, "reason_too_long")])
def test_a_return_says_why(stall: Entity, officer: Actor, at: datetime, reason: str, code: str) -> None:
    scale = make_instrument(stall, state="filing")
    with refused(code):
        return_filing(instrument_ids=[scale.pk], reason=reason, by=officer, at=at)


def test_nobody_accepts_their_own_filing(
    stall: Entity, operator: Actor, inspector: Actor, at: datetime
) -> None:
    scale = make_instrument(stall, state="filing")
    for actor in (operator, inspector):
        set_scope(actor.scope)
        with pytest.raises(NotYours):
            accept(instrument_ids=[scale.pk], by=actor, at=at)


def test_another_markets_draft_does_not_exist_for_the_operator(operator: Actor, at: datetime) -> None:
    elsewhere = make_instrument(state="draft")
    set_scope(operator.scope)
    with refused("instrument_not_found"):
        submit(instrument_ids=[elsewhere.pk], by=operator, at=at)

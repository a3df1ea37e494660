"""停用、恢复使用、封存、报废."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import Instrument, Placement
from quanheng.apps.instruments.services.resume_use import resume_use
from quanheng.apps.instruments.services.scrap import scrap
from quanheng.apps.instruments.services.seal_up import seal_up
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from quanheng.regulation.instrument_states import Event, State, next_state
from tests.factories import make_instrument, make_placement
from tests.factories.acts import acts, last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")
OUT: list[tuple[Callable[..., Instrument], Event, str]] = [
    (stop_use, Event.STOP, "use_stopped"),
    (seal_up, Event.SEAL_UP, "sealed_up"),
    (scrap, Event.SCRAP, "scrapped"),
]


@pytest.mark.parametrize(("act", "event", "verb"), OUT, ids=[verb for *_, verb in OUT])
@pytest.mark.parametrize("state", list(State))
def test_each_state_takes_the_act_or_refuses_it_as_the_table_says(
    stall: Entity, officer: Actor, at: datetime, today: date,
    act: Callable[..., Instrument], event: Event, verb: str, state: State,
) -> None:  # fmt: skip
    scale = make_instrument(stall, state=state)
    following = next_state(state, event)
    if following is None:
        with refused(f"cannot_{event}"):
            act(instrument_id=scale.pk, reason="歇业", on=today, by=officer, at=at)
        return
    assert act(instrument_id=scale.pk, reason="歇业", on=today, by=officer, at=at).state == following
    assert acts() == [(verb, scale.pk)]


def test_the_placement_ends_the_day_before(stall: Entity, officer: Actor, at: datetime, today: date) -> None:
    scale = make_instrument(stall, place="3 排")
    scale = stop_use(instrument_id=scale.pk, reason="歇业", on=today, by=officer, at=at)
    placement = Placement.objects.unscoped().get(instrument=scale)
    assert (placement.first_day, placement.last_day) == (date(2025, 1, 1), today - timedelta(days=1))
    assert placement.place == "3 排"
    assert scale.placed_on is None
    act = last_act()
    assert (act.before["state"], act.after["state"], act.reason) == ("in_use", "stopped", "歇业")


@pytest.mark.parametrize(
    ("reason", "on", "code"),
    [
        ("  ", date(2026, 11, 23), "no_reason"),
        ("歇业", date(2026, 11, 24), "in_future"),
        ("歇业", date(2024, 12, 31), "before_placed"),
    ],
)
def test_what_is_refused(
    stall: Entity, officer: Actor, at: datetime, reason: str, on: date, code: str
) -> None:
    scale = make_instrument(stall)
    with refused(code):
        stop_use(instrument_id=scale.pk, reason=reason, on=on, by=officer, at=at)


@pytest.mark.parametrize(
    ("trusted_until", "state"), [(date(2026, 12, 31), "in_use"), (date(2026, 11, 22), "filed")]
)
def test_back_in_use_with_a_verification_that_counts_else_waiting_for_one(
    stall: Entity, officer: Actor, at: datetime, today: date, trusted_until: date, state: str
) -> None:
    scale = make_instrument(stall, state="stopped", placed_on=None, trusted_until=trusted_until)
    scale = resume_use(instrument_id=scale.pk, reason="复业", on=today, by=officer, at=at)
    assert (scale.state, scale.placed_on) == (state, today)


def test_it_does_not_come_back_before_it_went(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall, state="stopped", placed_on=None)
    make_placement(scale, last_day=today - timedelta(days=3))
    with refused("before_last_placement"):
        resume_use(instrument_id=scale.pk, reason="", on=today - timedelta(days=3), by=officer, at=at)


def test_nozzles_stop_and_come_back_with_their_dispenser_but_not_the_one_that_had_stopped_before(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    dispenser = make_instrument(stall)
    broken, sound = (make_instrument(stall, parent=dispenser) for _ in range(2))
    stop_use(instrument_id=broken.pk, reason="枪坏", on=today - timedelta(days=9), by=officer, at=at)
    stop_use(instrument_id=dispenser.pk, reason="检修", on=today - timedelta(days=2), by=officer, at=at)
    resume_use(instrument_id=dispenser.pk, reason="修好", on=today, by=officer, at=at)
    states = dict(Instrument.objects.unscoped().values_list("pk", "state"))
    assert [states[it.pk] for it in (dispenser, sound, broken)] == ["in_use", "in_use", "stopped"]


@pytest.mark.parametrize("act", [resume_use, scrap])
def test_what_is_impounded_stays_where_it_is(
    stall: Entity, officer: Actor, at: datetime, today: date, act: Callable[..., Instrument]
) -> None:
    scale = make_instrument(stall, state="stopped", placed_on=None, impounded=True)
    with refused("impounded"):
        act(instrument_id=scale.pk, reason="处置", on=today, by=officer, at=at)


def test_an_operator_stops_its_own_scales_and_nobody_elses(
    stall: Entity, operator: Actor, at: datetime, today: date
) -> None:
    own, other = make_instrument(stall), make_instrument()
    set_scope(operator.scope)
    assert stop_use(instrument_id=own.pk, reason="歇业", on=today, by=operator, at=at).state == "stopped"
    with refused("instrument_not_found"):
        stop_use(instrument_id=other.pk, reason="歇业", on=today, by=operator, at=at)


def test_an_inspector_does_not_scrap(stall: Entity, inspector: Actor, at: datetime, today: date) -> None:
    scale = make_instrument(stall)
    with pytest.raises(NotYours):
        scrap(instrument_id=scale.pk, reason="老旧", on=today, by=inspector, at=at)


def test_the_database_refuses_a_placement_that_ends_before_it_begins(stall: Entity) -> None:
    with pytest.raises(IntegrityError, match="placement_not_backward"), transaction.atomic():
        make_placement(make_instrument(stall), first_day=date(2026, 2, 1), last_day=date(2026, 1, 31))

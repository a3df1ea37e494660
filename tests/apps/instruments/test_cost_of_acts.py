"""An act on one instrument costs the same among ten thousand and ten million: it reads by index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services import rate_changes
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.file_instruments import accept
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_instrument, make_seal, make_verification
from tests.plans import GROWING, planned

pytestmark = pytest.mark.usefixtures("as_officer")
Act = Callable[[Instrument, Actor, date, datetime], object]


def _breaks(scale: Instrument, by: Actor, on: date, at: datetime) -> None:
    break_seal(instrument_id=scale.pk, seal_id=make_seal(scale).pk, reason="断开", on=on, by=by, at=at)


def _stops(scale: Instrument, by: Actor, on: date, at: datetime) -> None:
    stop_use(instrument_id=scale.pk, reason="停业", on=on, by=by, at=at)


def _moves(scale: Instrument, by: Actor, on: date, at: datetime) -> None:
    move_instrument(instrument_id=scale.pk, entity_id=scale.entity_id, place="A-2", on=on, by=by, at=at)


def _accepts(scale: Instrument, by: Actor, on: date, at: datetime) -> None:
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().filter(pk=scale.pk).update(state=InstrumentState.FILING)
    accept(instrument_ids=[scale.pk], by=by, at=at)


@pytest.mark.parametrize("act", [_breaks, _stops, _moves, _accepts])
def test_an_act_reads_no_growing_table_from_end_to_end(
    stall: Entity, officer: Actor, at: datetime, today: date, act: Act
) -> None:
    scale = make_instrument(stall)
    make_verification(scale)
    with planned() as plans:
        act(scale, officer, today, at)
    assert any(node.table == "instruments_instrument" for node in plans.nodes)
    assert plans.read_whole(GROWING) == []


def test_the_parts_of_a_whole_lock_the_whole_too(stall: Entity) -> None:
    whole = make_instrument(stall)
    parts = [make_instrument(stall, parent=whole) for _ in range(2)]
    other = make_instrument(stall)
    with planned() as plans:
        locked = rate_changes._locked([parts[1].pk, other.pk])
    assert locked == sorted([whole.pk, parts[1].pk, other.pk])
    assert plans.read_whole(GROWING) == []


def test_an_or_that_no_index_serves_is_seen(stall: Entity) -> None:
    make_instrument(stall)
    with planned() as plans:
        list(Instrument.objects.unscoped().filter(institute="某所"))
    assert len(plans.read_whole(GROWING)) == 1

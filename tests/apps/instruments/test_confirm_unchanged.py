"""确认信息无变化: what counts as somebody's word for an instrument, and whom it asks when that is too old."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.enums import CheckOutcome, InstrumentState
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries.conditions import is_unconfirmed, unconfirmed
from quanheng.apps.instruments.services.confirm_unchanged import confirm_unchanged
from quanheng.apps.instruments.services.load_catalogue import load_catalogue
from quanheng.apps.instruments.services.move_instrument import move_instrument
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.apps.instruments.services.stop_use import stop_use
from quanheng.apps.registry.models import Entity
from quanheng.apps.registry.staleness import unconfirmed_files
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.instrument_states import WITHOUT_CODE, State
from tests.factories import make_actor, make_entity, make_instrument
from tests.factories.acts import acts, last_act
from tests.factories.sheets import bring_in, row

pytestmark = pytest.mark.usefixtures("as_officer")
NEVER = {"verified_on": None, "valid_until": None, "trusted_until": None, "result": ""}


@pytest.fixture
def long_ago(at: datetime) -> datetime:
    return at - timedelta(days=800)


@pytest.fixture
def old(stall: Entity, long_ago: datetime) -> Instrument:
    return make_instrument(stall, registered_at=long_ago, serial_number="OLD-1", **NEVER)


def confirmed_on(it: Instrument) -> date:
    with acting_in(EVERYTHING):
        found = Instrument.objects.unscoped().get(pk=it.pk)
    day: date = found.confirmed_on
    return day


def is_stale(it: Instrument, today: date) -> bool:
    with acting_in(EVERYTHING):
        rows = Instrument.objects.unscoped().filter(pk=it.pk)
        stale = rows.filter(unconfirmed(today)).exists()
        assert is_unconfirmed(rows.get(), today) == stale, "the page and the list say the same"
    return stale


def test_what_nobody_confirmed_for_a_year_is_asked_after(
    stall: Entity, old: Instrument, at: datetime, today: date
) -> None:
    year_ago = at - timedelta(days=365)
    assert is_stale(old, today)
    assert not is_stale(make_instrument(stall, registered_at=year_ago, **NEVER), today)
    assert is_stale(make_instrument(stall, registered_at=year_ago - timedelta(days=1), **NEVER), today)


def test_a_verification_is_a_confirmation(stall: Entity, long_ago: datetime, today: date) -> None:
    assert not is_stale(make_instrument(stall, registered_at=long_ago), today)


@pytest.mark.parametrize("state", InstrumentState)
def test_only_what_is_on_file_is_asked_after(
    stall: Entity, long_ago: datetime, today: date, state: InstrumentState
) -> None:
    it = make_instrument(stall, registered_at=long_ago, state=state, **NEVER)
    assert is_stale(it, today) == (State(state) not in WITHOUT_CODE)


def test_a_part_is_where_its_whole_is(old: Instrument, today: date) -> None:
    part = make_instrument(old.entity, registered_at=old.registered_at, parent=old, **NEVER)
    assert not is_stale(part, today)


def test_whoever_keeps_it_confirms_it_and_the_log_says_who(
    old: Instrument, operator: Actor, at: datetime, today: date
) -> None:
    with acting_in(operator.scope):
        assert confirm_unchanged(instrument_ids=[old.pk], by=operator, at=at) == {}
    assert not is_stale(old, today)
    act = last_act()
    assert (act.verb, act.actor_name, act.after) == (
        "instrument_unchanged", operator.name, {"on": "2026-11-23"},
    )  # fmt: skip


def test_a_confirmation_changes_nothing_that_a_scan_tells(
    old: Instrument, officer: Actor, at: datetime
) -> None:
    confirm_unchanged(instrument_ids=[old.pk], by=officer, at=at)
    now = Instrument.objects.unscoped().get(pk=old.pk)
    told = ("state", "verified_on", "trusted_until", "result", "seal_broken", "locked", "place", "provenance")
    assert [getattr(now, name) for name in told] == [getattr(old, name) for name in told]


def test_of_many_each_is_confirmed_or_refused_by_itself(
    stall: Entity, old: Instrument, officer: Actor, at: datetime, today: date
) -> None:
    draft, foreign = make_instrument(stall, state="draft"), make_instrument()
    refused = confirm_unchanged(instrument_ids=[old.pk, draft.pk, foreign.pk], by=officer, at=at)
    assert {pk: why.code for pk, why in refused.items()} == {
        draft.pk: "not_to_be_confirmed", foreign.pk: "instrument_not_found",
    }  # fmt: skip
    assert not is_stale(old, today)
    assert acts() == [("instrument_unchanged", old.pk)]


@pytest.mark.parametrize("role", [Role.REPAIRER, Role.VERIFIER])
def test_who_does_not_keep_it_does_not_confirm_it(
    old: Instrument, market: Entity, at: datetime, role: Role
) -> None:
    actor = make_actor(role, entity=market if role == Role.REPAIRER else None, area=market.area)
    with acting_in(actor.scope):
        refused = confirm_unchanged(instrument_ids=[old.pk], by=actor, at=at)
    assert {why.code for why in refused.values()} <= {"not_yours", "instrument_not_found"}
    assert refused
    assert acts() == []


def test_a_check_on_site_confirms_from_the_day_of_the_check(
    old: Instrument, inspector: Actor, at: datetime, today: date
) -> None:
    day = today - timedelta(days=3)
    record_check(
        instrument_id=old.pk, outcome=CheckOutcome.NOTHING_WRONG, words="", on=day, by=inspector, at=at
    )
    assert confirmed_on(old) == day


def test_an_earlier_day_does_not_make_it_older(
    old: Instrument, officer: Actor, inspector: Actor, at: datetime, today: date
) -> None:
    confirm_unchanged(instrument_ids=[old.pk], by=officer, at=at)
    record_check(
        instrument_id=old.pk, outcome=CheckOutcome.NOTHING_WRONG, words="",
        on=today - timedelta(days=30), by=inspector, at=at,
    )  # fmt: skip
    assert confirmed_on(old) == today


def test_a_move_confirms(old: Instrument, market: Entity, officer: Actor, at: datetime, today: date) -> None:
    move_instrument(instrument_id=old.pk, entity_id=market.pk, place="西门", on=today, by=officer, at=at)
    assert confirmed_on(old) == today


def test_an_act_from_the_desk_is_no_confirmation(
    old: Instrument, officer: Actor, at: datetime, today: date
) -> None:
    stop_use(instrument_id=old.pk, reason="停业", on=today, by=officer, at=at)
    assert is_stale(old, today)


def test_a_sheet_that_names_it_confirms_it_and_its_file(county: object, officer: Actor, at: datetime) -> None:
    load_catalogue()
    bring_in([row("东门市场", "A1"), row("东门市场", "A2")], officer)
    with acting_in(EVERYTHING):
        Instrument.objects.unscoped().update(registered_at=at - timedelta(days=800), verified_on=None)
        Entity.objects.unscoped().update(registered_at=at - timedelta(days=800))
    again = bring_in([row("东门市场", "A1")], officer)
    assert again.rows_new == 0
    with acting_in(EVERYTHING):
        stale = Instrument.objects.unscoped().filter(unconfirmed(at.date()))
        assert [it.serial_number for it in stale] == ["A2"]
        named = Instrument.objects.unscoped().get(serial_number="A1")
        assert not Entity.objects.unscoped().filter(unconfirmed_files(at.date()), pk=named.entity_id)


def test_a_file_that_waits_to_be_confirmed_is_not_asked_after(long_ago: datetime, today: date) -> None:
    draft = make_entity(state="draft", registered_at=long_ago)
    with acting_in(EVERYTHING):
        assert not Entity.objects.unscoped().filter(unconfirmed_files(today), pk=draft.pk)

"""A number of a seal is in use once, however it is written; whose it is, only those learn who see it."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.enums import SealPosition
from quanheng.apps.instruments.models import Instrument, Seal
from quanheng.apps.instruments.queries import seals
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.correct_seal import correct_seal
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours, RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.regulation.seal_numbers import seal_key
from tests.factories import make_actor, make_entity, make_instrument, make_seal
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")
CASE = SealPosition.SCALE_CASE


def applied(scale: Instrument, number: str, by: Actor, at: datetime) -> Seal:
    return apply_seal(instrument_id=scale.pk, number=number, position=CASE, on=at.date(), by=by, at=at)


@pytest.mark.parametrize("written", ["川A001", " 川a001 ", "川Ａ００１", "川A 001"])
def test_one_number_is_on_one_instrument_however_it_is_written(
    stall: Entity, officer: Actor, at: datetime, written: str
) -> None:
    carrier, scale = make_instrument(stall), make_instrument(stall)
    make_seal(carrier, number="川A001")
    with refused("seal_number_in_use"):
        applied(scale, written, officer, at)


def test_the_refusal_names_the_instrument_to_whoever_sees_it_and_to_nobody_else(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    near, far, scale = make_instrument(stall), make_instrument(make_entity()), make_instrument(stall)
    make_seal(near, number="近-1")
    make_seal(far, number="远-1")
    with pytest.raises(RuleBroken) as seen:
        applied(scale, "近-1", officer, at)
    with pytest.raises(RuleBroken) as unseen:
        applied(scale, "远-1", officer, at)
    assert near.serial_number in seen.value.message
    assert seen.value.facts["instrument"] == near.pk
    assert far.serial_number not in unseen.value.message
    assert "instrument" not in unseen.value.facts


def test_a_number_whose_seal_ended_on_another_instrument_may_be_used(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    make_seal(make_instrument(stall), number="旧-1", broken_on=at.date())
    assert applied(make_instrument(stall), "旧-1", officer, at).pk


@pytest.mark.parametrize("number", ["---", "\x07", "封" * 61])
def test_what_cannot_be_a_number_is_refused(stall: Entity, officer: Actor, at: datetime, number: str) -> None:
    with refused("seal_number_unreadable"):
        applied(make_instrument(stall), number, officer, at)


def test_a_new_seal_does_not_precede_the_end_of_the_one_before(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall, seal_broken=True)
    make_seal(scale, broken_on=at.date())
    with refused("before_previous_ended"):
        apply_seal(
            instrument_id=scale.pk, number="新-1", position=CASE, on=at.date().replace(day=1), by=officer,
            at=at,
        )  # fmt: skip


def test_two_who_take_one_number_at_once_get_one_seal_and_one_refusal(
    stall: Entity, officer: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_seal(make_instrument(stall), number="同-1")
    for module in ("ledger_batch", "correct_seal"):  # what was asked a moment ago no longer holds
        monkeypatch.setattr(f"quanheng.apps.instruments.services.{module}.carriers", lambda *_: {})
    scale = make_instrument(stall)
    with refused("seal_number_in_use"):
        applied(scale, "同-1", officer, at)
    seal = make_seal(scale, number="异-1")
    with refused("seal_number_in_use"):
        correct_seal(instrument_id=scale.pk, seal_id=seal.pk, number="同-1", reason="看错", by=officer, at=at)


def test_the_database_holds_one_seal_in_use_per_number(stall: Entity) -> None:
    make_seal(make_instrument(stall), number="唯a1")
    with pytest.raises(IntegrityError, match="seal_number_in_use_once"), transaction.atomic():
        make_seal(make_instrument(stall), number="唯Ａ1 ")
    make_seal(make_instrument(stall), number="唯A1", number_disputed=True)


def test_the_database_knows_how_every_seal_ended(stall: Entity, at: datetime) -> None:
    for wrong in ({"ended_as": "broken"}, {"broken_on": at.date(), "ended_as": ""}):
        with pytest.raises(IntegrityError, match="seal_ended_somehow"), transaction.atomic():
            make_seal(make_instrument(stall), **wrong)


@pytest.mark.parametrize("text", ["川A001", " ａｂ\u3000c\tＤ", "①号", "ß", "é", "封-7", "\u00a07"])
def test_the_database_and_the_rule_write_a_number_alike(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal_key(%s)", [text])
        assert cursor.fetchone()[0] == seal_key(text)


def test_seals_that_share_a_number_already_are_both_kept_and_the_later_one_is_marked(
    stall: Entity, officer: Actor
) -> None:
    first, second = make_instrument(stall), make_instrument(stall)
    migration = import_module("quanheng.apps.instruments.migrations.0018_seal_endings")
    with acting_in(EVERYTHING):
        make_seal(first, number="双-1", number_disputed=True)
        later = make_seal(second, number=" 双-1", number_disputed=True)
        with connection.cursor() as cursor:
            cursor.execute(migration.LATER_OF_DOUBLED)
            assert cursor.fetchall() == [(later.pk,)]
    found = seals.carriers(["双-1"], officer)
    assert found[seal_key("双-1")].instrument_id in {first.pk, second.pk}


def test_a_number_is_corrected_by_an_office_with_a_reason_and_the_log_tells_both(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale, number="错-1", number_disputed=True)
    correct_seal(
        instrument_id=scale.pk, seal_id=seal.pk, number=" 对-1 ", reason="核对实物", by=officer, at=at
    )
    seal = Seal.objects.unscoped().get(pk=seal.pk)
    assert (seal.number, seal.number_disputed, seal.broken_on) == ("对-1", False, None)
    act = last_act()
    assert (act.verb, act.after["seal_was"], act.after["seal"]) == ("seal_corrected", "错-1", "对-1")
    assert not Instrument.objects.unscoped().get(pk=scale.pk).seal_broken


@pytest.mark.parametrize(
    ("number", "reason", "code"),
    [
        ("对-1", " ", "no_reason"),
        (" ", "核对", "no_number"),
        ("旧-1", "核对", "seal_number_used"),
        ("别-1", "核对", "seal_number_in_use"),
    ],
)
def test_a_correction_is_held_to_what_a_new_seal_is(
    stall: Entity, officer: Actor, at: datetime, number: str, reason: str, code: str
) -> None:
    scale = make_instrument(stall)
    make_seal(scale, number="旧-1", broken_on=at.date())
    seal = make_seal(scale, number="错-1")
    make_seal(make_instrument(stall), number="别-1")
    with refused(code):
        correct_seal(instrument_id=scale.pk, seal_id=seal.pk, number=number, reason=reason, by=officer, at=at)


def test_a_seal_that_ended_is_not_corrected_and_who_seals_does_not_correct(
    stall: Entity, officer: Actor, inspector: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    ended, whole = make_seal(scale, broken_on=at.date()), make_seal(scale)
    with refused("seal_not_found"):
        correct_seal(instrument_id=scale.pk, seal_id=ended.pk, number="新", reason="核对", by=officer, at=at)
    set_scope(inspector.scope)
    for by in (inspector, make_actor(Role.VERIFIER, area=stall.area)):
        with pytest.raises(NotYours):
            correct_seal(instrument_id=scale.pk, seal_id=whole.pk, number="新", reason="核对", by=by, at=at)

"""更正送修登记: sent by mistake it stands as before, when nothing happened since and two people agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments.ledger_lines import records_of
from quanheng.apps.instruments.models import Instrument, Placement, Seal, Verification
from quanheng.apps.instruments.queries.ledger import trust_of
from quanheng.apps.instruments.services import hold, mistaken_repair
from quanheng.apps.instruments.services.act_on import logged
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.instruments.services.rate_changes import add, compare, fold
from quanheng.apps.instruments.services.repair import record_repair, send_to_repair
from quanheng.apps.instruments.services.unseal import unseal
from quanheng.apps.instruments.services.void_record import ask_to_void, decide_to_void
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.regulation.seal_opening import Purpose
from quanheng.regulation.trust import Grade, Reason
from tests.factories import make_instrument, make_seal, make_verification
from tests.factories.acts import acts, refused

pytestmark = pytest.mark.usefixtures("as_officer")


@pytest.fixture
def second(officer: Actor) -> Actor:
    """Another officer of the same county."""
    return replace(officer, user_id=(officer.user_id or 0) + 1_000_000, name="李四")


@pytest.fixture
def scale(stall: Entity, today: date) -> Instrument:
    """A scale that is green."""
    until = today + timedelta(days=200)
    made = make_instrument(stall, certificate_number="川-1", valid_until=until, trusted_until=until)
    make_verification(made, certificate_number="川-1", valid_until=until)
    make_seal(made, number="川A1")
    return made


def now(it: Instrument) -> Instrument:
    return Instrument.objects.unscoped().get(pk=it.pk)


def send(it: Instrument, by: Actor, at: datetime, on: date) -> None:
    send_to_repair(instrument_id=it.pk, reason="点错了", on=on, by=by, at=at)


def ask(it: Instrument, by: Actor, at: datetime, reason: str = "登记错了一台") -> Verification:
    return mistaken_repair.ask_to_correct(instrument_id=it.pk, reason=reason, by=by, at=at)


def agree(it: Instrument, by: Actor, at: datetime, *, seen: bool = True) -> Instrument:
    return mistaken_repair.take_back_repair(instrument_id=it.pk, seen_whole=seen, by=by, at=at)


def everything(it: Instrument) -> tuple[object, object]:
    with acting_in(EVERYTHING):
        return logged(now(it)), records_of([it.pk])


@pytest.mark.parametrize("days", [0, 3])
def test_once_two_people_agree_everything_stands_as_before_and_the_log_tells_all_of_it(
    scale: Instrument, officer: Actor, second: Actor, at: datetime, today: date, days: int
) -> None:
    add([scale.pk])
    before = everything(scale)
    send(scale, officer, at, today - timedelta(days=days))
    ask(scale, officer, at)
    assert trust_of(now(scale), today).reason == Reason.UNDER_REPAIR  # asking alone gives nothing back
    agree(scale, second, at)
    assert everything(scale) == before
    assert trust_of(now(scale), today).grade == Grade.GREEN
    assert not Placement.objects.unscoped().filter(instrument=scale).exists()
    assert [verb for verb, _ in acts()][-3:] == ["sent_to_repair", "repair_disputed", "repair_taken_back"]
    with acting_in(EVERYTHING):
        told = Act.objects.unscoped().latest("id").after
        assert (told["why"], told["asked_by"]) == ("登记错了一台", officer.name)
        fold()
        assert compare() == []


def test_nobody_decides_what_he_asked_for(
    scale: Instrument, officer: Actor, at: datetime, today: date
) -> None:
    send(scale, officer, at, today)
    ask(scale, officer, at)
    with refused("same_person"):
        agree(scale, officer, at)
    with refused("same_person"):
        mistaken_repair.uphold_repair(instrument_id=scale.pk, reason="确已送修", by=officer, at=at)


def test_nobody_agrees_without_having_seen_it_whole(
    scale: Instrument, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    send(scale, officer, at, today)
    ask(scale, officer, at)
    with refused("not_seen"):
        agree(scale, second, at, seen=False)


def test_the_market_asks_and_never_decides(
    scale: Instrument, operator: Actor, officer: Actor, at: datetime, today: date
) -> None:
    set_scope(operator.scope)
    send(scale, operator, at, today)
    ask(scale, operator, at)
    other = replace(operator, user_id=(operator.user_id or 0) + 1_000_000)
    with pytest.raises(NotYours):
        agree(scale, other, at)
    set_scope(officer.scope)
    agree(scale, officer, at)
    assert trust_of(now(scale), today).grade == Grade.GREEN


def test_what_happened_since_stands_on_it_and_nothing_is_taken_back(
    scale: Instrument, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    send(scale, officer, at, today)
    ask(scale, officer, at)
    hold.lock(instrument_id=scale.pk, reason="开壳", by=officer, at=at)
    with refused("not_sent_last"):
        agree(scale, second, at)


def test_after_the_repair_was_done_it_is_verified_again(
    scale: Instrument, officer: Actor, at: datetime, today: date
) -> None:
    send(scale, officer, at, today)
    record_repair(instrument_id=scale.pk, repairer="川秤", work="清洁", on=today, by=officer, at=at)
    with refused("not_sent_last"):
        ask(scale, officer, at)
    assert not mistaken_repair.can_be_corrected(now(scale))


def test_a_scale_whose_seal_had_broken_before_it_was_sent_never_gets_its_green_back(
    scale: Instrument, officer: Actor, at: datetime, today: date
) -> None:
    seal = make_seal(scale, number="川A2", position="mainboard")
    break_seal(instrument_id=scale.pk, seal_id=seal.pk, on=today, reason="断裂", by=officer, at=at)
    send(scale, officer, at, today)
    with refused("unsealed"):
        ask(scale, officer, at)


def test_where_nothing_was_ended_there_is_nothing_to_give_back(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    it = make_instrument(stall, state="filed", verified_on=None, valid_until=None, trusted_until=None,
                         result="", provenance="")  # fmt: skip
    send(it, officer, at, today)
    with refused("nothing_ended"):
        ask(it, officer, at)


def test_the_nozzles_that_went_with_their_dispenser_come_back_with_it(
    stall: Entity, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    dispenser = make_instrument(stall)
    nozzle = make_instrument(stall, parent=dispenser)
    for it in (dispenser, nozzle):
        make_verification(it)
    before = [everything(it) for it in (dispenser, nozzle)]
    send(dispenser, officer, at, today)
    with refused("with_the_whole"):
        ask(nozzle, officer, at)
    ask(dispenser, officer, at)
    agree(dispenser, second, at)
    assert [everything(it) for it in (dispenser, nozzle)] == before


def test_a_nozzle_to_which_something_happened_keeps_the_whole_where_it_is(
    stall: Entity, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    dispenser = make_instrument(stall)
    nozzle = make_instrument(stall, parent=dispenser)
    make_verification(dispenser)
    send(dispenser, officer, at, today)
    ask(dispenser, officer, at)
    hold.lock(instrument_id=nozzle.pk, reason="开壳", by=officer, at=at)
    with refused("not_sent_last"):
        agree(dispenser, second, at)
    assert now(dispenser).state == "under_repair"


def test_the_second_person_may_uphold_it_and_the_first_may_take_it_back(
    scale: Instrument, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    send(scale, officer, at, today)
    ask(scale, officer, at)
    with refused("already_disputed"):
        ask(scale, second, at)
    with refused("no_reason"):
        mistaken_repair.uphold_repair(instrument_id=scale.pk, reason=" ", by=second, at=at)
    mistaken_repair.uphold_repair(instrument_id=scale.pk, reason="秤已不在现场", by=second, at=at)
    with refused("not_disputed"):
        agree(scale, second, at)
    ask(scale, officer, at)
    with refused("not_the_asker"):
        mistaken_repair.withdraw_correction(instrument_id=scale.pk, reason="算了", by=second, at=at)
    mistaken_repair.withdraw_correction(instrument_id=scale.pk, reason="确已送修", by=officer, at=at)
    assert mistaken_repair.waiting_correction(now(scale)) is None
    assert now(scale).state == "under_repair"


def test_asking_for_a_record_back_and_asking_to_void_it_are_not_taken_for_one_another(
    scale: Instrument, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    send(scale, officer, at, today)
    row = ask(scale, officer, at)
    with refused("asks_back"):
        decide_to_void(
            instrument_id=scale.pk, verification_id=row.pk, agreed=True, by=second, at=at
        )  # fmt: skip
    with refused("already_disputed"):
        ask_to_void(instrument_id=scale.pk, verification_id=row.pk, reason="录错", by=second, at=at)


def test_a_seal_that_was_opened_after_it_was_sent_keeps_it_red(
    scale: Instrument, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    send(scale, officer, at, today)
    ask(scale, officer, at)
    seal = Seal.objects.unscoped().get(instrument=scale)
    unseal(
        instrument_id=scale.pk, seal_id=seal.pk, purpose=Purpose.REPAIR, on=today, reason="检修",
        witness="王五", by=officer, at=at,
    )  # fmt: skip
    with refused("not_sent_last"):
        agree(scale, second, at)

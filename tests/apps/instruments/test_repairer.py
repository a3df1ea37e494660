"""送修到维修单位: received, opened, repaired; what a repairer says is told as the repairer's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.assignments import Assignment
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments import acts
from quanheng.apps.instruments.enums import AfterRepair
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.queries.ledger import instrument_file, trust_of
from quanheng.apps.instruments.queries.repairs import open_repair, repairs
from quanheng.apps.instruments.services import mistaken_repair
from quanheng.apps.instruments.services.change_repairer import change_repairer
from quanheng.apps.instruments.services.decline_repair import decline_repair
from quanheng.apps.instruments.services.receive_for_repair import receive_for_repair
from quanheng.apps.instruments.services.repair import record_repair, send_to_repair
from quanheng.apps.instruments.services.unseal import unseal
from quanheng.apps.registry.models import Entity
from quanheng.kit.acts import may
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.regulation.seal_opening import Purpose
from quanheng.regulation.trust import Grade
from tests.factories import (
    make_actor,
    make_instrument,
    make_repairer,
    make_seal,
    make_verification,
    once_more,
)
from tests.factories.acts import acts as told_acts
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")
WITNESS = "市场计量管理员"


Send = Callable[[Instrument], Actor]


def test_received_opened_repaired_and_over(
    stall: Entity, send: Send, at: datetime, today: date, officer: Actor
) -> None:
    scale = make_instrument(stall)
    make_verification(scale)
    seal = make_seal(scale)
    by = send(scale)
    receive_for_repair(instrument_id=scale.pk, note="铅封完好", by=by, at=at)
    unseal(
        instrument_id=scale.pk, seal_id=seal.pk, purpose=Purpose.REPAIR, reason="换传感器", on=today,
        witness=WITNESS, by=by, at=at,
    )  # fmt: skip
    done = record_repair(
        instrument_id=scale.pk,
        work="换传感器",
        on=today,
        destination=AfterRepair.TO_VERIFICATION,
        by=by,
        at=at,
    )
    told = last_act().after
    assert (told["repairer"], told["declared_by_repairer"]) == ("川准衡器维修", True)
    assert told["destination"] == "to_verification"
    assert done.state == "filed"
    assert trust_of(done, today).grade == Grade.RED
    assert not Instrument.objects.unscoped().exists(), "with the repair ends what the repairer reaches"
    assert once_more(by).scope.assigned == ()
    set_scope(officer.scope)
    over = Assignment.objects.unscoped().get()
    assert (over.taken_up_by_name, over.is_open) == (by.name, False)
    assert told_acts() == [
        (verb, scale.pk) for verb in ("sent_to_repair", "repair_received", "seal_opened", "repaired")
    ]


def test_a_repairer_does_nothing_before_it_has_come(
    stall: Entity, send: Send, at: datetime, today: date
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale)
    by = send(scale)
    with refused("not_received"):
        record_repair(instrument_id=scale.pk, work="换传感器", on=today, by=by, at=at)
    with refused("not_received"):
        unseal(
            instrument_id=scale.pk, seal_id=seal.pk, purpose=Purpose.REPAIR, reason="换", on=today,
            witness=WITNESS, by=by, at=at,
        )  # fmt: skip
    receive_for_repair(instrument_id=scale.pk, by=by, at=at)
    with refused("already_received"):
        receive_for_repair(instrument_id=scale.pk, by=by, at=at)
    with refused("no_work"):
        record_repair(instrument_id=scale.pk, work=" ", on=today, by=by, at=at)


def test_a_repairer_repairs_under_no_other_name(stall: Entity, send: Send, at: datetime, today: date) -> None:
    scale = make_instrument(stall)
    by = send(scale)
    receive_for_repair(instrument_id=scale.pk, by=by, at=at)
    record_repair(instrument_id=scale.pk, repairer="别家维修", work="清洁", on=today, by=by, at=at)
    assert last_act().after["repairer"] == "川准衡器维修"


def test_the_nozzles_of_a_dispenser_are_seen_with_it_and_follow_it(
    stall: Entity, send: Send, at: datetime, today: date, officer: Actor
) -> None:
    dispenser = make_instrument(stall)
    nozzle = make_instrument(stall, parent=dispenser)
    stopped = make_instrument(stall, parent=dispenser, state="stopped", placed_on=None)
    records = [make_verification(each) for each in (nozzle, stopped)]
    seal = make_seal(dispenser)
    by = send(dispenser)
    file = instrument_file(dispenser.pk, by)
    assert file is not None
    assert {part.pk for part in file.parts} == {nozzle.pk, stopped.pk}
    assert not may(acts.REPAIRED, by, file.parts[0]), "a part is done with its whole"
    receive_for_repair(instrument_id=dispenser.pk, by=by, at=at)
    unseal(
        instrument_id=dispenser.pk, seal_id=seal.pk, purpose=Purpose.REPAIR, reason="换主板", on=today,
        witness=WITNESS, by=by, at=at,
    )  # fmt: skip
    record_repair(instrument_id=dispenser.pk, work="换主板", on=today, by=by, at=at)
    set_scope(officer.scope)
    parts = {each.pk: each for each in Instrument.objects.unscoped().filter(parent=dispenser)}
    assert (parts[nozzle.pk].state, parts[nozzle.pk].result) == ("filed", "")
    assert parts[stopped.pk].seal_opened
    void = Verification.objects.unscoped().filter(pk__in=[row.pk for row in records], voided_on=None)
    assert not void.exists(), "its seal was opened: no nozzle keeps its verification"


def test_what_came_into_the_ledger_under_repair_is_not_verified_by_its_repair(
    stall: Entity, officer: Actor, repairer: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall, state="under_repair", placed_on=None)
    record = make_verification(scale)
    change_repairer(
        instrument_id=scale.pk, repairer_id=repairer.entity_id or 0, reason="补登", by=officer, at=at
    )
    by = once_more(repairer)
    set_scope(by.scope)
    receive_for_repair(instrument_id=scale.pk, by=by, at=at)
    done = record_repair(instrument_id=scale.pk, work="换主板", on=today, by=by, at=at)
    assert trust_of(done, today).grade == Grade.RED
    with acting_in(EVERYTHING):
        assert Verification.objects.unscoped().get(pk=record.pk).voided_on == today


def test_office_and_owner_see_who_has_it_and_what_was_done(
    stall: Entity, send: Send, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    by = send(scale)
    receive_for_repair(instrument_id=scale.pk, by=by, at=at)
    assert [row.user_name for row in repairs(by)] == [stall.name]  # type: ignore[attr-defined]
    for reader in (officer, make_actor(Role.INSTRUMENT_USER, entity=stall)):
        with acting_in(reader.scope):
            row = repairs(reader).get()
            assert (row.name, row.taken_up_by_name) == ("川准衡器维修", by.name)
            assert open_repair(Instrument.objects.unscoped().get(pk=scale.pk)) == row
    stranger = make_actor(Role.COUNTY_OFFICER)
    with acting_in(stranger.scope):
        assert not repairs(stranger).exists()


def test_only_a_repairer_with_a_confirmed_file_can_be_named(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    scale, draft = make_instrument(stall), make_repairer("未确认", state="draft")
    for wrong in (draft.entity_id, stall.pk, 0xFFFF_FFFF):
        with refused("repairer_not_found"):
            send_to_repair(
                instrument_id=scale.pk, reason="坏", on=today, repairer_id=wrong, by=officer, at=at
            )


@pytest.mark.parametrize(
    ("reason", "state", "code"),
    [(" ", "under_repair", "no_reason"), ("近", "in_use", "not_under_repair")],
)
def test_what_is_refused_to_whoever_changes_the_repairer(
    stall: Entity, officer: Actor, repairer: Actor, at: datetime, reason: str, state: str, code: str
) -> None:
    scale = make_instrument(stall, state=state)
    named = repairer.entity_id or 0
    with refused(code):
        change_repairer(instrument_id=scale.pk, repairer_id=named, reason=reason, by=officer, at=at)


def test_the_repairer_that_is_named_already_is_not_named_again(
    stall: Entity, send: Send, officer: Actor, repairer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    by = send(scale)
    with refused("no_reason"):
        decline_repair(instrument_id=scale.pk, reason="", by=by, at=at)
    set_scope(officer.scope)
    with refused("already_with_repairer"):
        change_repairer(
            instrument_id=scale.pk, repairer_id=repairer.entity_id or 0, reason="近", by=officer, at=at
        )


def test_a_received_instrument_has_left_and_the_sending_was_no_mistake(
    stall: Entity, send: Send, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    make_verification(scale)
    by = send(scale)
    receive_for_repair(instrument_id=scale.pk, by=by, at=at)
    set_scope(officer.scope)
    with refused("not_sent_last"):
        mistaken_repair.ask_to_correct(instrument_id=scale.pk, reason="点错了", by=officer, at=at)


def test_a_repairer_receives_what_is_sent_to_it_alone(stall: Entity, send: Send, at: datetime) -> None:
    """Its own instruments lie in its reach, and are sent to nobody: there is nothing to receive."""
    by = send(make_instrument(stall))
    with acting_in(EVERYTHING):
        own = make_instrument(Entity.objects.unscoped().get(pk=by.entity_id or 0), state="under_repair")
    with pytest.raises(RuleBroken) as refusal:
        receive_for_repair(instrument_id=own.pk, by=by, at=at)
    assert refusal.value.code == "not_sent_to_you"

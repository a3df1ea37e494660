"""铅封破损: a broken seal voids the verification, even inside its validity."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.apps.instruments.services.break_seal import break_seal
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from quanheng.regulation.trust import Grade, Reason, TrustFacts, judge
from tests.factories import make_instrument, make_seal, make_verification
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


def trust_of(instrument: Instrument, on: date) -> tuple[Grade, Reason]:
    it = instrument
    facts = TrustFacts(it.state, it.verified_on, it.valid_until, it.result == "passed", it.seal_broken)
    answer = judge(facts, on)
    return answer.grade, answer.reason


def test_a_broken_seal_voids_the_verification_even_inside_its_validity(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall)
    verification, seal = make_verification(scale), make_seal(scale)
    assert trust_of(scale, today) == (Grade.GREEN, Reason.VALID)

    scale = break_seal(
        instrument_id=scale.pk, seal_id=seal.pk, reason="巡查发现断开", on=today, by=officer, at=at
    )

    assert scale.valid_until is not None
    assert scale.valid_until > today
    assert trust_of(scale, today) == (Grade.RED, Reason.SEAL_BROKEN)
    assert scale.trusted_until == today - timedelta(days=1)
    verification = Verification.objects.unscoped().get(pk=verification.pk)
    assert (verification.voided_on, verification.void_reason) == (today, f"铅封 {seal.number} 破损")


def test_the_log_says_which_seal_where_and_who_witnessed(
    stall: Entity, inspector: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale)
    break_seal(
        instrument_id=scale.pk,
        seal_id=seal.pk,
        reason="铅丝被剪断",
        on=today,
        witness="市场管理员",
        by=inspector,
        at=at,
    )
    seal = Seal.objects.unscoped().get(pk=seal.pk)
    assert (seal.broken_on, seal.broken_by, seal.broken_witness) == (today, inspector.name, "市场管理员")
    act = last_act()
    assert (act.verb, act.reason) == ("seal_broken", "铅丝被剪断")
    assert act.after["seal"] == seal.number
    assert act.after["position"] == "scale_case"
    assert act.before["seal_broken"] is False


def test_a_dispensers_broken_seal_voids_every_nozzle(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    dispenser = make_instrument(stall, name="加油机")
    nozzles = [make_instrument(stall, parent=dispenser, name="油枪") for _ in range(2)]
    seal = make_seal(dispenser, position="mainboard")
    break_seal(
        instrument_id=dispenser.pk, seal_id=seal.pk, reason="主板铅封断开", on=today, by=officer, at=at
    )
    for nozzle in Instrument.objects.unscoped().filter(parent=dispenser):
        assert trust_of(nozzle, today) == (Grade.RED, Reason.SEAL_BROKEN)
    assert len(nozzles) == 2


def test_a_seal_breaks_once(stall: Entity, officer: Actor, at: datetime, today: date) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale, broken_on=today)
    with refused("already_broken"):
        break_seal(instrument_id=scale.pk, seal_id=seal.pk, reason="再次发现", on=today, by=officer, at=at)


@pytest.mark.parametrize(
    ("reason", "days", "code"),
    [("", 0, "no_reason"), ("破损", 1, "in_future"), ("破损", -400, "before_applied")],
)
def test_what_is_refused(
    stall: Entity, officer: Actor, at: datetime, today: date, reason: str, days: int, code: str
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale)
    with refused(code):
        break_seal(
            instrument_id=scale.pk,
            seal_id=seal.pk,
            reason=reason,
            on=today + timedelta(days),
            by=officer,
            at=at,
        )
    assert not Instrument.objects.unscoped().get(pk=scale.pk).seal_broken


def test_another_instruments_seal_is_not_this_ones(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    scale, other = make_instrument(stall), make_instrument(stall)
    seal = make_seal(other)
    with refused("seal_not_found"):
        break_seal(instrument_id=scale.pk, seal_id=seal.pk, reason="破损", on=today, by=officer, at=at)


def test_a_market_operator_does_not_record_broken_seals(
    stall: Entity, operator: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale)
    set_scope(operator.scope)
    with pytest.raises(NotYours):
        break_seal(instrument_id=scale.pk, seal_id=seal.pk, reason="破损", on=today, by=operator, at=at)

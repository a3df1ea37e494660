"""启封: a seal that is opened lawfully ends the verification too, and accuses nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AgencyKind, Role
from quanheng.apps.accounts.models import Area
from quanheng.apps.instruments.enums import InstrumentState, Result, SealEnd, SealPosition
from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.apps.instruments.permissions import OPENERS
from quanheng.apps.instruments.queries.ledger import current_of, trust_of
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.instruments.services.repair import record_repair, send_to_repair
from quanheng.apps.instruments.services.unseal import unseal
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from quanheng.regulation.seal_opening import Purpose
from quanheng.regulation.trust import Grade, Reason
from tests.factories import (
    make_actor,
    make_agency,
    make_institute,
    make_instrument,
    make_seal,
    make_verification,
)
from tests.factories.acts import acts, last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


@pytest.fixture
def verifier(county: Area) -> Actor:
    make_institute("所")
    institute = make_agency("区计量所", area=county, kind=AgencyKind.INSTITUTE)
    return make_actor(Role.VERIFIER, agency=institute, area=county)


def fresh(instrument: Instrument) -> Instrument:
    return Instrument.objects.unscoped().get(pk=instrument.pk)


def opened(
    scale: Instrument, seal: Seal, purpose: Purpose, by: Actor, at: datetime, **said: Any
) -> Instrument:
    given: dict[str, Any] = {"reason": "开壳调整", "on": at.date(), "witness": "市场管理员"}
    return unseal(instrument_id=scale.pk, seal_id=seal.pk, purpose=purpose, by=by, at=at, **(given | said))


def test_an_opened_seal_ends_the_verification_and_is_not_called_broken(
    stall: Entity, verifier: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall)
    verification, seal = make_verification(scale), make_seal(scale)
    scale = opened(scale, seal, Purpose.VERIFICATION, verifier, at)

    assert (scale.seal_opened, scale.seal_broken) == (True, False)
    trust, now = trust_of(scale, today), current_of(scale, today)
    assert (trust.grade, trust.reason) == (Grade.RED, Reason.SEAL_OPENED)
    assert (now.counts, now.why, now.since) == (False, Reason.SEAL_OPENED, today)
    verification = Verification.objects.unscoped().get(pk=verification.pk)
    assert (verification.voided_on, verification.voided_at) == (today, at)
    assert verification.void_reason == f"铅封 {seal.number} 因检定启封"
    seal = Seal.objects.unscoped().get(pk=seal.pk)
    assert (seal.ended_as, seal.broken_on, seal.ended_at) == (SealEnd.VERIFICATION, today, at)


def test_the_log_says_what_for_by_whom_and_who_saw_it(
    stall: Entity, verifier: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale)
    opened(scale, seal, Purpose.ADJUSTMENT, verifier, at, opened_by="李师傅")
    act = last_act()
    assert (act.verb, act.reason) == ("seal_opened", "开壳调整")
    assert (act.after["opened_for"], act.after["witness"]) == ("adjustment", "市场管理员")
    assert (act.after["seal"], act.after["on"]) == (seal.number, today.isoformat())
    assert Seal.objects.unscoped().get(pk=seal.pk).broken_by == "李师傅"


def test_opened_repaired_sealed_and_verified_it_counts_again(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    make_institute("所")
    scale = make_instrument(stall)
    make_verification(scale)
    seal = make_seal(scale)
    send_to_repair(instrument_id=scale.pk, reason="传感器损坏", on=today, by=officer, at=at)
    opened(scale, seal, Purpose.REPAIR, officer, at)
    assert trust_of(fresh(scale), today).reason == Reason.UNDER_REPAIR
    record_repair(instrument_id=scale.pk, repairer="川准衡器", work="更换传感器", on=today, by=officer, at=at)
    assert trust_of(fresh(scale), today).reason == Reason.SEAL_OPENED
    passed = {
        "verified_on": today, "result": Result.PASSED, "certificate_number": "川-9", "institute": "所",
        "valid_until": today + timedelta(days=300),
    }  # fmt: skip
    with refused("seal_missing"):
        record_verification(instrument_id=scale.pk, by=officer, at=at, **passed)  # type: ignore[arg-type]
    apply_seal(
        instrument_id=scale.pk, number="新封1", position=SealPosition.SCALE_CASE, on=today, by=officer, at=at
    )
    assert trust_of(fresh(scale), today).reason == Reason.SEAL_OPENED
    record_verification(instrument_id=scale.pk, by=officer, at=at, **passed)  # type: ignore[arg-type]
    scale = fresh(scale)
    assert (scale.seal_opened, trust_of(scale, today).grade) == (False, Grade.GREEN)


def test_an_opened_seal_of_a_dispenser_ends_what_every_nozzle_stood_on(
    stall: Entity, verifier: Actor, officer: Actor, at: datetime, today: date
) -> None:
    dispenser = make_instrument(stall, name="加油机")
    nozzles = [make_instrument(stall, parent=dispenser, name="油枪") for _ in range(2)]
    seal = make_seal(dispenser, position="mainboard")
    opened(dispenser, seal, Purpose.VERIFICATION, verifier, at)
    assert {trust_of(fresh(one), today).reason for one in nozzles} == {Reason.SEAL_OPENED}
    assert [verb for verb, _ in acts()] == ["seal_opened"] * 3

    board = SealPosition.MAINBOARD
    apply_seal(instrument_id=dispenser.pk, number="主板新封", position=board, on=today, by=officer, at=at)
    for turn, one in enumerate(nozzles):
        assert fresh(dispenser).seal_opened
        record_verification(
            instrument_id=one.pk, verified_on=today, result=Result.PASSED, certificate_number=f"枪-{turn}",
            institute="所", valid_until=today + timedelta(days=200), by=officer, at=at,
        )  # fmt: skip
    assert not fresh(dispenser).seal_opened


def test_a_certificate_from_before_the_opening_that_arrives_late_joins_the_history_as_void(
    stall: Entity, verifier: Actor, officer: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale)
    opened(scale, seal, Purpose.VERIFICATION, verifier, at)
    late = record_verification(
        instrument_id=scale.pk, verified_on=today - timedelta(days=2), result=Result.PASSED,
        certificate_number="迟到-1", institute="所", by=officer, at=at,
    )  # fmt: skip
    assert (late.voided_on, late.void_reason) == (today, f"铅封 {seal.number} 因检定启封")
    assert trust_of(fresh(scale), today).reason == Reason.SEAL_OPENED


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"reason": " "}, "no_reason"),
        ({"on": date(2099, 1, 1)}, "in_future"),
        ({"on": date(2020, 1, 1)}, "before_applied"),
        ({"witness": ""}, "no_witness"),
        ({"witness": "李师傅", "opened_by": "李师傅"}, "own_witness"),
    ],
)
def test_what_is_refused(
    stall: Entity, verifier: Actor, at: datetime, said: dict[str, str | date], code: str
) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale)
    with refused(code):
        opened(scale, seal, Purpose.ADJUSTMENT, verifier, at, **said)
    assert not fresh(scale).seal_opened


def test_a_verifier_alone_at_the_bench_needs_no_witness(stall: Entity, verifier: Actor, at: datetime) -> None:
    scale = make_instrument(stall)
    assert opened(scale, make_seal(scale), Purpose.VERIFICATION, verifier, at, witness="").seal_opened


@pytest.mark.parametrize(
    ("state", "impounded", "purpose", "code"),
    [
        (InstrumentState.IN_USE, False, Purpose.REPAIR, "cannot_unseal"),
        (InstrumentState.STOPPED, False, Purpose.REPAIR, "cannot_unseal"),
        (InstrumentState.UNDER_REPAIR, True, Purpose.REPAIR, "impounded"),
    ],
)
def test_it_is_opened_for_repair_only_when_it_was_sent_there_and_is_not_held(
    stall: Entity, officer: Actor, at: datetime, state: str, impounded: bool, purpose: Purpose, code: str
) -> None:
    scale = make_instrument(stall, state=state, impounded=impounded)
    with refused(code):
        opened(scale, make_seal(scale), purpose, officer, at)


def test_a_seal_found_broken_cannot_be_called_opened_afterwards(
    stall: Entity, verifier: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall, seal_broken=True, trusted_until=today - timedelta(days=1))
    with refused("already_broken"):
        opened(scale, make_seal(scale, broken_on=today), Purpose.VERIFICATION, verifier, at)


ROLES = [Role.COUNTY_OFFICER, Role.INSPECTOR, Role.VERIFIER, Role.INSTITUTE_CLERK, Role.REPAIRER,
         Role.MARKET_OPERATOR, Role.INSTRUMENT_USER]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("purpose", list(Purpose))
def test_institutes_open_to_verify_officers_and_repairers_to_repair_users_never(
    county: Area, market: Entity, stall: Entity, at: datetime, role: Role, purpose: Purpose
) -> None:
    state = InstrumentState.UNDER_REPAIR if purpose == Purpose.REPAIR else InstrumentState.IN_USE
    scale = make_instrument(stall, state=state)
    seal = make_seal(scale)
    owns = role in {Role.REPAIRER, Role.MARKET_OPERATOR, Role.INSTRUMENT_USER}
    actor = make_actor(role, entity=market) if owns else make_actor(role, area=county)
    set_scope(actor.scope)
    if role in OPENERS[SealEnd(purpose)]:
        assert opened(scale, seal, purpose, actor, at).seal_opened
    else:
        with pytest.raises(NotYours):
            opened(scale, seal, purpose, actor, at)


def test_users_and_operators_open_nothing() -> None:
    for roles in OPENERS.values():
        assert not roles & {Role.MARKET_OPERATOR, Role.INSTRUMENT_USER}

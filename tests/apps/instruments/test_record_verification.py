"""检定登记: the newest verification counts, unless a broken seal or a repair came after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import Result, VerificationKind
from quanheng.apps.instruments.models import Instrument, Verification, VerificationPeriod
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from quanheng.regulation.instrument_states import Event, State, next_state
from tests.factories import make_institute, make_instrument, make_item, make_seal, make_verification
from tests.factories.acts import acts, refused

pytestmark = pytest.mark.usefixtures("as_officer")


def record(scale: Instrument, by: Actor, at: datetime, **fields: Any) -> Instrument:
    make_institute()
    asked: dict[str, Any] = {
        "verified_on": at.date(), "result": Result.PASSED, "certificate_number": "川-1",
        "institute": "市计量院", "valid_until": date(2027, 11, 22),
    }  # fmt: skip
    record_verification(instrument_id=scale.pk, by=by, at=at, **asked | fields)
    return Instrument.objects.unscoped().get(pk=scale.pk)


@pytest.mark.parametrize("result", list(Result))
@pytest.mark.parametrize("state", list(State))
def test_each_state_takes_a_result_or_refuses_it_as_the_table_says(
    stall: Entity, officer: Actor, at: datetime, state: State, result: Result
) -> None:
    scale = make_instrument(stall, state=state)
    event = Event.PASS if result == Result.PASSED else Event.FAIL
    following = next_state(state, event)
    if following is None:
        with refused(f"cannot_{event}"):
            record(scale, officer, at, result=result)
        return
    scale = record(scale, officer, at, result=result)
    assert (scale.state, scale.result) == (following, result)
    assert scale.trusted_until == (date(2027, 11, 22) if result == Result.PASSED else None)


def test_without_a_printed_date_the_period_of_the_day_decides(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    item = make_item("dispenser")
    for regulation, months, first in (
        ("JJG 443-2015", 12, date(2015, 1, 1)),
        ("JJG 443-2023", 6, date(2023, 9, 16)),
    ):
        VerificationPeriod.objects.create(
            item=item, regulation=regulation, months=months, valid_from=first, source="x"
        )
    scale = record(make_instrument(stall, item=item), officer, at, valid_until=None)
    assert scale.valid_until == date(2027, 5, 22)


def test_an_older_certificate_only_joins_the_history(stall: Entity, officer: Actor, at: datetime) -> None:
    scale = record(
        make_instrument(stall), officer, at, verified_on=date(2025, 1, 1), valid_until=date(2025, 12, 31)
    )
    assert scale.verified_on == date(2026, 1, 1)
    assert Verification.objects.unscoped().filter(instrument=scale).count() == 1
    assert len(acts()) == 1


def test_a_certificate_from_before_the_seal_broke_does_not_revive_it(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall, seal_broken=True, trusted_until=today - timedelta(days=4))
    make_seal(scale, broken_on=today - timedelta(days=3))
    make_seal(scale, number="新")
    scale = record(scale, officer, at, verified_on=today - timedelta(days=10))
    assert scale.seal_broken
    assert scale.verified_on == date(2026, 1, 1)
    assert Verification.objects.unscoped().get(instrument=scale).voided_on == today - timedelta(days=3)


def test_verifying_behind_a_new_seal_clears_the_broken_one(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall, seal_broken=True, trusted_until=today - timedelta(days=1))
    make_seal(scale, broken_on=today)
    with refused("seal_missing"):
        record(scale, officer, at)
    make_seal(scale, number="新", applied_on=today)
    scale = record(scale, officer, at)
    assert not scale.seal_broken
    assert scale.trusted_until == date(2027, 11, 22)


def test_a_dispenser_is_trusted_again_when_its_last_nozzle_is_verified(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    dispenser = make_instrument(stall, seal_broken=True)
    nozzles = [make_instrument(stall, parent=dispenser, seal_broken=True) for _ in range(2)]
    make_seal(dispenser, position="mainboard", broken_on=today)
    with refused("seal_missing"):
        record(nozzles[0], officer, at)
    make_seal(dispenser, position="mainboard", number="新", applied_on=today)
    for nozzle, still_broken in zip(nozzles, (True, False), strict=True):
        assert not record(nozzle, officer, at).seal_broken
        assert Instrument.objects.unscoped().get(pk=dispenser.pk).seal_broken is still_broken


def test_a_check_in_service_does_not_prolong_but_a_failed_one_ends_trust(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    kind = VerificationKind.IN_SERVICE
    assert record(scale, officer, at, kind=kind).valid_until == date(2026, 12, 31)
    inspected = Verification.objects.unscoped().get(instrument=scale, kind=kind)
    assert inspected.valid_until is None  # it is no verification: it holds until no day
    failed = record(scale, officer, at, kind=kind, result=Result.FAILED, certificate_number="川-2")
    assert (failed.state, failed.result) == ("failed", "failed")


def test_a_repaired_one_comes_back_without_overlapping_its_past(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall, state="under_repair", placed_on=None, verified_on=None, valid_until=None)
    scale = record(scale, officer, at)
    assert (scale.state, scale.placed_on) == ("in_use", today)


def test_today_is_the_day_in_china(stall: Entity, officer: Actor) -> None:
    early = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # 23 November, 07:30 in Chengdu
    assert record(make_instrument(stall), officer, early, verified_on=date(2026, 11, 23)).state == "in_use"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"verified_on": date(2026, 11, 24)}, "verified_in_future"),
        ({"valid_until": date(2026, 11, 22)}, "validity_backward"),
        ({"verified_on": date(2026, 1, 1), "certificate_number": "旧-1"}, "already_recorded"),
    ],
)
def test_what_is_refused(
    stall: Entity, officer: Actor, at: datetime, fields: dict[str, Any], code: str
) -> None:
    scale = make_instrument(stall)
    make_verification(scale, certificate_number="旧-1")
    with refused(code):
        record(scale, officer, at, **fields)


def test_inspectors_and_operators_do_not_record_verifications(
    stall: Entity, inspector: Actor, operator: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    for actor in (inspector, operator):
        set_scope(actor.scope)
        with pytest.raises(NotYours):
            record(scale, actor, at)


def test_the_database_keeps_a_verification_once(stall: Entity) -> None:
    scale = make_instrument(stall)
    make_verification(scale, certificate_number="川-9")
    with pytest.raises(IntegrityError, match="verification_once"), transaction.atomic():
        make_verification(scale, certificate_number="川-9")


def test_the_database_refuses_a_verification_that_ends_before_it_begins(stall: Entity) -> None:
    with pytest.raises(IntegrityError, match="verification_not_backward"), transaction.atomic():
        make_verification(make_instrument(stall), verified_on=date(2026, 2, 2), valid_until=date(2026, 2, 1))

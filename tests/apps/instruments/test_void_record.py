"""作废: one officer asks, another decides; what was recorded in error counts as never recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import Result
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.queries.ledger import current_of, trust_of
from quanheng.apps.instruments.services.record_verification import record_verification
from quanheng.apps.instruments.services.void_record import ask_to_void, decide_to_void, withdraw_dispute
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from quanheng.regulation.trust import Grade, Reason
from tests.factories import make_institute, make_instrument, make_verification
from tests.factories.acts import acts, last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


@pytest.fixture
def second(officer: Actor) -> Actor:
    """Another officer of the same county."""
    return replace(officer, user_id=(officer.user_id or 0) + 1_000_000, name="李四")


@pytest.fixture
def wrong(stall: Entity, officer: Actor, at: datetime, today: date) -> Verification:
    """A failed verification, typed on the wrong scale: the scale before it was in order."""
    make_institute()
    scale = make_instrument(stall, certificate_number="证-旧")
    make_verification(scale, certificate_number="证-旧")
    return record_verification(
        instrument_id=scale.pk, verified_on=today - timedelta(days=3), result=Result.FAILED,
        certificate_number="川-1", institute="市计量院", by=officer, at=at,
    )  # fmt: skip


def scale_of(row: Verification) -> Instrument:
    return Instrument.objects.unscoped().get(pk=row.instrument_id)


def ask(row: Verification, by: Actor, at: datetime, reason: str = "登记在另一台上") -> Verification:
    return ask_to_void(instrument_id=row.instrument_id, verification_id=row.pk, reason=reason, by=by, at=at)


def take_back(row: Verification, by: Actor, at: datetime, reason: str = "记错了") -> Verification:
    return withdraw_dispute(
        instrument_id=row.instrument_id, verification_id=row.pk, reason=reason, by=by, at=at
    )


def decide(
    row: Verification, by: Actor, at: datetime, *, agreed: bool = True, reason: str = ""
) -> Verification:
    return decide_to_void(
        instrument_id=row.instrument_id, verification_id=row.pk, agreed=agreed, reason=reason, by=by, at=at
    )


def test_once_two_people_agree_the_one_before_it_stands_again(
    wrong: Verification, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    assert trust_of(scale_of(wrong), today).reason == Reason.FAILED
    ask(wrong, officer, at)
    assert trust_of(scale_of(wrong), today).reason == Reason.FAILED
    row = decide(wrong, second, at)
    scale = scale_of(wrong)
    assert (scale.state, scale.certificate_number, scale.verified_on) == (
        "in_use", "证-旧", date(2026, 1, 1),
    )  # fmt: skip
    assert trust_of(scale, today).grade != Grade.RED
    assert (row.in_error, row.voided_on, row.void_reason) == (True, row.verified_on, "登记在另一台上")
    assert [verb for verb, _ in acts()][-2:] == ["verification_disputed", "verification_voided"]


def test_the_history_tells_the_voiding_after_what_it_voids(
    wrong: Verification, officer: Actor, second: Actor, at: datetime
) -> None:
    ask(wrong, officer, at)
    decide(wrong, second, at)
    row = Verification.objects.unscoped().get(pk=wrong.pk)
    assert (row.voided_on, row.voided_at) == (row.verified_on, at)


def test_where_nothing_else_stands_it_is_as_if_never_verified(
    stall: Entity, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    make_institute()
    scale = make_instrument(
        stall, state="filed", verified_on=None, valid_until=None, trusted_until=None, result="", provenance=""
    )
    row = record_verification(
        instrument_id=scale.pk, verified_on=today, result=Result.PASSED, certificate_number="川-1",
        institute="市计量院", by=officer, at=at,
    )  # fmt: skip
    ask(row, officer, at)
    decide(row, second, at)
    scale = scale_of(row)
    assert (scale.state, scale.result, scale.provenance) == ("filed", "", "")
    assert trust_of(scale, today).reason == Reason.NEVER_VERIFIED


def test_nobody_decides_what_he_asked_for(wrong: Verification, officer: Actor, at: datetime) -> None:
    ask(wrong, officer, at)
    with refused("same_person"):
        decide(wrong, officer, at)


def test_the_second_person_may_uphold_it_and_must_say_why(
    wrong: Verification, officer: Actor, second: Actor, at: datetime
) -> None:
    ask(wrong, officer, at)
    with refused("no_reason"):
        decide(wrong, second, at, agreed=False)
    row = decide(wrong, second, at, agreed=False, reason="证书与实物一致")
    assert (row.in_error, row.disputed_at, scale_of(wrong).state) == (False, None, "failed")
    ask(wrong, officer, at, "仍有疑问")


@pytest.fixture
def passed(stall: Entity, officer: Actor, at: datetime, today: date) -> Verification:
    """A passed verification that is green."""
    make_institute()
    scale = make_instrument(stall, state="filed", certificate_number="", verified_on=None, valid_until=None,
                            trusted_until=None, result="", provenance="")  # fmt: skip
    return record_verification(
        instrument_id=scale.pk, verified_on=today, result=Result.PASSED, certificate_number="川-1",
        institute="市计量院", by=officer, at=at,
    )  # fmt: skip


def test_while_it_waits_it_is_not_green_and_counts_as_before(
    passed: Verification, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    ask(passed, officer, at)
    scale = scale_of(passed)
    assert (trust_of(scale, today).grade, trust_of(scale, today).reason) == (Grade.AMBER, Reason.DISPUTED)
    assert (current_of(scale, today).counts, scale.disputed_on, scale.state) == (True, today, "in_use")
    decide(passed, second, at, agreed=False, reason="证书与实物一致")
    assert (trust_of(scale_of(passed), today).grade, scale_of(passed).disputed_on) == (Grade.GREEN, None)


def test_once_it_is_voided_nothing_is_under_review_any_more(
    passed: Verification, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    ask(passed, officer, at)
    decide(passed, second, at)
    scale = scale_of(passed)
    assert (scale.disputed_on, trust_of(scale, today).reason) == (None, Reason.NEVER_VERIFIED)


def test_a_later_verification_that_nobody_doubts_is_green_while_the_old_one_waits(
    passed: Verification, officer: Actor, at: datetime, today: date
) -> None:
    ask(passed, officer, at)
    record_verification(
        instrument_id=passed.instrument_id, verified_on=today, result=Result.PASSED,
        certificate_number="川-2", institute="市计量院", by=officer, at=at,
    )  # fmt: skip
    scale = scale_of(passed)
    assert (scale.certificate_number, scale.disputed_on) == ("川-2", None)
    assert trust_of(scale, today).grade == Grade.GREEN


def test_asking_about_one_that_does_not_stand_leaves_the_one_that_does_alone(
    wrong: Verification, officer: Actor, at: datetime
) -> None:
    old = Verification.objects.unscoped().get(certificate_number="证-旧")
    ask(old, officer, at)
    assert scale_of(wrong).disputed_on is None


def test_whoever_asked_takes_it_back_with_a_reason_and_it_is_in_the_log(
    passed: Verification, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    ask(passed, officer, at)
    with refused("not_the_asker"):
        take_back(passed, second, at)
    with refused("no_reason"):
        take_back(passed, officer, at, " ")
    row = take_back(passed, officer, at, "看错了，证书无误")
    assert (row.disputed_at, row.in_error, trust_of(scale_of(passed), today).grade) == (
        None, False, Grade.GREEN,
    )  # fmt: skip
    assert (last_act().verb, last_act().after["why"]) == ("dispute_withdrawn", "看错了，证书无误")
    with refused("not_disputed"):
        take_back(passed, officer, at)
    with refused("not_disputed"):
        decide(passed, second, at)


def test_no_office_decides_about_a_certificate_that_its_institute_considers_to_revoke(
    stall: Entity, officer: Actor, second: Actor, at: datetime
) -> None:
    row = make_verification(
        make_instrument(stall), provenance="issued", disputed_at=at, disputed_by=officer.user_id
    )
    with refused("issued_here"):
        decide(row, second, at)
    with refused("issued_here"):
        take_back(row, officer, at)


def test_what_waited_before_the_column_was_there_is_told_by_an_act(
    passed: Verification, officer: Actor, at: datetime, today: date
) -> None:
    ask(passed, officer, at)
    Instrument.objects.unscoped().filter(pk=passed.instrument_id).update(disputed_on=None)
    migration = import_module("quanheng.apps.instruments.migrations.0022_disputed_on")
    with acting_in(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(migration.TOLD)
        cursor.execute(migration.ON_THE_ROW)
    assert scale_of(passed).disputed_on == today
    told = last_act()
    assert (told.verb, told.before, told.after["disputed_on"]) == (
        "verification_disputed", {"disputed_on": None}, today.isoformat(),
    )  # fmt: skip


def test_what_is_refused(wrong: Verification, officer: Actor, second: Actor, at: datetime) -> None:
    with refused("not_disputed"):
        decide(wrong, second, at)
    with refused("no_reason"):
        ask(wrong, officer, at, " ")
    ask(wrong, officer, at)
    with refused("already_disputed"):
        ask(wrong, second, at)
    decide(wrong, second, at)
    with refused("already_void"):
        ask(wrong, officer, at)


def test_a_certificate_of_this_platform_is_revoked_by_its_institute_and_not_voided_here(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    row = make_verification(make_instrument(stall), provenance="issued")
    with refused("issued_here"):
        ask(row, officer, at)


def test_after_the_error_is_voided_the_right_one_can_be_recorded_under_the_same_number(
    wrong: Verification, officer: Actor, second: Actor, at: datetime, today: date
) -> None:
    ask(wrong, officer, at)
    decide(wrong, second, at)
    record_verification(
        instrument_id=wrong.instrument_id, verified_on=today, result=Result.PASSED, certificate_number="川-1",
        institute="市计量院", by=officer, at=at,
    )  # fmt: skip
    assert scale_of(wrong).state == "in_use"


def test_the_market_does_not_void(wrong: Verification, operator: Actor, at: datetime) -> None:
    set_scope(operator.scope)
    with pytest.raises(NotYours):
        ask(wrong, operator, at)


def test_the_database_keeps_an_error_void(stall: Entity) -> None:
    with pytest.raises(IntegrityError, match="an_error_is_void"), transaction.atomic():
        make_verification(make_instrument(stall), in_error=True)

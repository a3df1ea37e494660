"""核实: what a user declared counts once an office has the paper before it, and not a moment before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import Provenance, Result
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.queries.ledger import trust_of
from quanheng.apps.instruments.queries.records import unconfirmed
from quanheng.apps.instruments.services.confirm_verification import confirm_verification
from quanheng.apps.instruments.services.ledger_batch import open_ledger
from quanheng.apps.instruments.services.record_verification import VerificationResult, enter_verification
from quanheng.apps.instruments.services.void_record import ask_to_void
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from quanheng.regulation.trust import Grade, Reason
from tests.factories import make_institute, make_instrument, make_verification
from tests.factories.acts import acts, refused

pytestmark = pytest.mark.usefixtures("as_officer")
DECLARED = VerificationResult(
    date(2026, 11, 2), Result.PASSED, "", "", Provenance.DECLARED, date(2027, 11, 1)
)


@pytest.fixture
def scale(stall: Entity, officer: Actor, at: datetime) -> Instrument:
    """A scale in use of which the stall says that it was verified."""
    make_institute()
    made = make_instrument(
        stall, state="filed", verified_on=None, valid_until=None, trusted_until=None, result="", provenance=""
    )
    declare(made, officer, at)
    return fresh(made)


def declare(scale: Instrument, by: Actor, at: datetime, said: VerificationResult = DECLARED) -> Verification:
    with open_ledger([scale.pk], by=by, at=at) as ledger:
        return enter_verification(ledger, scale.pk, said)


def confirm(scale: Instrument, by: Actor, at: datetime, **fields: Any) -> Instrument:
    row = Verification.objects.unscoped().filter(instrument=scale, provenance="declared").latest("pk")
    asked: dict[str, Any] = {
        "certificate_number": "川-1", "institute": "市计量院", "paper_seen": True,
        "valid_until": date(2027, 11, 1),
    }  # fmt: skip
    confirm_verification(instrument_id=scale.pk, verification_id=row.pk, by=by, at=at, **asked | fields)
    return fresh(scale)


def fresh(scale: Instrument) -> Instrument:
    return Instrument.objects.unscoped().get(pk=scale.pk)


def test_a_declared_verification_is_amber_until_the_office_confirms_it(
    scale: Instrument, officer: Actor, at: datetime, today: date
) -> None:
    trust = trust_of(scale, today)
    assert (scale.state, trust.grade, trust.reason) == ("in_use", Grade.AMBER, Reason.UNCONFIRMED)
    scale = confirm(scale, officer, at)
    assert trust_of(scale, today).grade == Grade.GREEN
    assert (scale.provenance, scale.certificate_number, scale.institute) == ("recorded", "川-1", "市计量院")
    assert acts()[-1][0] == "verification_confirmed"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"certificate_number": ""}, "bad_certificate_number"),
        ({"certificate_number": "随便写的"}, "bad_certificate_number"),
        ({"institute": "某某所"}, "unknown_institute"),
        ({"institute": ""}, "unknown_institute"),
        ({"regulation": "JJG 0-1900"}, "unknown_regulation"),
        ({"paper_seen": False}, "paper_not_seen"),
        ({"valid_until": None}, "no_valid_until"),
        ({"valid_until": date(2026, 11, 1)}, "validity_backward"),
    ],
)
def test_without_number_institute_or_paper_nothing_is_confirmed(
    scale: Instrument, officer: Actor, at: datetime, fields: dict[str, Any], code: str
) -> None:
    with refused(code):
        confirm(scale, officer, at, **fields)
    assert fresh(scale).provenance == "declared"


def test_a_certificate_of_somebody_else_confirms_nothing(
    scale: Instrument, officer: Actor, at: datetime
) -> None:
    make_verification(make_instrument(), certificate_number="川-1")
    with refused("certificate_elsewhere"):
        confirm(scale, officer, at)


def test_a_declared_one_displaces_nothing_that_is_proven_and_waits_in_the_history(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    make_institute()
    overdue = make_instrument(stall, valid_until=date(2026, 10, 1), trusted_until=date(2026, 10, 1))
    declare(overdue, officer, at)
    assert trust_of(fresh(overdue), today).reason == Reason.OVERDUE
    assert trust_of(confirm(overdue, officer, at), today).grade == Grade.GREEN


def test_confirmed_is_confirmed(scale: Instrument, officer: Actor, at: datetime) -> None:
    confirm(scale, officer, at)
    row = Verification.objects.unscoped().get(instrument=scale)
    with refused("not_declared"):
        confirm_verification(
            instrument_id=scale.pk, verification_id=row.pk, certificate_number="川-2", institute="市计量院",
            paper_seen=True, by=officer, at=at,
        )  # fmt: skip


def test_neither_inspectors_nor_the_market_confirm(
    scale: Instrument, inspector: Actor, operator: Actor, at: datetime
) -> None:
    for actor in (inspector, operator):
        set_scope(actor.scope)
        with pytest.raises(NotYours):
            confirm(scale, actor, at)


def test_what_somebody_asked_to_void_is_not_confirmed_before_another_has_decided(
    scale: Instrument, officer: Actor, at: datetime
) -> None:
    row = Verification.objects.unscoped().get(instrument=scale)
    ask_to_void(instrument_id=scale.pk, verification_id=row.pk, reason="证书系伪造", by=officer, at=at)
    assert not unconfirmed(Instrument.objects.unscoped().get(pk=scale.pk))
    with refused("already_disputed"):
        confirm(scale, officer, at)

"""Many instruments at once: each act sees what the one before entered; a refusal undoes its own block."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import Provenance, Result, SealPosition
from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.apps.instruments.services.apply_seal import enter_seal
from quanheng.apps.instruments.services.ledger_batch import LedgerBatch, open_ledger
from quanheng.apps.instruments.services.record_verification import VerificationResult, enter_verification
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import RuleBroken
from tests.factories import make_instrument, make_seal
from tests.factories.acts import acts, refused

pytestmark = pytest.mark.usefixtures("as_officer")
CASE = SealPosition.SCALE_CASE
PASSED = VerificationResult(
    date(2026, 11, 23), Result.PASSED, "川-1", "市计量院", Provenance.RECORDED, date(2027, 11, 22)
)


def test_a_refusal_leaves_its_own_block_undone_and_the_others_written(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    with open_ledger([scale.pk], by=officer, at=at) as ledger:
        enter_verification(ledger, scale.pk, replace(PASSED, certificate_number="证川A1"))
        enter_seal(ledger, scale.pk, number="川A1", position=CASE, on=at.date())
        with pytest.raises(RuleBroken, match="请填写铅封编号"):
            enter_with_a_bare_seal(ledger, scale)
    assert acts() == [("verification_recorded", scale.pk), ("seal_applied", scale.pk)]
    assert Seal.objects.unscoped().get(instrument=scale).number == "川A1"
    written = Instrument.objects.unscoped().get(pk=scale.pk)
    assert (written.version, written.certificate_number, written.changed_at) == (
        scale.version + 2,
        "证川A1",
        at,
    )


def enter_with_a_bare_seal(ledger: LedgerBatch, scale: Instrument) -> None:
    with ledger.all_or_nothing():
        enter_verification(ledger, scale.pk, replace(PASSED, certificate_number="证"))
        enter_seal(ledger, scale.pk, number="", position=CASE, on=scale.registered_at.date())


def test_what_was_entered_a_moment_ago_is_known_to_the_next_act(
    stall: Entity, officer: Actor, at: datetime
) -> None:
    scale = make_instrument(stall)
    with refused("already_recorded"), open_ledger([scale.pk], by=officer, at=at) as ledger:
        for _ in range(2):
            enter_verification(ledger, scale.pk, PASSED)


def test_nozzles_and_their_dispenser_are_cleared_in_one_ledger(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    dispenser = make_instrument(stall, seal_broken=True)
    nozzles = [make_instrument(stall, parent=dispenser, seal_broken=True) for _ in range(3)]
    make_seal(dispenser, position="mainboard", broken_on=today)
    with open_ledger([nozzle.pk for nozzle in nozzles], by=officer, at=at) as ledger:
        enter_seal(ledger, dispenser.pk, number="新", position=SealPosition.MAINBOARD, on=today)
        for nozzle in nozzles:
            enter_verification(ledger, nozzle.pk, PASSED)
    assert not Instrument.objects.unscoped().filter(seal_broken=True).exists()
    assert acts()[-1] == ("verification_recorded", dispenser.pk)


def test_forty_take_as_many_statements_as_four(stall: Entity, officer: Actor, at: datetime) -> None:
    counts = []
    for count in (4, 40):
        scales = [make_instrument(stall) for _ in range(count)]
        with (
            CaptureQueriesContext(connection) as asked,
            open_ledger([scale.pk for scale in scales], by=officer, at=at) as ledger,
        ):
            for scale in scales:
                enter_verification(ledger, scale.pk, PASSED)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Verification.objects.unscoped().count() == 44


def test_another_countys_instrument_is_not_in_the_ledger(stall: Entity, officer: Actor, at: datetime) -> None:
    with refused("instrument_not_found"), open_ledger([0], by=officer, at=at) as ledger:
        enter_verification(ledger, 0, PASSED)

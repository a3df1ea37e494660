"""施封: one whole seal per position, a number once, and no revival of what a broken seal voided."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import SealPosition
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.apply_seal import apply_seal
from quanheng.apps.registry.models import Entity
from tests.factories import make_instrument, make_seal
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")
CASE = SealPosition.SCALE_CASE


def test_a_new_seal_does_not_revive_the_verification(
    stall: Entity, officer: Actor, at: datetime, today: date
) -> None:
    scale = make_instrument(stall, seal_broken=True, trusted_until=today - timedelta(days=1))
    make_seal(scale, broken_on=today)
    apply_seal(
        instrument_id=scale.pk, number="川-2", position=CASE, on=today, witness="摊主", by=officer, at=at
    )
    scale = Instrument.objects.unscoped().get(pk=scale.pk)
    assert scale.seal_broken
    told = last_act().after
    seal = told.pop("records")["seal"]
    assert told == {"seal": "川-2", "position": "scale_case", "witness": "摊主"}
    assert [(row["number"], row["applied_witness"]) for row in seal.values()] == [("川-2", "摊主")]


def test_a_dispenser_carries_three_seals(stall: Entity, officer: Actor, at: datetime, today: date) -> None:
    dispenser = make_instrument(stall)
    for place in (SealPosition.FLOW_ADJUSTER, SealPosition.ENCODER, SealPosition.MAINBOARD):
        apply_seal(
            instrument_id=dispenser.pk, number=f"封{place}", position=place, on=today, by=officer, at=at
        )
    with refused("position_sealed"):
        apply_seal(
            instrument_id=dispenser.pk,
            number="封4",
            position=SealPosition.ENCODER,
            on=today,
            by=officer,
            at=at,
        )


def test_a_broken_number_does_not_come_back(stall: Entity, officer: Actor, at: datetime, today: date) -> None:
    scale = make_instrument(stall)
    seal = make_seal(scale, broken_on=today)
    with refused("seal_number_used"):
        apply_seal(instrument_id=scale.pk, number=seal.number, position=CASE, on=today, by=officer, at=at)


@pytest.mark.parametrize(
    ("number", "days", "state", "code"),
    [
        (" ", 0, "in_use", "no_number"),
        ("川-3", 1, "in_use", "in_future"),
        ("川-3", 0, "scrapped", "already_scrapped"),
    ],
)
def test_what_is_refused(
    stall: Entity, officer: Actor, at: datetime, today: date, number: str, days: int, state: str, code: str
) -> None:
    scale = make_instrument(stall, state=state)
    with refused(code):
        apply_seal(
            instrument_id=scale.pk,
            number=number,
            position=CASE,
            on=today + timedelta(days),
            by=officer,
            at=at,
        )


@pytest.mark.parametrize("position", ["scale_case", "mainboard"])
def test_the_database_holds_one_whole_seal_per_position(stall: Entity, position: str) -> None:
    scale = make_instrument(stall)
    make_seal(scale, position=position)
    make_seal(scale, position="other")
    with pytest.raises(IntegrityError, match="one_whole_seal_per_position"), transaction.atomic():
        make_seal(scale, position=position)


def test_the_database_knows_that_a_seal_breaks_after_it_was_applied(stall: Entity) -> None:
    with pytest.raises(IntegrityError, match="seal_not_broken_before_applied"), transaction.atomic():
        make_seal(make_instrument(stall), applied_on=date(2026, 5, 2), broken_on=date(2026, 5, 1))

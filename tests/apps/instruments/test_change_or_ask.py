"""修改登记 by whoever uses an instrument: what is theirs is changed, the nameplate waits for the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.audit.models import Act
from quanheng.apps.instruments.models import Instrument, ProposedChange
from quanheng.apps.instruments.services.change_or_ask import change_or_ask
from quanheng.apps.instruments.services.decide_proposal import accept_proposal
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from tests.factories import make_instrument
from tests.factories.acts import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scale(stall: Entity, operator: Actor) -> Instrument:
    made = make_instrument(stall, model="ACS-30")
    set_scope(operator.scope)
    return made


def waiting(scale: Instrument) -> ProposedChange:
    with acting_in(EVERYTHING):
        return ProposedChange.objects.unscoped().get(instrument=scale, state="waiting")


def fresh(scale: Instrument) -> Instrument:
    with acting_in(EVERYTHING):
        return Instrument.objects.unscoped().get(pk=scale.pk)


def test_a_filed_nameplate_waits_for_the_office_and_the_rest_is_written(
    scale: Instrument, operator: Actor, officer: Actor, at: datetime
) -> None:
    changes = {"model": "XK-9", "software_version": "2.1"}
    assert change_or_ask(
        instrument_id=scale.pk, changes=changes, version=1, reason="打错", by=operator, at=at
    )
    now = fresh(scale)
    assert (now.model, now.software_version) == ("ACS-30", "2.1")
    assert waiting(scale).facts == {"model": "XK-9"}
    with acting_in(EVERYTHING):
        assert Act.objects.unscoped().get(verb="change_proposed").reason == "打错"
    with acting_in(officer.scope):
        accept_proposal(proposal_id=waiting(scale).pk, by=officer, at=at)
    assert fresh(scale).model == "XK-9"


def test_what_is_asked_for_joins_what_waits_already(scale: Instrument, operator: Actor, at: datetime) -> None:
    for name in ("model", "accuracy_class"):
        changes = {name: "Ⅱ"}
        assert change_or_ask(instrument_id=scale.pk, changes=changes, version=1, by=operator, at=at)
    assert waiting(scale).facts == {"model": "Ⅱ", "accuracy_class": "Ⅱ"}


def test_what_the_office_could_not_write_is_refused_at_once(
    scale: Instrument, stall: Entity, operator: Actor, at: datetime
) -> None:
    twin = make_instrument(stall)
    ask: dict[str, Any] = {"instrument_id": scale.pk, "version": 1, "by": operator, "at": at}
    for code, changes in (
        ("no_name", {"name": " "}),
        ("serial_number_taken", {"serial_number": twin.serial_number, "manufacturer": twin.manufacturer}),
    ):
        with refused(code):
            change_or_ask(changes=changes, **ask)
    with acting_in(EVERYTHING):
        assert not ProposedChange.objects.unscoped().exists()


def test_what_is_scrapped_is_not_asked_to_change(stall: Entity, operator: Actor, at: datetime) -> None:
    gone = make_instrument(stall, state="scrapped")
    set_scope(operator.scope)
    with refused("already_scrapped"):
        change_or_ask(instrument_id=gone.pk, changes={"model": "X"}, version=1, by=operator, at=at)

"""删除草稿: what nobody accepted can go; what was accepted cannot, and the log keeps what was there."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument, Seal, Verification
from quanheng.apps.instruments.services.delete_draft import delete_draft
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import EVERYTHING, acting_in
from quanheng.regulation.instrument_states import WITH_THE_OWNER, State
from tests.factories import make_actor, make_entity, make_instrument, make_seal, make_verification
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


@pytest.mark.parametrize("state", list(State))
def test_only_what_is_with_its_owner_can_be_deleted(
    stall: Entity, officer: Actor, at: datetime, state: State
) -> None:
    scale = make_instrument(stall, state=state, placed_on=None, serial_number="S-1")
    make_verification(scale, valid_until=date(2027, 1, 1))
    make_seal(scale)
    if state not in WITH_THE_OWNER:
        with refused("not_a_draft"):
            delete_draft(instrument_id=scale.pk, by=officer, at=at)
        assert Instrument.objects.unscoped().filter(pk=scale.pk).exists()
        return
    delete_draft(instrument_id=scale.pk, reason="重复登记", by=officer, at=at)
    for model in (Instrument, Verification, Seal):
        assert not model.objects.unscoped().exists()
    act = last_act()
    assert (act.verb, act.reason, act.before["serial_number"]) == ("draft_deleted", "重复登记", "S-1")
    assert act.after == {"removed": [[scale.pk, scale.pk]]}


def test_what_has_parts_stays_until_they_are_gone(stall: Entity, officer: Actor, at: datetime) -> None:
    whole = make_instrument(stall, state="draft", placed_on=None)
    part = make_instrument(stall, state="draft", placed_on=None, parent=whole)
    with refused("draft_stood_upon"):
        delete_draft(instrument_id=whole.pk, by=officer, at=at)
    delete_draft(instrument_id=part.pk, by=officer, at=at)
    delete_draft(instrument_id=whole.pk, by=officer, at=at)
    assert not Instrument.objects.unscoped().exists()


def test_nobody_deletes_a_strangers_draft(stall: Entity, at: datetime) -> None:
    scale = make_instrument(stall, state="draft", placed_on=None)
    stranger = make_actor(Role.INSTRUMENT_USER, entity=make_entity())
    with acting_in(stranger.scope), refused("instrument_not_found"):
        delete_draft(instrument_id=scale.pk, by=stranger, at=at)
    with acting_in(EVERYTHING):
        assert Instrument.objects.unscoped().filter(pk=scale.pk).exists()

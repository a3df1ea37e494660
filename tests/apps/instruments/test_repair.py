"""送修、维修完成: a repaired instrument must be verified again before use."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import Role
from quanheng.apps.instruments.models import Instrument, Verification
from quanheng.apps.instruments.queries.ledger import trust_of
from quanheng.apps.instruments.services.repair import record_repair, send_to_repair
from quanheng.apps.registry.models import Entity
from quanheng.kit.scope import set_scope
from quanheng.regulation.trust import Grade, Reason
from tests.factories import make_actor, make_instrument, make_verification
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


def test_repaired_is_not_verified(stall: Entity, officer: Actor, at: datetime, today: date) -> None:
    scale = make_instrument(stall)
    make_verification(scale)
    sent = today - timedelta(days=2)
    scale = send_to_repair(instrument_id=scale.pk, reason="示值漂移", on=sent, by=officer, at=at)
    assert trust_of(scale, today).reason == Reason.UNDER_REPAIR
    assert Verification.objects.unscoped().get(instrument=scale).voided_on == sent

    scale = record_repair(
        instrument_id=scale.pk, repairer="川秤维修", work="换传感器", on=today, by=officer, at=at
    )

    assert (scale.state, scale.placed_on) == ("filed", today)
    assert trust_of(scale, today).grade == Grade.RED
    assert trust_of(scale, today).reason == Reason.NEVER_VERIFIED
    assert last_act().after["repairer"] == "川秤维修"


def test_nozzles_go_with_their_dispenser(stall: Entity, officer: Actor, at: datetime, today: date) -> None:
    dispenser = make_instrument(stall)
    nozzle = make_instrument(stall, parent=dispenser)
    send_to_repair(instrument_id=dispenser.pk, reason="主板坏", on=today, by=officer, at=at)
    assert Instrument.objects.unscoped().get(pk=nozzle.pk).state == "under_repair"
    record_repair(instrument_id=dispenser.pk, repairer="川油维修", work="换主板", on=today, by=officer, at=at)
    assert Instrument.objects.unscoped().get(pk=nozzle.pk).state == "filed"


def test_who_acts_for_a_station_alone_voids_the_verification_too(
    at: datetime, today: date, stall: Entity
) -> None:
    """Verifications carry the root, not the station: the wall has to let its own people through."""
    scale = make_instrument(stall)
    verification = make_verification(scale)
    keeper = make_actor(Role.INSTRUMENT_USER, entity=stall)
    set_scope(keeper.scope)
    send_to_repair(instrument_id=scale.pk, reason="跌落", on=today, by=keeper, at=at)
    assert Verification.objects.unscoped().get(pk=verification.pk).voided_on == today


@pytest.mark.parametrize(
    ("reason", "days", "code"), [(" ", 0, "no_reason"), ("坏", 1, "in_future"), ("坏", -999, "before_placed")]
)
def test_what_is_refused(
    stall: Entity, officer: Actor, at: datetime, today: date, reason: str, days: int, code: str
) -> None:
    scale = make_instrument(stall)
    with refused(code):
        send_to_repair(instrument_id=scale.pk, reason=reason, on=today + timedelta(days), by=officer, at=at)


def test_a_repair_names_the_repairer(stall: Entity, officer: Actor, at: datetime, today: date) -> None:
    scale = make_instrument(stall, state="under_repair", placed_on=None)
    with refused("no_repairer"):
        record_repair(instrument_id=scale.pk, repairer="", work="清洁", on=today, by=officer, at=at)

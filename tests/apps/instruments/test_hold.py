"""锁机、解锁、查封扣押、解除."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries.ledger import trust_of
from quanheng.apps.instruments.services.hold import impound, lock, release, unlock
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from quanheng.regulation.trust import Reason
from tests.factories import make_instrument
from tests.factories.acts import refused

pytestmark = pytest.mark.usefixtures("as_officer")
Act = Callable[..., Instrument]


@pytest.mark.parametrize(
    ("hold", "let_go", "reason"), [(lock, unlock, Reason.LOCKED), (impound, release, Reason.IMPOUNDED)]
)
def test_held_is_red_until_let_go_and_each_happens_once(
    stall: Entity, inspector: Actor, at: datetime, today: date, hold: Act, let_go: Act, reason: Reason
) -> None:
    scale = make_instrument(stall)
    ask = {"instrument_id": scale.pk, "reason": "川市监扣〔2026〕1 号", "by": inspector, "at": at}
    with refused("not_held"):
        let_go(**ask)
    assert trust_of(hold(**ask), today).reason == reason
    with refused("already_held"):
        hold(**ask)
    assert trust_of(let_go(**ask), today).reason == Reason.VALID


@pytest.mark.parametrize("act", [lock, unlock, impound, release])
def test_every_one_says_why(stall: Entity, inspector: Actor, at: datetime, act: Act) -> None:
    scale = make_instrument(stall, locked=True, impounded=True)
    with refused("no_reason"):
        act(instrument_id=scale.pk, reason=" ", by=inspector, at=at)


def test_nobody_releases_their_own(stall: Entity, operator: Actor, at: datetime) -> None:
    scale = make_instrument(stall, impounded=True)
    set_scope(operator.scope)
    with pytest.raises(NotYours):
        release(instrument_id=scale.pk, reason="放", by=operator, at=at)

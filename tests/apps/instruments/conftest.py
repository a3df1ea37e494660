"""An instrument at a repairer, as the tests of repairs need it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.services.repair import send_to_repair
from quanheng.kit.scope import set_scope
from tests.factories import make_repairer, once_more


@pytest.fixture
def repairer(db: None) -> Actor:
    return make_repairer()


@pytest.fixture
def send(officer: Actor, repairer: Actor, at: datetime, today: date) -> Callable[[Instrument], Actor]:
    """Return what sends an instrument to the repairer and lets the repairer go on."""

    def sent(it: Instrument) -> Actor:
        set_scope(officer.scope)
        send_to_repair(
            instrument_id=it.pk, reason="示值漂移", on=today - timedelta(days=1),
            repairer_id=repairer.entity_id, by=officer, at=at,
        )  # fmt: skip
        now = once_more(repairer)
        set_scope(now.scope)
        return now

    return sent

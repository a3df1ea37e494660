"""现场检查."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.instruments.enums import CheckOutcome
from quanheng.apps.instruments.services.record_check import record_check
from quanheng.apps.registry.models import Entity
from quanheng.kit.refusal import NotYours
from quanheng.kit.scope import set_scope
from tests.factories import make_instrument
from tests.factories.acts import last_act, refused

pytestmark = pytest.mark.usefixtures("as_officer")


def test_the_log_keeps_what_was_compared(stall: Entity, inspector: Actor, at: datetime, today: date) -> None:
    scale = make_instrument(stall)
    record_check(
        instrument_id=scale.pk, outcome=CheckOutcome.PROBLEM, words="编号被刮", on=today,
        serial_matches=False, by=inspector, at=at,
    )  # fmt: skip
    act = last_act()
    assert (act.verb, act.reason) == ("checked", "编号被刮")
    assert act.after == {
        "outcome": "problem",
        "on": "2026-11-23",
        "serial_matches": False,
        "seals_match": None,
    }


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"outcome": CheckOutcome.PROBLEM}, "no_words"),
        ({"outcome": CheckOutcome.NOT_FOUND}, "no_words"),
        ({"serial_matches": False}, "outcome_contradicts"),
        ({"seals_match": False}, "outcome_contradicts"),
        ({"on": date(2026, 11, 23) + timedelta(days=1)}, "in_future"),
    ],
)
def test_what_is_refused(
    stall: Entity, inspector: Actor, at: datetime, today: date, fields: dict[str, Any], code: str
) -> None:
    scale = make_instrument(stall)
    asked: dict[str, Any] = {"outcome": CheckOutcome.NOTHING_WRONG, "words": "", "on": today} | fields
    with refused(code):
        record_check(instrument_id=scale.pk, by=inspector, at=at, **asked)


def test_only_officers_check(stall: Entity, operator: Actor, at: datetime, today: date) -> None:
    scale = make_instrument(stall)
    set_scope(operator.scope)
    with pytest.raises(NotYours):
        record_check(
            instrument_id=scale.pk, outcome=CheckOutcome.NOTHING_WRONG, words="", on=today, by=operator, at=at
        )

"""The ledger's questions: the grade in SQL is the grade of regulation.trust; what is due, and for whom."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.instruments.models import Instrument
from quanheng.apps.instruments.queries.ledger import (
    Duty,
    Next,
    due_next,
    grade_counts,
    graded,
    ledger,
    trust_of,
)
from quanheng.regulation.instrument_states import State
from quanheng.regulation.trust import Grade
from tests.factories import make_entity, make_instrument, make_item
from tests.factories.ledger import NOW

pytestmark = pytest.mark.usefixtures("everything")
TODAY = date(2026, 11, 23)
FLAGS = [{}, {"seal_broken": True}, {"seal_opened": True}, {"locked": True}, {"impounded": True}]
VERIFIED = [
    ("", None, None),
    ("failed", TODAY - timedelta(days=9), None),
    ("passed", TODAY + timedelta(days=1), None),
    ("passed", TODAY - timedelta(days=99), None),
    *(("passed", TODAY - timedelta(days=99), TODAY + timedelta(days=left)) for left in (-1, 0, 29, 30)),
]


def test_sql_and_the_rule_agree_on_every_combination() -> None:
    entity, item = make_entity(), make_item()
    every = product(State, FLAGS, VERIFIED, ("recorded", "declared"), (None, TODAY))
    rows = [
        Instrument(
            entity=entity, root=entity, area=entity.area, premises="market", item=item, name="秤",
            state=state, manufacturer="厂", serial_number=f"{place}", result=result, verified_on=verified_on,
            valid_until=valid_until, provenance=provenance, disputed_on=doubted, registered_at=NOW,
            changed_at=NOW, **flags,
        )
        for place, (state, flags, (result, verified_on, valid_until), provenance, doubted) in enumerate(every)
    ]  # fmt: skip
    Instrument.objects.unscoped().bulk_create(rows)
    mine = ledger(SYSTEM).filter(entity=entity)
    expected = {row.pk: trust_of(row, TODAY).grade for row in mine}
    for grade in Grade:
        found = set(mine.filter(graded(grade, TODAY)).values_list("pk", flat=True))
        assert found == {pk for pk, judged in expected.items() if judged == grade}
    assert grade_counts(mine, TODAY) == {grade: list(expected.values()).count(grade) for grade in Grade}
    assert len(set(expected.values())) == 4


@pytest.mark.parametrize(
    ("fields", "what", "duty"),
    [
        ({"state": "draft"}, Next.SUBMIT, Duty.OWNER),
        ({"state": "filing"}, Next.REVIEW, Duty.OFFICE),
        ({"state": "returned"}, Next.CORRECT, Duty.OWNER),
        ({"state": "failed"}, Next.REPAIR_OR_STOP, Duty.OWNER),
        ({"state": "under_repair"}, Next.FINISH_REPAIR, Duty.OWNER),
        ({"state": "under_verification"}, Next.AWAIT_RESULT, Duty.INSTITUTE),
        ({"state": "stopped"}, Next.NOTHING, Duty.NOBODY),
        ({"seal_broken": True}, Next.SEAL_AND_VERIFY, Duty.OWNER),
        ({"impounded": True, "seal_broken": True}, Next.RELEASE, Duty.OFFICE),
        ({"locked": True}, Next.UNLOCK, Duty.OWNER),
        ({"disputed_on": TODAY}, Next.DECIDE, Duty.OFFICE),
        ({"disputed_on": TODAY, "provenance": "issued"}, Next.DECIDE_REVOCATION, Duty.INSTITUTE),
        ({"valid_until": date(2026, 11, 22)}, Next.VERIFY, Duty.OWNER),
        ({"result": "", "verified_on": None, "valid_until": None}, Next.VERIFY, Duty.OWNER),
        ({"valid_until": None}, Next.NOTHING, Duty.NOBODY),
        ({"provenance": "declared"}, Next.CONFIRM, Duty.OFFICE),
        ({}, Next.RENEW, Duty.OWNER),
    ],
)
def test_what_is_due_next_and_whose_turn_it_is(fields: dict[str, Any], what: Next, duty: Duty) -> None:
    due = due_next(make_instrument(**fields), TODAY)
    assert (due.what, due.duty) == (what, duty)
    assert due.by == (date(2026, 12, 31) if what == Next.RENEW else None)

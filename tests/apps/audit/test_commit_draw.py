"""The commitment of a draw stands in the public log, once, by name and digest and without an instrument."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from quanheng.adapters.public_log import LogFolder
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.audit.acts import DRAW_COMMITTED
from quanheng.apps.audit.commit_draw import commit_draw, commitment_act
from quanheng.apps.audit.log.checking import check
from quanheng.apps.audit.log.proving import index_of, prove
from quanheng.apps.audit.log.sealing import Sealed
from quanheng.apps.audit.models import Act
from quanheng.apps.audit.services import record
from quanheng.apps.instruments.acts import VERIFICATION_RECORDED
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.scope import EVERYTHING, acting_in, set_scope
from tests.factories.log import waiting_row

pytestmark = pytest.mark.django_db
DIGEST, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
def committing(at: datetime) -> Callable[..., Act]:
    """Return a function that commits to a draw of a round that is known an hour later."""

    def one(**changes: Any) -> Act:
        asked = {
            "draw_id": "Q1-2027", "digest": DIGEST, "known_at": at + timedelta(hours=1), "seed_round": 9,
            "by": SYSTEM, "at": at,
        }  # fmt: skip
        with acting_in(EVERYTHING):
            return commit_draw(**{**asked, **changes})

    return one


def test_anybody_reads_in_the_log_what_was_committed_to(
    committing: Callable[..., Act], sealing: Callable[[], Sealed], folder: LogFolder
) -> None:
    act = committing()
    published = sealing().checkpoint
    index = index_of(act.pk)
    assert index is not None
    entry = json.loads(prove(index, folder).entry)
    assert entry["facts"] == {"draw_id": "Q1-2027", "digest": DIGEST, "round": 9}
    assert (entry["verb"], entry["instrument"], entry["at"]) == (
        "draw_committed",
        None,
        "2026-11-23T02:00:00Z",
    )
    with acting_in(EVERYTHING):
        assert check(folder, published).findings == ()


def test_another_act_without_an_instrument_tells_none_of_its_facts(at: datetime) -> None:
    with acting_in(EVERYTHING):
        act = record(VERIFICATION_RECORDED, by=SYSTEM, at=at, after={"digest": DIGEST, "draw_id": "Q1-2027"})
        row = waiting_row(act.pk)
    assert json.loads(row.entry())["facts"] == {}


def test_the_same_commitment_again_is_the_act_that_is_there(
    committing: Callable[..., Act], at: datetime
) -> None:
    """Also when the seed is known by then: its proof may be fetched at any time."""
    first = committing()
    again, late = committing(), committing(at=at + timedelta(hours=2))
    assert again.pk == late.pk == first.pk
    assert late.at == at


@pytest.mark.parametrize(
    "changes",
    [{"digest": OTHER}, {"draw_id": "Ｑ1-2027"}, {"draw_id": "q1-2027"}],
    ids=["digest", "width", "case"],
)
def test_another_commitment_of_the_same_draw_is_refused(
    committing: Callable[..., Act], changes: dict[str, str]
) -> None:
    """Who could commit twice would keep the one whose result he likes."""
    committing()
    with pytest.raises(RuleBroken, match=DIGEST) as refused:
        committing(**changes)
    assert refused.value.code == "another_commitment"


def test_the_database_holds_one_commitment_of_a_draw_whoever_writes_it(
    committing: Callable[..., Act], at: datetime
) -> None:
    act = committing()
    with pytest.raises(IntegrityError, match="one_commitment_of_a_draw"), acting_in(EVERYTHING):
        record(DRAW_COMMITTED, by=SYSTEM, at=at, subject=act.subject, after={"digest": OTHER})


def test_a_commitment_whose_seed_is_known_is_refused(committing: Callable[..., Act], at: datetime) -> None:
    with pytest.raises(RuleBroken) as refused:
        committing(known_at=at)
    assert refused.value.code == "too_late"


def test_parties_have_no_round(committing: Callable[..., Act]) -> None:
    act = committing(known_at=None, seed_round=None)
    assert act.after == {"draw_id": "Q1-2027", "digest": DIGEST}


def test_a_name_that_the_log_cannot_hold_is_refused(committing: Callable[..., Act]) -> None:
    with pytest.raises(RuleBroken) as refused:
        committing(draw_id="Q" * 81)
    assert refused.value.code == "name_too_long"


def test_while_the_log_stands_still_nothing_is_committed_to(
    committing: Callable[..., Act], acts: Callable[[int], list[Act]], at: datetime
) -> None:
    acts(1)
    with pytest.raises(RuleBroken) as refused:
        committing(at=at + timedelta(days=3650), known_at=None)
    assert refused.value.code == "log_stands_still"


def test_a_draw_that_nobody_committed_to_has_no_act() -> None:
    with transaction.atomic():
        set_scope(EVERYTHING)
        assert commitment_act("Q9-2099") is None

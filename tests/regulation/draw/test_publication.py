"""What the public log must say of a draw, and what then differs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.draw.proof import make_proof
from quanheng.regulation.draw.publication import (
    Publication,
    read_publication,
    was_signed_before,
    with_publication,
)
from quanheng.regulation.draw.seed import BeaconSource, Nonces, round_time
from quanheng.regulation.draw.verification import Verification
from tests.regulation.draw.frames import BEACON, BEFORE, ROUND
from tests.regulation.draw.test_proof import (
    COMMITMENT,
    FRAME,
    NONCES,
    PARTIES,
    TEXT,
    checked,
    committed,
    verify,
)

KNOWN = round_time(ROUND, BEACON)
ENTRY: dict[str, Any] = {
    "act": 7, "at": "2023-09-15T08:00:00Z", "content": "00", "instrument": None, "v": 2,
    "verb": "draw_committed", "facts": {"draw_id": "Q1-2026", "digest": COMMITMENT.digest, "round": ROUND},
}  # fmt: skip


def written(**changes: Any) -> Publication:
    return read_publication(json.dumps({**ENTRY, **changes}).encode(), 41)


def fields(found: Verification) -> list[str]:
    return [one.field for one in found.differences]


def test_a_commitment_that_was_in_the_log_before_the_round_holds() -> None:
    found = with_publication(checked(TEXT), written())
    assert found.holds
    assert found.known_at == KNOWN == datetime.fromtimestamp(1692803367 + 3 * (ROUND - 1), UTC)


def test_a_draw_without_its_entry_in_the_log_differs() -> None:
    """Who commits after the seed is known chooses the result, and everything else holds all the same."""
    found = with_publication(checked(TEXT), None)
    assert fields(found) == ["log"]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1)])
def test_a_commitment_written_when_the_seed_was_known_differs(late: timedelta) -> None:
    found = with_publication(checked(TEXT), written(at=(KNOWN + late).isoformat()))
    assert fields(found) == ["log.at"]


def test_the_entry_of_another_draw_or_commitment_differs() -> None:
    other = written(facts={"draw_id": "Q2-2026", "digest": "ab" * 32})
    assert fields(with_publication(checked(TEXT), other)) == ["log.draw_id", "log.digest"]


def test_the_log_stands_before_what_else_differs() -> None:
    wrong = TEXT.replace('"seed":"fc', '"seed":"fd')
    assert fields(with_publication(checked(wrong), None)) == ["log", "seed"]


def test_when_parties_revealed_is_not_known() -> None:
    commitment = committed(source=PARTIES, inspectors=None, per_task=0)
    found = checked(make_proof(commitment, FRAME, Nonces(NONCES), verify))
    assert found.known_at is None
    entry = written(facts={"draw_id": "Q1-2026", "digest": commitment.digest})
    assert with_publication(found, entry).holds
    assert not was_signed_before(found, replace(entry, signed_at=BEFORE))


def test_of_a_beacon_that_no_rule_knows_nobody_can_say_when() -> None:
    commitment = committed(packs=(), source=BeaconSource("ab" * 32, ROUND))
    proof = json.loads(TEXT) | {"commitment": commitment.content(), "commitment_sha256": commitment.digest}
    found = checked(proof)
    assert found.known_at is None
    assert not found.holds


def test_only_a_checkpoint_signed_before_proves_that_it_stood_there() -> None:
    found, entry = checked(TEXT), written()
    assert was_signed_before(found, replace(entry, signed_at=KNOWN - timedelta(seconds=1)))
    assert not was_signed_before(found, replace(entry, signed_at=KNOWN))
    assert not was_signed_before(found, entry)


@pytest.mark.parametrize(
    "entry",
    [
        b"", b"[]", b"null", b"\xff", b'{"content":"00","v":2}',
        json.dumps(ENTRY | {"verb": "seal_applied"}).encode(),
        json.dumps(ENTRY | {"at": "2023-09-15T08:00:00"}).encode(),
        json.dumps(ENTRY | {"at": 7}).encode(),
        json.dumps(ENTRY | {"facts": {"digest": "00"}}).encode(),
    ],
)  # fmt: skip
def test_an_entry_that_tells_of_no_commitment_is_refused(entry: bytes) -> None:
    with pytest.raises(CaseFault) as refused:
        read_publication(entry, 3)
    assert refused.value.code == "no_commitment"

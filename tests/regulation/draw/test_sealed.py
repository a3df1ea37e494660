"""A secret beside the beacon: nobody foresees who is drawn, and nobody chose it."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from quanheng.adapters.beacon import verify_round
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped
from quanheng.regulation.draw.commitment import commit, parse_commitment
from quanheng.regulation.draw.frame import Frame
from quanheng.regulation.draw.proof import make_proof, proof_text, seed_of
from quanheng.regulation.draw.seed import (
    BeaconReveal,
    BeaconSource,
    Nonces,
    Party,
    PartySource,
    SealedReveal,
    SealedSource,
    round_time,
    sealed_seed,
)
from quanheng.regulation.draw.tickets import draw
from quanheng.regulation.draw.verification import verify_proof
from tests.regulation.draw.frames import (
    BEACON,
    BEFORE,
    CHAIN,
    OPENED,
    ROUND,
    SEALED,
    SEED,
    SIGNATURE,
    UNSEALED,
    frame,
)

verify = verify_round(shipped())
FRAME = frame({"510104": 40, "510105": 11})
QUOTAS = {"510104": 8, "510105": 3}
COMMITMENT = commit(
    draw_id="Q1-2026", committed_at=BEFORE, frame=FRAME, quotas=QUOTAS, source=SEALED, packs=(BEACON,)
)
TEXT = proof_text(make_proof(COMMITMENT, FRAME, UNSEALED, verify))


def drawn(seed: str, held: Frame = FRAME) -> set[str]:
    return set(draw(held, QUOTAS, seed=seed, draw_id="Q1-2026").units)


def test_the_seed_is_the_hash_of_the_randomness_and_the_secret() -> None:
    expected = sha256(bytes.fromhex(SEED) + bytes.fromhex(OPENED)).hexdigest()
    assert sealed_seed(SEALED, UNSEALED, verify).value == expected != SEED


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (replace(UNSEALED, secret="00" * 32), "wrong_secret"),
        (replace(UNSEALED, secret=OPENED[:-2]), "wrong_length"),
        (replace(UNSEALED, secret=OPENED + "00"), "wrong_length"),
        (replace(UNSEALED, secret=""), "wrong_length"),
        (replace(UNSEALED, beacon=BeaconReveal(ROUND + 1, SIGNATURE)), "after_committed"),
        (replace(UNSEALED, beacon=BeaconReveal(ROUND, "00" * 48)), "wrong_signature"),
    ],
)
def test_another_secret_or_round_is_refused(changed: SealedReveal, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        sealed_seed(SEALED, changed, verify)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text", ["", "ab", SEALED.commitment.upper(), SEALED.commitment[:-1], SEALED.commitment + "\n"]
)
def test_a_commitment_that_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(CaseFault) as refused:
        SealedSource(BeaconSource(CHAIN, ROUND), text)
    assert refused.value.code == "not_a_hash"


def test_neither_the_beacon_alone_nor_the_secret_alone_makes_a_seed() -> None:
    nonces = Nonces({"局": OPENED, "协会": "11" * 32})
    parties = PartySource((Party("局", "11" * 32), Party("协会", "22" * 32)), 2)
    for source, reveal in (
        (SEALED, UNSEALED.beacon), (SEALED, nonces), (SEALED.beacon, UNSEALED), (parties, UNSEALED),
    ):  # fmt: skip
        with pytest.raises(CaseFault) as refused:
            seed_of(replace(COMMITMENT, source=source), reveal, verify)
        assert refused.value.code == "another_kind"


def test_the_document_says_which_secret_without_saying_it() -> None:
    assert json.loads(COMMITMENT.text)["seed"] == {
        "kind": "beacon_and_secret", "chain_hash": CHAIN, "round": ROUND, "secret_sha256": SEALED.commitment,
    }  # fmt: skip
    assert OPENED not in COMMITMENT.text
    assert parse_commitment(json.loads(COMMITMENT.text)) == COMMITMENT


def test_a_sealed_proof_holds_and_the_round_says_when_it_had_to_be_committed() -> None:
    found = verify_proof(TEXT, shipped(), verify)
    assert (found.holds, found.drawn) == (True, 11)
    assert found.known_at == round_time(ROUND, BEACON)


def test_another_secret_does_not_verify() -> None:
    proof = json.loads(TEXT)
    proof["reveal"]["secret"] = "00" * 32
    assert [one.field for one in verify_proof(proof_text(proof), shipped(), verify).differences] == [
        "reveal.secret"
    ]


@pytest.mark.parametrize("secret", [OPENED.upper(), OPENED[:-2], int(OPENED[:10], 16), None])
def test_a_secret_in_another_form_is_no_proof(secret: object) -> None:
    proof = json.loads(TEXT)
    proof["reveal"]["secret"] = secret
    with pytest.raises(CaseFault, match=r"reveal\.secret"):
        verify_proof(proof_text(proof), shipped(), verify)


def test_a_sealed_draw_cannot_take_a_round_that_is_known() -> None:
    with pytest.raises(CaseFault) as refused:
        commit(
            draw_id="Q1-2026", committed_at=round_time(ROUND, BEACON), frame=FRAME, quotas=QUOTAS,
            source=SEALED, packs=(BEACON,),
        )  # fmt: skip
    assert refused.value.code == "not_future"


def test_all_that_is_public_before_the_secret_opens_tells_no_better_than_the_quota() -> None:
    """Whoever guesses from frame, quotas, commitment and beacon is right as often as chance is.

    The best guess is the draw by what is public: by the randomness alone, or mixed with the secret's hash.
    """
    guesses = (SEED, sha256(bytes.fromhex(SEED) + bytes.fromhex(SEALED.commitment)).hexdigest())
    assert drawn(SEED) == drawn(guesses[0]), "without a secret the guess is the draw"
    secrets = [sha256(bytes([n // 256, n % 256])).hexdigest() for n in range(400)]
    made = [
        drawn(sealed_seed(
            SealedSource(SEALED.beacon, sha256(bytes.fromhex(secret)).hexdigest()),
            replace(UNSEALED, secret=secret), lambda *_: True,
        ).value)
        for secret in secrets
    ]  # fmt: skip
    chance = sum(quota * quota / size for quota, size in ((8, 40), (3, 11)))
    for guess in guesses:
        right = sum(len(drawn(guess) & one) for one in made) / len(made)
        assert abs(right - chance) < 0.25, "four standard errors of the mean"
    own = min(drawn(SEED))
    assert own.startswith("510104-")
    assert abs(sum(own in one for one in made) / len(made) - 8 / 40) < 0.1

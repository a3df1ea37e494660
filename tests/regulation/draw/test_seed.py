"""The seed: what nobody could know when the draw was committed to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.adapters.beacon import verify_round
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped
from quanheng.regulation.draw.seed import (
    BeaconReveal,
    BeaconSource,
    Nonces,
    Party,
    PartySource,
    beacon_seed,
    first_round_from,
    party_seed,
    round_time,
)
from tests.regulation.draw.frames import BEACON, CHAIN, ROUND, SEED, SIGNATURE

verify = verify_round(shipped())
NONCES = {name: sha256(name.encode()).hexdigest() for name in ("局", "协会", "消委会")}
PARTIES = tuple(Party(name, sha256(bytes.fromhex(nonce)).hexdigest()) for name, nonce in NONCES.items())


def test_a_round_of_the_beacon_is_verified_without_a_network() -> None:
    assert beacon_seed(BeaconSource(CHAIN, ROUND), BeaconReveal(ROUND, SIGNATURE), verify).value == SEED


@pytest.mark.parametrize(
    ("committed", "reveal", "code"),
    [
        (ROUND + 1, BeaconReveal(ROUND + 1, SIGNATURE), "wrong_signature"),
        (ROUND, BeaconReveal(ROUND, SIGNATURE[:-2] + "7c"), "wrong_signature"),
        (ROUND, BeaconReveal(ROUND, "00" * 48), "wrong_signature"),
        (ROUND, BeaconReveal(ROUND - 1, SIGNATURE), "before_committed"),
        (ROUND, BeaconReveal(ROUND + 1, SIGNATURE), "after_committed"),
    ],
)
def test_another_round_or_signature_is_refused(committed: int, reveal: BeaconReveal, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        beacon_seed(BeaconSource(CHAIN, committed), reveal, verify)
    assert refused.value.code == code


def test_a_chain_that_nobody_knows_is_not_believed() -> None:
    with pytest.raises(CaseFault, match="不是该信标"):
        beacon_seed(BeaconSource("00" * 32, ROUND), BeaconReveal(ROUND, SIGNATURE), verify)


def test_the_hash_of_the_chain_binds_its_key_and_its_times() -> None:
    chain = BEACON.table("chain").values
    material = (
        chain["period_seconds"].to_bytes(4, "big")
        + chain["genesis_time"].to_bytes(8, "big")
        + bytes.fromhex(chain["public_key"])
        + bytes.fromhex(chain["group_hash"])
        + chain["beacon_id"].encode()
    )
    assert sha256(material).hexdigest() == CHAIN


def test_rounds_and_their_times_as_another_client_has_them() -> None:
    assert round_time(27946612, BEACON) == datetime(2026, 4, 20, tzinfo=UTC)
    assert first_round_from(datetime(2026, 4, 20, tzinfo=UTC), BEACON) == 27946612
    assert first_round_from(datetime(2026, 4, 20, 12, 30, 45, tzinfo=UTC), BEACON) == 27961627
    assert first_round_from(datetime(2020, 1, 1, tzinfo=UTC), BEACON) == 1


@given(st.datetimes(datetime(2023, 8, 24), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_first_round_is_the_first(instant: datetime) -> None:
    number = first_round_from(instant, BEACON)
    assert round_time(number, BEACON) - timedelta(seconds=3) < instant <= round_time(number, BEACON)


@pytest.mark.parametrize("number", [0, -1, 10**10 + 1])
def test_a_round_that_no_chain_will_see_is_refused(number: int) -> None:
    with pytest.raises(CaseFault, match="轮次"):
        BeaconSource(CHAIN, number)


def test_the_seed_of_parties_is_the_hash_of_their_nonces_in_order() -> None:
    source = PartySource(PARTIES, 2)
    together = b"".join(bytes.fromhex(nonce) for nonce in NONCES.values())
    assert party_seed(source, Nonces(dict(reversed(NONCES.items())))).value == sha256(together).hexdigest()


def test_who_keeps_its_nonce_back_is_named() -> None:
    seed = party_seed(PartySource(PARTIES, 2), Nonces({n: v for n, v in NONCES.items() if n != "协会"}))
    assert seed.silent == ("协会",)
    assert seed.value == sha256(bytes.fromhex(NONCES["局"] + NONCES["消委会"])).hexdigest()


@pytest.mark.parametrize(
    ("threshold", "told", "code"),
    [
        (3, {"局": NONCES["局"], "协会": NONCES["协会"]}, "too_few"),
        (2, {}, "too_few"),
        (2, {**NONCES, "局": NONCES["协会"]}, "wrong_nonce"),
        (2, {**NONCES, "路人": "00"}, "stranger"),
    ],
)
def test_a_reveal_that_does_not_fit_is_refused(threshold: int, told: dict[str, str], code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        party_seed(PartySource(PARTIES, threshold), Nonces(told))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("parties", "threshold", "field"),
    [
        (PARTIES, 1, "threshold"),
        (PARTIES, 4, "threshold"),
        ((*PARTIES, PARTIES[0]), 2, "parties"),
        ((*PARTIES, Party("抄袭者", PARTIES[0].commitment)), 2, "parties"),
    ],
)
def test_parties_that_could_not_be_trusted_are_refused(
    parties: tuple[Party, ...], threshold: int, field: str
) -> None:
    with pytest.raises(CaseFault) as refused:
        PartySource(parties, threshold)
    assert refused.value.field == field

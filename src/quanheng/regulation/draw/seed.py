"""The seed of a draw: what nobody could know when the draw was committed to.

Either a round of a public beacon that was still in the future, its signature verified without a network, or
nonces of several parties who had published the hash of theirs. A party that then keeps its nonce back is
named in the proof: it could have known the result of not telling. The threshold says how many must tell.

A beacon alone tells whoever holds the frame, or only its own code, at once who is drawn. Where that must not
be known before the visit, a secret of the office, committed to beforehand by its hash, enters the seed beside
the beacon: the office cannot choose, and nobody else can foresee until the secret is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell

SIGNATURE_BYTES, NONCE_BYTES, SECRET_BYTES = 48, 32, 32
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
LATEST_ROUND = 10**10  # some nine centuries of rounds of three seconds

VerifyRound = Callable[[str, int, bytes], bool]  # chain hash, round, signature


@dataclass(frozen=True, slots=True)
class BeaconSource:
    """The seed will be this round of this chain. Raises CaseFault for a round that no chain will see."""

    chain_hash: str
    round: int

    def __post_init__(self) -> None:
        if not 1 <= self.round <= LATEST_ROUND:
            raise CaseFault(
                "round",
                "outside",
                tell(
                    "轮次应在 1 至 {latest_round} 之间，现为 {round}。",
                    latest_round=LATEST_ROUND,
                    round=self.round,
                ),
            )


@dataclass(frozen=True, slots=True)
class BeaconReveal:
    """What the beacon published: 48 bytes of BLS signature, in hexadecimal."""

    round: int
    signature: str


@dataclass(frozen=True, slots=True)
class SealedSource:
    """The seed will be this round of the beacon together with a secret, known by its hash until it is opened.

    Args:
        commitment: SHA-256 of the secret's 32 bytes, 64 small hexadecimal digits.

    Raises:
        CaseFault: the commitment is no such hash.
    """

    beacon: BeaconSource
    commitment: str

    def __post_init__(self) -> None:
        if not HASH.fullmatch(self.commitment):
            message = "秘密数的承诺应为 64 位小写十六进制的 SHA-256 值，请重新计算。"
            raise CaseFault("commitment", "not_a_hash", message)


@dataclass(frozen=True, slots=True)
class SealedReveal:
    """What the beacon published, and the secret of 32 bytes that was opened, in hexadecimal."""

    beacon: BeaconReveal
    secret: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part in a commit-reveal seed: SHA-256 of its nonce of 32 bytes, in hexadecimal."""

    name: str
    commitment: str


@dataclass(frozen=True, slots=True)
class PartySource:
    """The seed will be SHA-256 of the parties' nonces in this order.

    Raises:
        CaseFault: a threshold below two or above the number of parties; a party or a commitment that stands
            twice (who copies another's commitment can copy its nonce as well).
    """

    parties: tuple[Party, ...]
    threshold: int

    def __post_init__(self) -> None:
        if not 2 <= self.threshold <= len(self.parties):
            message = tell(
                "门限应在 2 至参与方数 {parties} 之间，现为 {threshold}。",
                parties=len(self.parties),
                threshold=self.threshold,
            )
            raise CaseFault("threshold", "outside", message)
        for values in ([party.name for party in self.parties], [party.commitment for party in self.parties]):
            if len(set(values)) != len(values):
                raise CaseFault("parties", "duplicate", "参与方名称和承诺值都不能重复。")


@dataclass(frozen=True, slots=True)
class Nonces:
    """What the parties revealed, by name, in hexadecimal."""

    by_party: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seed:
    """The seed, 64 hexadecimal digits, and which parties kept their nonce back."""

    value: str
    silent: tuple[str, ...] = ()


def beacon_seed(source: BeaconSource, reveal: BeaconReveal, verify: VerifyRound) -> Seed:
    """Return the seed: SHA-256 of the round's signature, which is the beacon's randomness.

    Raises:
        CaseFault: not the round that was committed to (an earlier one was known by then, and who might take a
            later one could choose), or a signature that the chain did not make.
    """
    if reveal.round < source.round:
        raise CaseFault(
            "reveal.round",
            "before_committed",
            tell(
                "第 {revealed} 轮早于承诺的第 {committed} 轮。", revealed=reveal.round, committed=source.round
            ),
        )
    if reveal.round > source.round:
        message = tell(
            "第 {revealed} 轮晚于承诺的第 {committed} 轮；只能使用所承诺的轮次。",
            revealed=reveal.round,
            committed=source.round,
        )
        raise CaseFault("reveal.round", "after_committed", message)
    signature = bytes.fromhex(reveal.signature)
    if not verify(source.chain_hash, reveal.round, signature):
        raise CaseFault(
            "reveal.signature",
            "wrong_signature",
            tell("签名不是该信标第 {revealed} 轮的签名。", revealed=reveal.round),
        )
    return Seed(sha256(signature).hexdigest())


def sealed_seed(source: SealedSource, reveal: SealedReveal, verify: VerifyRound) -> Seed:
    """Return the seed: SHA-256 of the beacon's randomness (32 bytes) followed by the secret (32 bytes).

    Raises:
        CaseFault: as `beacon_seed`; a secret of another length, or another than was committed to.
    """
    randomness = bytes.fromhex(beacon_seed(source.beacon, reveal.beacon, verify).value)
    secret = bytes.fromhex(reveal.secret)
    if len(secret) != SECRET_BYTES:
        message = tell("秘密数应为 {length} 字节，现为 {count}。", length=SECRET_BYTES, count=len(secret))
        raise CaseFault("reveal.secret", "wrong_length", message)
    if sha256(secret).hexdigest() != source.commitment:
        raise CaseFault("reveal.secret", "wrong_secret", "揭示的秘密数与其承诺不符；只能用承诺时的那一个。")
    return Seed(sha256(randomness + secret).hexdigest())


def party_seed(source: PartySource, reveal: Nonces) -> Seed:
    """Return the seed: SHA-256 of the nonces that were revealed, in the order of the commitment.

    Raises:
        CaseFault: a nonce that does not fit its commitment, of nobody, or fewer than the threshold.
    """
    told = []
    for party in source.parties:
        nonce = reveal.by_party.get(party.name)
        if nonce is None:
            continue
        if sha256(bytes.fromhex(nonce)).hexdigest() != party.commitment:
            raise CaseFault(
                f"reveal.nonces[{party.name}]",
                "wrong_nonce",
                tell("{name} 揭示的数与其承诺不符。", name=party.name),
            )
        told.append(bytes.fromhex(nonce))
    names = tuple(party.name for party in source.parties)
    if strangers := sorted(set(reveal.by_party) - set(names)):
        raise CaseFault(
            f"reveal.nonces[{strangers[0]}]",
            "stranger",
            tell("{stranger} 不是参与方。", stranger=strangers[0]),
        )
    if len(told) < source.threshold:
        message = tell(
            "只有 {count} 方揭示，至少应有 {threshold} 方。", count=len(told), threshold=source.threshold
        )
        raise CaseFault("reveal.nonces", "too_few", message)
    silent = tuple(name for name in names if name not in reveal.by_party)
    return Seed(sha256(b"".join(told)).hexdigest(), silent)


def round_time(number: int, pack: RulePack) -> datetime:
    """Return when the beacon publishes a round (rule pack `draw/beacon`)."""
    chain = pack.table("chain").values
    seconds: int = chain["genesis_time"] + (number - 1) * chain["period_seconds"]
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def first_round_from(instant: datetime, pack: RulePack) -> int:
    """Return the first round that the beacon publishes at or after an instant with a time zone."""
    chain = pack.table("chain").values
    since = instant - datetime(1970, 1, 1, tzinfo=UTC) - timedelta(seconds=chain["genesis_time"])
    return max(1, 1 - (-since // timedelta(seconds=chain["period_seconds"])))

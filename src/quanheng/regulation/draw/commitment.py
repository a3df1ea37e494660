"""What is published before anybody can know the seed; after it nothing is left to choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell
from quanheng.regulation.draw.documents import HASH_BYTES, Fields, canonical_json, digest, within
from quanheng.regulation.draw.frame import CLUSTER, Frame
from quanheng.regulation.draw.quotas import check_feasible, eligible_sizes, minimum_quotas, sizes
from quanheng.regulation.draw.seed import BeaconSource, Party, PartySource, SealedSource, round_time
from quanheng.regulation.draw.tickets import UNIT, check_draw_id

FORMAT = "quanheng-draw-commitment/1"
ALGORITHM = "sha256-tickets/1"
BEACON, PARTIES, SEALED = "drand", "commit-reveal", "beacon_and_secret"
BEACON_RULE = "draw/beacon"
DEMONSTRATION_RULE = "draw/demonstration-beacon"  # signed by anybody: believed in a demonstration alone
Source = BeaconSource | PartySource | SealedSource


@dataclass(frozen=True, slots=True)
class FrameReference:
    """A frame by its hash."""

    digest: str
    rows: int
    columns: tuple[str, ...]

    @classmethod
    def of(cls, frame: Frame) -> FrameReference:
        return cls(frame.digest, len(frame.rows), frame.columns)

    def content(self) -> dict[str, Any]:
        return {"sha256": self.digest, "rows": self.rows, "columns": list(self.columns)}


@dataclass(frozen=True, slots=True)
class PackReference:
    """A rule pack by its hash."""

    rule: str
    edition: str
    digest: str


@dataclass(frozen=True)
class Commitment:
    """The commitment of one draw; build it with `commit` or `parse_commitment`.

    Args:
        committed_at: as stated; that it was then is proved by the public log, not here.
        quotas: units to draw in each stratum.
        selection: ``"unit"`` or ``"cluster"``.
        inspectors, per_task: their frame, and how many go on each task; None and 0 where none are matched.
    """

    draw_id: str
    committed_at: datetime
    frame: FrameReference
    quotas: Mapping[str, int]
    source: Source
    packs: tuple[PackReference, ...] = ()
    selection: str = UNIT
    inspectors: FrameReference | None = None
    per_task: int = 0

    def content(self) -> dict[str, Any]:
        """Return the commitment as plain data."""
        return {
            "format": FORMAT,
            "algorithm": ALGORITHM,
            "draw_id": self.draw_id,
            "committed_at": self.committed_at.isoformat(),
            "frame": self.frame.content(),
            "quotas": [{"stratum": name, "quota": self.quotas[name]} for name in sorted(self.quotas)],
            "selection": self.selection,
            "seed": _source_content(self.source),
            "rule_packs": [
                {"rule": pack.rule, "edition": pack.edition, "digest": pack.digest} for pack in self.packs
            ],
            "inspectors": self.inspectors and {**self.inspectors.content(), "per_task": self.per_task},
        }

    @cached_property
    def text(self) -> str:
        """The canonical JSON: what is published and logged."""
        return canonical_json(self.content())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return digest(self.text)


def commit(
    *,
    draw_id: str,
    committed_at: datetime,
    frame: Frame,
    quotas: Mapping[str, int],
    source: Source,
    packs: Sequence[RulePack] = (),
    selection: str = UNIT,
    inspectors: Frame | None = None,
    per_task: int = 0,
) -> Commitment:
    """Return the commitment of a draw.

    Args:
        committed_at: with a time zone.
        packs: the rules it follows: quotas below their minimum, or a beacon round that is not in the future,
            are refused.

    Raises:
        CaseFault: the draw could not be made, or not by the rules.
    """
    check_draw_id(draw_id)
    commitment = Commitment(
        draw_id=draw_id,
        committed_at=committed_at,
        frame=FrameReference.of(frame),
        quotas=dict(quotas),
        source=source,
        packs=tuple(PackReference(pack.rule, pack.edition, pack.digest) for pack in packs),
        selection=selection,
        inspectors=FrameReference.of(inspectors) if inspectors else None,
        per_task=per_task,
    )
    check_feasible(quotas, eligible_sizes(frame))
    for fault in rule_faults(commitment, frame, packs):
        raise fault
    return commitment


def beacon_of(source: Source) -> BeaconSource | None:
    """Return the round of a beacon that enters the seed; None where parties alone make it."""
    if isinstance(source, SealedSource):
        return source.beacon
    return source if isinstance(source, BeaconSource) else None


def rule_faults(commitment: Commitment, frame: Frame, packs: Sequence[RulePack]) -> Iterator[CaseFault]:
    """Yield what in a commitment does not follow the rules."""
    for pack in packs:
        if "quota" in pack.tables:
            yield from _quota_faults(commitment, frame, pack)
        if pack.rule in (BEACON_RULE, DEMONSTRATION_RULE) and (beacon := beacon_of(commitment.source)):
            yield from _beacon_faults(commitment, beacon, pack)
        if "inspectors" in pack.tables and commitment.inspectors:
            least = pack.table("inspectors").values["per_task"]
            if commitment.per_task < least:
                message = tell(
                    "每项任务应派 {least} 人，承诺为 {per_task} 人。",
                    least=least,
                    per_task=commitment.per_task,
                )
                yield CaseFault("inspectors.per_task", "below_minimum", message)


def _quota_faults(commitment: Commitment, frame: Frame, pack: RulePack) -> Iterator[CaseFault]:
    for stratum, least in minimum_quotas(sizes(frame), pack).items():
        quota = commitment.quotas.get(stratum, 0)
        if quota < least:
            message = tell(
                "{stratum} 应抽不少于 {least}，承诺为 {quota}。", stratum=stratum, least=least, quota=quota
            )
            yield CaseFault(f"quotas[{stratum}]", "below_minimum", message)


def _beacon_faults(commitment: Commitment, source: BeaconSource, pack: RulePack) -> Iterator[CaseFault]:
    if source.chain_hash != pack.table("chain").values["chain_hash"]:
        yield CaseFault("seed.chain_hash", "another_chain", "不是规则所定的公共信标。")
    elif (published := round_time(source.round, pack)) <= commitment.committed_at:
        message = tell(
            "第 {committed} 轮在 {published} 已公布，不晚于承诺时间；须选将来的轮次。",
            committed=source.round,
            published=published.isoformat(),
        )
        yield CaseFault("seed.round", "not_future", message)


def parse_commitment(content: Any, path: str = "") -> Commitment:
    """Read a commitment from what JSON gave.

    Raises:
        CaseFault: a field is missing, unknown or not as it should be.
    """
    fields = Fields(
        content, path, "format", "algorithm", "draw_id", "committed_at", "frame", "quotas", "selection",
        "seed", "rule_packs", "inspectors",
    )  # fmt: skip
    fields.one_of("format", FORMAT)
    fields.one_of("algorithm", ALGORITHM)
    draw_id, inspectors = fields.text("draw_id"), None
    with within(path):
        check_draw_id(draw_id)
    if fields.has("inspectors"):
        inspectors = fields.within("inspectors", "sha256", "rows", "columns", "per_task")
    return Commitment(
        draw_id=draw_id,
        committed_at=_instant(fields),
        frame=_frame(fields.within("frame", "sha256", "rows", "columns")),
        quotas=_quotas(fields),
        source=_source(fields),
        packs=tuple(
            PackReference(pack.text("rule"), pack.text("edition"), pack.hexadecimal("digest", HASH_BYTES))
            for pack in fields.each("rule_packs", "rule", "edition", "digest")
        ),
        selection=fields.one_of("selection", UNIT, CLUSTER),
        inspectors=_frame(inspectors) if inspectors else None,
        per_task=inspectors.whole("per_task", 1) if inspectors else 0,
    )


def _instant(fields: Fields) -> datetime:
    text = fields.text("committed_at")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or instant.isoformat() != text:
        message = "应为带时区的时间，如 2026-11-23T10:00:00+08:00。"
        raise CaseFault(fields.name("committed_at"), "not_an_instant", message)
    return instant


def _frame(fields: Fields) -> FrameReference:
    return FrameReference(
        fields.hexadecimal("sha256", HASH_BYTES), fields.whole("rows", 1), fields.texts("columns")
    )


def _quotas(fields: Fields) -> dict[str, int]:
    quotas = {one.text("stratum"): one.whole("quota") for one in fields.each("quotas", "stratum", "quota")}
    if list(quotas) != sorted(quotas) or len(quotas) != len(fields.items("quotas")):
        raise CaseFault(fields.name("quotas"), "not_sorted", "各层应按代码排序，不得重复。")
    return quotas


def _source(fields: Fields) -> Source:
    seed = fields.within("seed", "kind", "chain_hash", "round", "secret_sha256", "threshold", "parties")
    kind = seed.one_of("kind", BEACON, PARTIES, SEALED)
    if kind == BEACON:
        return _beacon(fields.within("seed", "kind", "chain_hash", "round"))
    if kind == SEALED:
        seed = fields.within("seed", "kind", "chain_hash", "round", "secret_sha256")
        return SealedSource(_beacon(seed), seed.hexadecimal("secret_sha256", HASH_BYTES))
    seed = fields.within("seed", "kind", "threshold", "parties")
    parties = tuple(
        Party(party.text("name"), party.hexadecimal("commitment", HASH_BYTES))
        for party in seed.each("parties", "name", "commitment")
    )
    threshold = seed.whole("threshold", 2)
    with within(seed.path):
        return PartySource(parties, threshold)


def _beacon(seed: Fields) -> BeaconSource:
    chain_hash, number = seed.hexadecimal("chain_hash", HASH_BYTES), seed.whole("round", 1)
    with within(seed.path):
        return BeaconSource(chain_hash, number)


def _source_content(source: Source) -> dict[str, Any]:
    if isinstance(source, SealedSource):
        beacon = {"chain_hash": source.beacon.chain_hash, "round": source.beacon.round}
        return {"kind": SEALED, **beacon, "secret_sha256": source.commitment}
    if isinstance(source, BeaconSource):
        return {"kind": BEACON, "chain_hash": source.chain_hash, "round": source.round}
    parties = [{"name": party.name, "commitment": party.commitment} for party in source.parties]
    return {"kind": PARTIES, "threshold": source.threshold, "parties": parties}

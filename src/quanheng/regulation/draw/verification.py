"""Recomputing a draw from its proof, and telling exactly what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack, RulePacks
from quanheng.packs.sentence import tell
from quanheng.regulation.draw.commitment import (
    BEACON_RULE,
    DEMONSTRATION_RULE,
    Commitment,
    beacon_of,
    parse_commitment,
    rule_faults,
)
from quanheng.regulation.draw.documents import HASH_BYTES, Fields, canonical_json, digest, read_document
from quanheng.regulation.draw.frame import INSPECTOR_COLUMNS, Frame, parse_frame
from quanheng.regulation.draw.proof import FORMAT, Reveal, frame_faults, result_of, seed_of
from quanheng.regulation.draw.seed import (
    NONCE_BYTES,
    SECRET_BYTES,
    SIGNATURE_BYTES,
    BeaconReveal,
    BeaconSource,
    Nonces,
    SealedReveal,
    SealedSource,
    VerifyRound,
    round_time,
)
from quanheng.regulation.draw.tickets import Replacement

RESULT = ("seed", "silent", "replacements", "strata", "tasks", "unassigned")
LONGEST_SHOWN = 200  # characters of a value in a difference
MOST_SHOWN = 1000  # differences
NOTHING = object()  # what is not there is another thing than a null


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a proof does not say what comes out.

    Args:
        field: path within the proof, such as ``"strata[0].drawn[3].key"``.
        stated, computed: as JSON; empty where there is nothing at all.
        message: in Chinese.
    """

    field: str
    stated: str
    computed: str
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of recomputing a proof.

    Args:
        commitment_digest: to be looked for in the public log, from before the seed was known.
        differences: none when the draw is what it says; the first thousand otherwise.
        drawn: number of picks that came out; 0 where none could.
        known_at: when the beacon published the round of the seed; None where parties revealed it, or where
            no rule pack knows the beacon.
    """

    draw_id: str
    commitment_digest: str
    differences: tuple[Difference, ...]
    drawn: int
    known_at: datetime | None = None

    @property
    def holds(self) -> bool:
        return not self.differences


def verify_proof(
    text: str,
    packs: RulePacks,
    verify: VerifyRound,
    *,
    frame_text: str | None = None,
    inspectors_text: str | None = None,
) -> Verification:
    """Recompute a draw from its proof.

    Args:
        packs: the rules that are known, to see whether the commitment follows those that it names.
        verify: tells, without a network, whether a signature is that of a chain's round.
        frame_text, inspectors_text: in place of frames that the proof leaves out.

    Raises:
        CaseFault: the text is no proof, or lacks what is needed to recompute it.
    """
    content = read_document(text)
    fields = Fields(
        content, "", "format", "commitment", "commitment_sha256", "frame", "inspectors", "reveal", *RESULT
    )
    fields.one_of("format", FORMAT)
    commitment = parse_commitment(content.get("commitment"), "commitment")
    frame = parse_frame(_given(fields, "frame", frame_text))
    inspectors = None
    if commitment.inspectors:
        inspectors = parse_frame(_given(fields, "inspectors", inspectors_text), INSPECTOR_COLUMNS)
    reveal, replacements = _reveal(fields, commitment), _replacements(fields)
    stated_digest = fields.hexadecimal("commitment_sha256", HASH_BYTES)
    commitment_digest = digest_of(content["commitment"])  # of what is written, not of what was understood
    differences = list(_compare("commitment_sha256", stated_digest, commitment_digest))
    differences += map(_difference, _faults(commitment, frame, inspectors, packs))
    drawn = 0
    try:
        seed = seed_of(commitment, reveal, verify)
        result = result_of(commitment, frame, seed, inspectors, replacements)
    except CaseFault as fault:
        differences.append(_difference(fault))
    else:
        differences += _compare("", {name: content.get(name) for name in RESULT}, result)
        differences += map(_withheld, seed.silent)
        drawn = sum(len(stratum["drawn"]) for stratum in result["strata"])
    shown = tuple(differences[:MOST_SHOWN])
    return Verification(commitment.draw_id, commitment_digest, shown, drawn, known_at(commitment, packs))


def known_at(commitment: Commitment, packs: RulePacks) -> datetime | None:
    """Return when the beacon publishes the round of the seed; None of parties and of unknown beacons."""
    source = beacon_of(commitment.source)
    if source is None:
        return None
    chains = (
        pack for rule in (BEACON_RULE, DEMONSTRATION_RULE) for pack in packs.editions(rule)
        if pack.table("chain").values["chain_hash"] == source.chain_hash
    )  # fmt: skip
    pack = next(chains, None)
    return None if pack is None else round_time(source.round, pack)


def digest_of(content: Any) -> str:
    """Return the SHA-256 of the canonical JSON of plain data, in hexadecimal."""
    return digest(canonical_json(content))


def _given(fields: Fields, name: str, text: str | None) -> str:
    return fields.text(name) if text is None else text


def _reveal(fields: Fields, commitment: Commitment) -> Reveal:
    if isinstance(commitment.source, SealedSource):
        opened = fields.within("reveal", "round", "signature", "secret")
        return SealedReveal(_round(opened), opened.hexadecimal("secret", SECRET_BYTES))
    if isinstance(commitment.source, BeaconSource):
        return _round(fields.within("reveal", "round", "signature"))
    told = fields.within("reveal", "nonces")
    return Nonces(
        {
            one.text("name"): one.hexadecimal("nonce", NONCE_BYTES)
            for one in told.each("nonces", "name", "nonce")
        }
    )


def _round(beacon: Fields) -> BeaconReveal:
    return BeaconReveal(beacon.whole("round", 1), beacon.hexadecimal("signature", SIGNATURE_BYTES))


def _replacements(fields: Fields) -> list[Replacement]:
    return [
        Replacement(one.text("out"), one.text("reason"))
        for one in fields.each("replacements", "out", "reason", "in")
    ]


def _faults(
    commitment: Commitment, frame: Frame, inspectors: Frame | None, packs: RulePacks
) -> Iterator[CaseFault]:
    yield from frame_faults(commitment, frame, inspectors)
    known: list[RulePack] = []
    for number, stated in enumerate(commitment.packs):
        pack = next((pack for pack in packs.editions(stated.rule) if pack.edition == stated.edition), None)
        field = f"commitment.rule_packs[{number}]"
        if pack is None:
            yield CaseFault(
                field,
                "unknown_rule",
                tell("未收录规则 {rule} {edition}，无法核对配额。", rule=stated.rule, edition=stated.edition),
            )
        elif pack.digest != stated.digest:
            message = tell("{rule} {edition} 的内容与收录的不同。", rule=stated.rule, edition=stated.edition)
            yield CaseFault(f"{field}.digest", "another_rule", message)
        else:
            known.append(pack)
    for fault in rule_faults(commitment, frame, known):
        yield fault.within("commitment")


def _difference(fault: CaseFault) -> Difference:
    return Difference(fault.field, "", "", fault.message)


def _withheld(name: str) -> Difference:
    """Tell of a number that was promised and kept back: who reveals last could choose between two draws."""
    message = tell(
        "{name} 承诺了随机数而没有公开；最后公开的一方可借此在两个结果中选择，须说明原因或重新抽取。",
        name=name,
    )
    return Difference(f"reveal.nonces[{name}]", "", "", message)


def _compare(path: str, stated: Any, computed: Any) -> Iterator[Difference]:
    """Yield the innermost places at which two pieces of plain data differ."""
    if isinstance(stated, dict) and isinstance(computed, dict):
        for name in sorted({*stated, *computed}):
            inner = f"{path}.{name}" if path else name
            yield from _compare(inner, stated.get(name, NOTHING), computed.get(name, NOTHING))
    elif isinstance(stated, list) and isinstance(computed, list):
        for number in range(max(len(stated), len(computed))):
            pair = (values[number] if number < len(values) else NOTHING for values in (stated, computed))
            yield from _compare(f"{path}[{number}]", *pair)
    elif type(stated) is not type(computed) or stated != computed:
        shown, expected = _shown(stated), _shown(computed)
        message = tell(
            "证明写的是 {shown}，重新计算得到 {expected}。",
            shown=shown or "（无）",
            expected=expected or "（无）",
        )
        yield Difference(path, shown, expected, message)


def _shown(value: Any) -> str:
    return "" if value is NOTHING else canonical_json(value)[:LONGEST_SHOWN]

"""The proof of a draw: one JSON file from which anybody recomputes it.

It holds the commitment, the frames (they may also be handed in beside it), what was revealed, the seed, the
replacements with their reasons, and the result. `docs/how-to/check-a-draw.md` describes every field;
`verification` recomputes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell
from quanheng.regulation.draw.commitment import Commitment, FrameReference
from quanheng.regulation.draw.documents import canonical_json
from quanheng.regulation.draw.frame import Frame
from quanheng.regulation.draw.matching import inspectors_of, match, tasks_of
from quanheng.regulation.draw.seed import (
    BeaconReveal,
    BeaconSource,
    Nonces,
    SealedReveal,
    SealedSource,
    Seed,
    VerifyRound,
    beacon_seed,
    party_seed,
    sealed_seed,
)
from quanheng.regulation.draw.tickets import UNIT, Drawn, Replacement, draw

FORMAT = "quanheng-draw-proof/1"
Reveal = BeaconReveal | SealedReveal | Nonces


def make_proof(
    commitment: Commitment,
    frame: Frame,
    reveal: Reveal,
    verify: VerifyRound,
    *,
    inspectors: Frame | None = None,
    replacements: Sequence[Replacement] = (),
) -> dict[str, Any]:
    """Make the draw and return its proof as plain data, the frames in it.

    Args:
        verify: tells, without a network, whether a signature is that of a chain's round.

    Raises:
        CaseFault: a frame is not the one that was committed to, or the draw cannot be made (see `seed`,
            `tickets`).
    """
    for fault in frame_faults(commitment, frame, inspectors):
        raise fault
    seed = seed_of(commitment, reveal, verify)
    return {
        "format": FORMAT,
        "commitment": commitment.content(),
        "commitment_sha256": commitment.digest,
        "frame": frame.text,
        "inspectors": inspectors and inspectors.text,
        "reveal": _reveal_content(reveal),
        **result_of(commitment, frame, seed, inspectors, replacements),
    }


def proof_text(proof: dict[str, Any]) -> str:
    """Return a proof as it is published."""
    return canonical_json(proof) + "\n"


def frame_faults(commitment: Commitment, frame: Frame, inspectors: Frame | None) -> Iterator[CaseFault]:
    """Yield which of the frames is not the one that was committed to."""
    if FrameReference.of(frame) != commitment.frame:
        message = tell("抽样框的散列值为 {digest}，与承诺不同。", digest=frame.digest)
        yield CaseFault("frame", "another_frame", message, stated=commitment.frame.digest)
    if (inspectors and FrameReference.of(inspectors)) != commitment.inspectors:
        yield CaseFault("inspectors", "another_frame", "检查人员名录与承诺不同。")


def seed_of(commitment: Commitment, reveal: Reveal, verify: VerifyRound) -> Seed:
    """Return the seed from what was revealed. Raises CaseFault, see `seed`."""
    source = commitment.source
    if isinstance(source, BeaconSource):
        if isinstance(reveal, BeaconReveal):
            return beacon_seed(source, reveal, verify)
        raise CaseFault("reveal", "another_kind", "承诺只用公共信标，揭示的却不是。")
    if isinstance(source, SealedSource):
        if isinstance(reveal, SealedReveal):
            return sealed_seed(source, reveal, verify)
        raise CaseFault("reveal", "another_kind", "承诺用公共信标和秘密数，揭示的却不是。")
    if isinstance(reveal, Nonces):
        return party_seed(source, reveal)
    raise CaseFault("reveal", "another_kind", "承诺用各方的数，揭示的却是公共信标。")


def result_of(
    commitment: Commitment,
    frame: Frame,
    seed: Seed,
    inspectors: Frame | None,
    replacements: Sequence[Replacement],
) -> dict[str, Any]:
    """Return the part of a proof that follows from all the rest. Raises CaseFault."""
    made = draw(
        frame,
        commitment.quotas,
        seed=seed.value,
        draw_id=commitment.draw_id,
        selection=commitment.selection,
        replacements=replacements,
    )
    result: dict[str, Any] = {
        "seed": seed.value,
        "silent": list(seed.silent),
        "replacements": [
            {"out": one.out, "reason": one.reason, "in": list(one.brought)} for one in made.replaced
        ],
        "strata": [
            {
                "stratum": stratum.stratum,
                "size": stratum.size,
                "eligible": stratum.eligible,
                "quota": stratum.quota,
                "drawn": [_pick_content(pick, commitment.selection) for pick in stratum.drawn],
            }
            for stratum in made.strata
        ],
        "tasks": [],
        "unassigned": [],
    }
    if inspectors is None:
        return result
    matching = match(
        tasks_of(frame, made),
        inspectors_of(inspectors),
        seed.value,
        commitment.draw_id,
        commitment.per_task,
    )
    result["tasks"] = [{"task": one.task, "inspectors": list(one.inspectors)} for one in matching.assigned]
    result["unassigned"] = [
        {"task": one.task, "candidates": one.candidates, "reason": one.reason} for one in matching.unassigned
    ]
    return result


def _pick_content(pick: Drawn, selection: str) -> dict[str, Any]:
    content: dict[str, Any] = {"key": pick.key, "ticket": pick.ticket}
    return content if selection == UNIT else {**content, "units": list(pick.units)}


def _reveal_content(reveal: Reveal) -> dict[str, Any]:
    if isinstance(reveal, SealedReveal):
        return {**_reveal_content(reveal.beacon), "secret": reveal.secret}
    if isinstance(reveal, BeaconReveal):
        return {"round": reveal.round, "signature": reveal.signature}
    return {"nonces": [{"name": name, "nonce": nonce} for name, nonce in sorted(reveal.by_party.items())]}

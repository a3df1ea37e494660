"""A draw recomputed in a limited process: a proof is as large as its frame, and comes from anybody."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, override

from quanheng.adapters.beacon import verify_round
from quanheng.kit.apart.asking import APART, Limits, Turns
from quanheng.kit.speaking import spoken
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.shipped import shipped
from quanheng.regulation.draw.verification import Difference, Verification, verify_proof

LIMITS = Limits(memory=2 * 1024**3, cpu=20, wall=40)
DRAWS = Turns(abreast=1, waiting=0)


def verify_apart(
    text: str, frame: str | None, inspectors: str | None, *, demonstration: bool
) -> Verification:
    """Recompute a draw from its proof.

    Args:
        demonstration: whether a demonstration's own beacon is believed; the limited process has no database.

    Raises:
        CaseFault: the text is no proof, or lacks what is needed. RuleBroken: too_heavy; NotNow: busy.
    """
    language = get_language() or "zh-hans"
    payload = json.dumps([language, demonstration, text, frame, inspectors]).encode()
    answer: dict[str, Any] = json.loads(
        APART.ask("quanheng.web.calculators.draw_apart:verify_here", payload, LIMITS, DRAWS)
    )
    if "fault" in answer:
        raise CaseFault(*answer["fault"])
    differences = tuple(Difference(**one) for one in answer.pop("differences"))
    known_at = answer.pop("known_at")
    return Verification(
        differences=differences, known_at=known_at and datetime.fromisoformat(known_at), **answer
    )


def verify_here(payload: bytes) -> bytes:
    """Do the work of `verify_apart` in this process."""
    language, demonstration, text, frame, inspectors = json.loads(payload)
    verify = verify_round(shipped(), demonstration=demonstration)
    with override(language):
        try:
            found = verify_proof(text, shipped(), verify, frame_text=frame, inspectors_text=inspectors)
        except CaseFault as fault:
            return json.dumps({"fault": [fault.field, fault.code, spoken(fault.message)]}).encode()
        told = [replace(one, message=spoken(one.message)) for one in found.differences]
    answer = asdict(replace(found, differences=tuple(told)))
    return json.dumps(answer, default=datetime.isoformat).encode()

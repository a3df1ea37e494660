"""Calculations that may take seconds, in a limited process: JSON in, JSON out."""

from __future__ import annotations

import json
from typing import Any

from django.utils import translation

from quanheng.calculations.calculation import Calculation
from quanheng.calculations.evaluating import CaseRefused, calculations, evaluate, read_case
from quanheng.kit.apart.asking import APART, Limits, Turns
from quanheng.kit.refusal import RuleBroken
from quanheng.packs.shipped import shipped

LIMITS = Limits(memory=2 * 1024**3, cpu=10, wall=30)  # virtual memory; the largest case takes 250 MB of it
CALCULATIONS = Turns(abreast=1, waiting=2)


def evaluate_apart(kind: Calculation, content: str) -> bytes:
    """Evaluate a case, in a limited process when its kind is a heavy one.

    Args:
        content: the case as JSON.

    Returns:
        the result as JSON.

    Raises:
        CaseRefused: something is wrong with the case, or it takes too long.
        NotNow: busy.
    """
    if not kind.is_heavy:
        return evaluate(kind, read_case(content)).model_dump_json().encode()
    asked = {"kind": kind.name, "case": content, "language": translation.get_language() or "zh-hans"}
    try:
        answer = APART.ask(
            "quanheng.calculations.apart:evaluate_here", json.dumps(asked).encode(), LIMITS, CALCULATIONS
        )
    except RuleBroken as refusal:
        if refusal.code == "too_heavy":
            told = [{"field": "case", "message": refusal.message}]
            raise CaseRefused(lambda: told) from None
        raise
    if answer.startswith(b"["):
        faults = json.loads(answer)
        raise CaseRefused(lambda: faults)
    return answer


def evaluate_here(payload: bytes) -> bytes:
    """Do the work of `evaluate_apart` in this process; faults come back as a list."""
    asked: dict[str, Any] = json.loads(payload)
    with translation.override(asked["language"]):
        try:
            return (
                evaluate(calculations()[asked["kind"]], read_case(asked["case"])).model_dump_json().encode()
            )
        except CaseRefused as refused:
            return json.dumps(refused.faults).encode()


def prepare() -> None:
    """Read the rules and load the kinds before the first child is forked."""
    calculations()
    shipped()

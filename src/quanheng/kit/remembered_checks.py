"""A question that a batch asks over and over is asked once."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from quanheng.kit.refusal import RuleBroken

P = ParamSpec("P")
T = TypeVar("T")


def remembered_checks(check: Callable[P, T]) -> Callable[P, T]:
    """Return the check with a memory of its answers and refusals; keep it no longer than the transaction."""
    known: dict[object, T | RuleBroken] = {}

    def answered(*args: P.args, **kwargs: P.kwargs) -> T:
        asked = args, tuple(sorted(kwargs.items()))
        if asked not in known:
            try:
                known[asked] = check(*args, **kwargs)
            except RuleBroken as refusal:
                known[asked] = refusal
        answer = known[asked]
        if isinstance(answer, RuleBroken):
            raise answer.with_traceback(None)
        return answer

    return answered

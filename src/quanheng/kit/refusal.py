"""The one exception with which an act is refused."""

from __future__ import annotations

from typing import Any


class RuleBroken(Exception):
    """An act was refused. One middleware per entry point turns it into a form error or problem+json.

    Args:
        code: stable identifier of the rule, such as ``"seal_already_broken"``.
        message: what went wrong and how to put it right, for the person who reads it.
        facts: the values that led to the refusal.
    """

    def __init__(self, code: str, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts = facts


class NotYours(RuleBroken):
    """The actor's role or scope does not reach this act."""


class NotNow(RuleBroken):
    """All that may do this at once are doing it: the same request passes later (`facts["seconds"]`)."""

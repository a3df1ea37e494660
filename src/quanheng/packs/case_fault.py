"""The one exception with which a calculation refuses its input."""

from __future__ import annotations

from typing import Any

from quanheng.packs.sentence import Sentence, tell


class CaseFault(ValueError):
    """The input cannot be calculated with; nothing was calculated.

    Args:
        field: the field as the case names it, such as ``"inputs[2].standard_uncertainty"``.
        code: stable identifier, such as ``"negative_variance"``.
        message: what is wrong and how to put it right, in Chinese; `kit.speaking` says it in other languages.
        facts: the values that led to the refusal.
    """

    def __init__(self, field: str, code: str, message: str, **facts: Any) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.code = code
        self.message = message if isinstance(message, Sentence) else tell(message)
        self.facts = facts

    def within(self, prefix: str) -> CaseFault:
        """Return the same fault, its field named from one level further out."""
        joint = "" if not self.field or self.field.startswith("[") else "."
        return CaseFault(f"{prefix}{joint}{self.field}", self.code, self.message, **self.facts)

"""What a colour says, and the badge that says it in words. Shared by pages, lists and exports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise  # a string, or one that is translated when it is shown


class Tone(StrEnum):
    """What a colour says. Every tone also has an icon, and stands beside words: colour is never alone."""

    OK = "ok"  # green: may be trusted, done
    DUE = "due"  # amber: something has to be done soon
    BAD = "bad"  # red: do not trust, refused, overdue
    INFO = "info"  # accent: under way
    QUIET = "quiet"  # grey: over, or not yet begun


@dataclass(frozen=True, slots=True)
class State:
    """A state badge."""

    text: Text
    tone: Tone = Tone.QUIET

    def __str__(self) -> str:
        return str(self.text)

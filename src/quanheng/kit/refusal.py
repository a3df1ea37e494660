"""Refusals, each declared once: in `<room>/refusals.py`, with its code, its kind and what the person reads.

    refuse = refusals_of("instruments")
    SEAL_NUMBER_IN_USE = refuse.conflict("seal_number_in_use", _("铅封编号 %(number)s 正在使用，…"))

    raise refusals.SEAL_NUMBER_IN_USE(number=number)

The kind says what the answer of a page or of the API is; nothing reads it out of the code. Where one rule is
broken in several ways, its code is declared once and the other sentences say it again (`Refusal.saying`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Self, TypedDict, Unpack

from django.db.models import Choices
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from quanheng.kit.speaking import long_day, spoken
from quanheng.kit.tones import Text
from quanheng.packs.sentence import Sentence

PLACES = re.compile(r"%\((\w+)\)")
# A fact that is a day has a name that says so; programs get it in ISO 8601.
IS_DAY = re.compile(r"(\w+_)?(day|on|from|to|latest|made)")


class Refused(StrEnum):
    """What kind of refusal it is."""

    NOT_FOUND = "not_found"  # the thing asked for is not there, or not in reach: nobody can tell which
    INVALID = "invalid"  # what was typed or sent; corrected, it passes
    CONFLICT = "conflict"  # the state of the ledger forbids it
    CHANGED = "changed"  # somebody changed it since it was read; read again, it passes
    FORBIDDEN = "forbidden"  # not for this person to do
    UNKNOWN_CALLER = "unknown_caller"  # the key, or the signature, opens nothing
    TOO_SOON = "too_soon"  # asked too often; the same request passes later
    UNAVAILABLE = "unavailable"  # the fault is ours; the same request passes later

    @property
    def status(self) -> int:
        """The HTTP status of an answer."""
        return STATUS[self]


STATUS = {
    Refused.NOT_FOUND: 404,
    Refused.INVALID: 422,
    Refused.CONFLICT: 409,
    Refused.CHANGED: 412,
    Refused.FORBIDDEN: 403,
    Refused.UNKNOWN_CALLER: 401,
    Refused.TOO_SOON: 429,
    Refused.UNAVAILABLE: 503,
}


class RuleBroken(Exception):
    """An act was refused. One middleware per entry point turns it into a form error or problem+json.

    Only a declared refusal makes one: `raise refusals.NO_FREE_DAY()`.

    Args:
        refusal: what was declared.
        facts: the values that led to the refusal.
    """

    def __init__(self, refusal: Refusal, facts: Mapping[str, Any]) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.facts = dict(facts)
        self.rows: Mapping[int, RuleBroken] = {}  # of a batch: each row that holds it up

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[type[RuleBroken], tuple[Refusal, dict[str, Any]]]:
        return type(self), (self.refusal, self.facts)

    @property
    def code(self) -> str:
        """Stable identifier of the rule, such as ``"seal_number_in_use"``."""
        return self.refusal.code

    @property
    def kind(self) -> Refused:
        return self.refusal.kind

    @property
    def message(self) -> str:
        """What went wrong and how to put it right, in the language of whoever reads it."""
        return self.refusal.told(self.facts)

    @property
    def seconds(self) -> int | None:
        """After how many seconds the same request may pass, where that is known."""
        return self.facts.get("seconds")

    def at(self, field: str) -> Self:
        """Name the field that is wrong: a form, or `errors` of an answer, puts the sentence beside it."""
        return self.with_faults([{"field": field, "message": self.message}])

    def with_faults(self, faults: list[dict[str, str]]) -> Self:
        """Name the fields that are wrong, each with what is wrong with it: `field` and `message`."""
        self.facts["faults"] = faults
        return self


class NotYours(RuleBroken):
    """The actor's role or scope does not reach this act."""


class NotNow(RuleBroken):
    """The same request passes later (`seconds`, where that is known)."""


RAISED_AS: dict[Refused, type[RuleBroken]] = {
    Refused.FORBIDDEN: NotYours,
    Refused.TOO_SOON: NotNow,
    Refused.UNAVAILABLE: NotNow,
}


class Refusal:
    """A declared refusal. Called with its facts, it is the exception to raise.

    Args:
        code: snake case, stable: programs read it.
        sentence: what went wrong and how to put it right, with named facts (`%(number)s`).
        room: where it is declared.
        also: names of facts that the sentence does not tell; for programs.
        fields: names of what is wrong, as acts and the API call it; an answer names the first that was sent.
    """

    __slots__ = ("also", "code", "fields", "kind", "room", "sentence")

    def __init__(
        self,
        code: str,
        kind: Refused,
        sentence: Text,
        *,
        room: str,
        also: Iterable[str] = (),
        fields: tuple[str, ...] = (),
    ) -> None:
        self.code, self.kind, self.sentence, self.room = code, kind, sentence, room
        self.also, self.fields = frozenset(also), fields

    def __repr__(self) -> str:
        return f"<Refusal {self.code}>"

    def __call__(self, /, **facts: Any) -> RuleBroken:
        """Return the exception.

        Raises:
            TypeError: a fact is missing, or one that was not declared.
        """
        if facts.keys() != self.facts:
            wrong = ", ".join(sorted(facts.keys() ^ self.facts))
            raise TypeError(f"The refusal {self.code!r} has other facts: {wrong}.")
        return RAISED_AS.get(self.kind, RuleBroken)(self, facts)

    @property
    def facts(self) -> frozenset[str]:
        """The names of all its facts."""
        return frozenset(PLACES.findall(str(self.sentence))) | self.also

    def told(self, facts: Mapping[str, Any]) -> str:
        """Return the sentence with its facts, in the language of this thread."""
        return str(self.sentence) % {
            name: long_day(value) if IS_DAY.fullmatch(name) else _told(value) for name, value in facts.items()
        }

    def saying(self, sentence: Text, *, also: Iterable[str] = ()) -> Refusal:
        """Return the same refusal with another sentence, for another place where its rule is broken."""
        return _kept(Refusal(self.code, self.kind, sentence, room=self.room, also=also, fields=self.fields))


def _told(value: Any) -> Any:
    if isinstance(value, Sentence):
        return spoken(value)
    if isinstance(value, Choices):
        return value.label
    if isinstance(value, list | tuple | set | frozenset):
        return _("、").join(str(_told(part)) for part in value)
    return value


_DECLARED: dict[str, list[Refusal]] = {}


def _kept(refusal: Refusal) -> Refusal:
    _DECLARED[refusal.code].append(refusal)
    return refusal


class Named(TypedDict, total=False):
    """What a declaration may say besides; see `Refusal`."""

    also: Iterable[str]
    fields: tuple[str, ...]


class Declare:
    """How a room declares its refusals: one method for each kind, with the arguments of `Refusal`."""

    def __init__(self, room: str) -> None:
        self._room = room

    def not_found(self, code: str, sentence: Text, **named: Unpack[Named]) -> Refusal:
        return self._declare(code, Refused.NOT_FOUND, sentence, named)

    def invalid(self, code: str, sentence: Text, **named: Unpack[Named]) -> Refusal:
        return self._declare(code, Refused.INVALID, sentence, named)

    def conflict(self, code: str, sentence: Text, **named: Unpack[Named]) -> Refusal:
        return self._declare(code, Refused.CONFLICT, sentence, named)

    def changed(self, code: str, sentence: Text, **named: Unpack[Named]) -> Refusal:
        return self._declare(code, Refused.CHANGED, sentence, named)

    def forbidden(self, code: str, sentence: Text, **named: Unpack[Named]) -> Refusal:
        return self._declare(code, Refused.FORBIDDEN, sentence, named)

    def unknown_caller(self, code: str, sentence: Text, **named: Unpack[Named]) -> Refusal:
        return self._declare(code, Refused.UNKNOWN_CALLER, sentence, named)

    def too_soon(self, code: str, sentence: Text, **named: Unpack[Named]) -> Refusal:
        return self._declare(code, Refused.TOO_SOON, sentence, named)

    def unavailable(self, code: str, sentence: Text, **named: Unpack[Named]) -> Refusal:
        return self._declare(code, Refused.UNAVAILABLE, sentence, named)

    def _declare(self, code: str, kind: Refused, sentence: Text, named: Named) -> Refusal:
        if code in _DECLARED:
            room = _DECLARED[code][0].room
            raise ValueError(f"The refusal {code!r} is declared twice: by {room} and by {self._room}.")
        _DECLARED[code] = []
        return _kept(Refusal(code, kind, sentence, room=self._room, **named))


def refusals_of(room: str) -> Declare:
    """Return what a room declares its refusals with."""
    return Declare(room)


def discover() -> None:
    """Load every room's `refusals.py`. Django must know its apps."""
    autodiscover_modules("refusals")


def refusals() -> dict[str, list[Refusal]]:
    """Return every declared refusal by its code: one for each sentence, the first declares the code."""
    return {code: list(said) for code, said in _DECLARED.items()}

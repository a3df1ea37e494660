"""Remote pickers: what a text box searches as somebody types, at most twenty at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from quanheng.kit.lists.actors import ListActor
from quanheng.kit.lists.discovery import load_declarations
from quanheng.kit.tones import Text

MOST = 20


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be picked."""

    value: str
    text: str
    hint: str = ""


class PickerSource(ABC):
    """A kind of thing that can be picked. A subclass with a key is known at `/pick/<key>/`.

    Class attributes:
        roles: whose lists and forms pick from it; nobody else may search it.
    """

    key: ClassVar[str] = ""
    title: ClassVar[Text] = ""
    roles: ClassVar[frozenset[Any]] = frozenset()
    known: ClassVar[dict[str, type[PickerSource]]] = {}

    def __init_subclass__(cls) -> None:
        if cls.key:
            PickerSource.known[cls.key] = cls

    def admits(self, actor: ListActor) -> bool:
        """Say whether this actor may search the source."""
        return actor.role in self.roles

    @abstractmethod
    def search(self, actor: ListActor, term: str) -> Sequence[Option]:
        """Return at most `MOST` things that the actor may pick."""

    @abstractmethod
    def find(self, actor: ListActor, value: str) -> Option | None:
        """Return the thing with this value, if the actor may pick it."""

    def resolve(self, actor: ListActor, text: str) -> Option | None:
        """Return what somebody without a script typed, when it can only mean one thing."""
        found = self.search(actor, text)
        exact = [option for option in found if option.text == text]
        return exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None


def find_source(key: str) -> PickerSource | None:
    """Return the source with this key."""
    if key not in PickerSource.known:
        load_declarations()
    source = PickerSource.known.get(key)
    return source() if source else None

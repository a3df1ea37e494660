"""What a list has to know of the person who looks at it."""

from __future__ import annotations

from typing import Protocol, Self

from quanheng.kit.scope import Scope


class ListActor(Protocol):
    """Anybody who looks at a list (`apps.accounts.actors.Actor` fits)."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def agency_id(self) -> int | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def scope(self) -> Scope: ...
    def in_scope(self, scope: Scope) -> Self:
        """Return the same person with other rows in reach."""

"""A reader of what changed, as a program is one: it keeps its cursor and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from quanheng.apps.accounts.actors import SYSTEM, Actor
from quanheng.apps.changes.queries.feed import Told, changes_since
from quanheng.kit.scope import acting_in


class Follower:
    """Reads on from where it stood."""

    def __init__(self, by: Actor, *kinds: str, limit: int = 100, step: int = 50_000) -> None:
        self.by, self.kinds, self.limit, self.step = by, kinds, limit, step
        self.cursor = ""
        self.read()

    def read(self) -> list[Told]:
        """Read one page."""
        with acting_in(self.by.scope, read_only=True):
            page = changes_since(self.cursor, self.kinds, self.by, limit=self.limit, step=self.step)
        self.cursor, self.has_more = page.cursor, page.has_more
        return page.items

    def all(self) -> list[Told]:
        """Read until there is no more."""
        found = self.read()
        while self.has_more:
            found += self.read()
        return found

    def told(self) -> list[tuple[str, int, str]]:
        return [(told.kind, told.id, told.what) for told in self.all()]


@pytest.fixture
def follow(transactional_db: None) -> Callable[..., Follower]:
    """Return a maker of followers: `follow(actor, "seal")`; of the system and of all kinds unless named."""

    def make(by: Actor = SYSTEM, *kinds: str, limit: int = 100, step: int = 50_000) -> Follower:
        return Follower(by, *kinds, limit=limit, step=step)

    return make

"""All that was found, by kind, within the time that somebody waits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from quanheng.apps.accounts.actors import Actor
from quanheng.kit.lists.pages import TooMuch, within
from quanheng.kit.tones import Text
from quanheng.regulation.search_terms import Term
from quanheng.web.search.kinds import Hit, Kind, kinds_for

SHOWN = 5
SUGGESTED = 3
KIND_LIMIT_MS = 400
LIMIT_MS = 1_500  # of them all: who types a number waits no longer


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of a kind.

    Args:
        more_url: the list with the same words; empty where everything is shown, or no list takes them.
        is_more: there are more than are shown.
        unfinished: the database was stopped: that nothing is shown says nothing.
    """

    title: Text
    hits: Sequence[Hit]
    more_url: str = ""
    is_more: bool = False
    unfinished: bool = False


def search(term: Term, actor: Actor, shown: int = SHOWN) -> list[Group]:
    """Return what was found, without the kinds of which there is nothing to say."""
    kinds = list(kinds_for(actor, term))
    try:  # under one limit, which nearly always does: two statements instead of two for each kind
        groups = within(KIND_LIMIT_MS, lambda: [_read(kind, term, actor, shown) for kind in kinds])
    except TooMuch:
        until = time.monotonic() + LIMIT_MS / 1000
        groups = [_in_time(kind, term, actor, shown, until) for kind in kinds]
    return [group for group in groups if group.hits or group.unfinished]


def _in_time(kind: Kind, term: Term, actor: Actor, shown: int, until: float) -> Group:
    left_ms = min(KIND_LIMIT_MS, int((until - time.monotonic()) * 1000))
    if left_ms <= 0:
        return Group(kind.title, (), kind.more_url(term, actor), unfinished=True)
    try:
        return within(left_ms, lambda: _read(kind, term, actor, shown))
    except TooMuch:
        return Group(kind.title, (), kind.more_url(term, actor), unfinished=True)


def _read(kind: Kind, term: Term, actor: Actor, shown: int) -> Group:
    hits = kind.find(term, actor, shown + 1)
    is_more = len(hits) > shown
    return Group(kind.title, hits[:shown], kind.more_url(term, actor) if is_more else "", is_more)


def only_one(groups: Sequence[Group]) -> str:
    """Return the page that alone can have been meant; empty where there are several, or none for sure."""
    if any(group.unfinished for group in groups):
        return ""
    exact = {hit.url for group in groups for hit in group.hits if hit.exact}
    return exact.pop() if len(exact) == 1 else ""

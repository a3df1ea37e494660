"""What waits on a desk: the number of each worklist, and the rows that have waited longest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from quanheng.apps.accounts.actors import Actor
from quanheng.kit.lists import List, find_list
from quanheng.kit.lists.glances import Glance, glances, rows_of
from quanheng.kit.lists.request import ListRequest
from quanheng.kit.seen import seen_files
from quanheng.web.home.worklists import WORKLISTS, asked_of, tile_of
from quanheng.web.parts import State, Text, Tile, Tone

ROWS: Final = 5  # of each worklist; the others are in its list
BESIDE: Final = 3  # columns that are told beside a row's name


@dataclass(frozen=True, slots=True)
class Line:
    """One row on a desk: its name, its page, and what else its list shows first."""

    name: str
    url: str
    said: Sequence[str] = ()
    kind: Text = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A worklist: its number, and a few of its rows; none where there are more than anybody has counted."""

    tile: Tile
    rows: Sequence[Line] = ()


def waiting_for(actor: Actor) -> tuple[Waiting, ...]:
    """Return the work of this role, in the order of its urgency, each with the rows that waited longest.

    Numbers and ids of all are one statement; the rows are read once for each list that has any.
    """
    asked = asked_of([work for work in WORKLISTS if actor.role in work.roles], actor)
    questions = [question for _work, _url, question in asked]
    found = glances(questions, most=ROWS)
    rows = rows_of(zip(questions, found, strict=True))
    return tuple(
        Waiting(tile_of(work, url, glance.count), _lines(question, glance, rows))
        for (work, url, question), glance in zip(asked, found, strict=True)
        if glance.count.number != 0 or work.expected()
    )


def is_quiet(waiting: Sequence[Waiting]) -> bool:
    """Say whether nothing waits for this person."""
    return not any(each.rows or each.tile.tone is not Tone.QUIET for each in waiting)


def seen_lately(actor: Actor) -> list[Line]:
    """Return the files that this person opened last, as far as their present post still reaches them."""
    seen = seen_files(actor.user_id or 0)
    found = {
        key: _rows_by_id(key, [row_id for of, row_id in seen if of == key], actor)
        for key in {key for key, _id in seen}
    }
    return [
        line_of(listing, row, listing.title)
        for key, row_id in seen
        for listing, row in [found[key].get(row_id, (None, None))]
        if listing is not None
    ]


def _rows_by_id(key: str, ids: Sequence[int], actor: Actor) -> dict[int, tuple[List[Any], Any]]:
    listing = find_list(key)
    if listing is None or not listing.admits(actor):
        return {}
    return {row.pk: (listing, row) for row in listing.rows(actor).filter(pk__in=ids)}


def _lines(asked: ListRequest, glance: Glance, rows: Mapping[str, Mapping[int, Any]]) -> tuple[Line, ...]:
    mine = rows.get(asked.listing.key, {})
    return tuple(line_of(asked.listing, mine[row_id]) for row_id in glance.oldest if row_id in mine)


def line_of(listing: List[Any], row: Any, kind: Text = "") -> Line:
    """Return a row by the columns that its list shows first."""
    lead = next(column for column in listing.columns if column.lead)
    return Line(
        in_words(lead.of(row)) or _("未编号"), listing.row_url(row), tuple(_beside(listing, row)), kind
    )


def _beside(listing: List[Any], row: Any) -> Iterator[str]:
    shown = [column for column in listing.columns if column.shown and not column.lead][:BESIDE]
    yield from (text for column in shown if (text := in_words(column.of(row))))


def in_words(value: object) -> str:
    """Return what a column shows as one piece of text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return localtime(value).strftime("%Y-%m-%d %H:%M")
    return str(value.text) if isinstance(value, State) else str(value)

"""The rows of a list for a file: all rows of the filter, the chosen columns, in the shown order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

from quanheng.kit.lists.request import ListRequest
from quanheng.kit.tones import State

CHUNK = 2_000


def heads(asked: ListRequest) -> list[str]:
    """Return the heads of the columns."""
    return [str(column.label) for column in asked.columns]


def cells(asked: ListRequest) -> Iterator[list[object]]:
    """Yield each row's cells as plain values: text, number, date, time without zone, or None.

    Rows are read through a cursor in the database: memory does not grow with their number.
    """
    rows = asked.rows().order_by(*asked.order.export_terms())
    for row in rows.iterator(chunk_size=CHUNK):
        yield [_plain(column.of(row)) for column in asked.columns]


def _plain(value: Any) -> object:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime) and is_aware(value):
        return localtime(value).replace(tzinfo=None)
    if isinstance(value, State) or (value is not None and hasattr(value, "_proxy____args")):
        return str(value)
    return value

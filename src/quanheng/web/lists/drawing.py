"""The rows of a list as HTML. Python writes them: an include per cell took longer than the queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import escape as escaped

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

from quanheng.kit.lists.columns import Column
from quanheng.kit.tones import State
from quanheng.web.lists.page import Cell, Row

DrawState = Callable[[State], str]


def draw_rows(rows: list[Row], *, pick: bool, draw_state: DrawState) -> SafeString:
    """Return the table rows; `pick` puts a box for bulk acts before each."""
    heads = [_head(cell.column) for cell in rows[0].cells] if rows else []
    box = _("选中 %(name)s") if pick else ""
    return mark_safe("".join(_row(row, heads, box, draw_state) for row in rows))


def _head(column: Column) -> str:
    """What stands before a cell on a phone, where the table has no head; the same in every row."""
    return f'<span class="qh-cell-head" aria-hidden="true">{escape(column.label)}</span>'


def _row(row: Row, heads: list[str], box: str, draw_state: DrawState) -> str:
    picking = _box(row, box) if box else ""
    return f"<tr>{picking}{''.join(_cells(row, heads, draw_state))}</tr>"


def _box(row: Row, text: str) -> str:
    label = escape(text % {"name": row.name})
    return (
        f'<td class="qh-pick"><label><input type="checkbox" name="id" value="{row.id}" autocomplete="off" '
        f'aria-label="{label}"></label></td>'
    )


def _cells(row: Row, heads: list[str], draw_state: DrawState) -> Iterator[str]:
    for cell, head in zip(row.cells, heads, strict=True):
        column = cell.column
        value = f"{head}<span>{_value(cell, row, draw_state)}</span>"
        code = " qh-code" if column.code else ""
        if column.lead:
            yield f'<th scope="row" class="is-lead{code}">{value}</th>'
        else:
            yield f'<td class="{"qh-number" if column.numeric else ""}{code}">{value}</td>'


def _value(cell: Cell, row: Row, draw_state: DrawState) -> str:
    value = cell.value
    if value is None or value == "":
        return f'<span class="qh-quiet" aria-hidden="true">—</span>{_unseen(_("无"))}'
    if isinstance(value, State):
        return draw_state(value)
    if isinstance(value, bool):
        return escape(_("是") if value else _("否"))
    shown = _time(value) if isinstance(value, date) else _text(value)
    return f'<a href="{escape(row.url)}">{shown}</a>' if cell.column.lead and row.url else shown


def _text(value: object) -> str:
    """Escape a value; plain text, as nearly all of it is, without asking whether it is a promise of text."""
    return escaped(value) if type(value) is str else escape(value)


def _unseen(text: str) -> str:
    return f'<span class="qh-hidden-visually">{escape(text)}</span>'


def _time(value: date) -> str:
    if isinstance(value, datetime):
        value = localtime(value) if is_aware(value) else value
        return f'<time class="qh-nowrap" datetime="{value.isoformat()}">{value:%Y-%m-%d %H:%M}</time>'
    return f'<time class="qh-nowrap" datetime="{value}">{value}</time>'

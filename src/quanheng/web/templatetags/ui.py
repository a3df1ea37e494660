"""The components of the pages, as template tags. Every one is shown, in every state, at `/gallery/`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import forms, template
from django.db import connection
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from quanheng.apps.notices.queries import MOST, unread
from quanheng.web.asking import SureField
from quanheng.web.lists.drawing import draw_rows
from quanheng.web.lists.page import Control, ShownList
from quanheng.web.navigation import ShownGroup
from quanheng.web.parts import DetailHead, Entry, Fact, Link, Progress, State, Tile, Tone

register = template.Library()

ICON_OF_TONE = {
    Tone.OK: "circle-check",
    Tone.DUE: "clock",
    Tone.BAD: "alert-triangle",
    Tone.INFO: "info-circle",
    Tone.QUIET: "circle-minus",
}


@register.simple_tag(takes_context=True)
def unread_notices(context: template.Context) -> int:
    """Return how many notices the reader has not read; none on a page that is drawn after its transaction."""
    actor, request = context.get("actor"), context.get("request")
    if actor is None or actor.role is None or not connection.in_atomic_block or connection.needs_rollback:
        return 0
    found = unread(actor)
    if request is not None:
        request.unread_notices = found  # the page of a row asks afterwards whether there is anything to mark
    return found


@register.filter
def unread_words(count: int) -> str:
    """Return a number of unread notices as the bell shows it; empty for none."""
    return f"{MOST}+" if count > MOST else str(count or "")


@register.simple_tag
@cache
def asset(path: str) -> str:
    """Return the address of a static file, with its content's hash so that a new edition is fetched.

    It is the same while the process lives, and a list asks for its icons ninety times.
    """
    return static(path)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite. Without a label it is decoration and hidden from screen readers."""
    sprite = asset("quanheng/icons.svg")
    if label:
        return format_html(
            '<svg class="qh-icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            sprite,
            name,
        )
    return _decoration(name, sprite)


@lru_cache(maxsize=256)
def _decoration(name: str, sprite: str) -> SafeString:
    """A page of a list has hundreds, of a dozen kinds."""
    return format_html(
        '<svg class="qh-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        sprite,
        name,
    )


@register.simple_tag
def state(badge: State, size: str = "") -> SafeString:
    """Draw a state badge; size is ``"big"`` in a detail head."""
    return _state(badge.tone, str(badge.text), size)


@lru_cache(maxsize=4096)
def _state(tone: Tone, text: str, size: str) -> SafeString:
    """A page of a list has fifty, of a few kinds; those that name a day are a few hundred."""
    return format_html(
        '<span class="qh-state is-{}{}">{}{}</span>',
        tone,
        " is-big" if size == "big" else "",
        icon(ICON_OF_TONE[tone]),
        text,
    )


@register.simple_tag
def navigation_menu(groups: tuple[ShownGroup, ...], where: str) -> SafeString:
    """Draw the menu; everybody in one role on one page sees the same."""
    return _navigation_menu(groups, where, get_language())


@lru_cache(maxsize=512)
def _navigation_menu(groups: tuple[ShownGroup, ...], where: str, _language: str | None) -> SafeString:
    return render_to_string("ui/navigation.html", {"navigation": groups, "where": where})


@register.simple_tag
def list_column_order(shown: ShownList) -> SafeString:
    """Draw the columns that one may choose, in their order."""
    order = tuple((column.key, is_shown) for column, is_shown in shown.column_order)
    return _list_column_order(_declaration(shown), order, get_language())


@lru_cache(maxsize=512)
def _list_column_order(
    listing: Any, order: tuple[tuple[str, bool], ...], _language: str | None
) -> SafeString:
    columns = {column.key: column for column in listing.columns}
    return render_to_string(
        "ui/list_column_order.html", {"order": [(columns[key], is_shown) for key, is_shown in order]}
    )


def _declaration(shown: ShownList) -> Any:
    """Return the class, whose columns and filters never change: what depends on them alone is drawn once."""
    return type(shown.listing)


@register.simple_tag
def list_choice(shown: ShownList, control: Control) -> SafeString:
    """Draw a filter of a few values. What was typed and means nothing chooses nothing."""
    chosen = tuple(value for value in control.chosen if value in control.labels)
    return _list_choice(_declaration(shown), control.filter.key, chosen, get_language())


@lru_cache(maxsize=4096)
def _list_choice(listing: Any, key: str, chosen: tuple[str, ...], _language: str | None) -> SafeString:
    found = next(each for each in listing.filters if each.key == key)
    return render_to_string("ui/filters/choice_control.html", {"filter": found, "chosen": chosen})


@register.simple_tag
def list_rows(shown: ShownList) -> SafeString:
    """Draw the rows of a list."""
    return draw_rows(shown.rows, pick=bool(shown.bulk_acts), draw_state=state)


@register.filter
def icon_of(tone: str) -> str:
    """Return the icon that goes with a tone (or with the level of a Django message)."""
    levels = {"success": Tone.OK, "warning": Tone.DUE, "error": Tone.BAD, "debug": Tone.QUIET}
    return ICON_OF_TONE[Tone(levels.get(tone, tone))]


@register.filter
def tone_of(level: str) -> str:
    """Return the tone of a Django message's level."""
    return {"success": "ok", "warning": "due", "error": "bad"}.get(level, "info")


@register.filter
def days_waited(since: datetime) -> int:
    """Return for how many whole days something has been waiting."""
    return max((timezone.now() - since).days, 0)


@register.filter
def is_date(value: object) -> bool:
    return isinstance(value, date)


@register.filter
def has_time(value: object) -> bool:
    return isinstance(value, datetime)


@register.inclusion_tag("ui/detail_head.html")
def detail_head(head: DetailHead) -> dict[str, Any]:
    """Draw the head of a page about one thing."""
    return {"head": head}


@register.inclusion_tag("ui/facts.html")
def facts(lines: Iterable[Fact]) -> dict[str, Any]:
    """Draw a description list. Empty values show as a dash."""
    return {"lines": lines}


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Sequence[Entry], more_url: str = "") -> dict[str, Any]:
    """Draw a history, newest first."""
    return {"entries": entries, "more_url": more_url}


@register.inclusion_tag("ui/blank.html")
def blank(title: str, text: str = "", symbol: str = "search", act: Link | None = None) -> dict[str, Any]:
    """Draw the place where rows would be: nothing found, nothing yet, too much."""
    return {"title": title, "text": text, "symbol": symbol, "act": act}


@register.inclusion_tag("ui/tiles.html")
def tiles(items: Sequence[Tile]) -> dict[str, Any]:
    """Draw numbers, each a link to its rows."""
    return {"items": items}


@register.inclusion_tag("ui/progress.html", takes_context=True)
def progress(context: template.Context, task: Progress) -> dict[str, Any]:
    """Draw a long task; while it runs the part asks for itself again."""
    return {"task": task, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/button.html")
def button(link: Link) -> dict[str, Any]:
    """Draw a link as a button."""
    return {"link": link}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """Draw the summary of what is wrong, each fault a link to its field. Goes on top of the form."""
    faults = [(field, list(field.errors)) for field in form if field.errors]
    return {"form": form, "faults": faults, "others": form.non_field_errors()}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """Draw one field: label, hint, fault, control, tied together for screen readers."""
    widget = bound.field.widget
    grouped = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    hint = hint or str(bound.help_text)
    described = [f"{bound.auto_id}_wrong"] * bool(bound.errors) + [f"{bound.auto_id}_hint"] * bool(hint)
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described and not grouped else {}
    if bound.errors and not grouped:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "hint": hint,
        "control": bound.as_widget(attrs={**attrs, **_class_of(widget)}),
        "grouped": grouped,
        "is_checkbox": isinstance(widget, forms.CheckboxInput),
        "asks": isinstance(bound.field, SureField),
        "described": " ".join(described),
    }


def _class_of(widget: forms.Widget) -> dict[str, str]:
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return {}
    kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return {"class": f"{kind} {widget.attrs.get('class', '')}".strip()}


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """Draw every field of a form in its order, after the summary of faults."""
    return {"form": form}


@register.inclusion_tag("ui/masked.html", takes_context=True)
def masked(context: template.Context, text: str, reveal_url: str = "", what: str = "") -> dict[str, Any]:
    """Draw masked personal data, with a button that asks to see it (a POST: the act is logged)."""
    return {
        "text": text,
        "reveal_url": reveal_url,
        "what": what,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("ui/chart.html")
def chart(title: str, data_url: str, table_url: str = "", low: bool = False) -> dict[str, Any]:
    """Draw a chart from a JSON endpoint (an ECharts option), with a link to the same figures as a table."""
    return {"title": title, "data_url": data_url, "table_url": table_url, "low": low}

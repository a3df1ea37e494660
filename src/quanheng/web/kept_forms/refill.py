"""Putting what was kept into the form on a page that has just been drawn: values, nothing more.

The page is the page that anybody would get; its controls are filled as if somebody typed. Hidden fields stay
as the page has them (steps, keys, tokens), but for what a picker keeps, and for the version that was seen: if
the row was changed meanwhile, saving says so as it always does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html
from lxml.html import HtmlElement

from quanheng.apps.accounts.kept_forms import Typed

SEEN = frozenset({"version", "seen"})  # what the person had before their eyes
NEVER = frozenset({"submit", "button", "image", "reset", "file", "password"})
MOST_ROWS = 500
ROW = ("tr", "li")
GRID = "qh-filter-grid"


@dataclass(slots=True)
class Page:
    """A page as a tree."""

    tree: HtmlElement

    @classmethod
    def of(cls, content: bytes) -> Page:
        """Read a page."""
        return cls(html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8")))

    def written(self) -> bytes:
        """Return it as bytes."""
        text: bytes = html.tostring(self.tree, encoding="utf-8", doctype="<!doctype html>")
        return text

    def insert(self, fragment: str) -> None:
        """Put a notice under the head of the page, or where the page begins."""
        notice = html.fragment_fromstring(fragment.strip())
        main = next(iter(self.tree.xpath("//main")), None)
        if main is None:
            self.tree.body.insert(0, notice)
            return
        heads = [at for at, child in enumerate(main) if _has_class(child, "qh-head") or child.tag == "nav"]
        main.insert(heads[-1] + 1 if heads else 0, notice)

    def form_for(self, typed: Typed) -> HtmlElement | None:
        """Return the form that was filled in: it goes where that one went, and asks for the same."""
        forms = [form for form in self.tree.forms if (form.get("method") or "").lower() == "post"]
        own = [form for form in forms if _target(form, typed.page) == typed.target]
        own = own or [form for form in forms if _path(_target(form, typed.page)) == _path(typed.target)]
        return max(own, key=lambda form: _likeness(form, typed), default=None)


def fill(form: HtmlElement, typed: Typed) -> bool:
    """Put what was typed into the controls of a form; return whether there was anything to put."""
    values: dict[str, list[str]] = {}
    for name, value in typed.fields:
        values.setdefault(name, []).append(value)
    if not any(name in values and not _is_hidden(control) for name, control in _controls(form)):
        return False
    for name, wanted in values.items():
        _add_rows(form, name, len(wanted))
    used: dict[str, int] = {}
    for name, control in list(_controls(form)):
        if _is_choice(control):
            _check(control, name, values)
        elif name in values and (not _is_hidden(control) or name in SEEN or _is_picked(control)):
            _put(control, values[name], used.get(name, 0))
            used[name] = used.get(name, 0) + 1
    return True


def _controls(form: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    for control in form.iter("input", "select", "textarea"):
        name = control.get("name")
        if name and (control.get("type") or "").lower() not in NEVER:
            yield name, control


def _typed_controls(form: HtmlElement, name: str) -> list[HtmlElement]:
    return [
        control for own, control in _controls(form)
        if own == name and not _is_choice(control) and not _is_hidden(control)
    ]  # fmt: skip


def _is_hidden(control: HtmlElement) -> bool:
    return (control.get("type") or "").lower() == "hidden"


def _is_choice(control: HtmlElement) -> bool:
    return (control.get("type") or "").lower() in {"checkbox", "radio"}


def _is_picked(control: HtmlElement) -> bool:
    return any(above.get("data-picker") is not None for above in control.iterancestors())


def _check(control: HtmlElement, name: str, values: dict[str, list[str]]) -> None:
    if control.get("value", "on") in values.get(name, ()):
        control.set("checked", "checked")
    else:
        control.attrib.pop("checked", None)


def _put(control: HtmlElement, values: Sequence[str], place: int) -> None:
    if control.tag == "select":
        chosen = values if control.get("multiple") is not None else values[place : place + 1]
        _choose(control, chosen)
    elif place < len(values):
        if control.tag == "textarea":
            control.text = "\n" + values[place]  # the first line break of a textarea is not part of it
        else:
            control.set("value", values[place])


def _choose(select: HtmlElement, chosen: Sequence[str]) -> None:
    options = list(select.iter("option"))
    if not any(option.get("value", option.text or "") in chosen for option in options):
        return  # what was chosen is not to be had any more: the page's own choice stands
    for option in options:
        if option.get("value", option.text or "") in chosen:
            option.set("selected", "selected")
        else:
            option.attrib.pop("selected", None)


def _add_rows(form: HtmlElement, name: str, wanted: int) -> None:
    """Where more rows were filled in than the page has, repeat the last one."""
    there = _typed_controls(form, name)
    if not there or there[-1].get("multiple") is not None:
        return
    row = _row_of(there)
    if row is None:
        return
    for _ in range(min(wanted, MOST_ROWS) - len(there)):
        copy = deepcopy(row)
        for part in copy.iter():
            part.attrib.pop("id", None)
        for _name, control in _controls(copy):
            control.attrib.pop("value", None) if control.tag == "input" else None
        row.addnext(copy)
        row = copy


def _row_of(controls: Sequence[HtmlElement]) -> HtmlElement | None:
    """Return what is repeated around the last of some controls of one name."""
    for above in controls[-1].iterancestors():
        if above.tag in ROW or _has_class(above, GRID):
            return above
        if above.tag == "form":
            break
    return None


def _target(form: HtmlElement, page: str) -> str:
    return str(urljoin(page, form.get("action") or page))


def _path(address: str) -> str:
    return urlsplit(address).path


def _likeness(form: HtmlElement, typed: Typed) -> tuple[int, int]:
    """Two forms of a page may go to one address: the same hidden answers first, then the same names."""
    sent, names = set(typed.fields), {name for name, _value in typed.fields}
    controls = list(_controls(form))
    hidden = sum((name, one.get("value", "")) in sent for name, one in controls if _is_hidden(one))
    return hidden, sum(name in names for name, _one in controls)


def _has_class(element: HtmlElement, name: str) -> bool:
    return name in (element.get("class") or "").split()

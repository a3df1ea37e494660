"""Putting what was kept into a page: what was typed, and nothing that the page itself decides."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from lxml.html import HtmlElement

from quanheng.apps.accounts.kept_forms import Typed
from quanheng.web.kept_forms.refill import MOST_ROWS, Page, fill
from tests.factories.browsing import values_of as values


def typed(query: str, target: str = "/page/") -> Typed:
    return Typed("/page/", target, parse_qsl(query, keep_blank_values=True), [])


def filled(body: str, kept: Typed) -> HtmlElement:
    page = Page.of(f"<!doctype html><html><body><main>{body}</main></body></html>".encode())
    form = page.form_for(kept)
    assert form is not None
    fill(form, kept)
    return Page.of(page.written()).form_for(kept)


def test_texts_choices_and_ticks_come_back() -> None:
    form = filled(
        '<form method="post"><input name="name" value="old"><textarea name="reason"></textarea>'
        '<select name="kind"><option value="a" selected>A</option><option value="b">B</option></select>'
        '<input type="checkbox" name="row" value="1" checked><input type="checkbox" name="row" value="2">'
        '<input type="radio" name="half" value="am" checked><input type="radio" name="half" value="pm">'
        "</form>",
        typed("name=新&reason=第一行\n第二行&kind=b&row=2&half=pm"),
    )
    assert values(form) == [
        ("name", "新"), ("reason", "第一行\n第二行"), ("kind", "b"), ("row", "2"), ("half", "pm"),
    ]  # fmt: skip


def test_what_was_unticked_stays_unticked() -> None:
    form = filled(
        '<form method="post"><input name="name"><input type="checkbox" name="row" value="1" checked></form>',
        typed("name=x"),
    )
    assert values(form) == [("name", "x")]


def test_hidden_fields_are_the_pages_own_but_for_a_picker_and_the_version_seen() -> None:
    form = filled(
        '<form method="post"><input type="hidden" name="step" value="preview">'
        '<input type="hidden" name="version" value="7"><input type="hidden" name="entry_key" value="new">'
        '<div data-picker="/p/"><input type="hidden" name="entity" value=""><input name="entity_text"></div>'
        '<input type="file" name="file"><input type="password" name="pin"></form>',
        typed("step=apply&version=3&entry_key=old&entity=12&entity_text=东门&pin=1234&file=x"),
    )
    assert ("step", "preview") in values(form)
    assert ("entry_key", "new") in values(form)
    assert ("version", "3") in values(form), "whoever changed the row meanwhile is noticed when it is saved"
    assert ("entity", "12") in values(form)
    assert ("entity_text", "东门") in values(form)
    assert form.inputs["pin"].get("value") is None


def test_rows_that_were_added_are_there_again() -> None:
    row = '<tr><td><input id="a" name="load"></td><td><input name="shown"></td></tr>'
    form = filled(
        f'<form method="post"><table><tbody>{row}{row}</tbody></table></form>',
        typed("load=1&shown=1.1&load=2&shown=2.1&load=3&shown=3.1&load=4&shown="),
    )
    assert [v for n, v in values(form) if n == "load"] == ["1", "2", "3", "4"]
    assert [v for n, v in values(form) if n == "shown"] == ["1.1", "2.1", "3.1", ""]


def test_rows_are_bounded() -> None:
    many = "&".join(f"load={n}" for n in range(3 * MOST_ROWS))
    form = filled(
        '<form method="post"><table><tr><td><input name="load"></td></tr></table></form>', typed(many)
    )
    assert len(values(form)) == MOST_ROWS


@pytest.mark.parametrize(("act", "place"), [("accept", 0), ("return", 1)])
def test_of_two_forms_to_one_address_the_one_that_was_sent_is_filled(act: str, place: int) -> None:
    body = "".join(
        f'<form method="post"><input type="hidden" name="act" value="{one}"><input name="reason"></form>'
        for one in ("accept", "return")
    )
    page = Page.of(f"<html><body>{body}</body></html>".encode())
    assert page.form_for(typed(f"act={act}&reason=x")) is page.tree.forms[place]


def test_a_form_that_goes_elsewhere_is_left_alone() -> None:
    page = Page.of(
        b'<html><body><form method="post" action="/other/"><input name="reason"></form></body></html>'
    )
    assert page.form_for(typed("reason=x")) is None


def test_markup_in_what_was_typed_is_text() -> None:
    kept = typed("")
    kept.fields.append(("reason", "</textarea><script>alert(1)</script>\"'&"))
    kept.fields.append(("name", '"><script>alert(1)</script>'))
    form = filled('<form method="post"><textarea name="reason"></textarea><input name="name"></form>', kept)
    assert dict(values(form)) == dict(kept.fields)
    assert not form.xpath("//script")


def test_where_only_hidden_answers_were_sent_there_is_nothing_to_give_back() -> None:
    page = Page.of(
        b'<html><body><form method="post"><input type="hidden" name="act" value="a"></form></body></html>'
    )
    kept = typed("act=a")
    form = page.form_for(kept)
    assert form is not None
    assert not fill(form, kept)

"""Every page of the office has its help: what it is for, who may do what there, what its words mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from quanheng.apps.accounts.enums import Role
from quanheng.kit.acts import discover, verbs
from quanheng.web.access import access_of, view_name
from quanheng.web.help.sections import SECTIONS, section_of
from quanheng.web.help.terms import TERMS
from tests.factories import make_actor, sign_in

OF_MACHINES = "quanheng.api."


def signed_in_views(patterns: list[Any]) -> Iterator[Callable[..., Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from signed_in_views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            access = access_of(pattern.callback)
            if access and not access.public and not view_name(pattern.callback).startswith(OF_MACHINES):
                yield pattern.callback


def test_every_page_behind_the_sign_in_has_its_help() -> None:
    views = list(signed_in_views(get_resolver().url_patterns))
    assert len(views) > 150
    assert [view_name(view) for view in views if section_of(view) is None] == []


def test_every_word_that_a_section_explains_is_explained_and_every_beginning_names_an_act() -> None:
    discover()
    keys = [str(verb) for verb in verbs() if verb.who]
    for section in SECTIONS:
        assert set(section.terms) <= TERMS.keys(), section.slug
        assert [start for start in section.acts if not any(key.startswith(start) for key in keys)] == []
    assert TERMS.keys() == {key for section in SECTIONS for key in section.terms}


@pytest.mark.django_db
def test_the_frame_leads_to_the_help_of_this_very_page() -> None:
    officer = sign_in(Client(), make_actor(Role.COUNTY_OFFICER))
    assert '/help/?page=%2Finstruments%2F"' in officer.get("/instruments/").content.decode()
    page = officer.get("/help/", {"page": "/instruments/"}).content.decode()
    assert "器具档案" in page
    assert "一器一档。可按编号、证书、铅封或器具码查找。" in page  # the list's own words
    assert 'href="/instruments/"' in page
    assert page.count("可以办理</span>") > 3


@pytest.mark.django_db
def test_each_section_has_a_page_and_an_unknown_page_leads_to_all_of_them() -> None:
    auditor = sign_in(Client(), make_actor(Role.AUDITOR))
    everything = auditor.get("/help/", {"page": "/no/such/page/"}).content.decode()
    for section in SECTIONS:
        assert f'href="/help/{section.slug}/"' in everything
        assert auditor.get(f"/help/{section.slug}/").status_code == 200
    assert auditor.get("/help/nothing/").status_code == 404
    for foreign in ("//evil.example/", "https://evil.example/", ""):
        page = auditor.get("/help/", {"page": foreign}).content.decode()
        assert f'href="{foreign}"' not in page

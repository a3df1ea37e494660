"""Every form of every page: filled in, its sign-in lost, sent, signed in again: it stands there as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from lxml.html import HtmlElement
from pytest_django import DjangoDbBlocker

from quanheng.apps.accounts.enums import Role
from tests.factories.browsing import Sitting, tree_of, values_of
from tests.walls.routes import ROUTES, Open
from tests.walls.visiting import Door, addresses, all_doors, everything_said
from tests.walls.world import World, build_world

pytestmark = pytest.mark.django_db
# What every list and every task has, files, charts, and signing in: nothing is typed there that may be kept.
WITHOUT = re.compile(r"list_|task_|pick$|label_(?!choose)|indicator|gallery|mfa_|account_(log|re|ch)")
DOORS = [
    door for door in all_doors()
    if not door.pattern.startswith("api/") and not WITHOUT.match(door.name)
]  # fmt: skip
FRAMES = ("/preferences/", "/lists/", "/accounts/", "/me/")
TYPED = frozenset({"text", "search", "tel", "number", "date", "email", "url", "month", "time", ""})


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    changed = override_settings(ACCOUNT_RATE_LIMITS=False, DATA_DIR=tmp_path_factory.mktemp("forms"))
    with django_db_blocker.unblock(), changed, transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def role_of(door: Door) -> Role | None:
    """Return a role that may open a door; None for one without a sign-in."""
    who = ROUTES[door.name].who
    if isinstance(who, frozenset):
        return next(role for role in Role if role in who)
    return None if who is Open.PUBLIC else Role.COUNTY_OFFICER


def fill_in(form: HtmlElement) -> bool:
    """Type something everywhere; return whether there was anything to type."""
    typed = False
    for number, control in enumerate(form.iter("input", "textarea")):
        if control.tag == "textarea":
            control.text, typed = f"手写内容{number}", True
        elif control.get("type", "") in TYPED and control.get("name"):
            control.set("value", f"手写{number}")
            typed = True
        elif control.get("type") == "checkbox" and "checked" in control.attrib:
            del control.attrib["checked"]
    for select in form.iter("select"):
        options = list(select.iter("option"))
        for option in options:
            option.attrib.pop("selected", None)
        options[-1].set("selected", "selected")
    return typed


def answers(form: HtmlElement) -> list[tuple[str, str]]:
    """Return what a form holds, but for what its page decides."""
    hidden = {one.get("name") for one in form.iter("input") if one.get("type") == "hidden"}
    return [(name, value) for name, value in values_of(form) if name not in hidden]


def forms_of(page: HtmlElement) -> list[HtmlElement]:
    """Return the forms of a page in which something is sent."""
    return [
        form for form in page.forms
        if form.method == "POST" and not (form.get("action") or "").startswith(FRAMES)
    ]  # fmt: skip


def lost_and_found(sitting: Sitting, world: World, role: Role, address: str) -> Iterator[str]:
    """Yield what is not there again of the forms of one page."""
    actor = world.places[0].actors[role]
    answer = sitting.client.get(address)
    if answer.status_code != 200 or answer.streaming or "html" not in answer["Content-Type"]:
        everything_said(answer)  # a file is read to its end, so that it is closed
        return
    for place in range(len(forms_of(tree_of(answer)))):
        form = forms_of(sitting.open(address) if place else tree_of(answer))[place]
        if not fill_in(form):
            continue
        typed = answers(form)
        sitting.lose_session()
        led = sitting.send(address, form)
        if "/accounts/login/" not in led.get("Location", ""):
            yield f"{address}: a form without a sign-in is answered with {led.status_code}"
        sitting.sign_in(actor)
        found = [answers(one) for one in forms_of(sitting.open(address))]
        if typed not in found:
            yield f"{address}: typed {typed}, found {found}"


@pytest.mark.parametrize("role", sorted({role for door in DOORS if (role := role_of(door))}))
def test_what_was_typed_on_a_page_is_there_again_after_the_sign_in(world: World, role: Role) -> None:
    faults: list[str] = []
    visited = 0
    sitting = Sitting(world.places[0].actors[role])
    for door in (each for each in DOORS if role_of(each) is role):
        for address in addresses(door, ROUTES[door.name], world.places[0]):
            saved = transaction.savepoint()
            faults += lost_and_found(sitting, world, role, address)
            visited += 1
            transaction.savepoint_rollback(saved)
    assert visited
    assert not faults, "\n".join(faults[:20])

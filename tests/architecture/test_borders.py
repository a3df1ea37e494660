"""Borders between the rooms that import-linter cannot state once for all rooms."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.db.models import Model

from tests.architecture.doors import module_of
from tests.architecture.source import PACKAGE, calls, imported, modules, name

APPS = sorted(folder.name for folder in (PACKAGE / "apps").iterdir() if (folder / "apps.py").exists())
LONGEST = 400  # lines of a module
DOORS = ("web", "api", "jobs", "demo")


@pytest.mark.parametrize("app", APPS)
def test_the_models_of_an_app_are_imported_by_no_other_app(app: str) -> None:
    models = f"quanheng.apps.{app}.models"
    intruders = [
        name(file) for file in modules("apps")
        if f"apps/{app}/" not in file.as_posix() and any(found.startswith(models) for found in imported(file))
    ]  # fmt: skip
    assert intruders == []


@pytest.mark.parametrize("room", DOORS)
def test_no_door_holds_a_table_under_any_name(room: str) -> None:
    """import-linter sees `apps.*.models`; here is what came by another way: a query, a module beside."""
    held = [
        f"{name(file)}: {found}"
        for file in modules(room)
        for found, value in vars(import_module(module_of(file))).items()
        if isinstance(value, type)
        and issubclass(value, Model)
        and value.__module__.startswith("quanheng.apps.")
    ]
    assert held == []


@pytest.mark.parametrize("room", DOORS)
def test_no_door_asks_a_table_behind_the_back_of_queries(room: str) -> None:
    """A row is at hand, its table is not: neither by its class, nor by a name, nor past the first wall."""
    behind = re.compile(
        r"\b(?:_meta|_default_manager|_base_manager|get_model|get_models|unscoped)\b|\)\.objects\b"
    )
    assert [name(file) for file in modules(room) if behind.search(file.read_text())] == []


def test_a_set_of_states_is_named_once_in_the_law() -> None:
    """Three modules once named the same three states, each its own way; a fourth would meet none."""
    of_two = re.compile(
        r"^[A-Z_]+\b[^=\n]*= [^\n]*InstrumentState\.[A-Z_]+, \*?InstrumentState\.", re.MULTILINE
    )
    assert [name(file) for file in modules("apps", *DOORS) if of_two.search(file.read_text())] == []


def test_no_service_asks_the_clock_itself() -> None:
    """The caller fixes the instant once and hands it down as `at`."""
    asked = {
        "timezone.now()",
        "date.today()",
        "datetime.today()",
        "timezone.localdate()",
        "timezone.localtime()",
    }
    guilty = [
        name(file) for file in modules("apps")
        if "/services" in file.as_posix() and asked & set(calls(file))
    ]  # fmt: skip
    assert guilty == []


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    files = [*modules(), *sorted((PACKAGE.parents[1] / "tests").rglob("*.py"))]
    assert [name(file) for file in files if len(file.read_text().splitlines()) > LONGEST] == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [name(file) for file in modules() if marks.search(file.read_text())] == []


def test_templates_carry_no_script_no_style_and_no_foreign_host() -> None:
    """The content security policy would refuse them in the browser, where no test looks."""
    forbidden = re.compile(
        r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:|<script(?![^>]*\bsrc=)[^>]*>|"
        r"(?:src|href|action)=[\"']https?://|hx-on|hx-vals=[\"']js:",
        re.IGNORECASE,
    )
    found = [
        f"{name(file)}: {match.group()}"
        for file in sorted([*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.jinja")])
        if (match := forbidden.search(file.read_text()))
    ]
    assert found == []


def test_locks_name_no_address() -> None:
    lock = (PACKAGE.parents[1] / "requirements.lock").read_text()
    assert "://" not in lock
    assert all("--hash=sha256:" in part for part in re.split(r"\n(?=\S)", lock.strip()) if "==" in part)


def test_rows_reach_copy_through_the_one_writer_that_escapes_every_field() -> None:
    """A line of COPY built by hand once let a worksheet's name stage a row of its own."""
    writer = PACKAGE / "kit" / "copying.py"
    copying = r"\bCOPY\s+\S+.*\bFROM\b|\bcursor(?:\(\))?\.copy\(|\bcopy\.write(?:_row)?\(|\.copy_expert\("
    by_hand = re.compile(copying, re.IGNORECASE)
    assert by_hand.search(writer.read_text())
    assert [name(file) for file in modules() if file != writer and by_hand.search(file.read_text())] == []

"""The law and the science are plain calculations: no clock, no chance, no input or output, no framework."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.architecture.source import calls, imported, modules, name

PURE = list(modules("regulation", "metrology"))
VALUES = (
    "quanheng.packs.rule_pack",
    "quanheng.packs.case_fault",
    "quanheng.packs.sentence",
)  # plain values, no files
NUMERIC = {"numpy", "scipy"}  # metrology may calculate with it
CLOCK_CHANCE_WORLD = {
    "time", "random", "secrets", "uuid", "os", "io", "pathlib", "shutil", "tempfile", "subprocess", "socket",
    "threading", "multiprocessing", "asyncio", "urllib", "http", "sqlite3", "logging", "sys", "importlib",
    "locale",
}  # fmt: skip
FORBIDDEN_CALLS = {"open", "input", "print", "eval", "exec", "__import__"}
CLOCK_METHODS = {"now", "today", "utcnow", "astimezone", "fromtimestamp"}


@pytest.mark.parametrize("file", PURE, ids=name)
def test_it_stands_on_the_standard_library_alone(file: Path) -> None:

    allowed = set(sys.stdlib_module_names) | (NUMERIC if "metrology" in file.parts else set())
    room = "metrology" if "metrology" in file.parts else "regulation"
    strangers = [
        found for found in imported(file)
        if found.split(".")[0] not in allowed and not found.startswith((f"quanheng.{room}", *VALUES))
    ]  # fmt: skip
    assert strangers == []


@pytest.mark.parametrize("file", PURE, ids=name)
def test_it_knows_no_clock_no_chance_and_no_world(file: Path) -> None:

    assert [found for found in imported(file) if found.split(".")[0] in CLOCK_CHANCE_WORLD] == []
    called = [call.removesuffix("()") for call in calls(file)]
    assert [call for call in called if call in FORBIDDEN_CALLS] == []
    assert [call for call in called if "." in call and call.rsplit(".", 1)[1] in CLOCK_METHODS] == []

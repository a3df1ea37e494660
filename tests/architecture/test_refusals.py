"""Every refusal is declared in a `refusals.py`, raised with the facts it tells, and read in two languages."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override

from quanheng.kit.refusal import Refusal, refusals
from tests.architecture.source import PACKAGE, modules, name

BY_HAND = {"RuleBroken", "NotYours", "NotNow"}
DECLARED = [one for said in refusals().values() for one in said]
ROOMS = [file for file in modules() if file.name == "refusals.py"]


def _module(file: Path) -> ModuleType:
    dotted = ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
    return importlib.import_module(dotted.removesuffix(".__init__"))


def _meant(node: ast.expr, module: ModuleType) -> list[Refusal]:
    """Return the refusals that an expression names: `refusals.NO_REASON`, `refusals.CANNOT[event]`, either of
    two.
    """
    found: list[Refusal] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            of = getattr(module, part.value.id, None)
            value = getattr(of, part.attr, None) if isinstance(of, ModuleType) else None
        else:
            value = getattr(module, part.id, None) if isinstance(part, ast.Name) else None
        found += _refusals_in(value)
    return found


def _refusals_in(value: Any) -> list[Refusal]:
    if isinstance(value, Refusal):
        return [value]
    values = value.values() if isinstance(value, Mapping) else value if isinstance(value, frozenset) else ()
    return [one for one in values if isinstance(one, Refusal)]


def _speaking_of_refusals() -> Iterator[tuple[Path, ast.Module]]:
    for file in modules():
        text = file.read_text(encoding="utf-8")
        if "refusals" in text and file.name != "refusal.py":
            yield file, ast.parse(text)


def _raised() -> Iterator[tuple[str, Refusal, set[str]]]:
    """Yield every place that makes an exception of a refusal: where, which, with what facts."""
    for file, tree in _speaking_of_refusals():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or any(word.arg is None for word in node.keywords):
                continue
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in {"saying", "items", "get", "values"}:
                continue
            for refusal in _meant(called, _module(file)) if _is_reference(called) else ():
                yield f"{name(file)}:{node.lineno}", refusal, {str(word.arg) for word in node.keywords}


def _is_reference(node: ast.expr) -> bool:
    """Say whether an expression is a name, an entry of a table, or one of two names."""
    if isinstance(node, ast.IfExp):
        return _is_reference(node.body)
    if isinstance(node, ast.Subscript):
        return _is_reference(node.value)
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )


def test_no_refusal_is_worded_where_it_is_raised() -> None:
    guilty = [
        f"{name(file)}:{node.lineno}"
        for file in modules()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BY_HAND
    ]
    assert guilty == [], "declare it in the room's refusals.py: docs/how-to/add-an-act.md"


def test_every_refusal_is_raised_with_the_facts_that_it_tells() -> None:
    wrong = [
        f"{where}: {refusal.code} has {sorted(refusal.facts)}, not {sorted(facts)}"
        for where, refusal, facts in _raised()
        if facts != refusal.facts
    ]
    assert wrong == []


def test_every_declared_refusal_is_raised_or_said_again() -> None:
    named = {
        id(refusal)
        for file, tree in _speaking_of_refusals()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load)
        for refusal in _meant(node, _module(file))
    }
    assert [one for one in DECLARED if id(one) not in named] == []


def test_every_refusal_is_translated_when_it_is_read() -> None:
    assert [one for one in DECLARED if not isinstance(one.sentence, Promise)] == []
    with override("zh-hans"):
        chinese = [str(one.sentence) for one in DECLARED]
    with override("en"):
        english = [str(one.sentence) for one in DECLARED]
    same = {one for one, other in zip(chinese, english, strict=True) if one == other}
    assert same == {"%(why)s"}  # somebody else's words: a task's, a rule's


def test_what_is_declared_stands_in_the_modules_that_are_looked_at() -> None:
    held = {
        id(one) for file in ROOMS for value in vars(_module(file)).values() for one in _refusals_in(value)
    }
    assert [one for one in DECLARED if id(one) not in held] == []

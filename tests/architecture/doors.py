"""Which of the pure functions somebody outside can reach: a graph of names, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PACKAGE, modules

ROOMS = ("metrology", "regulation")
Name = tuple[str, str]  # module, name at its top


def module_of(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def public_functions() -> set[Name]:
    """Return every function at the top of a module of the pure rooms whose name does not begin with _."""
    return {
        (module_of(file), node.name)
        for file in modules(*ROOMS)
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def reached() -> set[Name]:
    """Return the names that something outside the pure rooms uses, directly or through one another."""
    uses = {name: used for file in modules(*ROOMS) for name, used in _uses(file)}
    found: set[Name] = set()
    waiting = [name for file in _outside() for name in _imported(ast.parse(file.read_text()))]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += uses.get(name, ())
    return found


def _outside() -> Iterator[Path]:
    return (file for file in modules() if file.relative_to(PACKAGE).parts[0] not in ROOMS)


def _imported(tree: ast.AST) -> Iterator[Name]:
    """Yield what a file takes from the pure rooms: names, and attributes of modules that it takes whole."""
    bound = _bindings(tree)
    yield from bound.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in bound:
            module, name = bound[node.value.id]
            yield f"{module}.{name}", node.attr


def _bindings(tree: ast.AST) -> dict[str, Name]:
    """Return what the imports of a file bind: local name → module and name."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and _is_pure(node.module)
        for alias in node.names
    }


def _is_pure(module: str) -> bool:
    return module.startswith(tuple(f"quanheng.{room}" for room in ROOMS))


def _uses(file: Path) -> Iterator[tuple[Name, list[Name]]]:
    """Yield each name at the top of a module with the names of the pure rooms that it uses."""
    tree, module = ast.parse(file.read_text()), module_of(file)
    bound = _bindings(tree)
    tops = {name: node for node in tree.body for name in _names(node)}
    for top, node in tops.items():
        used: list[Name] = []
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id in bound:
                used.append(bound[inner.id])
            elif isinstance(inner, ast.Name) and inner.id in tops:
                used.append((module, inner.id))
            elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                package, name = bound.get(inner.value.id, ("", ""))
                used.append((f"{package}.{name}", inner.attr))
        yield (module, top), used


def _names(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id

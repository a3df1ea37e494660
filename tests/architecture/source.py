"""Reading the project's own source, for rules that import-linter cannot state."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "quanheng"


def modules(*below: str) -> Iterator[Path]:
    """Yield the Python files below these folders of the package; migrations are history, not source."""
    for folder in below or ("",):
        for file in sorted((PACKAGE / folder).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imported(file: Path) -> Iterator[str]:
    """Yield every name that a file imports: `a.b` for `import a.b`, `a.b.c` for `from a.b import c`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(file: Path) -> Iterator[str]:
    """Yield what a file calls, as written: `open`; with parentheses when nothing is handed over: `now()`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            bare = "" if node.args or node.keywords else "()"
            yield ast.unparse(node.func) + bare

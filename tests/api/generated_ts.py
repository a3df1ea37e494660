"""A client in TypeScript that is made of the committed description, type-checked, and run by node."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.api.generated import DESCRIPTION

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "node_modules" / ".bin"
WRITTEN = Path(__file__).parent / "typescript"


class NotTyped(AssertionError):
    """The program does not fit the types of the description."""


def generate(folder: Path) -> None:
    """Write the types of the description into a folder, beside the program, and compile both.

    Raises:
        NotTyped: what the compiler says.
    """
    (folder / "node_modules").symlink_to(ROOT / "node_modules", target_is_directory=True)
    (folder / "package.json").write_text(json.dumps({"type": "module"}))
    for file in WRITTEN.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    run([TOOLS / "openapi-typescript", DESCRIPTION, "--output", folder / "quanheng.d.ts"], folder)
    compile_in(folder)


def compile_in(folder: Path) -> None:
    """Check the types of a folder's program and write it as JavaScript."""
    run([TOOLS / "tsc", "--project", folder], folder)


def run(command: Sequence[Path | str], folder: Path, **more: str) -> str:
    """Run a program to its end and return what it printed."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **more}
    ran = subprocess.run(
        [str(word) for word in command], cwd=folder, env=environment, capture_output=True, text=True,
        check=False, timeout=240,
    )  # fmt: skip
    if ran.returncode:
        raise NotTyped(ran.stdout + ran.stderr)
    return ran.stdout


def walk(folder: Path, where: dict[str, Any]) -> dict[str, Any]:
    """Let the compiled program walk, and return its report."""
    report: dict[str, Any] = json.loads(
        run(["node", folder / "made" / "journey.js"], folder, WHERE=json.dumps(where))
    )
    return report

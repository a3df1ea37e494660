"""Writing a file that only its owner reads: whole or not at all, and durable."""

from __future__ import annotations

import os
from pathlib import Path


def write_secret(target: Path, text: str) -> None:
    """Put the text in place of the file; a folder that is missing is made with mode 0700."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)

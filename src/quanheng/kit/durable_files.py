"""Small files that a power cut must not take: whole or not there at all, readable by their owner alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


def write_secret(target: Path, text: str) -> None:
    """Put the text in place of the file; a folder that is missing is made with mode 0700."""
    _part(target, text).replace(target)
    sync_folder(target.parent)


def read_or_make_secret(target: Path, make: Callable[[], str]) -> str:
    """Return what the file holds. Of several who find it missing one makes it, and all read the same."""
    if not target.exists():
        part = _part(target, make())
        try:
            with suppress(FileExistsError):
                os.link(part, target)
        finally:
            part.unlink()
        sync_folder(target.parent)
    return target.read_text().strip()


def private_folder(folder: Path) -> Path:
    """Return a folder that only its owner opens, made when it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def open_private(file: Path) -> BinaryIO:
    """Open a file for writing from its beginning, readable by its owner alone."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: a file that was only renamed is forgotten with the power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _part(target: Path, text: str) -> Path:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return part

"""The log as a folder that any web server can serve, and any other host can copy.

Every file is written beside its place, made durable and then put there, so that a reader never sees half of
one and a power cut leaves the old one or the new one.
"""

from __future__ import annotations

import os
from pathlib import Path

from quanheng.kit.durable_files import sync_folder
from quanheng.regulation.transparency.tiles import WIDTH, parse_path

CHECKPOINT = "checkpoint"


class LogFolder:
    """One log in one folder.

    Args:
        home: made when the first file is written.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._touched: set[Path] = set()

    def fetch(self, path: str) -> bytes | None:
        """Return a file below the folder, None where there is none.

        Raises:
            CaseFault: no tile has this path.
        """
        parse_path(path)
        return _read(self.home / path)

    def write(self, path: str, data: bytes) -> None:
        """Write a tile; a full one makes the partial ones of its place needless."""
        tile = parse_path(path)
        place = self.home / path
        self._put(place, data)
        if tile.width == WIDTH:
            _remove_partials(place)

    def sync(self) -> None:
        """Make the directories durable in which files were put."""
        for folder in sorted(self._touched):
            sync_folder(folder)
        self._touched.clear()

    def checkpoint(self) -> str | None:
        """Return what is published."""
        data = _read(self.home / CHECKPOINT)
        return None if data is None else data.decode()

    def publish(self, text: str) -> None:
        """Replace the checkpoint in one step."""
        self._put(self.home / CHECKPOINT, text.encode())
        self.sync()

    def _put(self, place: Path, data: bytes) -> None:
        self._make(place.parent)
        part = place.with_name(f".{place.name}.{os.getpid()}")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
        self._touched.add(place.parent)

    def _make(self, folder: Path) -> None:
        """Make a folder; each one that is new has to become durable in the one above it."""
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            new.mkdir(exist_ok=True)
            self._touched.add(new.parent)


def _read(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _remove_partials(place: Path) -> None:
    folder = place.with_name(place.name + ".p")
    if folder.is_dir():
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()

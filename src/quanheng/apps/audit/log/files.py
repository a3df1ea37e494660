"""What the log asks of the place where its files lie. `adapters.log_files` keeps them in a folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from quanheng.regulation.transparency.checkpoints import Checkpoint


class LogFiles(Protocol):
    """Files below the log's prefix. A file is written whole or not at all."""

    def fetch(self, path: str) -> bytes | None:
        """Return a file, None where there is none."""

    def write(self, path: str, data: bytes) -> None:
        """Write a tile or a bundle; what `sync` returns from is durable."""

    def sync(self) -> None:
        """Make everything durable that was written, directories included."""

    def checkpoint(self) -> str | None:
        """Return the checkpoint that is published, None before the first."""

    def publish(self, text: str) -> None:
        """Replace the checkpoint, durably, in one step."""


SignCheckpoint = Callable[[Checkpoint], str]  # a checkpoint -> its signed note

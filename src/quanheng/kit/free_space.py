"""How much room the disk has left, and what is refused before it has none.

PostgreSQL stops when it cannot write its log, and reading stops with it. Uploads and imports are refused
first, and long tasks that are under way wait (kit.tasks); then every act; whoever only looks notices nothing.
The disk is that of the data directory; what a PostgreSQL elsewhere has left is for its own operator to watch.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.conf import settings

from quanheng.kit import refusals

LOOK_AGAIN = 1.0  # seconds

_looked: tuple[float, str, int] = (0.0, "", 0)


def free_bytes() -> int:
    """Return what an ordinary user may still write on the disk of the data directory; seconds old at most."""
    global _looked  # noqa: PLW0603
    place, now = str(settings.DATA_DIR), time.monotonic()
    then, where, free = _looked
    if where != place or now - then > LOOK_AGAIN:
        free = _measured(Path(place))
        _looked = now, place, free
    return free


def _measured(place: Path) -> int:
    while not place.exists():  # before the first start
        place = place.parent
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize


def refuse_when_low(*, upload: bool = False) -> None:
    """Refuse to write while the disk is nearly full.

    Args:
        upload: what is to be written is a file; these are refused sooner.

    Raises:
        RuleBroken: disk_low.
    """
    free = free_bytes()
    if upload and free < settings.DISK_UPLOADS:
        raise refusals.DISK_LOW_FOR_UPLOADS(free_bytes=free)
    if free < settings.DISK_WRITES:
        raise refusals.DISK_LOW(free_bytes=free)


class NoRoom(Exception):
    """The disk is nearly full: what is long under way stops where it may, and goes on when there is room."""


def stop_when_low() -> None:
    """Stop a long task before it writes its next piece, sooner than PostgreSQL would fail.

    Raises:
        NoRoom: less is left than uploads need.
    """
    if free_bytes() < settings.DISK_UPLOADS:
        raise NoRoom


def shortage() -> str:
    """Say what is short and what is refused because of it; "" while there is room."""
    free = free_bytes()
    if free >= settings.DISK_WARN:
        return ""
    refused = "uploads and imports are refused" if free < settings.DISK_UPLOADS else "nothing is refused yet"
    if free < settings.DISK_WRITES:
        refused = "every act is refused, reading goes on"
    return f"{free // 1_000_000} MB are free; {refused}"

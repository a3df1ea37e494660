"""What PostgreSQL writes about itself and an operator should see without looking for it."""

from __future__ import annotations

import re
from pathlib import Path

TELLING = re.compile(
    r"PANIC|terminated by signal|all server processes terminated|recovery|No space left|WARNING"
)


class ServerLog:
    """Follows the log file of the embedded server from its present end."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.offset = place.stat().st_size

    def news(self) -> list[str]:
        """Return the telling lines that were written since the last call."""
        size = self.place.stat().st_size
        if size < self.offset:  # rotated
            self.offset = 0
        if size == self.offset:
            return []
        with self.place.open("rb") as file:
            file.seek(self.offset)
            text = file.read(1_000_000)
        complete = text[: text.rfind(b"\n") + 1]
        self.offset += len(complete)
        return [line for line in complete.decode(errors="replace").splitlines() if TELLING.search(line)]

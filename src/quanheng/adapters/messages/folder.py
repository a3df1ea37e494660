"""Messages as files: what would have been sent, for a demonstration and for whoever sets the platform up."""

from __future__ import annotations

import re
from pathlib import Path

from quanheng.kit.durable_files import write_secret

SAFE_KEY = re.compile(r"[A-Za-z0-9-]{1,64}")


class MessageFolder:
    """A folder that takes every message; the same key again takes the place of the first."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def send(self, *, key: str, to: str, text: str, subject: str = "") -> None:
        """Write the message into a file that its owner alone reads, for it names a person's number."""
        if not SAFE_KEY.fullmatch(key):
            raise ValueError(f"a key is letters, digits and dashes: {key!r}")
        head = f"To: {to}\n" + (f"Subject: {subject}\n" if subject else "")
        write_secret(self.home / f"{key}.txt", f"{head}\n{text}\n")

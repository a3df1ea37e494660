"""Something that a process does every few seconds beside its work."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable

from django.db import connection


class Ticking:
    """Does something every few seconds in a thread of its own, and once more at the end of the process.

    Args:
        do: what is done; it lets nothing escape.
        keeps_connection: whether it asks the database so often that its connection stays open meanwhile.
    """

    def __init__(
        self, name: str, seconds: float, do: Callable[[], object], *, keeps_connection: bool = False
    ) -> None:
        self.name, self.seconds, self.do, self.keeps_connection = name, seconds, do, keeps_connection
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; a second time it is nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
            self._thread.start()
            atexit.register(self.stop)

    def stop(self) -> None:
        """Do it for the last time and end the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.wait(self.seconds):
            self.do()
            if not self.keeps_connection:
                connection.close()
        self.do()
        connection.close()

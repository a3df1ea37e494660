"""Counting scans in memory and adding them to the database every few seconds, on a connection of its own."""

from __future__ import annotations

import atexit
import logging
import threading
from collections import Counter
from datetime import date

from django.db import connection

from quanheng.apps.instruments.services.count_scans import count_scans

log = logging.getLogger(__name__)

FLUSH_SECONDS = 5.0
MOST_HELD = 200_000  # while the database is away; beyond it new instruments are not counted


class ScanCounter:
    """Scans by instrument and day that are not in the database yet."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, date]] = Counter()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def count(self, instrument_id: int, day: date) -> None:
        """Count one scan."""
        with self._lock:
            if len(self._counts) < MOST_HELD or (instrument_id, day) in self._counts:
                self._counts[instrument_id, day] += 1

    def flush(self) -> int:
        """Write what was counted; return how many scans. What cannot be written is kept for the next time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        try:
            count_scans(counts)
        except Exception as fault:
            log.warning("%d scans wait, the database did not take them: %s", counts.total(), fault)
            with self._lock:
                self._counts.update(counts)
            return 0
        return counts.total()

    def start(self) -> None:
        """Flush every few seconds from a thread, and once more when the process ends."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="scan-counter", daemon=True)
            self._thread.start()
            atexit.register(self.stop)

    def stop(self) -> None:
        """Write the last counts and end the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_SECONDS):
            self._flush_and_let_go()
        self._flush_and_let_go()

    def _flush_and_let_go(self) -> None:
        """Keep no connection between flushes: most of the day there is nothing to write."""
        self.flush()
        connection.close()


SCANS = ScanCounter()

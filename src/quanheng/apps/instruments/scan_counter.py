"""Counting scans in memory and adding them to the database every few seconds, on a connection of its own."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import date

from quanheng.apps.instruments.services.count_scans import count_scans
from quanheng.kit.ticking import Ticking

log = logging.getLogger(__name__)

FLUSH_SECONDS = 5.0
MOST_HELD = 200_000  # while the database is away; beyond it new instruments are not counted


class ScanCounter:
    """Scans by instrument and day that are not in the database yet."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, date]] = Counter()
        self._lock = threading.Lock()
        self._ticking = Ticking("scan-counter", FLUSH_SECONDS, self.flush)

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
        self._ticking.start()  # keeps no connection: most of the day there is nothing to write

    def stop(self) -> None:
        """Write the last counts and end the thread."""
        self._ticking.stop()


SCANS = ScanCounter()

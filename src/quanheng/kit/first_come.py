"""A semaphore that is fair: turns are given in the order in which they were asked for.

`threading.Semaphore` wakes one who waits, and lets a newcomer overtake meanwhile: among many who come again
and again, somebody always waits for a second.
"""

from __future__ import annotations

import threading
from collections import deque


class FirstCome:
    """So many turns at once.

    Args:
        at_once: turns.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def take(self, patience: float) -> bool:
        """Wait for a turn, `patience` seconds at most; say whether it was given."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        return mine.acquire(timeout=patience) or not self._leave(mine)

    def give_back(self) -> None:
        """Pass the turn on to whoever has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def _leave(self, mine: threading.Lock) -> bool:
        """Stop waiting; False where the turn was given in the very last moment."""
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return True
            return False

"""How fast an address may ask (generic cell rate algorithm). Nothing about visitors is stored."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class AddressPaces:
    """The paces of addresses, in memory and bounded: who was seen longest ago is forgotten first.

    Args:
        size: requests at once; `seconds`: over which they come back, evenly.
    """

    def __init__(
        self, size: int, seconds: float, *, most: int = 50_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.step, self.seconds, self.most, self.clock = seconds / size, seconds, most, clock
        self._busy_until: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, address: str) -> float:
        """Charge an address; return the seconds to wait, 0 when there is nothing to wait for."""
        with self._lock:
            now = self.clock()
            busy = max(self._busy_until.get(address, now), now) + self.step
            if busy - now > self.seconds + 1e-9:
                return busy - now - self.seconds
            self._busy_until[address] = busy
            self._busy_until.move_to_end(address)
            while len(self._busy_until) > self.most:
                self._busy_until.popitem(last=False)
            return 0.0

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._busy_until.clear()

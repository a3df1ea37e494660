"""How fast an address may ask (generic cell rate algorithm), counted over all processes.

A process answers from memory, so that no page waits for it, and every second tells PostgreSQL what addresses
spent and hears what they spent elsewhere (`PaceExchange`). Only an address that used more than a twentieth of
what it may is told of, as a keyed hash that is deleted when it has its requests back: about ordinary visitors
nothing is stored.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connection

from quanheng.kit.fields import keyed_hash
from quanheng.kit.ticking import Ticking

log = logging.getLogger(__name__)

EXCHANGE_SECONDS = 1.0
QUIET = 0.05  # of the whole: whoever spent less is nobody's concern
CLEANED_EVERY = 60  # exchanges
MOST_HEARD = 20_000

TELL = """
INSERT INTO kit_pace AS pace (name, who, busy_until, told_at)
SELECT told.name, told.who, clock_timestamp() + told.seconds * interval '1 second', clock_timestamp()
FROM unnest(%s::text[], %s::text[], %s::float8[]) AS told(name, who, seconds)
ORDER BY told.name, told.who
ON CONFLICT (name, who) DO UPDATE SET
  busy_until = greatest(pace.busy_until, excluded.told_at) + (excluded.busy_until - excluded.told_at),
  told_at = excluded.told_at
"""
HEAR = """
SELECT name, who, extract(epoch FROM busy_until - clock_timestamp())::float8 FROM kit_pace
WHERE told_at > clock_timestamp() - %s * interval '1 second' AND busy_until > clock_timestamp()
ORDER BY told_at DESC LIMIT %s
"""
FORGET = "DELETE FROM kit_pace WHERE busy_until < clock_timestamp()"


@dataclass(slots=True)
class Spent:
    """Where one address stands.

    Args:
        busy_until: when it has all its requests back, seconds of the clock.
        untold: seconds of it that the other processes do not know of.
    """

    busy_until: float
    untold: float = 0.0


class AddressPaces:
    """The paces of addresses for one purpose, in memory and bounded: seen longest ago is forgotten first.

    Args:
        size: requests at once; `seconds`: over which they come back, evenly.
        name: of the purpose, the same in every process; empty for one that is not shared.
    """

    shared: dict[str, AddressPaces] = {}

    def __init__(
        self,
        size: float,
        seconds: float,
        *,
        name: str,
        most: int = 50_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.step, self.seconds, self.most, self.clock = seconds / size, seconds, most, clock
        self._spent: OrderedDict[str, Spent] = OrderedDict()
        self._lock = threading.Lock()
        if name:
            self.shared[name] = self

    def spend(self, address: str, cost: float = 1.0) -> float:
        """Charge an address; return the seconds to wait, 0 when there is nothing to wait for."""
        who = keyed_hash(address)
        with self._lock:
            now = self.clock()
            spent = self._spent.get(who) or Spent(now)
            busy = max(spent.busy_until, now) + self.step * cost
            if busy - now > self.seconds + 1e-6:
                return busy - now - self.seconds
            spent.busy_until = busy
            spent.untold += self.step * cost
            self._keep(who, spent)
            return 0.0

    def to_tell(self) -> list[tuple[str, float]]:
        """Return what addresses spent that others should know of; it counts as told."""
        with self._lock:
            loud = self.clock() + QUIET * self.seconds
            told = [
                (who, one.untold) for who, one in self._spent.items() if one.untold and one.busy_until > loud
            ]
            for who, _ in told:
                self._spent[who].untold = 0.0
            return told

    def hear(self, who: str, busy_seconds: float) -> None:
        """Take over where an address stands over all processes."""
        with self._lock:
            spent = self._spent.get(who) or Spent(0.0)
            spent.busy_until = self.clock() + busy_seconds + spent.untold
            self._keep(who, spent)

    def take_back(self, told: Iterable[tuple[str, float]]) -> None:
        """What was to be told was not: tell it the next time."""
        with self._lock:
            for who, seconds in told:
                if who in self._spent:
                    self._spent[who].untold += seconds

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._spent.clear()

    def _keep(self, who: str, spent: Spent) -> None:
        self._spent[who] = spent
        self._spent.move_to_end(who)
        while len(self._spent) > self.most:
            self._spent.popitem(last=False)


class PaceExchange:
    """Tells the other processes what addresses spent here, and hears what they spent there."""

    def __init__(self, paces: dict[str, AddressPaces]) -> None:
        self.paces = paces
        self._ticking = Ticking("pace-exchange", EXCHANGE_SECONDS, self.exchange, keeps_connection=True)
        self._exchanges = 0
        self._heard_at = time.monotonic()

    def exchange(self) -> None:
        """Tell and hear, once. What cannot be told is kept for the next time."""
        told = {name: pace.to_tell() for name, pace in self.paces.items()}
        started = time.monotonic()
        try:
            heard = self._ask(
                [(name, who, seconds) for name, each in told.items() for who, seconds in each],
                started - self._heard_at + 2 * EXCHANGE_SECONDS,
            )
        except Exception as fault:
            log.warning("The paces of addresses are not exchanged, the database did not answer: %s", fault)
            for name, each in told.items():
                self.paces[name].take_back(each)
            return
        self._heard_at = started
        for name, who, busy_seconds in heard:
            if name in self.paces:
                self.paces[name].hear(who, busy_seconds)

    def start(self) -> None:
        """Exchange every second from a thread, and once more when the process ends."""
        self._ticking.start()

    def stop(self) -> None:
        """Tell the last and end the thread."""
        self._ticking.stop()

    def _ask(self, told: list[tuple[str, str, float]], since: float) -> list[tuple[str, str, float]]:
        self._exchanges += 1
        with connection.cursor() as cursor:
            if told:
                names, whos, seconds = map(list, zip(*told, strict=True))
                cursor.execute(TELL, [names, whos, seconds])
            if self._exchanges % CLEANED_EVERY == 0:
                cursor.execute(FORGET)
            cursor.execute(HEAR, [since, MOST_HEARD])
            found: list[tuple[str, str, float]] = cursor.fetchall()
            return found


PACES = PaceExchange(AddressPaces.shared)

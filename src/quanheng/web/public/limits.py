"""Slowing whoever scrapes, without stopping a market hall behind one address.

An address has budgets that refill with time. Scanning the same code again is free; another code of a market
that the address already looked at costs almost nothing; the first code of another market costs one. So a hall
with 300 honest scans an hour stays far below its budget, while a scraper that walks from market to market is
out of it after a hundred. Codes that were never issued have a small budget of their own. Over budget, a
person gets on by pressing a button (`let_through`).

What an address spent is counted over all processes (`kit.pace`); what it looked at is remembered in this one,
bounded: who was seen longest ago is forgotten first. Nothing of it is stored.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from quanheng.kit.pace import AddressPaces

HOUR, DAY = 3600.0, 86400.0
SAME_MARKET = 0.02
UNREADABLE = 0.1  # a wrong check symbol is a slip of the finger, and costs us no query


@dataclass(frozen=True, slots=True)
class Budget:
    """So many at once, refilled evenly over so many seconds."""

    name: str
    size: float
    seconds: float


KNOWN = Budget("scan", 100, DAY)
UNKNOWN = Budget("unknown-code", 20, HOUR)
PASSES = Budget("pass", 30, HOUR)
REPORTS = Budget("report", 20, HOUR)
BUDGETS = (KNOWN, UNKNOWN, PASSES, REPORTS)


@dataclass(slots=True)
class Visitor:
    """What one address looked at today (hashes, for as long as it is remembered)."""

    since: float
    seen: set[int] = field(default_factory=set)


class Limiter:
    """The budgets of every address seen lately.

    Args:
        most_addresses, most_seen: bounds of memory, about 60 MB at the defaults when somebody fills them.
        clock: seconds.
        is_shared: the budgets are counted over all processes.
    """

    def __init__(
        self,
        most_addresses: int = 50_000,
        most_seen: int = 400_000,
        clock: Callable[[], float] = time.time,
        *,
        is_shared: bool = False,
    ) -> None:
        self.most_addresses = most_addresses
        self.most_seen = most_seen
        self.clock = clock
        self.paces = {
            budget: AddressPaces(
                budget.size,
                budget.seconds,
                name=budget.name if is_shared else "",
                most=most_addresses,
                clock=clock,
            )
            for budget in BUDGETS
        }
        self._visitors: OrderedDict[str, Visitor] = OrderedDict()
        self._seen = 0
        self._lock = threading.Lock()

    def known(self, address: str, code: str, root_id: int) -> float:
        """Charge for a code that exists; return the seconds to wait, 0 when there is nothing to wait for."""
        with self._lock:
            now = self.clock()
            visitor = self._visitor(address, now)
            this_code, this_root = hash(code), hash(("root", root_id))
            if this_code in visitor.seen:
                return 0.0
            cost = SAME_MARKET if this_root in visitor.seen else 1.0
            wait = self.spend(address, KNOWN, cost)
            if not wait:
                self._remember(visitor, this_code, this_root)
            return wait

    def spend(self, address: str, budget: Budget, cost: float = 1.0) -> float:
        """Charge a budget; return the seconds to wait, 0 when there is nothing to wait for."""
        return self.paces[budget].spend(address, cost)

    def let_through(self, address: str, code: str) -> float:
        """A person pressed the button: this code is free for the address, as long as passes last."""
        with self._lock:
            now = self.clock()
            visitor = self._visitor(address, now)
            if hash(code) in visitor.seen:
                return 0.0
            wait = self.spend(address, PASSES)
            if not wait:
                self._remember(visitor, hash(code))
            return wait

    def _visitor(self, address: str, now: float) -> Visitor:
        visitor = self._visitors.get(address)
        if visitor is None or now - visitor.since > DAY:
            if visitor is not None:
                self._seen -= len(visitor.seen)
            visitor = self._visitors[address] = Visitor(now)
        self._visitors.move_to_end(address)
        while len(self._visitors) > self.most_addresses or self._seen > self.most_seen:
            _, forgotten = self._visitors.popitem(last=False)
            self._seen -= len(forgotten.seen)
            if forgotten is visitor:
                return self._visitor(address, now)
        return visitor

    def _remember(self, visitor: Visitor, *hashes: int) -> None:
        before = len(visitor.seen)
        visitor.seen.update(hashes)
        self._seen += len(visitor.seen) - before


LIMITER = Limiter(is_shared=True)

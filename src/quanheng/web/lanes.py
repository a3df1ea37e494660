"""How many requests with a body a web process reads at once.

Reading waits for whoever sends: a body that dribbles holds a thread. So some threads of a process never read
one, and the scan page always finds one that is free. An address alone cannot take all places either.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from quanheng.kit.clients import address_of
from quanheng.kit.threads import BODIES, BODIES_OF_ONE_ADDRESS
from quanheng.web.middleware.intake import BUSY, page_of

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class BodyLane:
    """A WSGI application that lets so many requests with a body in at once; the others get 503."""

    def __init__(
        self, application: Application, most: int = BODIES, of_one: int = BODIES_OF_ONE_ADDRESS
    ) -> None:
        self.application, self.most, self.of_one = application, most, of_one
        self._reading: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            return self.application(environ, start_response)
        address = address_of(environ)
        if not self._enter(address):
            return _answer_busy(start_response)
        try:
            return self.application(environ, start_response)
        finally:
            self._leave(address)

    def _enter(self, address: str) -> bool:
        with self._lock:
            if self._reading.total() >= self.most or self._reading[address] >= self.of_one:
                return False
            self._reading[address] += 1
            return True

    def _leave(self, address: str) -> None:
        with self._lock:
            self._reading[address] -= 1
            if not self._reading[address]:
                del self._reading[address]


def _answer_busy(start_response: Callable[..., Any]) -> list[bytes]:
    page = page_of(BUSY)
    start_response(f"{page.status_code} {page.reason_phrase}", list(page.items()))
    return [page.content]

"""How many requests of a kind a web process answers at once.

Reading a body waits for whoever sends: a body that dribbles holds a thread. So some threads of a process
never read one, and the scan page always finds one that is free. An address alone cannot take all places
either. The place is free again as soon as the body has been read: what a slow save waits for is no longer a
stranger.

Pages of the office keep the processor busy. Ten that share one interpreter finish late together, and the
interpreter spends a sixth of its time on handing itself around: a few at a time, each is finished sooner.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse

from quanheng.kit.clients import address_of
from quanheng.kit.first_come import FirstCome
from quanheng.kit.threads import BODIES, BODIES_OF_ONE_ADDRESS, PAGES
from quanheng.web.middleware.intake import BUSY, page_of

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Busy = Callable[[dict[str, Any]], HttpResponse]


class BodyLane:
    """A WSGI application that lets so many requests with a body in at once; the others get 503.

    Args:
        busy: what those read, by their environment: a page, or what a program reads.
    """

    def __init__(
        self, application: Application, most: int = BODIES, of_one: int = BODIES_OF_ONE_ADDRESS,
        busy: Busy = lambda _environ: page_of(BUSY),
    ) -> None:  # fmt: skip
        self.application, self.most, self.of_one, self.busy = application, most, of_one, busy
        self._reading: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not has_body(environ):
            return self.application(environ, start_response)
        address = address_of(environ)
        if not self._enter(address):
            answer = self.busy(environ)
            start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
            return [answer.content]
        body = _Body(environ.get("wsgi.input"), environ.get("CONTENT_LENGTH"), lambda: self._leave(address))
        try:
            return self.application(environ | {"wsgi.input": body}, start_response)
        finally:
            body.end()

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


class PageLane:
    """A WSGI application that answers requests without a body a few at a time, in the order of their coming.

    Args:
        patience: seconds after which a request is answered all the same: those before it may be waiting for
            something else than the processor.
    """

    def __init__(self, application: Application, at_once: int = PAGES, patience: float = 0.5) -> None:
        self.application, self.patience = application, patience
        self._turns = FirstCome(at_once)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if has_body(environ):
            return self.application(environ, start_response)
        has_turn = self._turns.take(self.patience)
        try:
            return self.application(environ, start_response)
        finally:
            if has_turn:
                self._turns.give_back()


def has_body(environ: dict[str, Any]) -> bool:
    """Say whether something is sent that has to be read."""
    return bool(environ.get("CONTENT_LENGTH")) or "HTTP_TRANSFER_ENCODING" in environ


class _Body:
    """A body that says once when it has been read to its end, or that nobody reads it any more."""

    def __init__(self, stream: Any, length: str | None, ended: Callable[[], None]) -> None:
        self._stream = stream
        self._left = int(length) if length and length.isdecimal() else None
        self._ended: Callable[[], None] | None = ended

    def read(self, size: int = -1) -> bytes:
        return self._passed(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._passed(self._stream.readline(size))

    def end(self) -> None:
        if self._ended is not None:
            ended, self._ended = self._ended, None
            ended()

    def _passed(self, data: bytes) -> bytes:
        if self._left is not None:
            self._left -= len(data)
        if not data or self._left == 0:
            self.end()
        return data

"""Finding declarations that nobody has imported yet: a worker writes exports and never opens a page."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock

_waiting: list[Callable[[], None]] = []
_loading = RLock()


def on_first_need(load: Callable[[], None]) -> None:
    """Remember who can import the declarations; it is asked once, when one is looked for and not known."""
    _waiting.append(load)


def load_declarations() -> None:
    """Import what is waiting. Whoever asks meanwhile waits until it is there.

    The imports themselves may ask again: the lock lets their own thread through, and nothing waits for it. A
    load that fails is tried again by the next who asks.
    """
    with _loading:
        while _waiting:
            load = _waiting.pop(0)
            try:
                load()
            except BaseException:
                _waiting.insert(0, load)
                raise

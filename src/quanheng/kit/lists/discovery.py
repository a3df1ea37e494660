"""Finding declarations that nobody has imported yet: a worker writes exports and never opens a page."""

from __future__ import annotations

from collections.abc import Callable

_waiting: list[Callable[[], None]] = []


def on_first_need(load: Callable[[], None]) -> None:
    """Remember who can import the declarations; it is asked once, when one is looked for and not known."""
    _waiting.append(load)


def load_declarations() -> bool:
    """Import what is waiting; say whether there was anything."""
    loaders, _waiting[:] = list(_waiting), []
    for load in loaders:
        load()
    return bool(loaders)

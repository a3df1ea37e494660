"""Where the declarations of lists and pickers are."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import quanheng.web

DECLARING = {"lists", "pickers"}


def import_declarations() -> None:
    """Import every module of the pages that is called `lists` or `pickers`."""
    for module in pkgutil.walk_packages(quanheng.web.__path__, f"{quanheng.web.__name__}."):
        if module.name.rsplit(".", 1)[1] in DECLARING and not module.ispkg:
            import_module(module.name)

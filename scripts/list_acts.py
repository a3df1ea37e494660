"""Write the reference of acts from their declarations: `python scripts/list_acts.py`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from django.utils.translation import override

from quanheng.kit.acts import Verb, verbs

STOPS = "Enforcement: refused while the public log stands still"
PAGE = Path(__file__).parent.parent / "docs" / "reference" / "acts.md"
HEAD = """# Acts

Generated from `src/quanheng/apps/*/acts.py` by `scripts/list_acts.py`; `make check` compares.
[How to add one](../how-to/add-an-act.md).

Where nobody stands under "who", no role is asked: the platform itself does it, or the right is another
(`accounts/permissions.py`).
"""


def page() -> str:
    """Return the page. Django must be set up."""
    return HEAD + "".join(_lines())


def _lines() -> Iterator[str]:
    with override("zh-hans"):
        for name, acts in groupby(sorted(verbs(), key=_app), key=_app):
            yield f"\n## {name}\n\n"
            yield "| Act | 中文 | Who | In the public log | On the scan page | Meaning |\n"
            yield "|---|---|---|---|---|---|\n"
            yield from map(_line, acts)


def _line(verb: Verb) -> str:
    who, seen = ", ".join(sorted(verb.who)), verb.on_scan_page or ""
    told = ", ".join([verb.in_public_log, *verb.public_facts])
    cells = (f"`{verb}`", verb.label, who, told, seen, _meaning(verb))
    return f"| {' | '.join(map(str, cells))} |\n"


def _app(verb: Verb) -> str:
    return verb.app


def _meaning(verb: Verb) -> str:
    return ". ".join(filter(None, [verb.meaning, STOPS if verb.enforcement else ""]))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")

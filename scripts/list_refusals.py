"""Write the reference of refusals from their declarations: `python scripts/list_refusals.py`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from django.utils.translation import override

from quanheng.kit.refusal import Refusal, refusals

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "refusals.md"
HEAD = """# Refusals

Generated from the `refusals.py` of every room by `scripts/list_refusals.py`; `make check` compares.

`code` is what programs read: in the API's problem documents, in the reports of imports. The kind says the
status of the answer, on a page as in the API; where HTTP itself has a status, it is that (`api/refusals.py`).
Where a rule is broken in several ways, its code has several sentences. `%(name)s` is a fact; the API tells
every fact by its name in `facts` too.
"""


def page() -> str:
    """Return the page. Django must be set up."""
    return HEAD + "".join(_lines())


def _lines() -> Iterator[str]:
    for room, codes in groupby(sorted(refusals().values(), key=_place), key=lambda said: said[0].room):
        yield f"\n## {room}\n\n| Code | Kind | Status | 中文 | English |\n|---|---|---|---|---|\n"
        yield from map(_line, codes)


def _place(said: list[Refusal]) -> tuple[str, str]:
    return said[0].room, said[0].code


def _line(said: list[Refusal]) -> str:
    from quanheng.api.refusals import status_of  # noqa: PLC0415 - Django is set up by now

    first = said[0]
    status = status_of(first.code, first.kind.status)
    cells = (f"`{first.code}`", first.kind, status, _in("zh-hans", said), _in("en", said))
    return f"| {' | '.join(map(str, cells))} |\n"


def _in(language: str, said: list[Refusal]) -> str:
    with override(language):
        return "<br>".join(dict.fromkeys(str(one.sentence).replace("|", "\\|") for one in said))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")

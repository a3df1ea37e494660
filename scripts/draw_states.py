"""Write docs/reference/instrument-states.md from the state table: `.venv/bin/python
scripts/draw_states.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quanheng.config.settings")
django.setup()

from django.utils.translation import override  # noqa: E402 - Django comes first

from quanheng.apps.instruments.enums import InstrumentState  # noqa: E402
from quanheng.regulation.instrument_states import (  # noqa: E402
    COUNTED_IN_USE,
    HELD_WHILE_IMPOUNDED,
    TRANSITIONS,
    State,
    possible_events,
)

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "instrument-states.md"
HEAD = """# States of an instrument

Generated from `src/quanheng/regulation/instrument_states.py` by `scripts/draw_states.py`; `make check`
compares.
Valid, due soon and overdue are no states: `regulation/trust.py` reads them from dates on the day. Broken
seal,
lock and impoundment are flags that lie over the state.
"""


def page() -> str:
    """Return the page: the diagram, then the table."""
    return "\n".join([HEAD, *_diagram(), "", *_table(), "", *_notes(), ""])


def _diagram() -> list[str]:
    names = [f'    state "{_label(state)}" as {state}' for state in State]
    arrows = [f"    {here} --> {there}: {event}" for (here, event), there in TRANSITIONS.items()]
    return [
        "```mermaid",
        "stateDiagram-v2",
        *names,
        "    [*] --> draft",
        *arrows,
        "    scrapped --> [*]",
        "```",
    ]


def _table() -> list[str]:
    rows = [
        f"| `{state}` | {_label(state)} | {'yes' if state in COUNTED_IN_USE else 'no'} | {_events(state)} |"
        for state in State
    ]
    return ["| state | on pages | counts as in use (T1) | event → next state |", "|---|---|---|---|", *rows]


def _events(state: State) -> str:
    return ", ".join(f"{event} → `{TRANSITIONS[state, event]}`" for event in possible_events(state)) or "none"


def _notes() -> list[str]:
    held = ", ".join(sorted(HELD_WHILE_IMPOUNDED))
    return [f"While an instrument is impounded these events are refused: {held}; it is not moved either."]


def _label(state: State) -> str:
    with override("zh-hans"):
        return str(InstrumentState(state).label)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

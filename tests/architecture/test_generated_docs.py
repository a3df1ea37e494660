"""Documents that are generated from the code are those that are committed."""

from __future__ import annotations

from scripts.draw_states import PAGE, page


def test_the_diagram_of_instrument_states_is_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run .venv/bin/python scripts/draw_states.py"

"""Documents that are generated from the code are those that are committed."""

from __future__ import annotations

from scripts import draw_states, list_acts, list_refusals


def test_the_diagram_of_instrument_states_is_the_table() -> None:
    assert draw_states.PAGE.read_text(encoding="utf-8") == draw_states.page(), (
        "run .venv/bin/python scripts/draw_states.py"
    )


def test_the_reference_of_acts_is_their_declarations() -> None:
    assert list_acts.PAGE.read_text(encoding="utf-8") == list_acts.page(), (
        "run .venv/bin/python scripts/list_acts.py"
    )


def test_the_reference_of_refusals_is_their_declarations() -> None:
    assert list_refusals.PAGE.read_text(encoding="utf-8") == list_refusals.page(), (
        "run .venv/bin/python scripts/list_refusals.py"
    )

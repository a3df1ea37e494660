"""Text messages are counted as the network counts them."""

from __future__ import annotations

import pytest

from quanheng.apps.outbox.texts import segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("权" * 70, 1),
        ("权" * 71, 2),
        ("权" * 134, 2),
        ("权" * 135, 3),
        ("𠮷" * 35, 1),
        ("𠮷" * 36, 2),
    ],
    ids=["nothing", "70", "71", "134", "135", "70 units in pairs", "72 units in pairs"],
)
def test_seventy_units_alone_and_sixty_seven_in_a_chain(text: str, expected: int) -> None:
    assert segments(text) == expected

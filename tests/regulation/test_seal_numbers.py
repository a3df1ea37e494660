"""When two numbers of seals are one."""

from __future__ import annotations

import pytest

from quanheng.regulation.seal_numbers import is_readable, seal_key


@pytest.mark.parametrize(
    "written", ["川A0012345", "川a0012345", "川Ａ００12345", " 川A 0012345\u3000", "川A\t0012345"]
)
def test_width_case_and_blanks_do_not_make_another_number(written: str) -> None:
    assert seal_key(written) == "川A0012345"


@pytest.mark.parametrize("other", ["川A0012346", "川A-0012345", "A0012345"])
def test_anything_else_does(other: str) -> None:
    assert seal_key(other) != "川A0012345"


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("川A1", True),
        ("7", True),
        ("---", False),
        ("  ", False),
        ("A\x00", False),
        ("A" * 61, False),
        ("A" * 60, True),
    ],
)
def test_a_number_has_a_letter_or_a_digit_and_can_be_printed(text: str, readable: bool) -> None:
    assert is_readable(text) is readable

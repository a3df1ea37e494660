"""What the public reads of an instrument's past."""

from __future__ import annotations

from typing import Any

import pytest

from quanheng.web.public.history import history


def told(kind: str, result: str) -> tuple[str, ...]:
    row: list[Any] = [
        "2026-11-02",
        kind,
        result,
        None,
        "川-1",
        "市计量院",
        None,
        "recorded",
        False,
        1.0,
        None,
    ]
    (event,) = history({"verifications": [row], "seals": [], "placements": [], "acts": []})
    return (event.what, *event.details)


@pytest.mark.parametrize(("result", "words"), [("passed", "使用中检查合格"), ("failed", "使用中检查不合格")])
def test_an_inspection_in_service_is_never_called_a_verification(result: str, words: str) -> None:
    assert told("in_service", result) == (words, "市计量院", "川-1", "监管部门录入")


def test_a_verification_says_which_kind_it_was() -> None:
    assert told("subsequent", "passed")[:2] == ("检定合格", "后续检定")

"""What the public reads of an instrument's past."""

from __future__ import annotations

import pytest

from quanheng.apps.instruments.enums import CodeState
from quanheng.apps.instruments.queries.card import CardVerification
from quanheng.apps.instruments.queries.scan import Card
from quanheng.web.public.history import history


def told(kind: str, result: str) -> tuple[str, ...]:
    row = CardVerification(
        verified_on="2026-11-02", kind=kind, result=result, valid_until=None, certificate_number="川-1",
        institute="市计量院", voided_on=None, provenance="recorded", in_error=False, recorded_at=1.0,
        voided_at=None,
    )  # fmt: skip
    (event,) = history(Card(code="Q1", code_state=CodeState.ACTIVE, verifications=(row,)))
    return (event.what, *event.details)


@pytest.mark.parametrize(("result", "words"), [("passed", "使用中检查合格"), ("failed", "使用中检查不合格")])
def test_an_inspection_in_service_is_never_called_a_verification(result: str, words: str) -> None:
    assert told("in_service", result) == (words, "市计量院", "川-1", "监管部门录入")


def test_a_verification_says_which_kind_it_was() -> None:
    assert told("subsequent", "passed")[:2] == ("检定合格", "后续检定")

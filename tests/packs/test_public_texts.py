"""Texts that need a legal opinion: dated, flagged, in two languages, replaced by a province's own."""

from __future__ import annotations

from datetime import date

import pytest

from quanheng.packs.public_texts import english_of, public_text, signed_message
from quanheng.packs.rule_pack import NoRuleInForce
from quanheng.packs.shipped import shipped

DAY = date(2026, 11, 30)


@pytest.mark.parametrize("name", ["impounded", "reports", "text_messages"])
def test_a_text_says_that_no_lawyer_has_seen_it_and_has_its_english(name: str) -> None:
    text = public_text(name, DAY)
    assert not text.is_verified
    assert set(text.english) == {text.word, text.sentence}
    assert text.english.items() <= english_of(shipped()).items()


def test_a_text_message_begins_with_the_signature_that_was_filed() -> None:
    assert signed_message("请及时申请检定", DAY) == "【权衡】请及时申请检定"


def test_an_unknown_text_and_a_day_before_the_first_edition_are_refused() -> None:
    with pytest.raises(KeyError):
        public_text("advice", DAY)
    with pytest.raises(NoRuleInForce):
        public_text("impounded", date(2019, 12, 31))

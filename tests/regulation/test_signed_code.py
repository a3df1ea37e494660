"""The mark in a label's QR code: ten bytes that say something, sixty-four that prove it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.regulation.signed_code import (
    EPOCH,
    MARK_SYMBOLS,
    NO_SERIAL,
    Mark,
    MarkUnreadable,
    key_id_of,
    message,
    pack,
    serial_digest,
    unpack,
)

marks = st.builds(
    Mark,
    key_id=st.binary(min_size=3, max_size=3).map(bytes.hex),
    issued_on=st.dates(EPOCH, date(2199, 1, 1)),
    serial_digest=st.binary(min_size=4, max_size=4),
    signature=st.binary(min_size=64, max_size=64),
)
MARK = Mark("00ff10", date(2026, 11, 23), b"\1\2\3\4", b"\7" * 64)


@given(marks)
def test_mark_is_read_back(mark: Mark) -> None:
    text = pack(mark)
    assert len(text) == MARK_SYMBOLS == 119
    assert unpack(text) == unpack(text.lower()) == mark


@pytest.mark.parametrize("text", ["", "ABC", "秤" * MARK_SYMBOLS, "U" * MARK_SYMBOLS, "Z" * MARK_SYMBOLS])
def test_what_we_never_print_is_not_read(text: str) -> None:
    with pytest.raises(MarkUnreadable):
        unpack(text)


def test_a_mark_of_another_format_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = pack(MARK)
    monkeypatch.setattr("quanheng.regulation.signed_code.FORMAT", 99)
    with pytest.raises(MarkUnreadable, match="format"):
        unpack(text)


def test_one_signature_has_one_spelling() -> None:
    text = pack(MARK)
    with pytest.raises(MarkUnreadable, match="spare"):
        unpack(text[:-1] + "ABCDEFGH"["08GR".index(text[-1])])


def test_message_binds_code_key_day_and_serial() -> None:
    said = {message("Q1A", MARK), message("Q1B", MARK)}
    for changed in (
        Mark("00ff11", MARK.issued_on, MARK.serial_digest),
        Mark(MARK.key_id, date(2026, 11, 24), MARK.serial_digest),
        Mark(MARK.key_id, MARK.issued_on, NO_SERIAL),
    ):
        said.add(message("Q1A", changed))
    assert len(said) == 5


def test_serial_number_is_compared_without_width_case_and_spaces() -> None:
    assert serial_digest("Q1A", "ab 12") == serial_digest("Q1A", "ＡＢ１２") != serial_digest("Q1B", "AB12")
    assert serial_digest("Q1A", " ") == NO_SERIAL
    assert Mark("000000", EPOCH, NO_SERIAL).was_blank
    assert not MARK.was_blank


def test_key_id_is_the_start_of_the_keys_digest() -> None:
    assert key_id_of(b"") == "e3b0c4"

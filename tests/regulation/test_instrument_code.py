"""One scale, one code: what is printed can be typed back, and what is mistyped is told."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.regulation.instrument_code import (
    ALPHABET,
    CURRENT,
    RANDOM_BYTES,
    CodeUnreadable,
    code_from_random,
    codes_from_random,
    grouped,
    parse_code,
)

random_bytes = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)
CODE = code_from_random(bytes(range(RANDOM_BYTES)))


def fault_of(text: str) -> str:
    with pytest.raises(CodeUnreadable) as caught:
        parse_code(text)
    assert caught.value.message
    return caught.value.fault


@given(random_bytes)
def test_printed_code_is_read_back(data: bytes) -> None:
    code = code_from_random(data)
    assert len(code) == CURRENT.length == 24
    assert parse_code(grouped(code)) == code


def test_code_carries_one_hundred_random_bits() -> None:
    last_used_bit, first_unused_bit = bytes([0] * 12 + [0x10]), bytes([0] * 12 + [0x08])
    assert (
        code_from_random(last_used_bit) != code_from_random(bytes(13)) == code_from_random(first_unused_bit)
    )
    with pytest.raises(ValueError, match="100 random bits"):
        code_from_random(bytes(12))


def test_every_single_wrong_symbol_is_caught() -> None:
    for at, symbol in itertools.product(range(2, len(CODE)), ALPHABET):
        if symbol != CODE[at]:
            assert fault_of(CODE[:at] + symbol + CODE[at + 1 :]) == "check"


def test_every_swap_of_any_two_symbols_is_caught() -> None:
    chance = random.Random(7)
    for _ in range(50):
        code = code_from_random(chance.randbytes(RANDOM_BYTES))
        for a, b in itertools.combinations(range(2, len(code)), 2):
            if code[a] != code[b]:
                signs = list(code)
                signs[a], signs[b] = signs[b], signs[a]
                assert fault_of("".join(signs)) == "check"


@given(random_bytes, st.data())
def test_every_two_wrong_symbols_are_caught(data: bytes, draw: st.DataObject) -> None:
    signs = list(code_from_random(data))
    for at in draw.draw(st.lists(st.integers(2, 23), min_size=2, max_size=2, unique=True)):
        signs[at] = draw.draw(st.sampled_from([sign for sign in ALPHABET if sign != signs[at]]))
    assert fault_of("".join(signs)) == "check"


@pytest.mark.parametrize(
    "typed",
    [
        grouped(CODE),
        CODE.lower(),
        " " + " ".join(CODE) + "\n",
        grouped(CODE).replace("-", "—"),
        "".join(chr(ord(sign) + 0xFEE0) for sign in CODE),
        CODE.replace("0", "O").replace("1", "I"),
        CODE.replace("0", "o").replace("1", "l"),
    ],
)
def test_what_people_make_of_a_code_is_read_as_printed(typed: str) -> None:
    assert parse_code(typed) == CODE


@pytest.mark.parametrize(
    ("typed", "fault"),
    [("", "empty"), ("  - ", "empty"), ("Q1-ABC", "length"), (CODE + "0", "length"), ("Q1秤", "symbol"),
     ("U" * 24, "symbol"), ("Z9" + CODE[2:], "version"), ("A" * 10_000, "version")],
)  # fmt: skip
def test_unreadable_code_says_what_is_wrong(typed: str, fault: str) -> None:
    assert fault_of(typed) == fault


def test_codes_are_made_in_bulk_without_a_repeat() -> None:
    codes = list(codes_from_random(random.Random(1).randbytes(RANDOM_BYTES * 20_000)))
    assert len(codes) == len(set(codes)) == 20_000

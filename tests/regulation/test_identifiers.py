"""Credit codes: GB 32100-2015 with both check symbols, the second after GB 11714."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.regulation.identifiers import (
    ALPHABET,
    CreditCodeFault,
    body_check,
    code_check,
    normalise_credit_code,
    parse_credit_code,
)

# Published by the companies themselves: Tencent Computer Systems, Huawei Technologies.
REAL = ["9144030071526726XG", "914403001922038216"]
SAMPLES = ["92510105GUYL0YUE5E", "91510104DHW10JW793", "91510703BYT56BUU0L"]


@pytest.mark.parametrize("code", REAL + SAMPLES)
def test_codes_in_use_pass_both_checks(code: str) -> None:
    assert parse_credit_code(code) == code


@pytest.mark.parametrize(
    "written",
    [
        " 9144030071526726XG ",
        "9144030071526726xg",
        "９１４４０３００７１５２６７２６ＸＧ",
        "91440300-71526726X-G",
        "9144 0300 7152 6726 XG",
    ],
)
def test_width_case_and_blanks_do_not_matter(written: str) -> None:
    assert parse_credit_code(written) == "9144030071526726XG"


@pytest.mark.parametrize(
    ("code", "fault", "word"),
    [
        ("9144030071526726X", "length", "18 位"),
        ("9144030071526726XGG", "length", "19 位"),
        ("914403007I526726XG", "symbol", "I"),
        ("9144030071526726XZ", "symbol", "Z"),
        ("9144030071526727XG", "body_check", "第 9 至 17 位"),
        ("9144030071526726XH", "check", "末位"),
        ("9244030071526726XG", "check", "末位"),
    ],
)
def test_what_is_wrong_is_said_and_how_to_put_it_right(code: str, fault: str, word: str) -> None:
    with pytest.raises(CreditCodeFault) as refused:
        parse_credit_code(code)
    assert refused.value.code == fault
    assert word in str(refused.value)
    assert "请对照营业执照核对" in str(refused.value)


def test_a_division_that_no_longer_exists_is_no_fault() -> None:
    head = "92000000" + "12345678" + body_check("12345678")
    assert parse_credit_code(head + code_check(head))


@given(st.text(ALPHABET, min_size=8, max_size=8), st.text(ALPHABET, min_size=8, max_size=8))
def test_any_code_made_by_the_rules_passes_and_any_other_last_symbol_fails(head: str, body: str) -> None:
    whole = head + body + body_check(body)
    good = code_check(whole)
    assert parse_credit_code(whole + good)
    for other in ALPHABET.replace(good, ""):
        with pytest.raises(CreditCodeFault):
            parse_credit_code(whole + other)


@given(st.text(max_size=40))
def test_no_text_breaks_the_check(text: str) -> None:
    with suppress(CreditCodeFault):
        assert parse_credit_code(text) == normalise_credit_code(text)

"""What was typed into the search box is read in each way that it can mean something."""

from __future__ import annotations

import pytest

from quanheng.regulation.instrument_code import code_from_random
from quanheng.regulation.search_terms import name_key, read_term

CODE = code_from_random(bytes(range(13)))
GROUPS = f"{CODE[:2]}-{CODE[2:7]}-{CODE[7:12]}-{CODE[12:17]}-{CODE[17:22]}-{CODE[22:]}"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        GROUPS,
        f"  {GROUPS.replace('-', ' ')}  ",
        f"https://quanheng.example/s/{CODE}",
        f"https://quanheng.example/s/{CODE}/",
        f"https://quanheng.example/s/{CODE}.0000ABCD?lang=en",
        f"HTTPS://QUANHENG.EXAMPLE/S/{CODE}.0000ABCD",
        f"/e/{CODE}",
        f"quanheng.example/open/{CODE}#file",
        CODE.translate({ord(sign): ord(sign) + 0xFEE0 for sign in CODE}),
    ],
)
def test_a_code_is_read_however_it_was_typed_or_scanned(typed: str) -> None:
    assert read_term(typed).code == CODE


def test_the_beginning_of_a_code_is_one_and_a_mistyped_code_says_so() -> None:
    assert read_term("q1-" + CODE[2:7]).code_begins == CODE[:7]
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    assert read_term(wrong).code_fault == "check"
    assert not read_term(wrong).code


@pytest.mark.parametrize("typed", ["Q1", "Q1-12", "Q1U00123", "川Q100123", "20240001"])
def test_what_is_no_code_is_none(typed: str) -> None:
    term = read_term(typed)
    assert (term.code, term.code_begins, term.code_fault) == ("", "", "")


def test_a_certificates_address_names_its_number_and_its_code() -> None:
    term = read_term("https://quanheng.example/c/ABCDEFGH/%E5%B7%9DJD-2026-00012")
    assert (term.certificate, term.key) == ("ABCDEFGH", "川JD-2026-00012")
    assert read_term("/c/ABCDEFGH").text == "ABCDEFGH"


def test_an_address_of_somebody_else_is_words_like_any_other() -> None:
    assert read_term("https://elsewhere.example/pay/1").text == "https://elsewhere.example/pay/1"


@pytest.mark.parametrize(("typed", "entry"), [("第 123 条", 123), ("#7", 7), ("第9", 9), ("123", None)])
def test_an_entry_of_the_public_log_is_told_from_a_number(typed: str, entry: int | None) -> None:
    assert read_term(typed).entry == entry


def test_numbers_are_compared_as_the_ledger_compares_them() -> None:
    assert read_term(" ａｃ－00 12 ").key == "AC-0012"
    assert read_term("AC-0012").tail == "2100-CA"
    assert read_term("12").tail == ""


@pytest.mark.parametrize(
    ("typed", "too_short"),
    [("", True), ("1", True), ("12", True), ("123", False), ("红", True), ("红旗", False), ("#1", False)],
)
def test_what_would_find_half_the_ledger_is_too_short(typed: str, too_short: bool) -> None:
    assert read_term(typed).is_too_short == too_short


def test_a_market_and_a_stall_are_typed_with_a_blank_between() -> None:
    assert read_term("红旗市场 A-012").market_and_stall == ("红旗市场", "A-012")
    assert read_term("红旗（北）市场　A-012").market_and_stall == ("红旗北市场", "A-012")
    assert read_term("红旗市场").market_and_stall is None
    assert read_term("红 A-012").market_and_stall is None


def test_brackets_and_points_of_a_name_do_not_matter() -> None:
    assert name_key("成都（kfc）餐饮 有限公司.") == "成都KFC餐饮有限公司"

"""Codes of administrative divisions."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.division_codes import DivisionLevel, parse_division_code
from tests.fuzz import fuzzed

FUZZED = fuzzed()


@pytest.mark.parametrize(
    ("written", "digits", "level", "above"),
    [
        ("510000", "51", DivisionLevel.PROVINCE, []),
        ("510100", "5101", DivisionLevel.CITY, ["51"]),
        ("５１０１０４", "510104", DivisionLevel.COUNTY, ["5101", "51"]),
        ("510104 017", "510104017", DivisionLevel.STREET, ["510104", "5101", "51"]),
        ("510104017000", "510104017", DivisionLevel.STREET, ["510104", "5101", "51"]),
        ("510104017001", "510104017001", DivisionLevel.VILLAGE, ["510104017", "510104", "5101", "51"]),
        ("510104000000", "510104", DivisionLevel.COUNTY, ["5101", "51"]),
        ("441900003000", "441900003", DivisionLevel.STREET, ["4419", "44"]),  # Dongguan has no counties
        ("429004", "429004", DivisionLevel.COUNTY, ["4290", "42"]),
        ("51", "51", DivisionLevel.PROVINCE, []),
    ],
)
def test_a_code_is_known_in_every_length(
    written: str, digits: str, level: DivisionLevel, above: list[str]
) -> None:
    code = parse_division_code(written)
    assert (str(code), code.level) == (digits, level)
    assert [str(division) for division in code.ancestors()] == above
    assert parse_division_code(code.twelve) == code
    assert parse_division_code(code.six).contains(code)


def test_a_division_contains_what_lies_in_it() -> None:
    city, county = parse_division_code("510100"), parse_division_code("510104")
    assert city.contains(county)
    assert city.contains(city)
    assert not county.contains(city)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "digits"),
        ("5101O4", "digits"),
        ("51010", "length"),
        ("000000", "province"),
        ("990101", "province"),
        ("510004", "gap"),
        ("510104000001", "gap"),
    ],
)
def test_what_is_no_code_is_refused(text: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        parse_division_code(text)
    assert refused.value.code == code


@FUZZED
@given(st.one_of(st.text(max_size=60), st.text("0123456789", max_size=13)))
def test_no_text_brings_the_reader_down(text: str) -> None:
    with suppress(CaseFault):
        code = parse_division_code(text)
        assert parse_division_code(str(code)) == code
        assert all(above.contains(code) for above in code.ancestors())

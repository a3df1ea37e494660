"""Certificate numbers: one number however it is typed, unique within its institute."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.certificate_numbers import certificate_key, normalise_certificate_number
from tests.fuzz import fuzzed

FUZZED = fuzzed()


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("ＪＬ（2026）第 0012 号", "JL(2026)第0012号"),
        (" jl－2026 — 0012 ", "JL-2026-0012"),
        ("川检字〔2026〕12号", "川检字(2026)12号"),
        ("LX　2026　001", "LX 2026 001"),
        ("26/001", "26/001"),
    ],
)
def test_a_number_has_one_form(typed: str, normal: str) -> None:
    assert normalise_certificate_number(typed) == normal


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("ＪＬ（2026）第 0012 号", "JL(2026)第0012号", True),
        ("JL 2026-0012", "jl2026—0012", True),
        ("26-1-11", "26-11-1", False),
        ("26 1 11", "26 11 1", False),
        ("JL-0012", "JL-012", False),
    ],
)
def test_two_numbers_are_one_when_only_the_typing_differs(one: str, other: str, is_same: bool) -> None:
    assert (certificate_key("5100A", one) == certificate_key("5100A", other)) is is_same


def test_another_institute_may_use_the_same_number() -> None:
    assert certificate_key("5100A", "JL-1") != certificate_key("5100B", "JL-1")
    assert certificate_key(" 5100 a", "JL-1") == certificate_key("５１００A", "JL-1")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("无", "no_digit"),
        ("1" * 65, "too_long"),
        ("JL\u200b-1", "unseen_sign"),
    ],
)
def test_what_is_no_number_is_refused(typed: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        normalise_certificate_number(typed)
    assert (refused.value.field, refused.value.code) == ("certificate_number", code)


def test_a_certificate_without_institute_has_no_key() -> None:
    with pytest.raises(CaseFault, match="机构"):
        certificate_key(" ", "JL-1")


@FUZZED
@given(st.text(max_size=100))
def test_the_form_is_final_and_no_text_brings_it_down(text: str) -> None:
    with suppress(CaseFault):
        number = normalise_certificate_number(text)
        assert normalise_certificate_number(number) == number
        assert certificate_key("5100A", number) == certificate_key("5100A", text)

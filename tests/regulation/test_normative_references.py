"""References to verification regulations, standards and recommendations."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.normative_references import EditionOrder, NormativeReference, parse_reference
from tests.fuzz import fuzzed

FUZZED = fuzzed()


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("JJG539-2016", "JJG 539-2016"),
        ("ＪＪＧ 539—2016", "JJG 539-2016"),
        ("jjg 539 – 2016", "JJG 539-2016"),
        ("《JJG 1204—2025》", "JJG 1204-2025"),
        ("JJG 539", "JJG 539"),
        ("JJG(川) 12-2020", "JJG(川) 12-2020"),
        ("JJG（川）12－2020", "JJG(川) 12-2020"),
        ("JJF〔川〕 12-2020", "JJF(川) 12-2020"),
        ("JJG(交通) 027-2015", "JJG(交通) 027-2015"),
        ("JJF 1070.1-2023", "JJF 1070.1-2023"),
        ("GB/T8170-2008", "GB/T 8170-2008"),
        ("GB 8170-87", "GB 8170-1987"),
        ("JJG 1-05", "JJG 1-2005"),
        ("gb 17167–2025", "GB 17167-2025"),
        ("DB51/T2345-2017", "DB51/T 2345-2017"),
        ("DB51/190-93", "DB51 190-1993"),
        ("GB / T 8170 - 2008", "GB/T 8170-2008"),
        ("OIML R 76-1 Edition 2006 (E)", "OIML R 76-1:2006"),
        ("OIML R76-1:2006", "OIML R 76-1:2006"),
        ("OIML R 76-2006", "OIML R 76:2006"),
        ("R 87:2016", "OIML R 87:2016"),
        ("OIML D 11", "OIML D 11"),
    ],
)
def test_one_document_has_one_name_however_it_is_written(written: str, normal: str) -> None:
    reference = parse_reference(written)
    assert str(reference) == normal
    assert parse_reference(normal) == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "539-2016",
        "JJG",
        "JJG 539-201",
        "JJG() 12-2020",
        "R 87",
        "JJG 539-2016 等",
        "JJG " + "1" * 90,
        "JJGX 1",
    ],
)
def test_what_names_no_document_is_refused_with_the_form_to_use(text: str) -> None:
    with pytest.raises(CaseFault, match="请写成"):
        parse_reference(text)


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("JJG 443-2023", "JJG 443-2015", EditionOrder.NEWER),
        ("JJG 443-2006", "JJG 443-2015", EditionOrder.OLDER),
        ("JJG443-2015", "JJG 443—2015", EditionOrder.SAME),
        ("JJG 443", "JJG 443", EditionOrder.SAME),
        ("JJG 443", "JJG 443-2015", EditionOrder.UNDATED),
        ("JJG 443-2015", "JJG 443", EditionOrder.UNDATED),
        ("JJG 443-2015", "JJF 443-2015", EditionOrder.OTHER_DOCUMENT),
        ("JJG(川) 12-2020", "JJG(渝) 12-2020", EditionOrder.OTHER_DOCUMENT),
        ("GB/T 8170-2008", "GB 8170-1987", EditionOrder.OTHER_DOCUMENT),
    ],
)
def test_editions_of_one_document_follow_one_another(one: str, other: str, order: EditionOrder) -> None:
    assert parse_reference(one).compared_with(parse_reference(other)) is order


def test_only_a_verification_regulation_is_one() -> None:
    assert parse_reference("JJG 539-2016").is_verification_regulation
    assert not parse_reference("JJF 1070-2023").is_verification_regulation


REFERENCES = st.builds(
    NormativeReference,
    st.sampled_from(["JJG", "JJF", "GB", "GB/T", "GB/Z", "DB51", "DB51/T"]),
    st.sampled_from(["", "川", "交通", "国网"]),
    st.from_regex(r"[1-9][0-9]{0,4}(\.[1-9])?", fullmatch=True),
    st.one_of(st.none(), st.integers(1950, 2049)),
)


@given(REFERENCES)
def test_the_normal_form_reads_back(reference: NormativeReference) -> None:
    assert parse_reference(str(reference)) == reference
    if reference.series != "DB51":  # a local series without /T ends where its space stands
        assert parse_reference(str(reference).replace(" ", "").lower()) == reference


@given(REFERENCES, REFERENCES)
def test_the_order_reads_the_same_from_the_other_side(
    one: NormativeReference, other: NormativeReference
) -> None:
    mirror = {EditionOrder.NEWER: EditionOrder.OLDER, EditionOrder.OLDER: EditionOrder.NEWER}
    order = one.compared_with(other)
    assert other.compared_with(one) is mirror.get(order, order)


@FUZZED
@given(st.one_of(st.text(max_size=200), st.text("JGFBOIMLRDT/-:.()（）0123456789 川—", max_size=100)))
def test_no_text_brings_the_reader_down(text: str) -> None:
    with suppress(CaseFault):
        reference = parse_reference(text)
        assert parse_reference(str(reference)) == reference

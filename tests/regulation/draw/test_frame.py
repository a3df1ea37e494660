"""A frozen frame: one content, one hash."""

from __future__ import annotations

import csv
from contextlib import suppress
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.packs.case_fault import CaseFault
from quanheng.regulation.draw.documents import digest
from quanheng.regulation.draw.frame import INSPECTOR_COLUMNS, UNIT_COLUMNS, freeze, parse_frame
from tests.fuzz import fuzzed

ROWS = [["B", "510104", ""], ["A", "510105", "已停用"], ["a,b", "510104", 'he said "no"']]
TEXT = 'id,stratum,excluded\nA,510105,已停用\nB,510104,\n"a,b",510104,"he said ""no"""\n'
ANY_TEXT = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=8)
VALUES = ANY_TEXT.map(lambda text: normalize("NFKC", text).strip())  # no two that look alike


def test_a_frame_is_sorted_csv_with_line_feeds() -> None:
    frame = freeze(UNIT_COLUMNS, ROWS)
    assert frame.text == TEXT
    assert frame.digest == digest(TEXT)
    assert parse_frame(TEXT) == frame


def test_a_table_as_offices_write_it_freezes_to_the_same() -> None:
    heading, *rows = TEXT.splitlines()
    office = "\ufeff" + "\r\n".join([heading, *reversed(rows)]) + "\r\n\r\n"
    assert parse_frame(office, canonical=False).text == TEXT
    with pytest.raises(CaseFault):
        parse_frame(office)


@given(st.permutations(ROWS))
def test_the_order_of_the_rows_does_not_matter(rows: list[list[str]]) -> None:
    assert freeze(UNIT_COLUMNS, rows).text == TEXT


@given(
    st.dictionaries(VALUES.filter(bool), st.tuples(VALUES.filter(bool), VALUES), min_size=1, max_size=20),
)
def test_a_frame_is_read_as_it_was_written(content: dict[str, tuple[str, str]]) -> None:
    frame = freeze(UNIT_COLUMNS, [[unit, *values] for unit, values in content.items()])
    assert parse_frame(frame.text) == frame
    assert [row[0].encode() for row in frame.rows] == sorted(unit.encode() for unit in content)
    assert tuple(map(tuple, csv.reader(frame.text.split("\n")[1:-1]))) == frame.rows


def test_a_formula_is_text_like_any_other() -> None:
    assert freeze(UNIT_COLUMNS, [["=1+1", "510104", ""]]).rows[0][0] == "=1+1"


@pytest.mark.parametrize(
    ("columns", "rows", "field", "code"),
    [
        (["id", "stratum"], [["A", "1"]], "frame", "column_missing"),
        (["id", "stratum", "excluded", "id"], [["A", "1", "", "A"]], "frame", "column_name"),
        (["id", "stratum", "excluded", ""], [["A", "1", "", ""]], "frame", "column_name"),
        (["id", "stratum", "excluded", " x"], [["A", "1", "", ""]], "frame", "column_name"),
        (["id", "stratum", "excluded", "x\ny"], [["A", "1", "", ""]], "frame", "column_name"),
        (UNIT_COLUMNS, [], "frame", "no_rows"),
        (UNIT_COLUMNS, [["A", "1", ""], ["B", "1"]], "frame", "row_length"),
        (UNIT_COLUMNS, [["", "1", ""]], "id", "empty"),
        (UNIT_COLUMNS, [["A", "1", ""], ["B", "1", ""], ["A", "2", ""]], "id", "duplicate"),
        (UNIT_COLUMNS, [["A", "", ""]], "stratum", "empty"),
        (UNIT_COLUMNS, [["A", "1", "a\nb"]], "excluded", "not_plain"),
        (UNIT_COLUMNS, [["A", "1\x1f", ""]], "stratum", "not_plain"),
        (UNIT_COLUMNS, [["A", "1", ""], ["B\x00", "1", ""]], "id", "not_plain"),
        (UNIT_COLUMNS, [["A ", "1", ""]], "id", "not_plain"),
        (UNIT_COLUMNS, [["\u3000A", "1", ""]], "id", "not_plain"),
        (UNIT_COLUMNS, [["A", " 1", ""]], "stratum", "not_plain"),
        (UNIT_COLUMNS, [["A", "1", "stopped "]], "excluded", "not_plain"),
        (UNIT_COLUMNS, [["A\ud800", "1", ""]], "id", "not_plain"),
        (UNIT_COLUMNS, [["A\u2028B", "1", ""]], "id", "not_plain"),
        (UNIT_COLUMNS, [["A\ufeff", "1", ""]], "id", "not_plain"),
    ],
)
def test_a_frame_that_two_people_could_read_differently_is_refused(
    columns: list[str], rows: list[list[str]], field: str, code: str
) -> None:
    with pytest.raises(CaseFault) as refused:
        freeze(columns, rows)
    assert (refused.value.field, refused.value.code) == (field, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "column_missing"),
        ("id,stratum,excluded\n", "no_rows"),
        ("id,stratum,excluded\nB,1,\nA,1,\n", "not_canonical"),
        ("id,stratum,excluded\nA,1,", "not_canonical"),
        ('id,stratum,excluded\n"A",1,\n', "not_canonical"),
        ("id,stratum,excluded\nA,1,\n\n", "row_length"),
        ('id,stratum,excluded\n"A,1,\n', "not_csv"),
        ('id,stratum,excluded\n"A"x,1,\n', "not_csv"),
        ("id,stratum,excluded\nA,1,\r\n", "not_canonical"),
        ("id,stratum,excluded\nA,1," + "x" * 200_000 + "\n", "not_csv"),
    ],
)
def test_a_text_that_is_not_canonical_is_refused(text: str, code: str) -> None:
    with pytest.raises(CaseFault) as refused:
        parse_frame(text)
    assert refused.value.code == code


def test_inspectors_need_other_columns_and_no_stratum() -> None:
    assert freeze(INSPECTOR_COLUMNS, [["王", "", "", ""]], INSPECTOR_COLUMNS).column("id") == ("王",)
    with pytest.raises(CaseFault, match="cluster"):
        freeze(UNIT_COLUMNS, ROWS).column("cluster")


@fuzzed()
@given(
    st.text(st.sampled_from(list(',"\n\r\x00 idstratumexcluded1')) | st.characters(), max_size=60),
    st.booleans(),
)
def test_no_text_brings_the_reader_down(text: str, canonical: bool) -> None:
    for content in (text, "id,stratum,excluded\n" + text):
        with suppress(CaseFault):
            frame = parse_frame(content, canonical=canonical)
            assert parse_frame(frame.text) == frame


@pytest.mark.parametrize(
    ("one", "other", "column"),
    [
        (("A-1", "510104", ""), ("Ａ-1", "510104", ""), "id"),
        (("A-1", "510104", ""), ("A-2", "５１０１０４", ""), "stratum"),
        (("㈱1", "510104", ""), ("(株)1", "510104", ""), "id"),
        (("①号", "510104", ""), ("1号", "510104", ""), "id"),
    ],
)
def test_two_names_that_differ_by_width_alone_are_refused(
    one: tuple[str, ...], other: tuple[str, ...], column: str
) -> None:
    for rows in ([one, other], [other, one]):
        with pytest.raises(CaseFault) as refused:
            freeze(UNIT_COLUMNS, rows)
        assert (refused.value.field, refused.value.code) == (column, "alike")


def test_names_of_any_script_may_stand_beside_each_other() -> None:
    assert (
        len(freeze(UNIT_COLUMNS, [("甲-1", "锦江", ""), ("甲-2", "锦江", ""), ("A-1", "青羊", "")]).rows) == 3
    )

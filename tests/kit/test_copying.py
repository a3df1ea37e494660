"""copy_rows: whatever a text holds, it stays one field of one row."""

from __future__ import annotations

import string
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import DataError

from quanheng.kit.copying import copy_rows

pytestmark = pytest.mark.django_db

TEXTS = st.text(alphabet=st.sampled_from('\t\n\r\\".,{}N0x' + string.ascii_letters + "秤\u2028"), max_size=30)


@pytest.fixture(autouse=True)
def table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (number int, words text, listed text[], bytes bytea)")


def copied(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE copied")
        copy_rows(cursor.cursor, "copied", ("number", "words", "listed", "bytes"), rows)
        cursor.execute("SELECT number, words, listed, bytes FROM copied ORDER BY number")
        return [(*row[:3], bytes(row[3])) for row in cursor.fetchall()]


@settings(max_examples=60)
@given(words=st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=3), st.binary(max_size=8)), max_size=5))
def test_every_field_comes_back_as_it_went(words: list[tuple[str, list[str], bytes]]) -> None:
    rows = [(number, *row) for number, row in enumerate(words)]
    assert copied(rows) == rows


def test_a_text_that_looks_like_the_end_of_a_row_stays_a_text() -> None:
    row = (1, "A\t{}\t\\x\n2\tB", ["x\ty\n"], b"")
    assert copied([row]) == [row]


def test_nul_is_refused_and_not_cut() -> None:
    with pytest.raises(DataError), transaction.atomic():
        copied([(1, "秤\x00", [], b"")])

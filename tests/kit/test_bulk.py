"""update_many: many rows in one statement, and never fewer than were asked for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, DataError, transaction

from quanheng.apps.instruments.models import Instrument
from quanheng.kit.bulk import update_many
from quanheng.kit.scope import NOTHING, set_scope
from tests.factories import make_entity, make_instrument

pytestmark = pytest.mark.usefixtures("everything")


@pytest.fixture
def scales() -> list[Instrument]:
    stall = make_entity("一号摊", kind="stall")
    return [make_instrument(stall) for _ in range(3)]


def test_each_row_gets_its_own_values_and_the_other_columns_stay(scales: list[Instrument]) -> None:
    for number, scale in enumerate(scales):
        scale.place, scale.e_g, scale.valid_until, scale.name = f"{number} 号", Decimal(number), None, "不写"
    update_many(scales, {"place", "e_g", "valid_until"})
    rows = Instrument.objects.unscoped().order_by("pk").values_list("place", "e_g", "valid_until", "name")
    assert list(rows) == [(f"{number} 号", Decimal(number), None, rows[0][3]) for number in range(3)]
    assert rows[0][3] != "不写"


def test_nothing_to_write_asks_nothing(django_assert_num_queries: object, scales: list[Instrument]) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        update_many([], {"place"})
        update_many(scales, set())


def test_a_text_that_is_too_long_is_refused_and_not_cut(scales: list[Instrument]) -> None:
    scales[0].place = "长" * 81
    with pytest.raises(DataError, match="too long"), transaction.atomic():
        update_many(scales, {"place"})


def test_a_row_that_is_hidden_or_gone_is_told(scales: list[Instrument]) -> None:
    scales[0].verified_on = date(2026, 1, 2)
    set_scope(NOTHING)
    with pytest.raises(DatabaseError, match="0 of 3 rows"), transaction.atomic():
        update_many(scales, {"verified_on"})

"""The entry table that comes back when an examination is refused: every row, and the fault by its row."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from quanheng.apps.certificates.models import ApplicationLine
from tests.factories import make_area, make_entity, make_instrument
from tests.factories.people import sign_in
from tests.factories.readings import scale_rows
from tests.factories.verification import Bench, make_bench, make_line


@pytest.fixture
def bench(db: None) -> Bench:
    return make_bench(make_area("锦江区"))


@pytest.fixture
def line(bench: Bench) -> ApplicationLine:
    stall = make_entity("三号摊", kind="stall", area=bench.institute.area)
    scale = make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5, serial_number="S1")
    return make_line(scale, bench.institute)


def sent(bench: Bench, line: ApplicationLine, **fields: Any) -> Any:
    entered = {
        "verified_on": "2026-11-23", "kind": "subsequent", "standard": bench.standard.pk,
        "entry_key": str(uuid4()), **scale_rows(), "check_appearance": "yes",
    }  # fmt: skip
    verifier = sign_in(Client(), bench.verifier)
    return verifier.post(f"/examinations/{line.pk}/record", entered | fields)


def test_rows_that_wait_for_a_reading_stay_when_it_is_refused(bench: Bench, line: ApplicationLine) -> None:
    answer = sent(bench, line, indication_g=["" for _ in scale_rows()["indication_g"]])
    assert [row["test"] for row in answer.context["form"].rows] == scale_rows()["test"]


def test_what_is_no_number_is_told_by_row_and_column(bench: Bench, line: ApplicationLine) -> None:
    text = sent(bench, line, indication_g=["0", "许多", *scale_rows()["indication_g"][2:]]).content.decode()
    assert "第 2 行“示值（g）”须为数字，现为“许多”" in text
    assert "instrument." not in text

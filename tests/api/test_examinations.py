"""A verifier's program records what the page would record, and is refused what the page refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from quanheng.apps.accounts.enums import Role
from quanheng.apps.certificates.models import Examination
from quanheng.kit.scope import EVERYTHING, acting_in
from tests.factories import make_actor, make_area, make_entity, make_instrument
from tests.factories.readings import scale_readings
from tests.factories.verification import Bench, make_bench, make_line

DAY = date(2026, 11, 23).isoformat()


@pytest.fixture
def bench(db: None) -> Bench:
    return make_bench(make_area("锦江区"))


@pytest.fixture
def line(bench: Bench) -> int:
    stall = make_entity("三号摊", kind="stall", area=bench.institute.area)
    scale = make_instrument(stall, accuracy_class="III", max_capacity_g=15000, e_g=5)
    return make_line(scale, bench.institute).pk


def body(bench: Bench, **changed: Any) -> dict[str, Any]:
    return {"verified_on": DAY, "standard_id": bench.standard.pk, "readings": scale_readings()} | changed


def recorded() -> int:
    with acting_in(EVERYTHING):
        return Examination.objects.unscoped().count()


def test_a_whole_examination_is_recorded_and_waits(program: Any, bench: Bench, line: int) -> None:
    answer = program(bench.verifier).post(f"/verification-lines/{line}/examinations", body(bench))
    assert (answer.status_code, answer.json()["result"]) == (201, "passed")
    assert answer.json()["regulation"] == "JJG 539-2016"
    assert recorded() == 1


@pytest.mark.parametrize(
    ("readings", "code", "field"),
    [
        (
            {"kind": "scale", "weighing": [{"load_g": "2500", "indication_g": "2500"}]},
            "incomplete_examination", "readings.weighing",
        ),
        (scale_readings(eccentricity=[]), "incomplete_examination", "readings.eccentricity"),
        (scale_readings(checks={}), "incomplete_examination", "readings.checks"),
        (scale_readings(zero={"load_g": "x"}), "bad_readings", "instrument.scale.zero.load_g"),
    ],
)  # fmt: skip
def test_what_is_lacking_is_told_by_code_and_field(
    program: Any, bench: Bench, line: int, readings: dict[str, Any], code: str, field: str
) -> None:
    sent = body(bench, readings=readings)
    answer = program(bench.verifier).post(f"/verification-lines/{line}/examinations", sent)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert recorded() == 0


def test_nobody_else_records_it(program: Any, bench: Bench, line: int) -> None:
    stranger = make_bench(make_area("武侯区"))
    for actor, status in (
        (bench.checker, 403), (make_actor(Role.COUNTY_OFFICER, area=bench.institute.area), 403),
        (stranger.verifier, 404),
    ):  # fmt: skip
        answer = program(actor).post(f"/verification-lines/{line}/examinations", body(bench))
        assert answer.status_code == status, answer.content
    assert recorded() == 0

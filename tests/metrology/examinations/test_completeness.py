"""An examination is complete by its regulation's template: one load says nothing of the range."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from quanheng.metrology.examinations.completeness import Frame, Measured, shortages
from quanheng.metrology.examinations.proposal import Proposal, proposed_rows
from quanheng.metrology.examinations.template import Template, read_template
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import read_pack
from quanheng.packs.shipped import shipped
from tests.factories.readings import CORNERS, LOADS

DAY = date(2026, 11, 23)
MARKS = {
    "min": (Decimal(100),), "half": (Decimal(7500),), "max": (Decimal(15000),),
    "mpe_changes": (Decimal(2500), Decimal(10000)),
}  # fmt: skip
SCALE = Frame("subsequent", Decimal(15000), MARKS)
DISPENSER = Frame("subsequent", parts=("1号枪", "2号枪"))
LOOKED = ("appearance", "self_lock", "alarm")


def template(item: str, day: date = DAY) -> Template:
    return read_template(shipped().in_force(f"examination/{item}", day))


def weighed() -> list[Measured]:
    return [
        Measured("zero", nominal=Decimal(0)),
        *(Measured("weighing", nominal=Decimal(load)) for load in LOADS),
        *(Measured("eccentricity", nominal=Decimal(5000), position=corner) for corner in CORNERS),
        *[Measured("repeatability", nominal=Decimal(7500))] * 3,
        Measured("discrimination", nominal=Decimal(7500)),
    ]


def codes(item: str, rows: list[Measured], frame: Frame, allowance: str = "", **facts: Any) -> list[str]:
    rules = template(item)
    clause = rules.allowance(allowance, frame.kind, frame.span)
    return [one.code for one in shortages(rules, rows, LOOKED, frame, clause, **facts)]


def test_a_whole_examination_lacks_nothing() -> None:
    assert codes("digital-indicating-scale", weighed(), SCALE) == []


def test_one_weighing_point_is_no_examination() -> None:
    one = [Measured("weighing", nominal=Decimal(2500))]
    lacking = shortages(template("digital-indicating-scale"), one, (), SCALE)
    assert {short.field for short in lacking} == {
        "zero", "weighing", "eccentricity", "repeatability", "discrimination", "checks",
    }  # fmt: skip
    assert "称量：至少 5 个不同的标准值，现有 1。" in [short.message for short in lacking]


@pytest.mark.parametrize("test", ["zero", "weighing", "eccentricity", "repeatability", "discrimination"])
def test_no_test_may_be_left_out(test: str) -> None:
    rows = [row for row in weighed() if row.test != test]
    assert "too_few" in codes("digital-indicating-scale", rows, SCALE)


@pytest.mark.parametrize("load", LOADS)
def test_every_mark_of_the_range_is_tested(load: str) -> None:
    rows = [
        Measured(row.test, nominal=Decimal(5000))
        if row.test == "weighing" and row.nominal == Decimal(load)
        else row
        for row in weighed()
    ]
    assert codes("digital-indicating-scale", rows, SCALE) == ["mark_missing"]


def test_the_same_load_five_times_is_one_load() -> None:
    rows = [row for row in weighed() if row.test != "weighing"]
    rows += [Measured("weighing", nominal=Decimal(15000))] * 5
    assert codes("digital-indicating-scale", rows, SCALE)[0] == "too_few"


def test_corners_are_loaded_with_about_a_third() -> None:
    rows = [
        Measured(row.test, nominal=Decimal(15000), position=row.position) if row.position else row
        for row in weighed()
    ]
    assert codes("digital-indicating-scale", rows, SCALE) == ["out_of_range"]


def test_a_usual_maximum_is_for_large_scales_alone() -> None:
    with pytest.raises(CaseFault, match="不适用") as refused:
        codes("digital-indicating-scale", weighed(), SCALE, "usual_maximum")
    assert refused.value.code == "allowance_not_for_this"
    large = Frame("subsequent", Decimal(60_000_000), {"min": (Decimal(400_000),)})
    rows = [
        Measured("zero"),
        *(Measured("weighing", nominal=Decimal(load)) for load in (400_000, 20_000_000, 40_000_000)),
        *(Measured("eccentricity", nominal=Decimal(20_000_000), position=corner) for corner in CORNERS),
        *[Measured("repeatability", nominal=Decimal(30_000_000))] * 3,
        Measured("discrimination", nominal=Decimal(30_000_000)),
    ]
    assert codes("digital-indicating-scale", rows, large) == ["too_few"]
    assert codes("digital-indicating-scale", rows, large, "usual_maximum") == []


def test_what_failed_need_not_go_on_and_what_passed_must() -> None:
    one = [Measured("weighing", nominal=Decimal(2500))]
    clause = "stopped_at_failure"
    assert codes("digital-indicating-scale", one, SCALE, clause, has_failed=True) == []
    assert codes("digital-indicating-scale", one, SCALE, clause) != []
    assert codes("digital-indicating-scale", one, SCALE, has_failed=True) != []


def test_a_clause_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(CaseFault, match="没有"):
        template("digital-indicating-scale").allowance("as_i_like", "subsequent", None)


def test_in_service_there_is_no_test_of_discrimination() -> None:
    rows = [row for row in weighed() if row.test != "discrimination"]
    in_service = Frame("in_service", SCALE.span, MARKS)
    assert codes("digital-indicating-scale", rows, in_service) == []


def delivered(nozzle: str, *flows: str, runs: int = 3) -> list[Measured]:
    return [Measured("flow", nozzle, None, flow, runs) for flow in flows]


def test_every_nozzle_is_measured_at_two_flow_rates_three_times() -> None:
    whole = [*delivered("1号枪", "大", "小"), *delivered("2号枪", "大", "小")]
    assert codes("fuel-dispenser", whole, DISPENSER) == []
    assert codes("fuel-dispenser", whole[:2], DISPENSER) == ["part_missing"]
    assert codes("fuel-dispenser", whole[:3], DISPENSER) == ["too_few"]
    assert codes("fuel-dispenser", [*whole[:3], *delivered("2号枪", "小", runs=2)], DISPENSER) == [
        "too_few_runs"
    ]
    assert codes("fuel-dispenser", whole[:2], DISPENSER, "nozzle_out_of_use") == []


def test_nothing_measured_is_lacking_even_where_no_nozzle_is_known() -> None:
    assert codes("fuel-dispenser", [], Frame("subsequent")) == ["too_few"]
    assert codes("fuel-dispenser", [], DISPENSER, "nozzle_out_of_use") == ["part_missing", "part_missing"]


def test_a_first_verification_measures_the_least_quantity_too() -> None:
    first = Frame("initial", parts=("1号枪",))
    rows = delivered("1号枪", "大", "小")
    assert codes("fuel-dispenser", rows, first) == ["too_few"]
    assert codes("fuel-dispenser", [*rows, Measured("minimum", "1号枪", None, "最小", 3)], first) == []


def test_pressures_cover_the_range() -> None:
    rows = [Measured("pressure", nominal=Decimal(value)) for value in (16, 18, 20, 22, 24)]
    rows += [Measured("zero"), Measured("leak")]
    assert codes("sphygmomanometer", rows, Frame("subsequent")) == ["range_not_covered"]
    rows += [Measured("pressure", nominal=Decimal(value)) for value in (0, 40)]
    assert codes("sphygmomanometer", rows, Frame("subsequent")) == []


def test_marks_of_a_share_need_a_range_to_lie_on() -> None:
    rules = template("combustible-gas-alarm").in_unit("%LEL")
    error = rules.test("error")
    assert error is not None
    assert error.unit == "%LEL"
    assert proposed_rows(error, Frame("subsequent", Decimal(100))) == [
        Proposal(Decimal(10)), Proposal(Decimal(40)), Proposal(Decimal(60)),
    ]  # fmt: skip
    assert proposed_rows(error, Frame("subsequent")) == [Proposal()] * 3
    alike = [Measured("error", nominal=Decimal(value)) for value in (55, 60, 65)]
    rows = [*alike, *(Measured(test.name) for test in rules.tests if test.name != "error")]
    lacking = shortages(rules, rows, LOOKED, Frame("subsequent", Decimal(100)))
    assert [short.message for short in lacking] == [
        "示值误差：缺少量程 10 %（10 %LEL）处的点。", "示值误差：缺少量程 40 %（40 %LEL）处的点。",
    ]  # fmt: skip


def test_the_proposed_rows_of_a_scale_are_its_whole_examination() -> None:
    rules = template("digital-indicating-scale")
    rows = [
        Measured(test.name, nominal=one.nominal, position=one.position)
        for test in rules.required("subsequent")
        for one in proposed_rows(test, SCALE)
    ]
    assert shortages(rules, rows, LOOKED, SCALE) == ()
    assert [one.position for one in proposed_rows(rules.tests[2], SCALE)] == list(CORNERS)


def test_a_clause_is_said_where_the_template_names_it() -> None:
    test = {"name": "flow", "title": "流量", "clause": "7.2", "field": "points", "least": 1}
    table = {"source": "测试", "verified": True}
    rules = read_template(
        read_pack(
            {
                "rule": "examination/x", "edition": "JJG 1", "title": "x", "in_force_from": DAY,
                "tables": {
                    "entry": table | {"readings": "tests"}, "tests": table | {"rows": [test]},
                    "checks": table | {"rows": []}, "allowances": table | {"rows": []},
                },
            }
        )
    )  # fmt: skip
    assert [one.message for one in shortages(rules, [], (), SCALE)] == ["流量（7.2）：至少 1 次，现有 0。"]
    assert rules.is_verified
    assert rules.allowances_for("subsequent", None) == []

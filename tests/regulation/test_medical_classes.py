"""The classes of medical instruments, mapped to the catalogue; and the full-time manager."""

from __future__ import annotations

import csv
from dataclasses import replace
from importlib import resources
from types import MappingProxyType
from typing import Any

import pytest

from quanheng.packs.rule_pack import RulePack
from quanheng.regulation.hospital_manager import FullTimeManager, full_time_manager
from quanheng.regulation.medical_classes import MedicalMode, class_by_item, medical_classes
from tests.regulation.packs import shipped_pack

PACK = shipped_pack("medical-classes")
REPORT = shipped_pack("half-year-report")


def with_rows(*rows: dict[str, Any]) -> RulePack:
    table = replace(PACK.table("classes"), values=MappingProxyType({"rows": rows}))
    return replace(PACK, tables=MappingProxyType({"classes": table}))


ROW = {
    "number": 1,
    "name": "呼吸机",
    "mode": "calibration",
    "items": ["ventilator"],
    "source": "",
    "verified": 1,
}


def test_there_are_twelve_classes_and_the_three_that_the_plan_names_come_first() -> None:
    classes = medical_classes(PACK)
    assert [each.number for each in classes] == list(range(1, 13))
    assert [each.name for each in classes[:3]] == ["血压计（表）", "心电图机", "彩色多普勒超声诊断仪"]
    assert {each.mode for each in classes} == {MedicalMode.VERIFICATION}
    assert not any(each.is_verified for each in classes)  # nobody has read the list of the authority yet


def test_the_catalogue_says_the_same_of_every_item() -> None:
    file = resources.files("quanheng.apps.instruments").joinpath("data/catalogue.csv")
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    numbered = {row["slug"]: int(row["medical_class"]) for row in rows if row["medical_class"]}
    assert {slug: each.number for slug, each in class_by_item(medical_classes(PACK)).items()} == numbered


def test_a_class_may_be_one_that_is_calibrated() -> None:
    (only,) = medical_classes(with_rows(ROW))
    assert (only.mode, only.items, only.is_verified) == (MedicalMode.CALIBRATION, ("ventilator",), False)


@pytest.mark.parametrize(
    "rows",
    [
        (ROW, ROW | {"items": ["ct"]}),
        (ROW, ROW | {"number": 2}),
        (ROW | {"number": "1"},),
        (ROW | {"items": "ventilator"},),
        (ROW | {"mode": "both"},),
    ],
)
def test_rows_that_contradict_each_other_are_no_edition(rows: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(ValueError, match=r"twice|number and items|both"):
        medical_classes(with_rows(*rows))


@pytest.mark.parametrize(
    ("grade", "declared", "on_file", "standing"),
    [
        ("三级甲等", 1, True, FullTimeManager.MET),
        ("二级", 2, True, FullTimeManager.MET),
        ("二级乙等", 1, False, FullTimeManager.NOT_ON_FILE),
        ("二级甲等", 0, True, FullTimeManager.NONE),
        ("一级", 0, False, FullTimeManager.NOT_NEEDED),
        ("", 1, True, FullTimeManager.GRADE_UNKNOWN),
        ("未定级", 0, False, FullTimeManager.GRADE_UNKNOWN),
    ],
)
def test_from_grade_two_up_a_hospital_has_a_full_time_manager_on_file(
    grade: str, declared: int, on_file: bool, standing: FullTimeManager
) -> None:
    assert full_time_manager(grade, declared, on_file=on_file, pack=REPORT) is standing

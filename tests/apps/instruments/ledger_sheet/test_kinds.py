"""Ledgers of other kinds than the samples: other names, other layouts, other programs."""

from __future__ import annotations

import resource
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from quanheng.apps.instruments.ledger_sheet import LedgerSheet
from quanheng.kit.sheets import SheetRefused, SheetRow, read_rows
from tests.apps.instruments.ledger_sheet import kinds
from tests.apps.instruments.ledger_sheet.world import Verdicts, context, read, read_table, verdicts


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.__name__)
def test_every_row_comes_out_as_a_careful_clerk_would_decide(
    kind: Callable[[Path], tuple[Path, Verdicts]], tmp_path: Path
) -> None:
    path, expected = kind(tmp_path)
    assert verdicts(read(path)) == expected


def test_three_hundred_thousand_rows_pass_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    expected = kinds.long_csv(path, 300_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    faulty, count = {}, 0
    for row in LedgerSheet(context()).read(read_rows(path)):
        count += 1
        if row.faults:
            faulty[row.number] = row.fields
    assert (count, faulty) == (300_000, expected)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_the_e_cqs_kind_of_instrument_counts_where_its_name_says_nothing(tmp_path: Path) -> None:
    second = read(kinds.ecqs_export(tmp_path)[0])[1].values
    assert (second["name"], second["item"].slug) == ("计价器具", "digital-indicating-scale")
    assert (second["use"], second["location"], second["area"]) == ("trade", "一楼水产区", 510104)


def test_merged_cells_saved_as_csv_are_filled_from_the_row_above_and_say_so(tmp_path: Path) -> None:
    second = read(kinds.merged_entities_saved_as_csv(tmp_path)[0])[1]
    assert second.values["credit_code"] == kinds.EAST
    assert second.values["serial_number"] == "00000001"
    assert [notice.text for notice in second.notices] == ["未填单位，按上一行的“东门市场”处理。"]


def test_units_of_the_heading_and_of_the_cell_are_respected(tmp_path: Path) -> None:
    first, second = (row.values for row in read(kinds.headings_with_breaks_and_units(tmp_path)[0]))
    assert (first["max_capacity"], first["e"]) == (30000, 5)
    assert (second["max_capacity"], second["e"]) == (30000, 5)
    assert first["phone"] == "13800000000"
    heavy = read(kinds.tabs_and_utf16(tmp_path)[0])
    assert [row.values["max_capacity"] for row in heavy] == [150_000, 15_000, None]


def test_the_title_names_what_no_column_names(tmp_path: Path) -> None:
    row = read(kinds.item_in_the_title_only(tmp_path)[0])[0].values
    assert (row["name"], row["item"].slug) == ("电子台秤", "digital-indicating-scale")
    assert (row["entity_name"], row["credit_code"]) == ("东门市场", kinds.EAST)


def test_a_blank_note_line_names_no_entity() -> None:
    rows = read_table(
        [
            ["填报单位(盖章):          填报日期:2026年6月"],
            ["器具名称", "出厂编号", "厂家"],
            ["电子秤", "1", "甲"],
        ],
        entity_known=True,
    )
    assert rows[0].values["entity_name"] == ""


def test_only_columns_that_cannot_be_placed_and_hold_something_are_asked_about() -> None:
    sheet = LedgerSheet(context(entity_known=True))
    table = [
        ["器具名称", "出厂编号", "厂家", "出场编码", "颜色代号", "空列"],
        ["电子秤", "1", "甲", "Q9", "红", ""],
    ]
    rows = read_table(table, entity_known=True)
    assert list(sheet.read(_rows(table)))
    assert [(question.header, question.example) for question in sheet.questions] == [
        ("出场编码", "Q9"),
        ("颜色代号", "红"),
    ]
    assert "serial_number" in sheet.questions[0].suggestions
    assert rows[0].values["other"] == {"出场编码": "Q9", "颜色代号": "红"}


def test_the_clerks_answer_places_the_column() -> None:
    table = [["器具名称", "机身钢印", "厂家"], ["电子秤", "G7", "甲"]]
    rows = read_table(table, entity_known=True, mapping={"机身钢印": "serial_number"})
    assert rows[0].values["serial_number"] == "G7"
    assert rows[0].faults == []


def test_a_workbook_without_a_ledger_is_refused() -> None:
    with pytest.raises(SheetRefused) as refused:
        read_table([["填表说明"], ["请勿修改"]])
    assert refused.value.code == "no_header"


def test_the_first_of_a_pair_stands_and_makers_are_compared_without_their_legal_form() -> None:
    header = ["器具名称", "出厂编号", "厂家"]
    table = [
        header,
        ["电子秤", "A1", "甲有限公司"],
        ["电子秤", "a1", "甲"],
        ["电子秤", "A1", "乙"],
        ["电子秤", "A1", ""],
    ]
    assert verdicts(read_table(table, entity_known=True)) == {2: [], 3: ["serial_number"], 4: [], 5: []}


def test_a_nozzle_is_listed_once_and_a_serial_number_stays_with_its_dispenser() -> None:
    header = ["加油机编号", "油枪号", "出厂编号", "厂家"]
    table = [
        header,
        ["1#", "1", "D1", "甲"],
        ["1#", "2", "D1", "甲"],
        ["1#", "2", "D1", "甲"],
        ["2#", "3", "D1", "甲"],
    ]
    assert verdicts(read_table(table, entity_known=True)) == {
        2: [],
        3: [],
        4: ["nozzle"],
        5: ["serial_number"],
    }


def test_max_over_e_outside_the_class_is_noticed_and_accepted() -> None:
    header: list[object] = ["器具名称", "出厂编号", "厂家", "准确度等级", "最大秤量(kg)", "e(g)"]
    table: list[list[object]] = [
        header,
        ["电子秤", "1", "甲", "Ⅲ", 30, 2],
        ["电子秤", "2", "甲", "Ⅲ", 30, 10],
        ["电子秤", "3", "甲", "二级", 30, 2],
    ]
    rows = read_table(table, entity_known=True)
    assert all(row.faults == [] for row in rows)
    assert ["OIML R 76" in str(row.notices) for row in rows] == [True, False, False]
    assert rows[0].values["max_capacity"] / rows[0].values["e"] == Decimal(15_000)


@pytest.mark.parametrize(
    ("verified", "until", "mode", "fields"),
    [
        ("2026-3-1", "2027-2-28", "强检", []),
        ("", "", "强检", []),
        ("无", "2027-2-28", "强检", ["verified_on"]),
        ("/", "2027-2-28", "检定", ["verified_on"]),
        ("", "2027-2-28", "校准", []),
        ("2026-3-1", "2026-3-1", "校准", []),
        ("2026-3-1", "2026-2-28", "强检", ["valid_until"]),
        ("2031-1-1", "2026-2-28", "强检", ["verified_on"]),
        ("2026-3-1", "长期", "强检", ["valid_until"]),
        ("2025-2-30", "2026-2-28", "强检", ["verified_on"]),
    ],
)
def test_dates_are_checked_against_each_other(
    verified: str, until: str, mode: str, fields: list[str]
) -> None:
    header = ["器具名称", "出厂编号", "检定/校准", "上次检定日期", "下次检定日期"]
    rows = read_table([header, ["心电图机", "1", mode, verified, until]], entity_known=True)
    assert rows[0].fields == fields


def _rows(table: list[list[str]]) -> list[SheetRow]:
    return [SheetRow("台账", number, cells) for number, cells in enumerate(table, 1)]

"""A column is taken for what its heading says: whole names first, the latest date, nothing passed off."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanheng.apps.instruments.ledger_sheet import LedgerSheet
from quanheng.apps.instruments.ledger_sheet.columns import SYNONYMS, place_header
from quanheng.kit.sheets import SheetRow
from tests.apps.instruments.ledger_sheet.world import context

BASE = {"使用单位": "东门市场", "器具名称": "电子计价秤", "出厂编号": "A1"}


def sheet_of(*table: list[Any]) -> tuple[LedgerSheet, list[dict[str, Any]]]:
    """Read a table; returns the reader, and the values of each row without empty ones."""
    sheet = LedgerSheet(context())
    rows = list(sheet.read(SheetRow("台账", number, cells) for number, cells in enumerate(table, 1)))
    assert [row.faults for row in rows] == [[]] * len(rows)
    return sheet, [{name: value for name, value in row.values.items() if value} for row in rows]


def read_row(columns: dict[str, Any]) -> tuple[LedgerSheet, dict[str, Any]]:
    sheet, rows = sheet_of(list(BASE | columns), list((BASE | columns).values()))
    return sheet, rows[0]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("使用单位联系人", "holder_name"), ("联系人电话", "phone"), ("摊主手机号", "phone"),
        ("使用单位地址", "address"), ("使用单位编码", None), ("市场编码", None), ("器具名称编码", None),
        ("计量器具编码", "asset_number"), ("本厂编号", "asset_number"), ("检定单位名称", "institute"),
        ("生产厂家名称", "manufacturer"), ("厂家电话", None), ("生产厂家地址", None), ("检定机构地址", None),
        ("旧出厂编号", None), ("出厂编号(旧)", None), ("原编号", None), ("上级单位名称", None),
        ("首次检定日期", None), ("检定日期(首次)", None), ("去年检定日期", None), ("联系人(电话)", None),
        ("下次校准日期", "valid_until"), ("检验日期", "verified_on"), ("设备型号", "model"),
        ("使用单位(盖章)", "entity_name"), ("强检器具出厂编号", "serial_number"), ("核对结果", "ignored"),
    ],
)  # fmt: skip
def test_a_heading_is_about_what_it_ends_with(header: str, field: str | None) -> None:
    assert place_header(header)[0] == field


@given(
    st.sampled_from([name for names in SYNONYMS.values() for name in names if len(name) > 3]),
    st.sampled_from(["旧", "原", "上级", "去年", "首次"]),
)
def test_what_was_once_never_passes_for_what_is(name: str, word: str) -> None:
    assert place_header(word + name)[0] is None


@pytest.mark.parametrize(
    "dates",
    [
        {"首次检定日期": "2019-03-01", "检定日期": "2026-03-01"},
        {"检定日期": "2026-03-01", "首次检定日期": "2019-03-01"},
        {"上次检定日期": "2025-03-01", "本次检定日期": "2026-03-01", "下次检定日期": "2027-02-28"},
        {"检定日期": "2026-03-01", "上次检定日期": "2025-03-01"},
        {"去年检定日期": "2025-03-01", "今年检定日期": "2026-03-01"},
        {"检定日期(首次)": "2019-03-01", "检定日期(最近)": "2026-03-01"},
    ],
)
def test_the_latest_verification_counts_in_whatever_order(dates: dict[str, str]) -> None:
    sheet, row = read_row(dates)
    assert str(row["verified_on"]) == "2026-03-01"
    kept = {title: day for title, day in dates.items() if day < "2026"}
    assert row["other"] == kept  # as it stands, never dropped
    assert sheet.columns["other"] == list(kept)


def test_the_last_verification_counts_where_it_is_the_only_one() -> None:
    assert str(read_row({"上次检定日期": "2026-03-01"})[1]["verified_on"]) == "2026-03-01"


def test_of_two_alike_one_is_read_the_other_kept_and_both_told() -> None:
    sheet, row = read_row({"联系电话": "13800000001", "手机": "13800000002"})
    assert (row["phone"], row["other"]) == ("13800000001", {"手机": "13800000002"})
    assert [notice.fields for notice in sheet.notices] == [("phone",)]


def test_model_and_specification_are_joined_and_that_is_told() -> None:
    sheet, row = read_row({"规格": "30kg/10g", "型号": "ACS-A1"})
    assert row["model"] == "ACS-A1 30kg/10g"
    assert sheet.columns["model"] == ["规格", "型号"]
    assert "合并" in sheet.notices[0].text


def test_a_second_number_is_the_instruments_own_at_its_place() -> None:
    assert read_row({"编号": "7"})[1]["asset_number"] == "7"


@pytest.mark.parametrize("title", ["计量器具台账", "东门市场计量器具台账", "在用衡器"])
def test_a_title_over_the_table_is_no_heading(title: str) -> None:
    head, cells = [*list(BASE), "本厂编号", "检验日期"], [*BASE.values(), "LJ-1", "2026-03-01"]
    sheet, rows = sheet_of([title, None, None, None, None], head, cells)
    assert rows[0]["asset_number"] == "LJ-1"
    assert str(rows[0]["verified_on"]) == "2026-03-01"
    assert sheet.questions == []


BLOCK, LEFT, RIGHT = (
    ["摊位号", "出厂编号", "检定日期"],
    ["A1", "H1", "2026-03-01"],
    ["B1", "H2", "2026-03-02"],
)


@pytest.mark.parametrize("gap", [[], [None]])
def test_blocks_side_by_side_are_instruments_of_their_own(gap: list[Any]) -> None:
    blanks: list[Any] = [None] * 3
    table = [BLOCK + gap + BLOCK, LEFT + gap + RIGHT, ["A2", "H3", "2026-03-01", *gap, *blanks]]
    _, rows = sheet_of(["东门市场电子秤登记表"], *table)
    assert [(row["stall"], row["serial_number"]) for row in rows] == [
        ("A1", "H1"),
        ("B1", "H2"),
        ("A2", "H3"),
    ]


def test_blocks_share_what_stands_before_them() -> None:
    _, rows = sheet_of(["使用单位", "器具名称", *BLOCK, *BLOCK], ["东门市场", "电子秤", *LEFT, *RIGHT])
    assert [(row["entity_name"], row["serial_number"]) for row in rows] == [
        ("东门市场", "H1"),
        ("东门市场", "H2"),
    ]


def test_a_date_in_three_columns_is_one_date() -> None:
    upper = [*BASE, "检定日期", None, None, "有效期至", None, None]
    lower = [None, None, None, "年", "月", "日", "年", "月", "日"]
    _, rows = sheet_of(upper, lower, [*BASE.values(), 2026.0, 3.0, 1.0, "2027", "02", "28"])
    assert (str(rows[0]["verified_on"]), str(rows[0]["valid_until"])) == ("2026-03-01", "2027-02-28")


def test_a_date_in_three_columns_under_one_heading_row() -> None:
    head = [*BASE, "检定日期(年)", "检定日期(月)", "检定日期(日)"]
    _, rows = sheet_of(head, [*BASE.values(), "2026年", "3月", "1日"])
    assert str(rows[0]["verified_on"]) == "2026-03-01"


@pytest.mark.parametrize("total", [["合计", None, "2台"], ["合 计", None, 2.0], [None, "本页小计", "2"]])
def test_a_total_is_no_instrument_wherever_its_count_stands(total: list[Any]) -> None:
    _, rows = sheet_of(list(BASE), list(BASE.values()), total)
    assert len(rows) == 1

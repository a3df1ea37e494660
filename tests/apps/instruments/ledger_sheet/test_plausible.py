"""What is possible and seldom so is told; what a clerk misspelt or meant otherwise is understood and told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from quanheng.apps.instruments.ledger_sheet import LedgerRow, normalise
from quanheng.apps.instruments.ledger_sheet.check import LONGEST_VALIDITY, check_length
from quanheng.regulation.identifiers import CreditCodeFault, body_check, code_check, parse_credit_code
from tests.apps.instruments.ledger_sheet.world import TODAY, credit_code, read_table

BASE = {"使用单位": "东门市场", "器具名称": "电子计价秤", "出厂编号": "A1"}


def row(**columns: Any) -> LedgerRow:
    said = BASE | columns
    return read_table([list(said), list(said.values())])[0]


def told(it: LedgerRow) -> str:
    return " ".join(notice.text for notice in it.notices)


@pytest.mark.parametrize(
    ("e", "accuracy_class", "odd"),
    [(0.01, "III", True), (0.1, "III", False), (0.01, "Ⅱ", False), (1, "IIII", True), (10, "III", False)],
)
def test_a_scale_interval_finer_than_its_class_has_is_told(e: float, accuracy_class: str, odd: bool) -> None:
    it = row(**{"最大秤量(g)": e * 1000, "检定分度值(g)": e, "准确度等级": accuracy_class})
    assert ("不小于" in told(it)) is odd
    assert it.faults == []


@pytest.mark.parametrize(
    ("written", "grams"),
    [("30kg", 30_000), ("0~30kg", 30_000), ("(0-6)kg", 6_000), ("200g", 200), ("30", 30_000)],
)
def test_the_range_of_a_scale_is_its_maximum_capacity(written: str, grams: int) -> None:
    values = row(量程=written).values
    assert (values["max_capacity"], values["measuring_range"]) == (grams, written)


def test_a_column_that_says_the_maximum_capacity_counts_and_no_other_kind_has_one() -> None:
    assert row(量程="0~60kg", 最大秤量="30kg").values["max_capacity"] == 30_000
    assert "max_capacity" not in row(器具名称="水银血压计", 量程="0~300mmHg").values


def test_a_misspelt_scale_is_understood_and_told() -> None:
    it = row(器具名称="电子称")
    assert (it.values["name"], it.values["item"].slug) == ("电子秤", "digital-indicating-scale")
    assert told(it) == "“电子称”按“电子秤”读取。"


def test_a_name_that_is_not_known_is_offered_the_nearest() -> None:
    assert "是不是“血压计”" in row(器具名称="血压记").faults[0].reason
    assert "是不是" not in row(器具名称="电冰箱").faults[0].reason


def test_a_calibrated_instrument_without_its_date_is_told() -> None:
    assert "没有填校准日期" in told(row(**{"检定/校准": "校准"}))
    assert told(row(**{"检定/校准": "校准", "校准日期": "2026-03-01"})) == ""
    assert told(row(**{"检定/校准": "强检"})) == ""


def test_a_serial_number_that_looks_like_a_day_is_told_and_kept() -> None:
    it = row(出厂编号="2026-02-01")
    assert it.values["serial_number"] == "2026-02-01"
    assert "像是日期" in told(it)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("准予作Ⅲ级使用", "passed"), ("准予作III级秤使用", "passed"), ("合格。", "passed"),
        ("合格；", "passed"),
        ("合格（准予使用）", "passed"), ("符合III级要求", "passed"), ("无", ""), ("——", ""),
        ("不准用", "failed"),
    ],
)  # fmt: skip
def test_conclusions_as_certificates_write_them(text: str, result: str) -> None:
    assert normalise.conclusion(text) == (result, "")


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [("准用", "in_use", ""), ("借出", "in_use", "变更使用"), ("丢失", "stopped", "报废")],
)
def test_a_state_that_the_ledger_has_not_is_the_nearest_one_and_told(
    text: str, state: str, words: str
) -> None:
    it = row(状态=text)
    assert it.values["status"] == state
    assert words in told(it)
    assert bool(words) is bool(told(it))


def test_a_day_that_has_not_come_is_no_day_of_making_or_first_use() -> None:
    it = row(出厂日期="2027-01-01", 启用日期="2027-02-01")
    assert it.fields == ["manufactured_on", "commissioned_on"]


def test_a_validity_that_no_period_bounds_has_an_end() -> None:
    it = row(检定日期="2026-03-01", 有效期至="2099-12-31")
    check_length(it, it.values["verified_on"])
    assert it.fields == ["valid_until"]
    ends = row(检定日期="2024-02-29", 有效期至=date(2024 + LONGEST_VALIDITY, 2, 28))
    check_length(ends, date(2024, 2, 29))
    assert ends.fields == []
    assert row(**{"检定/校准": "校准"}, 有效期至="2099-12-31").fields == ["valid_until"]
    assert TODAY.year + LONGEST_VALIDITY < 2099


def old_xiamen(kind: str = "91350203") -> str:
    head = f"{kind}M0001XKN"
    head += body_check(head[8:])
    return head + ("0" if code_check(head) != "0" else "1")


def test_a_code_of_the_old_xiamen_kind_passes_on_an_officers_word_alone() -> None:
    code = old_xiamen()
    assert parse_credit_code(code, on_an_officers_word=True) == code
    with pytest.raises(CreditCodeFault):
        parse_credit_code(code)
    with pytest.raises(CreditCodeFault):  # of any other place the check stands
        parse_credit_code(old_xiamen("91510104"), on_an_officers_word=True)
    head = [*list(BASE), "信用代码"]
    cells = [*BASE.values(), code]
    (taken,), (refused,) = read_table([head, cells], by_an_officer=True), read_table([head, cells])
    assert (taken.values["credit_code"], taken.fields, refused.fields) == (code, [], ["credit_code"])
    assert "厦门" in told(taken)
    assert credit_code(1) == parse_credit_code(credit_code(1), on_an_officers_word=True)

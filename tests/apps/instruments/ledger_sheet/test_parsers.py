# ruff: noqa: E501  (tables of Chinese words count twice)
"""What clerks write in cells, and what it means. Whatever they write, nothing but a verdict comes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quanheng.apps.instruments.ledger_sheet import normalise, numbers
from quanheng.apps.instruments.ledger_sheet.columns import contained, place_header, suggestions
from quanheng.apps.instruments.ledger_sheet.dates import day
from tests.apps.instruments.ledger_sheet.world import catalogue, read_table

LAST_OF_JUNE = [
    "2026-06-30", "2026.6.30", "2026/6/30", "2026年6月30日", "20260630", "２０２６－０６－３０", "2026. 6. 30", "26-6-30", "260630",
    "30/6/2026", "2026-06-30 00:00:00", "2026/6/30 8:05", "2026-06-30T08:00:00Z", "二〇二六年六月三十日", "2026年6月30号", "2026年6月30",
    "至2026年6月30日", "2026-6-30止", "2026\\6\\30", "46203", "46203.0", 46203, 46203.5, 20260630, 20260630.0, "20260630.0", date(2026, 6, 30),
]  # fmt: skip


@pytest.mark.parametrize("text", LAST_OF_JUNE)
def test_a_day_is_read_in_every_form(text: object) -> None:
    assert day(text) == (date(2026, 6, 30), "")


@pytest.mark.parametrize(
    "text",
    [
        "长期",
        "待定",
        "2025-02-30",
        "2026年6月",
        "202606",
        "6/5/2026",
        "2026",
        "9999-12-31",
        "0001-01-01",
        "2026-13-01",
        True,
        12.0,
    ],
)
def test_what_is_no_day_is_told(text: object) -> None:
    value, problem = day(text)
    assert value is None
    assert problem.endswith("。")


@pytest.mark.parametrize("text", ["", None, "/", "-", "——", "无", " "])
def test_a_dash_is_no_day_and_no_fault(text: object) -> None:
    assert day(text) == (None, "")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("23143583", "23143583"), (23143583.0, "23143583"), ("23143583.0", "23143583"), ("2.3143583E7", "23143583"),
        ("２４５７６４６７", "24576467"), (" SN 12-3 ", "SN12-3"), ("'0012", "0012"), ("2E12", "2E12"), ("/", ""), ("无", ""),
        ("2.31E+07", None), ("1.23456789012346E+15", None), (1.5e17, None), ("待定", None), ("x" * 51, None),
    ],
)  # fmt: skip
def test_a_serial_number_is_read_back_where_no_digit_is_lost(written: object, meant: str | None) -> None:
    assert numbers.serial_number(written)[0] == meant


@pytest.mark.parametrize(
    ("written", "grams"),
    [
        ("30", 30_000), (30.0, 30_000), ("30kg", 30_000), ("30 KG", 30_000), ("３０ｋｇ", 30_000), ("0.1t", 100_000), ("60斤", 30_000),
        ("6/15kg", 15_000), ("0~30kg", 30_000), ("(0-30)kg", 30_000), ("Max30kg", 30_000), ("30,000g", 30_000), ("500g", 500),
        ("-30", None), ("0", None), ("很大", None), ("1e999", None), ("30kg×10g", None), ("", None),
    ],
)  # fmt: skip
def test_a_capacity_is_read_in_grams(written: object, grams: int | None) -> None:
    assert numbers.mass_in("kg")(written)[0] == (None if grams is None else Decimal(grams))


@pytest.mark.parametrize("text", ["Ⅲ", "III", "iii", "三级", "３级", "中准确度级", "Ⅲ级", "③"])
def test_class_three_has_many_names(text: str) -> None:
    assert normalise.accuracy_class(text) == ("III", "")


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("在用", "in_use"),
        ("使用中", "in_use"),
        ("正常使用", "in_use"),
        ("停用", "stopped"),
        ("报废", "scrapped"),
        ("已封存", "sealed_up"),
    ],
)
def test_a_state_has_many_names(written: str, state: str) -> None:
    assert normalise.status(written) == (state, "")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("计价秤", "digital-indicating-scale"), ("电子台秤", "digital-indicating-scale"), ("不锈钢电子计价秤", "digital-indicating-scale"),
        ("CT机", "ct"), ("DR", "dr-cr"), ("12道心电图机", "electrocardiograph"), ("水银血压计", "sphygmomanometer"),
        ("无创自动测量血压计", "automatic-sphygmomanometer"), ("多参数监护仪", "patient-monitor"),
        ("病床", None), ("饮水机", None), ("电冰箱", None), ("水银血压计袖带", None), ("心电图机电极片", None), ("", None), ("？", None),
    ],
)  # fmt: skip
def test_the_catalogue_is_found_by_common_names(name: str, slug: str | None) -> None:
    found = catalogue().find(name)
    assert (found.slug if found else None) == slug


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("最大秤量(kg)", "max_capacity"), ("检定分度值e(g)", "e"), ("出厂编号(SN)", "serial_number"), ("铅封号(编码器)", "seal_encoder"),
        ("序 号", "ignored"), ("统一社会\n信用代码*", "credit_code"), ("强检器具出厂编号", "serial_number"), ("检定机构联系电话", None),
        ("颜色", None),
    ],
)  # fmt: skip
def test_a_heading_is_placed_when_it_says_one_thing(header: str, field: str | None) -> None:
    assert place_header(header)[0] == field


PARSERS: list[Callable[[Any], tuple[Any, str]]] = [
    day, numbers.serial_number, numbers.mass_in("kg"), numbers.mass_in("g", min), numbers.phone, numbers.count,
    numbers.degrees_between(97.3, 108.6, "经度"), normalise.text, normalise.name_text, normalise.unique_text,
    normalise.accuracy_class, normalise.status, normalise.conclusion, normalise.use, normalise.mode,
]  # fmt: skip
DATE_LIKE = st.text("0123456789０１２年月日-/.: T〇一二十零eE+", max_size=24)
CELLS = st.one_of(
    st.text(max_size=40), DATE_LIKE, st.none(), st.booleans(), st.integers(), st.floats(), st.dates(),
    st.text("0123456789.kgtKG克斤~/()=<≤maxe,×-", max_size=16),
)  # fmt: skip


@settings(deadline=None)
@given(CELLS)
@example("十")
@example("十十")
@example("三四十五")
@example("〇")
@example("2026年十月十十日")
@example("\x00")
@example("²")
@example(float("inf"))
@example(float("nan"))
@example("1" * 5000)
@example("NaN")
@example("Infinity")
def test_no_cell_breaks_a_parser(cell: Any) -> None:
    for parse in PARSERS:
        value, problem = parse(cell)
        assert isinstance(problem, str)
        assert not problem or value is None
        assert "\x00" not in str(value)


@given(
    st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]),
)
def test_a_day_survives_being_written(written: date, form: str) -> None:
    assert day(written.strftime(form)) == (written, "")


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=6))
def test_no_table_breaks_the_reader(body: list[list[Any]]) -> None:
    header = ["单位名称", "信用代码", "区县", "器具名称", "出厂编号", "检定日期", "有效期至", "最大秤量"]
    for row in read_table([header, *body]):
        assert all(fault.reason for fault in row.faults)


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_heading_breaks_its_reader(text: str) -> None:
    place_header(text)
    contained(text)
    assert len(suggestions(text)) <= 5
    catalogue().find(text)

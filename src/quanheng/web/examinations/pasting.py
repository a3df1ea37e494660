"""What somebody copied out of a spreadsheet, as rows of the entry table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from quanheng.metrology.examinations.template import Template
from quanheng.web.examinations.readings import MOST_ROWS, Column, Row

HEADERS = {
    "serial": ("出厂编号", "编号", "器具编号"), "test": ("项目",), "load_g": ("载荷", "标准值"),
    "reference": ("标准值", "载荷"), "indication_g": ("示值",), "indication": ("示值",),
    "added_g": ("附加砝码",), "changed_g": ("加码后示值",), "position": ("偏载位置", "位置"),
    "nozzle": ("油枪号", "油枪"), "fuel": ("油品",), "flow": ("流量点", "流量"),
    "indicated_l": ("示值",), "measured_l": ("量器读数", "量器"),
    "dispenser_celsius": ("加油机油温",), "measure_celsius": ("量器油温",),
    "part": ("通道或导联", "通道", "导联"), "allowance": ("少检条款",), "remarks": ("说明",),
    "regulation": ("检定规程", "检定依据"),
}  # fmt: skip
OF_WHOLE = ("serial", "allowance", "remarks", "regulation")
FUELS = {"汽油": "petrol", "柴油": "diesel"}


def cells_of(text: str) -> list[list[str]]:
    """Part tab-separated text into cells; empty lines are left out."""
    return [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]


def keys_of(header: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Name the columns of a heading among those that are wanted; "" for others."""
    names = list(wanted)
    plain = [re.split(r"[（(]", cell, maxsplit=1)[0].strip() for cell in header]
    return [next((name for name in names if cell in HEADERS[name]), "") for cell in plain]


def rows_of(text: str, columns: Sequence[Column], template: Template) -> list[Row]:
    """Read pasted text: by its heading where it has one, else column by column as the table shows them."""
    table, names = cells_of(text), [column.key for column in columns]
    if not table:
        return []
    headed = keys_of(table[0], names)
    if sum(map(bool, headed)) > 1:
        names, table = headed, table[1:]
    empty = dict.fromkeys((column.key for column in columns), "")
    return [empty | in_words(dict(zip(names, cells, strict=False)), template) for cells in table[:MOST_ROWS]]


def in_words(row: Row, template: Template) -> Row:
    """Replace the Chinese words of selections by their values; a test is known by its title or its name."""
    titles = {test.title: test.name for test in template.tests}
    said = re.split(r"[（(]", row.get("test", ""), maxsplit=1)[0].strip()
    test = titles.get(row.get("test", ""), titles.get(said, row.get("test", "")))
    fuel = row.get("fuel", "")
    return {key: value for key, value in row.items() if key} | (
        ({"test": test} if "test" in row else {}) | ({"fuel": FUELS.get(fuel, fuel)} if "fuel" in row else {})
    )

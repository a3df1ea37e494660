"""From rows that a verifier typed to the readings of the calculation `conformity`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quanheng.apps.instruments.models import Instrument
from quanheng.kit.refusal import RuleBroken
from quanheng.kit.tones import Text

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the entry table; with choices it is a selection."""

    key: str
    label: Text
    choices: Sequence[tuple[str, Text]] = ()
    numeric: bool = True


SCALE = (
    Column(
        "test", _("项目"),
        (
            ("weighing", _("称量")), ("eccentricity", _("偏载")), ("repeatability", _("重复性")),
            ("zero", _("零点")),
        ),
    ),
    Column("load_g", _("载荷（g）")),
    Column("indication_g", _("示值（g）")),
    Column("added_g", _("附加砝码（g）")),
    Column("position", _("偏载位置"), numeric=False),
)  # fmt: skip
DISPENSER = (
    Column("nozzle", _("油枪号"), numeric=False),
    Column("fuel", _("油品"), (("petrol", _("汽油")), ("diesel", _("柴油")))),
    Column("flow", _("流量点"), numeric=False),
    Column("indicated_l", _("示值（L）")),
    Column("measured_l", _("量器读数（L）")),
    Column("dispenser_celsius", _("加油机油温（℃）")),
    Column("measure_celsius", _("量器油温（℃）")),
)
COLUMNS = {"scale": SCALE, "fuel_dispenser": DISPENSER}
SCALE_NUMBERS = ("load_g", "indication_g")
DELIVERY_NUMBERS = ("indicated_l", "measured_l")


def kind_of(instrument: Instrument) -> str:
    """Return which table an instrument is entered in.

    Raises:
        RuleBroken: no_entry_table.
    """
    category = instrument.item.category
    if category not in COLUMNS:
        raise RuleBroken("no_entry_table", "这类器具还没有录入表，请通过接口提交检定数据。")
    return category


def rows_in(posted: QueryDict, kind: str) -> list[Row]:
    """Return the rows that were typed; those without a number are left out."""
    columns = COLUMNS[kind]
    lists = {column.key: posted.getlist(column.key) for column in columns}
    count = max((len(values) for values in lists.values()), default=0)
    rows = [
        {key: values[at].strip() if at < len(values) else "" for key, values in lists.items()}
        for at in range(min(count, 500))
    ]
    typed = [column.key for column in columns if column.numeric and not column.choices]
    return [row for row in rows if any(row[key] for key in typed)]


def readings_of(kind: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Put the rows where the calculation expects them.

    Raises:
        RuleBroken: no_rows, row_incomplete.
    """
    if not rows:
        raise RuleBroken("no_rows", "请至少录入一个检定点。")
    needed = SCALE_NUMBERS if kind == "scale" else DELIVERY_NUMBERS
    for number, row in enumerate(rows, 1):
        if not all(row[key] for key in needed):
            raise RuleBroken("row_incomplete", f"第 {number} 行缺少标准值或示值，请补全。", row=number)
    return _scale(rows) if kind == "scale" else _dispenser(rows)


def _scale(rows: Sequence[Row]) -> dict[str, Any]:
    tests: dict[str, list[Row]] = {"weighing": [], "eccentricity": [], "repeatability": [], "zero": []}
    for row in rows:
        point = _given(row, ("load_g", "indication_g", "added_g", "position"))
        tests.get(row["test"], tests["weighing"]).append(point)
    zero = tests.pop("zero")
    return {"kind": "scale", **tests} | ({"zero": zero[0]} if zero else {})


def _dispenser(rows: Sequence[Row]) -> dict[str, Any]:
    runs: dict[tuple[str, str], list[Row]] = {}
    fuels: dict[str, str] = {}
    for row in rows:
        nozzle = row["nozzle"] or "1"
        fuels[nozzle] = row["fuel"] or "petrol"
        keys = (*DELIVERY_NUMBERS, "dispenser_celsius", "measure_celsius")
        runs.setdefault((nozzle, row["flow"]), []).append(_given(row, keys))
    points = [{"nozzle": nozzle, "flow": flow, "runs": made} for (nozzle, flow), made in runs.items()]
    return {"kind": "fuel_dispenser", "fuels": fuels, "points": points}


def _given(row: Mapping[str, str], keys: Sequence[str]) -> Row:
    return {key: row[key] for key in keys if row.get(key)}

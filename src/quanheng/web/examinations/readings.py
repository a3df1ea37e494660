"""The entry table of an instrument: its columns, the rows it proposes, and the readings that rows become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quanheng.apps.certificates.services.completing import Laid
from quanheng.apps.certificates.services.limits_beside import plain
from quanheng.kit.tones import Text
from quanheng.metrology.examinations.proposal import proposed_rows
from quanheng.metrology.examinations.template import Template
from quanheng.web import refusals

Row = dict[str, str]
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the entry table; with choices it is a selection."""

    key: str
    label: Text
    choices: Sequence[tuple[str, Text]] = ()
    numeric: bool = True


SCALE = (
    Column("load_g", _("载荷（g）")),
    Column("indication_g", _("示值（g）")),
    Column("added_g", _("附加砝码（g）")),
    Column("changed_g", _("加码后示值（g）")),
    Column("position", _("偏载位置"), numeric=False),
)
DISPENSER = (
    Column("nozzle", _("油枪号"), numeric=False),
    Column("fuel", _("油品"), (("petrol", _("汽油")), ("diesel", _("柴油")))),
    Column("flow", _("流量点"), numeric=False),
    Column("indicated_l", _("示值（L）")),
    Column("measured_l", _("量器读数（L）")),
    Column("dispenser_celsius", _("加油机油温（℃）")),
    Column("measure_celsius", _("量器油温（℃）")),
)
LISTED = (
    Column("reference", _("标准值")),
    Column("indication", _("示值")),
    Column("part", _("通道或导联"), numeric=False),
)
# What a verifier reads off: a row without any of these was proposed and not measured.
MEASURED = {
    "scale": ("indication_g", "added_g", "changed_g"),
    "fuel_dispenser": ("indicated_l", "measured_l"),
}
READ = ("indication",)
DELIVERY_NUMBERS = ("indicated_l", "measured_l")
LEAST_QUANTITY = "最小被测量"
YES, NO = (
    frozenset({"yes", "符合", "是", "合格", "1", "√"}),
    frozenset({"no", "不符合", "否", "不合格", "0", "×"}),
)


def columns_of(template: Template) -> tuple[Column, ...]:
    """Return the columns that a template is entered in."""
    if template.readings == "fuel_dispenser":
        return DISPENSER
    if template.readings == "scale":  # all in grams, as the heads of the columns say
        return (Column("test", _("项目"), [(test.name, test.title) for test in template.tests]), *SCALE)
    tests = [
        (test.name, f"{test.title}（{test.unit}）" if test.unit else test.title) for test in template.tests
    ]
    return (Column("test", _("项目"), tests), *LISTED)


def proposed(laid: Laid, fuels: Mapping[str, str]) -> list[Row]:
    """Return the rows that make an examination whole when they are filled in.

    Args:
        fuels: nozzles in service with their fuels, by the name that the bench gives them.
    """
    template, frame = laid.template, laid.frame
    empty = dict.fromkeys((column.key for column in columns_of(template)), "")
    needed = [(test, proposed_rows(test, frame)) for test in template.required(frame.kind)]
    if template.readings == "fuel_dispenser":
        return [
            empty | {"nozzle": nozzle, "fuel": fuel, "flow": one.position}
            for nozzle, fuel in fuels.items()
            for test, proposals in needed
            for one in proposals
            for _run in range(test.runs)
        ]
    nominal = "load_g" if template.readings == "scale" else "reference"
    return [
        empty | {
            "test": test.name, nominal: "" if one.nominal is None or not test.has_reference
            else plain(one.nominal), **({"position": one.position} if "position" in empty else {}),
        }
        for test, proposals in needed
        for one in proposals
    ]  # fmt: skip


def rows_in(posted: QueryDict, columns: Sequence[Column]) -> list[Row]:
    """Return the rows as they were sent, those too in which nothing was typed."""
    lists = {column.key: posted.getlist(column.key) for column in columns}
    count = max((len(values) for values in lists.values()), default=0)
    return [
        {key: values[at].strip() if at < len(values) else "" for key, values in lists.items()}
        for at in range(min(count, MOST_ROWS))
    ]


def filled(rows: Sequence[Row], columns: Sequence[Column]) -> list[Row]:
    """Return the rows that hold anything besides selections."""
    typed = [column.key for column in columns if not column.choices]
    return [row for row in rows if any(row[key] for key in typed)]


def nominal_of(row: Row) -> Decimal | None:
    """Return the reference value of a row; None where it has none or it cannot be read."""
    try:
        value = Decimal(row.get("load_g") or row.get("reference") or "x")
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def test_of(row: Row) -> str:
    """Return which test a row belongs to."""
    if "flow" in row:
        return "minimum" if row["flow"] == LEAST_QUANTITY else "flow"
    return row.get("test", "")


def readings_of(template: Template, rows: Sequence[Row], checks: Mapping[str, str]) -> dict[str, Any]:
    """Put the rows where the calculation expects them; proposed rows that nobody measured are left out.

    Args:
        checks: by name, yes or no in one of its words; what has no answer is left out.

    Raises:
        RuleBroken: no_rows, row_incomplete, row_not_number.
    """
    kind = template.readings
    numbered = [
        (number, row)
        for number, row in enumerate(rows, 1)
        if any(row.get(key) for key in MEASURED.get(kind, READ))
    ]
    if not numbered:
        raise refusals.NO_ROWS()
    for number, row in numbered:
        if lacking := [key for key in _needed(template, row) if not row.get(key)]:
            raise refusals.ROW_INCOMPLETE(row=number, lacking=lacking)
        _check_numbers(template, number, row)
    measured = [row for _number, row in numbered]
    made = {"scale": _scale, "fuel_dispenser": _dispenser, "tests": _listed}.get(kind, _sphygmomanometer)
    answered = {name: answer in YES for name, answer in checks.items() if answer in YES or answer in NO}
    return {"kind": kind, **made(measured), "checks": answered}


def _check_numbers(template: Template, number: int, row: Row) -> None:
    for column in columns_of(template):
        text = row.get(column.key, "")
        if column.numeric and not column.choices and text and not _is_number(text):
            raise refusals.ROW_NOT_NUMBER(row=number, column=column.label, text=text[:20])


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _needed(template: Template, row: Row) -> tuple[str, ...]:
    if template.readings == "fuel_dispenser":
        return DELIVERY_NUMBERS
    if template.readings == "scale":
        small = ("added_g", "changed_g") if row["test"] == "discrimination" else ()
        return ("load_g", "indication_g", *small)
    test = template.test(row["test"])
    return ("indication", "reference") if test is None or test.has_reference else ("indication",)


def _scale(rows: Sequence[Row]) -> dict[str, Any]:
    tests: dict[str, list[Row]] = {"weighing": [], "eccentricity": [], "repeatability": [], "zero": []}
    small: list[Row] = []
    for row in rows:
        if row["test"] == "discrimination":
            small.append(_given(row, ("load_g", "indication_g", "added_g", "changed_g")))
        else:
            point = _given(row, ("load_g", "indication_g", "added_g", "position"))
            tests.get(row["test"], tests["weighing"]).append(point)
    zero = tests.pop("zero")
    return {**tests, "discrimination": small} | ({"zero": zero[0]} if zero else {})


def _dispenser(rows: Sequence[Row]) -> dict[str, Any]:
    runs: dict[tuple[str, str], list[Row]] = {}
    fuels: dict[str, str] = {}
    for row in rows:
        nozzle = row["nozzle"] or "1"
        fuels[nozzle] = row["fuel"] or "petrol"
        keys = (*DELIVERY_NUMBERS, "dispenser_celsius", "measure_celsius")
        runs.setdefault((nozzle, row["flow"]), []).append(_given(row, keys))
    points = [
        {"nozzle": nozzle, "flow": flow, "runs": made, "is_minimum": flow == LEAST_QUANTITY}
        for (nozzle, flow), made in runs.items()
    ]
    return {"fuels": fuels, "points": points}


def _sphygmomanometer(rows: Sequence[Row]) -> dict[str, Any]:
    readings: dict[str, Any] = {
        "points": [
            {"reference_kpa": row["reference"], "indication_kpa": row["indication"]}
            for row in rows
            if row["test"] == "pressure"
        ]
    }
    for row in rows:
        if row["test"] in {"zero", "leak"}:
            readings["zero_kpa" if row["test"] == "zero" else "leak_kpa_per_minute"] = row["indication"]
        elif row["test"] == "repeat":
            readings.setdefault("repeated_kpa", []).append(row["indication"])
    return readings


def _listed(rows: Sequence[Row]) -> dict[str, Any]:
    return {"readings": [_given(row, ("test", "reference", "indication", "part")) for row in rows]}


def _given(row: Mapping[str, str], keys: Sequence[str]) -> Row:
    return {key: row[key] for key in keys if row.get(key)}

"""Instruments whose regulation is a table of limits: pressure gauges, taximeters, what a pack adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from quanheng.metrology.conformity.limits import Limits, limits_at, read_bands
from quanheng.metrology.conformity.points import Outcome, PointVerdict, overall, plain_outcome
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell

PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Reading:
    """A reference value and what the instrument indicated, in one unit."""

    reference: Decimal
    indication: Decimal


@dataclass(frozen=True, slots=True)
class TableVerdict:
    """Every row with its verdict, and the verdict of the whole."""

    points: tuple[PointVerdict, ...]
    outcome: Outcome
    citation: Citation


def kinds(pack: RulePack) -> tuple[str, ...]:
    """Return the kinds of instruments that the pack has a table for."""
    return tuple(pack.tables)


def examine(
    kind: str,
    accuracy_class: str,
    unit: str,
    readings: Sequence[Reading],
    *,
    span: Decimal | None,
    pack: RulePack,
) -> TableVerdict:
    """Judge readings by the table of their kind; limits are percent of the span or of the value.

    Args:
        span: upper end of the measuring range; needed where limits are percent of it.

    Raises:
        CaseFault: unknown kind or class, no reading, a missing span, a reading beyond the table.
    """
    if kind not in pack.tables:
        raise CaseFault(
            "kind",
            "unknown_kind",
            tell("没有“{kind}”的允差表，现有：{known}。", kind=kind, known=[*kinds(pack)]),
        )
    table = pack.table(kind).values
    if accuracy_class not in table["classes"]:
        known = "、".join(table["classes"])
        raise CaseFault(
            "accuracy_class",
            "unknown_class",
            tell("没有“{accuracy_class}”级，现有：{known}。", accuracy_class=accuracy_class, known=known),
        )
    if not readings:
        raise CaseFault("readings", "no_points", "请至少填写一个检定点。")
    if table["of"] == "span" and (span is None or span <= 0):
        raise CaseFault("span", "no_span", "该类器具的允差按量程计算，请填写大于 0 的量程上限。")
    bands = read_bands(table["classes"][accuracy_class])
    rows = []
    for index, reading in enumerate(readings):
        base = span if table["of"] == "span" and span is not None else abs(reading.reference)
        limits = limits_at(bands, abs(reading.reference), f"readings[{index}].reference").times(
            base * PERCENT
        )
        rows.append(_row(reading, unit, limits))
    return TableVerdict(tuple(rows), overall(row.outcome for row in rows), pack.cite(kind))


def _row(reading: Reading, unit: str, limits: Limits) -> PointVerdict:
    error = reading.indication - reading.reference
    return PointVerdict(
        part="", quantity=tell("示值误差"), unit=unit, nominal=reading.reference,
        indication=reading.indication,
        error_unit=unit, error=error, limits=limits, outcome=plain_outcome(error, limits),
    )  # fmt: skip

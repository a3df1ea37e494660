"""Is a meter good enough, and did a certificate stand on every day of the period (GB 17167, 4.3.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell

CLASS = re.compile(r"(\d{1,2}(?:\.\d{1,3})?)(S?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class EnergyMeter:
    """A meter whose figures a review rests on.

    Args:
        kind: as the pack names it, such as ``"electricity_meter_1"``.
        accuracy_class: such as ``"0.5S"``.
        certificates: the days on which each certificate is valid, in any order; they may overlap.
    """

    identifier: str
    kind: str
    accuracy_class: str
    certificates: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class MeterRow:
    """One meter with its verdict; `uncovered` are the days on which no certificate stood."""

    identifier: str
    name: str
    accuracy_class: str
    required_class: str
    is_class_met: bool
    uncovered: tuple[Span, ...]

    @property
    def is_met(self) -> bool:
        return self.is_class_met and not self.uncovered


@dataclass(frozen=True, slots=True)
class MetersVerdict:
    """Every meter, and whether all of them are good."""

    rows: tuple[MeterRow, ...]
    is_met: bool
    citation: Citation


def examine_meters(meters: Sequence[EnergyMeter], period: Span, pack: RulePack) -> MetersVerdict:
    """Compare each meter with the class that its kind needs and with the days of the period.

    Raises:
        CaseFault: an unknown kind, a class that cannot be read, a span that ends before it begins.
    """
    _check_span(period, "period")
    rows = []
    for index, meter in enumerate(meters):
        try:
            rows.append(_row(meter, period, pack))
        except CaseFault as fault:
            raise fault.within(f"meters[{index}]") from None
    return MetersVerdict(tuple(rows), all(row.is_met for row in rows), pack.cite("accuracy"))


def uncovered_days(period: Span, certificates: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans of the period on which no certificate stood."""
    gaps, day = [], period.first
    for span in sorted(certificates, key=lambda span: span.first):
        if span.first > period.last:
            break
        if span.first > day:
            gaps.append(Span(day, span.first - timedelta(days=1)))
        if span.last >= period.last:
            return tuple(gaps)
        day = max(day, span.last + timedelta(days=1))
    return (*gaps, Span(day, period.last))


def _row(meter: EnergyMeter, period: Span, pack: RulePack) -> MeterRow:
    table = pack.table("accuracy").values
    if meter.kind not in table:
        raise CaseFault(
            "kind", "unknown_kind", tell("没有“{kind}”，现有：{table}。", kind=meter.kind, table=[*table])
        )
    for index, span in enumerate(meter.certificates):
        _check_span(span, f"certificates[{index}]")
    required = table[meter.kind]["class"]
    return MeterRow(
        identifier=meter.identifier, name=table[meter.kind]["name"], accuracy_class=meter.accuracy_class,
        required_class=required, is_class_met=_rank(meter.accuracy_class) <= _rank(required),
        uncovered=uncovered_days(period, meter.certificates),
    )  # fmt: skip


def _rank(accuracy_class: str) -> tuple[Decimal, bool]:
    """Order classes from good to poor: 0.5S before 0.5."""
    match = CLASS.fullmatch(accuracy_class.strip().upper())
    if match is None:
        message = tell(
            "准确度等级应写作 0.5、0.5S 等，现为“{accuracy_class}”。", accuracy_class=accuracy_class[:20]
        )
        raise CaseFault("accuracy_class", "unreadable_class", message)
    return Decimal(match[1]), not match[2]


def _check_span(span: Span, field: str) -> None:
    if span.last < span.first:
        raise CaseFault(
            field,
            "ends_before_it_begins",
            tell("止于 {last}，早于起始日 {first}。", last=span.last, first=span.first),
        )
    if span.last == date.max:  # the day after has no date
        raise CaseFault(field, "no_such_day", tell("日期 {last} 过晚。", last=span.last))

"""What an examination still lacks. One load that passed says nothing of the range, nor of the corners."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from quanheng.metrology.examinations.template import (
    Allowance,
    CountedBy,
    Mark,
    RequiredTest,
    Template,
)
from quanheng.packs.sentence import tell

PERCENT = Decimal("0.01")
MARK_WORDS = {
    "min": tell("最小秤量"), "half": tell("50 % 最大秤量"), "max": tell("最大秤量"),
    "mpe_changes": tell("最大允许误差转换点"),
}  # fmt: skip
COUNTED_WORDS = {
    CountedBy.READINGS: tell("次"),
    CountedBy.NOMINALS: tell("个不同的标准值"),
    CountedBy.POSITIONS: tell("个不同的位置或流量点"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One reading, as far as completeness asks for it.

    Args:
        nominal: reference value; None where there is none.
        position: on the load receptor, or the flow rate.
        runs: how often it was repeated.
    """

    test: str
    part: str = ""
    nominal: Decimal | None = None
    position: str = ""
    runs: int = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """The instrument and the verification that the template is laid over.

    Args:
        kind: ``"initial"``, ``"subsequent"``, ``"in_service"`` or ``"arbitration"``.
        span: upper end of the measuring range, in the unit of the readings.
        marks: where the named marks lie on this instrument.
        parts: that are in service and belong to the whole, such as ``"1号枪"``.
    """

    kind: str
    span: Decimal | None = None
    marks: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortage:
    """One thing that is lacking.

    Args:
        field: of the readings where it belongs.
        code: ``too_few``, ``too_few_runs``, ``mark_missing``, ``out_of_range``, ``range_not_covered``,
            ``part_missing`` or ``check_missing``.
    """

    field: str
    code: str
    message: str
    part: str = ""


def shortages(
    template: Template, measured: Sequence[Measured], checked: Collection[str], frame: Frame,
    allowance: Allowance | None = None, *, has_failed: bool = False,
) -> tuple[Shortage, ...]:  # fmt: skip
    """Return what the examination lacks by its regulation; nothing where it is complete.

    Args:
        checked: the checks that were answered, whichever way.
        allowance: the clause that lets it hold less.
        has_failed: a reading or a check failed; then a clause may let the rest go.
    """
    if allowance is not None and allowance.only_failed and has_failed:
        return ()
    found: list[Shortage] = []
    needed = template.required(frame.kind, allowance)
    for part in _parts(template, measured, frame, allowance):
        own = [row for row in measured if not template.by_part or row.part == part]
        if part and not own:
            found.append(
                Shortage(needed[0].field, "part_missing", tell("{part}：没有检定数据。", part=part), part)
            )
            continue
        for test in needed:
            rows = [row for row in own if row.test == test.name]
            found += [Shortage(test.field, code, _said(test, part, text), part)
                      for code, text in _of_test(test, rows, frame)]  # fmt: skip
    found += [
        Shortage("checks", "check_missing", tell("{check}：没有填写是否符合。", check=check.title))
        for check in template.checks
        if check.name not in checked
    ]
    return tuple(found)


def marked_values(test: RequiredTest, frame: Frame) -> list[tuple[str, Decimal]]:
    """Return the reference values that a test must touch on this instrument, with their names."""
    values: list[tuple[str, Decimal]] = []
    for mark in test.marks:
        values += [(_mark_word(mark), value) for value in _values_of(mark, frame)]
    return values


def _parts(
    template: Template, measured: Sequence[Measured], frame: Frame, allowance: Allowance | None
) -> list[str]:
    if not template.by_part:
        return [""]
    seen = list(dict.fromkeys(row.part for row in measured))
    if allowance is not None and allowance.parts_may_lack and seen:
        return seen
    return list(dict.fromkeys([*frame.parts, *seen])) or [""]


def _of_test(test: RequiredTest, rows: Sequence[Measured], frame: Frame) -> Iterator[tuple[str, str]]:
    count = _counted(test, rows)
    if count < test.least:
        yield (
            "too_few",
            tell(
                "至少 {least} {of_what}，现有 {count}。",
                least=test.least,
                of_what=COUNTED_WORDS[test.counted_by],
                count=count,
            ),
        )
    if short := [row for row in rows if row.runs < test.runs]:
        where = tell("“{position}”", position=short[0].position) if short[0].position else ""
        yield (
            "too_few_runs",
            tell(
                "{where}每点至少测量 {runs} 次，现为 {now} 次。",
                where=where,
                runs=test.runs,
                now=short[0].runs,
            ),
        )
    nominals = [row.nominal for row in rows if row.nominal is not None]
    for name, value in marked_values(test, frame):
        near = test.near_percent * PERCENT * (value or frame.span or Decimal(0))
        if not any(abs(nominal - value) <= near for nominal in nominals):
            yield (
                "mark_missing",
                tell("缺少{name}（{value}{unit}）处的点。", name=name, value=_plain(value), unit=_unit(test)),
            )
    yield from _of_range(test, nominals, frame)


def _of_range(test: RequiredTest, nominals: Sequence[Decimal], frame: Frame) -> Iterator[tuple[str, str]]:
    if not nominals:
        return
    if test.within is not None and frame.span is not None:
        low, high = (share * frame.span for share in test.within)
        if outside := [nominal for nominal in nominals if not low <= nominal <= high]:
            reach = f"{_plain(low)}～{_plain(high)}{_unit(test)}"
            yield (
                "out_of_range",
                tell(
                    "载荷或标准值应在 {reach} 之间，现为 {value}{unit}。",
                    reach=reach,
                    value=_plain(outside[0]),
                    unit=_unit(test),
                ),
            )
    if test.reach is not None:
        low, high = test.reach
        if min(nominals) > low or max(nominals) < high:
            span = f"{_plain(low)}～{_plain(high)}{_unit(test)}"
            yield "range_not_covered", tell("各点应覆盖 {span}。", span=span)


def _counted(test: RequiredTest, rows: Sequence[Measured]) -> int:
    if test.counted_by == CountedBy.NOMINALS:
        return len({row.nominal for row in rows})
    if test.counted_by == CountedBy.POSITIONS:
        return len({row.position for row in rows})
    return len(rows)


def _values_of(mark: Mark, frame: Frame) -> tuple[Decimal, ...]:
    if isinstance(mark, str):
        return frame.marks.get(mark, ())
    return () if frame.span is None else (mark * frame.span,)


def _mark_word(mark: Mark) -> str:
    return MARK_WORDS[mark] if isinstance(mark, str) else tell("量程 {percent} %", percent=_plain(mark * 100))


def _said(test: RequiredTest, part: str, text: str) -> str:
    clause = tell("（{clause}）", clause=test.clause) if test.clause else ""
    return tell(
        "{part}{title}{clause}：{text}",
        part=f"{part} " if part else "",
        title=test.title,
        clause=clause,
        text=text,
    )


def _unit(test: RequiredTest) -> str:
    return f" {test.unit}" if test.unit else ""


def _plain(value: Decimal) -> str:
    return format(value.normalize() if value else Decimal(0), "f")

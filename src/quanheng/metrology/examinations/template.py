"""The tests, checks and clauses of one verification regulation, read from a rule pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.sentence import tell

Mark = str | Decimal
UNIT_OF_RANGE = "range"  # the unit of the instrument's measuring range, as its nameplate says


class CountedBy(StrEnum):
    """What makes two readings of a test two."""

    READINGS = "readings"
    NOMINALS = "nominals"  # different reference values
    POSITIONS = "positions"  # different places on the load receptor, or different flow rates


class LimitOf(StrEnum):
    """What a limit is measured in."""

    ABSOLUTE = "absolute"
    REFERENCE = "reference"  # percent of the reference value
    SPAN = "span"  # percent of the upper end of the measuring range
    CLASS = "class"  # the accuracy class is the percent of the span


@dataclass(frozen=True, slots=True)
class ErrorLimit:
    """The limits of a test whose numbers stand in the template.

    Args:
        lower, upper: None where that side has no limit, or where the accuracy class gives it.
    """

    of: LimitOf
    lower: Decimal | None
    upper: Decimal | None


@dataclass(frozen=True, slots=True)
class RequiredTest:
    """One test of an examination.

    Args:
        name: as the readings name it, such as ``"weighing"``.
        field: of the readings in which its rows stand.
        least: how many are needed, counted as `counted_by` says.
        runs: how often each is repeated.
        marks: places of the range that must be tested: names of `Frame.marks`, or shares of the span.
        near_percent: how near to a mark is near enough, in percent of the mark.
        within: shares of the span between which the reference values lie.
        reach: the smallest reference value is at most the first, the largest at least the second.
        kinds: verifications that need it; empty for all.
        has_reference: False where the indication itself is compared, such as a noise or a resolution.
        proposed, positions: what the page proposes to measure; others may be measured as well.
        limit: None where the readings are judged by another rule pack.
    """

    name: str
    title: str
    unit: str
    field: str
    clause: str = ""
    least: int = 1
    counted_by: CountedBy = CountedBy.READINGS
    runs: int = 1
    marks: tuple[Mark, ...] = ()
    near_percent: Decimal = Decimal(10)
    within: tuple[Decimal, Decimal] | None = None
    reach: tuple[Decimal, Decimal] | None = None
    kinds: tuple[str, ...] = ()
    has_reference: bool = True
    proposed: tuple[Decimal, ...] = ()
    positions: tuple[str, ...] = ()
    limit: ErrorLimit | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is looked at, not measured: appearance, markings, an alarm that sounds."""

    name: str
    title: str
    clause: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """A clause by which an examination may hold less.

    Args:
        kinds: verifications it is for; empty for all.
        span_from: the smallest upper end of the range it is for; None for all.
        least, marks: by test, what is asked instead.
        without: tests that may be left out.
        parts_may_lack: parts that are out of use need not be examined.
        only_failed: what failed one test need not go through the others; it is no way to pass.
    """

    name: str
    title: str
    clause: str
    kinds: tuple[str, ...] = ()
    span_from: Decimal | None = None
    least: Mapping[str, int] = field(default_factory=dict)
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    parts_may_lack: bool = False
    only_failed: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What one regulation asks of an examination.

    Args:
        readings: kind of the readings in the calculation `conformity`.
        by_part: every part of the instrument (nozzle) is examined by itself.
        is_verified: False while nobody has held the official text beside it.
    """

    edition: str
    readings: str
    by_part: bool
    tests: tuple[RequiredTest, ...]
    checks: tuple[Check, ...]
    allowances: tuple[Allowance, ...]
    is_verified: bool

    def in_unit(self, unit: str) -> Template:
        """Return the template for an instrument whose measuring range is in this unit."""
        tests = tuple(replace(one, unit=unit) if one.unit == UNIT_OF_RANGE else one for one in self.tests)
        return replace(self, tests=tests)

    def test(self, name: str) -> RequiredTest | None:
        return next((test for test in self.tests if test.name == name), None)

    def required(self, kind: str, allowance: Allowance | None = None) -> list[RequiredTest]:
        """Return the tests that a verification of this kind needs, as the allowance changes them."""
        needed = [test for test in self.tests if test.least and (not test.kinds or kind in test.kinds)]
        if allowance is None:
            return needed
        return [
            replace(
                test,
                least=allowance.least.get(test.name, test.least),
                marks=allowance.marks.get(test.name, test.marks),
            )
            for test in needed
            if test.name not in allowance.without
        ]

    def allowances_for(self, kind: str, span: Decimal | None) -> list[Allowance]:
        """Return the clauses that an instrument of this span may use in a verification of this kind."""
        return [one for one in self.allowances if _is_for(one, kind, span)]

    def allowance(self, name: str, kind: str, span: Decimal | None) -> Allowance | None:
        """Return the clause of a name; None for an empty one.

        Raises:
            CaseFault: the regulation has no such clause, or it is not for this verification.
        """
        if not name:
            return None
        for one in self.allowances:
            if one.name == name and _is_for(one, kind, span):
                return one
            if one.name == name:
                message = tell("“{title}”不适用于该器具或该类检定，请另选，或按规程做全。", title=one.title)
                raise CaseFault("allowance", "allowance_not_for_this", message)
        raise CaseFault(
            "allowance",
            "unknown_allowance",
            tell("{edition} 没有“{name}”这一条款，请重新选择。", edition=self.edition, name=name),
        )


def _is_for(one: Allowance, kind: str, span: Decimal | None) -> bool:
    large_enough = one.span_from is None or (span is not None and span >= one.span_from)
    return large_enough and (not one.kinds or kind in one.kinds)


def read_template(pack: RulePack) -> Template:
    """Read the pack ``examination/<item>``."""
    entry = pack.table("entry").values
    return Template(
        edition=pack.edition,
        readings=entry["readings"],
        by_part=entry.get("by_part", False),
        tests=tuple(_read_test(row) for row in pack.table("tests").values["rows"]),
        checks=tuple(
            Check(row["name"], row["title"], row.get("clause", ""))
            for row in pack.table("checks").values["rows"]
        ),
        allowances=tuple(_read_allowance(row) for row in pack.table("allowances").values["rows"]),
        is_verified=all(table.is_verified for table in pack.tables.values()),
    )


def _read_test(row: Mapping[str, Any]) -> RequiredTest:
    return RequiredTest(
        name=row["name"], title=row["title"], unit=row.get("unit", ""), field=row.get("field", "readings"),
        clause=row.get("clause", ""), least=row.get("least", 1),
        counted_by=CountedBy(row.get("counted_by", "readings")), runs=row.get("runs", 1),
        marks=_marks(row.get("marks", ())), near_percent=Decimal(row.get("near_percent", 10)),
        within=_pair(row.get("within")), reach=_pair(row.get("reach")),
        kinds=tuple(row.get("kinds", ())), has_reference=row.get("has_reference", True),
        proposed=tuple(Decimal(value) for value in row.get("proposed", ())),
        positions=tuple(row.get("positions", ())), limit=_read_limit(row),
    )  # fmt: skip


def _read_limit(row: Mapping[str, Any]) -> ErrorLimit | None:
    """Read ``limit`` for ±limit, or ``lower`` and ``upper``; without any there is none but the class's."""
    of = LimitOf(row.get("of", "absolute"))
    sides = {"lower", "upper", "limit"} & set(row)
    if not sides and of != LimitOf.CLASS:
        return None
    reach = row.get("limit")
    lower, upper = (row.get("lower"), row.get("upper")) if reach is None else (-reach, reach)
    return ErrorLimit(of, _decimal(lower), _decimal(upper))


def _read_allowance(row: Mapping[str, Any]) -> Allowance:
    return Allowance(
        name=row["name"], title=row["title"], clause=row.get("clause", ""),
        kinds=tuple(row.get("kinds", ())), span_from=_decimal(row.get("span_from")),
        least=row.get("least", {}),
        marks={name: _marks(marks) for name, marks in row.get("marks", {}).items()},
        without=tuple(row.get("without", ())), parts_may_lack=row.get("parts_may_lack", False),
        only_failed=row.get("only_failed", False),
    )  # fmt: skip


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _marks(values: Sequence[Any]) -> tuple[Mark, ...]:
    return tuple(value if isinstance(value, str) else Decimal(value) for value in values)


def _pair(values: Sequence[Any] | None) -> tuple[Decimal, Decimal] | None:
    return None if values is None else (Decimal(values[0]), Decimal(values[1]))

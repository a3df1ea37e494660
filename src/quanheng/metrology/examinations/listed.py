"""Verdicts on readings whose limits stand in the template of their regulation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from quanheng.metrology.conformity.limits import Limits
from quanheng.metrology.conformity.points import Outcome, PointVerdict, overall, plain_outcome
from quanheng.metrology.examinations.template import LimitOf, RequiredTest, Template
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell

PERCENT = Decimal("0.01")
WITHOUT = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Found:
    """What was read in one test.

    Args:
        reference: None where the indication itself is compared with the limit.
        part: channel, lead or probe; empty for the whole.
    """

    test: str
    indication: Decimal
    reference: Decimal | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Nameplate:
    """What limits may depend on.

    Args:
        span: upper end of the measuring range, in the unit of the readings.
        accuracy_class: as the ledger has it.
    """

    span: Decimal | None = None
    accuracy_class: str = ""


@dataclass(frozen=True, slots=True)
class ListedVerdict:
    """Every row with its verdict, and the verdict of the whole."""

    points: tuple[PointVerdict, ...]
    outcome: Outcome


def read_span(text: str) -> Decimal | None:
    """Return the upper end of a measuring range as a nameplate writes it; None where it is not understood.

    >>> read_span("(0~1.6) MPa"), read_span("0～100 %LEL"), read_span("±5")
    (Decimal('1.6'), Decimal('100'), None)
    """
    found = re.search(r"\d[^\d~～]*?[-~～—–至]\s*\+?(\d+(?:\.\d+)?)", text)
    return Decimal(found[1]) if found else None


def read_unit(text: str) -> str:
    """Return the unit of a measuring range as a nameplate writes it; empty where there is none.

    >>> read_unit("(0~1.6) MPa"), read_unit("0～100 %LEL")
    ('MPa', '%LEL')
    """
    found = re.search(r"\d\s*[)）]?\s*([^\d\s()（）~～]+)\s*$", text)
    return found[1] if found else ""


def examine(template: Template, readings: Sequence[Found], nameplate: Nameplate) -> ListedVerdict:
    """Judge readings by the limits of their tests.

    Raises:
        CaseFault: no reading, a test that the regulation does not have, a reference that is missing, or a
            limit that needs a measuring range or a class which the nameplate does not say.
    """
    if not readings:
        raise CaseFault("readings", "no_points", "请至少填写一个检定点。")
    rows = []
    for index, found in enumerate(readings):
        try:
            rows.append(_row(template, found, nameplate))
        except CaseFault as fault:
            raise fault.within(f"readings[{index}]") from None
    return ListedVerdict(tuple(rows), overall(row.outcome for row in rows))


def limits_of(test: RequiredTest, reference: Decimal, nameplate: Nameplate) -> Limits:
    """Return the limits of error of a test at a reference value, in the unit of the readings.

    Raises:
        CaseFault: the test has no limits here, or they need what the nameplate does not say.
    """
    limit = test.limit
    if limit is None:
        raise CaseFault("test", "no_limit", tell("“{title}”没有允差，请核对项目。", title=test.title))
    if limit.of == LimitOf.CLASS:
        reach = _class_percent(nameplate.accuracy_class) * PERCENT * _span(nameplate)
        return Limits(-reach, reach)
    base = Decimal(1)
    if limit.of == LimitOf.REFERENCE:
        base = abs(reference) * PERCENT
    elif limit.of == LimitOf.SPAN:
        base = _span(nameplate) * PERCENT
    lower = -WITHOUT if limit.lower is None else limit.lower * base
    upper = WITHOUT if limit.upper is None else limit.upper * base
    return Limits(lower, upper, is_one_sided=lower == 0 and not test.has_reference)


def _row(template: Template, found: Found, nameplate: Nameplate) -> PointVerdict:
    test = template.test(found.test)
    if test is None or test.limit is None:
        known = "、".join(
            tell("{title}（{name}）", title=test.title, name=test.name) for test in template.tests
        )
        message = tell(
            "{edition} 没有项目“{test}”，应为：{known}。",
            edition=template.edition,
            test=found.test,
            known=known,
        )
        raise CaseFault("test", "unknown_test", message)
    if test.has_reference and found.reference is None:
        raise CaseFault("reference", "no_reference", tell("“{title}”缺少标准值，请补填。", title=test.title))
    reference = found.reference if test.has_reference and found.reference is not None else Decimal(0)
    limits = limits_of(test, reference, nameplate)
    error = found.indication - reference
    return PointVerdict(
        part=found.part, quantity=test.title, unit=test.unit, nominal=reference, indication=found.indication,
        error_unit=test.unit, error=error, limits=limits, outcome=plain_outcome(error, limits),
    )  # fmt: skip


def _span(nameplate: Nameplate) -> Decimal:
    if nameplate.span is None or nameplate.span <= 0:
        message = "该项目的允差按量程计算，台账的测量范围无法识别，请补登为“0～上限 单位”。"
        raise CaseFault("span", "no_span", message)
    return nameplate.span


def _class_percent(accuracy_class: str) -> Decimal:
    try:
        percent = Decimal(accuracy_class.strip().removesuffix("级").strip())
    except InvalidOperation:
        percent = Decimal(0)
    if not percent.is_finite() or percent <= 0:
        message = tell(
            "准确度等级“{accuracy_class}”无法识别，应为 1.6 这样的数字，请在台账中更正。",
            accuracy_class=accuracy_class,
        )
        raise CaseFault("accuracy_class", "unknown_class", message)
    return percent

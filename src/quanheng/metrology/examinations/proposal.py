"""What a page proposes to measure, so that an examination is whole when every row is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from quanheng.metrology.examinations.completeness import Frame, marked_values
from quanheng.metrology.examinations.template import CountedBy, RequiredTest

HALF, THIRD = Decimal("0.5"), Decimal(3)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One row to fill in; None and "" where the verifier chooses."""

    nominal: Decimal | None = None
    position: str = ""


def proposed_rows(test: RequiredTest, frame: Frame) -> list[Proposal]:
    """Return the rows of a test: the marks of the range first, then as many as are needed."""
    if test.counted_by == CountedBy.POSITIONS:
        load = None if test.within is None or frame.span is None else _third(frame.span)
        return [Proposal(load, position) for position in test.positions]
    values = [*dict.fromkeys(value for _, value in marked_values(test, frame)), *test.proposed]
    if test.within is not None and frame.span is not None:
        return [Proposal(frame.span * HALF)] * test.least
    chosen = [Proposal(Decimal(0))] * (test.least - len(values)) if test.name == "zero" else []
    return [*chosen, *map(Proposal, sorted(values)), *[Proposal()] * (test.least - len(values) - len(chosen))]


def _third(span: Decimal) -> Decimal:
    """About a third of the span, in two digits: weights come in round masses."""
    third = span / THIRD
    return third.quantize(Decimal(1).scaleb(third.adjusted() - 1)).normalize()

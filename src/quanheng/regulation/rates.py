"""Rates of instruments in use: by how much the counts behind a rate change on each day.

    rate on a day = instruments in use that day of which something holds ÷ instruments in use that day

What has to hold is the indicator's own rule, as days on which it holds of an instrument (`Span`); that of the
verification rate is `verification_rate.py`. Common to all of them:

* Stopped, sealed up, scrapped, under repair and not yet filed are out (`instrument_states.COUNTED_IN_USE`).
* An instrument that moves is counted where it stood on the day, once.

Each instrument thus contributes three step functions over the days: in use (the denominator), in use while
the rule holds (the numerator), and in use while a variant of the rule holds. Their steps are what the rollup
adds up: the sum of all steps up to a day is the count on that day. The same is written in SQL for a ledger of
millions (`apps/instruments/services/rate_changes.py`); a property test holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from quanheng.regulation.instrument_states import COUNTED_IN_USE

DAY = timedelta(days=1)
C = TypeVar("C", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Use(Generic[C]):
    """Days on which an instrument was in use in one cell (area, kind of premises, catalogue item).

    Args:
        first, last: both included; last None while it goes on.
        cell: what the figures are broken down by.
    """

    first: date
    last: date | None
    cell: C


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both included; last None for no end."""

    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


Spans = Sequence[Span]  # of one instrument, apart from each other
Step = tuple[int, int, int]  # changes of denominator, of numerator, of the variant's numerator
NO_STEP: Step = (0, 0, 0)
Steps = dict[tuple[C, date], Step]


def is_counted(state: str) -> bool:
    """Say whether an instrument in this state is in use in the sense of the rates."""
    return state in COUNTED_IN_USE


def uses_once(uses: Iterable[Use[C]]) -> list[Use[C]]:
    """Cut uses that overlap so that each day counts once: the later placement wins."""
    ordered = sorted(uses, key=lambda use: use.first)  # stable: the current placement comes last
    cut = []
    for index, use in enumerate(ordered):
        follower = ordered[index + 1].first - DAY if index + 1 < len(ordered) else None
        last = earliest(use.last, follower)
        if last is None or use.first <= last:
            cut.append(Use(use.first, last, use.cell))
    return cut


def steps(uses: Iterable[Use[C]], holding: Spans, variant: Spans = ()) -> Steps[C]:
    """Return by how much the counts of each cell change on each day because of one instrument.

    Args:
        holding: the days on which the rule holds.
        variant: the days on which its variant holds.

    Returns:
        (cell, day) → changes of denominator, numerator, variant; no entry where all are zero.
    """
    found: dict[tuple[C, date], list[int]] = defaultdict(lambda: [*NO_STEP])
    columns = [(1, span) for span in holding] + [(2, span) for span in variant]
    for use in uses_once(uses):
        _step(found, use.cell, Span(use.first, use.last), 0)
        for column, span in columns:
            both = Span(max(use.first, span.first), earliest(use.last, span.last))
            if both.last is None or both.first <= both.last:
                _step(found, use.cell, both, column)
    return {key: (step[0], step[1], step[2]) for key, step in found.items() if any(step)}


def difference(before: Mapping[tuple[C, date], Step], after: Mapping[tuple[C, date], Step]) -> Steps[C]:
    """Return what must be added to the rollup when an act turns `before` into `after`."""
    changed: Steps[C] = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key, NO_STEP), after.get(key, NO_STEP)
        if old != new:
            changed[key] = (new[0] - old[0], new[1] - old[1], new[2] - old[2])
    return changed


def count_on(day: date, instruments: Iterable[tuple[Iterable[Use[C]], Spans, Spans]]) -> dict[C, Step]:
    """Count by the definition itself, instrument by instrument: its uses, its days, its variant's days.

    Returns:
        cell → denominator, numerator, variant.
    """
    counts: dict[C, Step] = {}
    for uses, holding, variant in instruments:
        holds, also = any(span.covers(day) for span in holding), any(span.covers(day) for span in variant)
        for use in uses_once(uses):
            if Span(use.first, use.last).covers(day):
                before = counts.get(use.cell, NO_STEP)
                counts[use.cell] = (before[0] + 1, before[1] + holds, before[2] + also)
    return counts


def percent(part: int, whole: int) -> float | None:
    """Return the rate in per cent; None where nothing is in use."""
    return None if whole == 0 else 100 * part / whole


def meets_target(part: int, whole: int, target: int) -> bool | None:
    """Say whether the rate reaches a target in per cent, in whole numbers; None where nothing is in use."""
    return None if whole == 0 else 100 * part >= target * whole


def earliest(one: date | None, other: date | None) -> date | None:
    """Return the earlier of two last days; None is no end."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def _step(found: dict[tuple[C, date], list[int]], cell: C, span: Span, column: int) -> None:
    found[cell, span.first][column] += 1
    if span.last is not None:
        found[cell, span.last + DAY][column] -= 1

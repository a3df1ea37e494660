"""The verification rate 受检率, target T1 of the 2026 plan: 集贸市场、加油站、医疗机构等重点场所 ≥ 99 %.

    rate on a day = instruments in use that day whose verification counts that day
                    ÷ instruments in use that day, both among those subject to compulsory verification

The plan gives no formula; this one is our reading (domain notes 1e.1), published with every figure as
`FORMULA` and `FORMULA_VERSION`. What it says in detail:

* Only a verification that somebody other than the user answers for counts (`provenance.is_proven`). What
  users declare is counted apart: the value with it, which is what version T1-2026.1 counted, stands beside
  the rate.

* Never verified counts as not verified. Stopped, sealed up, scrapped, under repair and not yet filed are out.
* The latest verification decides: it counts from the day it was passed to the last day of its validity, both
  included. A broken seal or a revoked certificate ends it the day before (`trust.trusted_until`), and so does
  failing the next one; an older verification never comes back.
* An in-service check extends nothing, but failing one counts as a failed verification.
* An instrument that moves is counted where it stood on the day, once. A whole whose parts are in the ledger
  (a dispenser with nozzles) is counted by its parts.

Each instrument thus contributes three step functions over the days: *in use*, *in use and verified*, *in use
and verified or declared*. Their steps are what the rollup adds up: the sum of all steps up to a day is the
count on that day. The same rule is written in SQL in `apps/instruments/services/rate_changes.py`; a property
test holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from quanheng.regulation.instrument_states import COUNTED_IN_USE

FORMULA_VERSION = "T1-2026.2"
FORMULA = (
    "受检率 = 当日在用且检定有效的强检计量器具数 ÷ 当日在用的强检计量器具数 × 100%"
    "（使用单位自报、未经核实的检定不计入分子，另行列出）"
)
VERSION_WITH_DECLARED = "T1-2026.1"  # what users declared counted like any other
TARGET_PERCENT = 99

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
class Verified:
    """One verification, in the order in which they were recorded.

    Args:
        on: the day of verification.
        passed: its result.
        valid_until: last day of validity; None where one verification is for life.
        voided_on: first day on which it no longer counts (seal broken, certificate revoked).
        in_service: an in-service check, which extends nothing.
        proven: somebody other than the user answers for it.
    """

    on: date
    passed: bool
    valid_until: date | None = None
    voided_on: date | None = None
    in_service: bool = False
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both included; last None for no end."""

    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


Step = tuple[int, int, int]  # changes of in use, of verified, of verified or declared
NO_STEP: Step = (0, 0, 0)
Steps = dict[tuple[C, date], Step]


def is_counted(state: str) -> bool:
    """Say whether an instrument in this state is in use in the sense of the rate."""
    return state in COUNTED_IN_USE


def is_subject(*, supervision: str, mode: str) -> bool:
    """Say whether a catalogue item is subject to compulsory verification (calibration alone is not)."""
    return "V" in supervision and mode != "calibration"


def trusted_days(verifications: Iterable[Verified]) -> list[Span]:
    """Return the days on which an instrument is verified: apart from each other, ascending."""
    deciding = sorted(
        (verified for verified in verifications if not (verified.in_service and verified.passed)),
        key=lambda verified: verified.on,  # stable: same day in recorded order
    )
    spans = []
    for index, verified in enumerate(deciding):
        follower = deciding[index + 1].on if index + 1 < len(deciding) else None
        last = _last_day(verified, follower)
        if verified.passed and (last is None or verified.on <= last):
            spans.append(Span(verified.on, last))
    return spans


def proven_days(verifications: Iterable[Verified]) -> list[Span]:
    """Return the days on which an instrument is verified, as if nobody had declared anything."""
    return trusted_days(verified for verified in verifications if verified.proven)


def uses_once(uses: Iterable[Use[C]]) -> list[Use[C]]:
    """Cut uses that overlap so that each day counts once: the later placement wins."""
    ordered = sorted(uses, key=lambda use: use.first)  # stable: the current placement comes last
    cut = []
    for index, use in enumerate(ordered):
        follower = ordered[index + 1].first - DAY if index + 1 < len(ordered) else None
        last = _earliest(use.last, follower)
        if last is None or use.first <= last:
            cut.append(Use(use.first, last, use.cell))
    return cut


def steps(uses: Iterable[Use[C]], verifications: Iterable[Verified]) -> Steps[C]:
    """Return by how much the counts of each cell change on each day because of one instrument.

    Returns:
        (cell, day) → changes of in use, verified, verified or declared; no entry where all are zero.
    """
    claims = list(verifications)
    spans = ((1, proven_days(claims)), (2, trusted_days(claims)))
    found: dict[tuple[C, date], list[int]] = defaultdict(lambda: [*NO_STEP])
    for use in uses_once(uses):
        _step(found, use.cell, Span(use.first, use.last), 0)
        for column, span in ((column, span) for column, days in spans for span in days):
            both = Span(max(use.first, span.first), _earliest(use.last, span.last))
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


def count_on(day: date, instruments: Iterable[tuple[Iterable[Use[C]], Iterable[Verified]]]) -> dict[C, Step]:
    """Count by the definition itself, day by day and instrument by instrument.

    Returns:
        cell → in use, verified, verified or declared.
    """
    counts: dict[C, Step] = {}
    for uses, verifications in instruments:
        claims = list(verifications)
        proven = any(span.covers(day) for span in proven_days(claims))
        claimed = any(span.covers(day) for span in trusted_days(claims))
        for use in uses_once(uses):
            if Span(use.first, use.last).covers(day):
                before = counts.get(use.cell, NO_STEP)
                counts[use.cell] = (before[0] + 1, before[1] + proven, before[2] + claimed)
    return counts


def percent(verified: int, in_use: int) -> float | None:
    """Return the rate in per cent; None where nothing is in use."""
    return None if in_use == 0 else 100 * verified / in_use


def meets_target(verified: int, in_use: int) -> bool | None:
    """Say whether the rate reaches the target, in whole numbers; None where nothing is in use."""
    return None if in_use == 0 else 100 * verified >= TARGET_PERCENT * in_use


def _last_day(verified: Verified, follower: date | None) -> date | None:
    voided = None if verified.voided_on is None else verified.voided_on - DAY
    replaced = None if follower is None else follower - DAY
    return _earliest(_earliest(verified.valid_until, voided), replaced)


def _earliest(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


def _step(found: dict[tuple[C, date], list[int]], cell: C, span: Span, column: int) -> None:
    found[cell, span.first][column] += 1
    if span.last is not None:
        found[cell, span.last + DAY][column] -= 1

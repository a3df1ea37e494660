"""Runs and zones: the rules of Western Electric and of Nelson, as data.

Every rule looks at a window that ends in the point it flags, so the points that the longest window still
needs are the whole state. A point is flagged when it completes the pattern, hence it is itself part of it;
two of three may be the first two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isnan
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quanheng.metrology.control_charts.grid import (
    Floats,
    as_rows,
    check_state,
    is_complete,
    last_columns,
    packed,
    per_channel,
)
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack

Flags = NDArray[np.uint8]
Bools = NDArray[np.bool_]
CELLS = 2**15  # of one block: what the second cache level holds with everything derived from it


@dataclass(frozen=True, slots=True)
class RunRule:
    """One rule.

    Args:
        number: 1 to 8; the rule sets bit ``number - 1`` of a flag.
        pattern: a key of PATTERNS.
        count, window: how many of how many points.
        zone: in standard deviations from the centre line.
        words: what it says, in Chinese.
    """

    number: int
    pattern: str
    count: int
    window: int
    zone: float
    words: str

    @property
    def bit(self) -> int:
        return 1 << (self.number - 1)


def read_run_rules(pack: RulePack, name: str) -> tuple[RunRule, ...]:
    """Return the rules of one table of a pack `control-chart/run-rules`, such as ``"nelson"``."""
    return tuple(RunRule(**{**row, "zone": float(row["zone"])}) for row in pack.table(name).values["rows"])


@dataclass(frozen=True, slots=True)
class RunRuleState:
    """The last points of each channel, in standard deviations from its centre line; NaN before the first."""

    history: Floats

    @classmethod
    def start(cls, channels: int, rules: tuple[RunRule, ...]) -> RunRuleState:
        longest = max((rule.window for rule in rules), default=1)
        return cls(np.full((channels, longest - 1), np.nan))

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        points = self.history.tolist()
        return {"history": [[None if isnan(point) else point for point in row] for row in points]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> RunRuleState:
        return cls(np.array(data["history"], dtype=np.float64))


def apply_run_rules(
    readings: ArrayLike,
    centre: ArrayLike,
    sigma: ArrayLike,
    rules: tuple[RunRule, ...],
    state: RunRuleState | None = None,
) -> tuple[Flags, RunRuleState]:
    """Flag each reading by the rules whose pattern it completes.

    Args:
        readings: (channels, samples) or (samples,).
        centre, sigma: of the plotted points, one or one a channel.
        state: where the batch before ended; None at the start.

    Returns:
        Flags in the shape of readings, bit ``number - 1`` for each rule, and the next state.

    Raises:
        CaseFault: shapes that do not fit, a sigma that is not positive.
    """
    rows = as_rows(readings)
    middle = per_channel(centre, len(rows), "limits.centre")
    scale = per_channel(sigma, len(rows), "limits.sigma")
    if not (np.isfinite(scale) & (scale > 0)).all():
        raise CaseFault("limits.sigma", "no_spread", "每个通道的标准差都应大于 0。")
    state = state or RunRuleState.start(len(rows), rules)
    check_state(len(state.history), len(rows))
    if is_complete(rows):
        flags, state = _in_blocks(rows, middle, scale, rules, state)
    else:
        left, so_far = packed(rows)
        found, _ = _in_blocks(left, middle, scale, rules, state)
        before = np.concatenate([np.zeros((len(rows), 1), np.uint8), found], axis=1)
        flags = np.take_along_axis(before, so_far, axis=1)
        flags[~np.isfinite(rows)] = 0
        points = _standardised(left, middle[:, None], scale[:, None])
        state = RunRuleState(last_columns(state.history, points, so_far[:, -1]))
    return flags.reshape(np.shape(readings)), state


def _in_blocks(
    rows: Floats, centre: Floats, sigma: Floats, rules: tuple[RunRule, ...], state: RunRuleState
) -> tuple[Flags, RunRuleState]:
    """Work through the grid in pieces that stay in the cache."""
    channels, samples = rows.shape
    flags = np.zeros(rows.shape, dtype=np.uint8)
    history = np.array(state.history, order="F" if channels > samples else "C")  # as the blocks read it
    length = max(1, min(samples, CELLS // max(1, min(channels, 16))))
    height = max(1, CELLS // length)
    for first in range(0, channels, height):
        part = slice(first, first + height)
        tail = history[part].T
        for begin in range(0, samples, length):
            piece = rows[part, begin : begin + length].T
            points = _joined(tail, piece, centre[part], sigma[part])
            flags[part, begin : begin + length] = _flags(points, len(piece), rules).T
            tail = points[len(points) - len(tail) :]
        history[part] = tail.T
    return flags, RunRuleState(history)


def _standardised(rows: Floats, centre: Floats, sigma: Floats) -> Floats:
    with np.errstate(over="ignore"):
        points: Floats = (rows - centre) / sigma
    return points


def _joined(tail: Floats, piece: Floats, centre: Floats, sigma: Floats) -> Floats:
    """Return the tail and the piece behind it, time along the first axis, the longer axis contiguous."""
    shape = (len(tail) + len(piece), piece.shape[1])
    points = np.empty(shape, order="C" if shape[1] > shape[0] else "F")
    points[: len(tail)] = tail
    fresh = points[len(tail) :]
    with np.errstate(over="ignore"):
        np.subtract(piece, centre, out=fresh)
        np.divide(fresh, sigma, out=fresh)
    return points


def _flags(points: Floats, samples: int, rules: tuple[RunRule, ...]) -> Flags:
    """Return the flags of the last samples points."""
    flags = np.zeros((samples, points.shape[1]), np.uint8, order="F" if points.flags.f_contiguous else "C")
    for rule in rules:
        seen = PATTERNS[rule.pattern](points, rule)
        hit = seen[len(seen) - samples :].view(np.uint8)
        np.bitwise_or(flags, np.multiply(hit, rule.bit, dtype=np.uint8), out=flags)
    return flags


def _beyond(points: Floats, rule: RunRule) -> Bools:
    above = _count_of_last(points > rule.zone, rule.count, rule.window)
    below = _count_of_last(points < -rule.zone, rule.count, rule.window)
    return above | below


def _trend(points: Floats, rule: RunRule) -> Bools:
    before, after = points[:-1], points[1:]
    return _all_of_last(after > before, rule.window - 1) | _all_of_last(after < before, rule.window - 1)


def _alternating(points: Floats, rule: RunRule) -> Bools:
    up, down = points[1:] > points[:-1], points[1:] < points[:-1]
    turns = (up[1:] & down[:-1]) | (down[1:] & up[:-1])
    return _all_of_last(turns, rule.window - 2)


def _within(points: Floats, rule: RunRule) -> Bools:
    return _all_of_last((points < rule.zone) & (points > -rule.zone), rule.window)


def _outside(points: Floats, rule: RunRule) -> Bools:
    """All points outside the zone, some of them on either side (Nelson's test 8)."""
    above, below = points > rule.zone, points < -rule.zone
    outside = _all_of_last(above | below, rule.window)
    one_side = _all_of_last(above, rule.window) | _all_of_last(below, rule.window)
    return outside & ~one_side


PATTERNS: Mapping[str, Callable[[Floats, RunRule], Bools]] = MappingProxyType(
    {
        "beyond": _beyond,
        "trend": _trend,
        "alternating": _alternating,
        "within": _within,
        "outside": _outside,
    }
)


def _all_of_last(hits: Bools, length: int) -> Bools:
    """Whether the last length hits are all set; shorter by length - 1, as the first ones have no full window.

    The reach doubles with each step, so a run of 8 takes three passes.
    """
    reach = 1
    while reach < length:
        step = min(reach, length - reach)
        hits = hits[step:] & hits[: len(hits) - step]
        reach += step
    return hits


def _count_of_last(hits: Bools, count: int, window: int) -> Bools:
    """Whether count of the last window hits are set, the last one among them; shorter by window - 1."""
    if count == window:
        return _all_of_last(hits, window)
    bits, length = hits.view(np.uint8), len(hits) - window + 1
    total = bits[:length] + bits[1 : length + 1]
    for shift in range(2, window):
        total += bits[shift : shift + length]
    found: Bools = (total >= count) & hits[window - 1 :]
    return found

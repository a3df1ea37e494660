"""What comes in from registers, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from quanheng.metrology.control_charts.grid import Floats, as_rows
from quanheng.metrology.reading_quality.settings import QualityRule
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class Readings:
    """One batch.

    Args:
        time: instant of each reading by the meter's clock, in seconds; NaN where there is no reading, and
            one beyond `register_checks.LATEST` is the fault of a clock.
        received: instant of receipt, in seconds.
        value: what the register showed; NaN where the reading came without one.
        meter: number of the meter (any number that changes with it); None where none is told.
        has_load: whether something is known to flow, such as at a sibling; None: always.
        is_swap: whether a change of meter was reported with the reading; None: never.
    """

    time: ArrayLike
    received: ArrayLike
    value: ArrayLike
    meter: ArrayLike | None = None
    has_load: ArrayLike | None = None
    is_swap: ArrayLike | None = None

    def grid(self, name: str, absent: float) -> Floats:
        """Return one item as a grid of the shape of time.

        Raises:
            CaseFault: another shape.
        """
        given = getattr(self, name)
        shape = as_rows(self.time).shape
        rows = np.full(shape, absent) if given is None else as_rows(given)
        if rows.shape != shape:
            raise CaseFault(
                f"readings.{name}",
                "wrong_shape",
                tell("应与 time 同形 {shape}，现为 {now}。", shape=shape, now=rows.shape),
            )
        return rows


@dataclass(frozen=True, slots=True)
class RegisterState:
    """Of each channel: the newest reading, and what the checks remember of those before.

    Args:
        time, value, meter: of the newest reading that was accepted; NaN before the first.
        still: how many readings with load passed without a step; where little is usual, one counts for less.
        delays: of the last readings, in seconds.
        ratios: of the last steps to what is usual; NaN before the first.
    """

    time: Floats
    value: Floats
    meter: Floats
    still: Floats
    delays: Floats
    ratios: Floats

    @classmethod
    def start(cls, channels: int, rule: QualityRule) -> RegisterState:
        nothing = np.full(channels, np.nan)
        return cls(
            nothing,
            nothing,
            nothing,
            np.zeros(channels),
            np.full((channels, rule.clock_readings - 1), -np.inf),
            np.full((channels, rule.ratio_readings - 1), np.nan),
        )

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold; None for what is not known yet."""
        return {item.name: _finite_or_none(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> RegisterState:
        known = {name: np.array(values, dtype=np.float64) for name, values in data.items()}
        known["delays"] = np.where(np.isnan(known["delays"]), -np.inf, known["delays"])
        return cls(**known)


def _finite_or_none(values: Floats) -> Any:
    known = values.astype(object)
    known[~np.isfinite(values)] = None
    return known.tolist()

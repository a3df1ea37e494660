"""How much of the energy data arrives online, in three ways and a headline (the plan's target T7).

No national definition was found, so all are published: points, units, completeness. A point counts in the
headline when it delivers and its own completeness reaches the gate of the pack: a meter that speaks once a
month is not online.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell


@dataclass(frozen=True, slots=True)
class MeteringPoint:
    """A point that should deliver.

    Args:
        unit: the energy-using unit it belongs to.
        expected: readings due in the period, by the point's own interval; 1 or more.
        received: valid readings that arrived in time; never more than expected, doubles are counted once.
    """

    unit: str
    identifier: str
    expected: int
    received: int


@dataclass(frozen=True, slots=True)
class OnlineRate:
    """The counts that the shares are made of, so that each share can be shown with both of its parts.

    Args:
        points_delivering: points that delivered at all.
        points_online: points whose completeness reaches the gate; over points_required, the headline.
        units_online: units all of whose points are online.
    """

    points_required: int
    points_delivering: int
    points_online: int
    units_in_scope: int
    units_online: int
    readings_expected: int
    readings_received: int
    target: Fraction
    is_met: bool
    citation: Citation


def online_rate(points: Sequence[MeteringPoint], pack: RulePack) -> OnlineRate:
    """Return the rates over points that were frozen at the start of the period.

    Raises:
        CaseFault: no point, one listed twice, or counts that cannot be.
    """
    _check(points)
    gate = Fraction(pack.table("completeness").values["least"])
    target = Fraction(pack.table("target").values["share"])
    online = sum(_is_online(point, gate) for point in points)
    units = {point.unit for point in points}
    behind = {point.unit for point in points if not _is_online(point, gate)}
    return OnlineRate(
        points_required=len(points),
        points_delivering=sum(point.received > 0 for point in points),
        points_online=online,
        units_in_scope=len(units),
        units_online=len(units - behind),
        readings_expected=sum(point.expected for point in points),
        readings_received=sum(point.received for point in points),
        target=target,
        is_met=Fraction(online, len(points)) >= target,
        citation=pack.cite(),
    )


def _is_online(point: MeteringPoint, gate: Fraction) -> bool:
    return Fraction(point.received, point.expected) >= gate


def _check(points: Sequence[MeteringPoint]) -> None:
    if not points:
        raise CaseFault("points", "no_rows", "请至少填写一个应采集点位。")
    seen: set[tuple[str, str]] = set()
    for index, point in enumerate(points):
        if (point.unit, point.identifier) in seen:
            raise CaseFault(
                f"points[{index}].identifier",
                "twice",
                tell("点位“{identifier}”重复。", identifier=point.identifier),
            )
        seen.add((point.unit, point.identifier))
        if point.expected < 1:
            raise CaseFault(f"points[{index}].expected", "none_expected", "应收读数应不少于 1。")
        if not 0 <= point.received <= point.expected:
            message = tell(
                "实收有效读数应在 0 与应收数 {expected} 之间；重复的读数只计一次。", expected=point.expected
            )
            raise CaseFault(f"points[{index}].received", "more_than_expected", message)

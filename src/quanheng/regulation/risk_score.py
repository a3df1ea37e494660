"""How closely an entity is watched: a sum of published weights, every contribution with its reason.

Rule pack `risk-score`. Score = Σ weight × min(value ÷ full_at, 1), the weights summing to 100. Each
observation is dated, shown to the entity and open to appeal; what is older than its factor allows does not
count. Even the class with the least risk has its floor of inspections, or nobody could tell whether the score
is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import Any

from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import Citation, RulePack
from quanheng.packs.sentence import tell

CENT = Decimal("0.01")
ALL = Decimal(100)
LARGEST = 10**9  # of a value; more is mistyped


@dataclass(frozen=True, slots=True)
class Observation:
    """One input.

    Args:
        value: a count or a share; the pack says of each factor whether several observations add up or the
            newest holds.
        on: the day it was observed.
        evidence: where it can be looked at.
    """

    factor: str
    value: Decimal
    on: date
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one factor adds to the score, and why."""

    factor: str
    title: str
    weight: Decimal
    value: Decimal
    points: Decimal
    reason: str
    counted: tuple[Observation, ...]
    too_old: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class RiskScore:
    """The score from 0 to 100 and the class that follows from it."""

    points: Decimal
    risk_class: str
    contributions: tuple[Contribution, ...]
    citation: Citation


def risk_score(observations: Iterable[Observation], day: date, pack: RulePack) -> RiskScore:
    """Return the score of one entity on the day; observations after the day are not known yet.

    Raises:
        CaseFault: a factor that the pack does not have, a value that is negative or no number, or a pack
            whose weights do not sum to 100.
    """
    factors = pack.table("factors").values["rows"]
    _check_weights(factors)
    known = list(observations)
    _check_observations(known, {factor["name"] for factor in factors})
    contributions = tuple(
        _contribution(factor, [o for o in known if o.factor == factor["name"] and o.on <= day], day)
        for factor in factors
    )
    points = sum((contribution.points for contribution in contributions), Decimal(0))
    return RiskScore(points, risk_class(points, pack), contributions, pack.cite())


def risk_class(points: Decimal, pack: RulePack) -> str:
    """Return the class of a score: the highest whose threshold it reaches.

    Raises:
        CaseFault: below the lowest threshold.
    """
    reached = [row for row in _classes(pack) if points >= row["from"]]
    if not reached:
        raise CaseFault(
            "points", "below_all_classes", tell("得分 {points} 低于各类的起点，请核对规则。", points=points)
        )
    return str(reached[-1]["name"])


def inspections_needed(risk_class: str, entities: int, pack: RulePack) -> int:
    """Return how many of the entities of a class are inspected in a year at least: rounded up, never none.

    Raises:
        CaseFault: a class that the pack does not have, or a negative number.
    """
    if entities < 0:
        raise CaseFault(
            "entities", "negative", tell("主体数不能小于 0，现为 {entities}。", entities=entities)
        )
    shares = {row["name"]: Decimal(row["inspected"]) for row in _classes(pack)}
    if risk_class not in shares:
        raise CaseFault(
            "risk_class",
            "unknown",
            tell("没有 {risk_class} 类；可用的有：{shares}。", risk_class=risk_class[:20], shares=[*shares]),
        )
    return int((shares[risk_class] * entities).to_integral_value(ROUND_CEILING))


def random_inspections(planned: int, pack: RulePack) -> int:
    """Return how many of the planned inspections are drawn at random, whatever the score: rounded up.

    Raises:
        CaseFault: a negative number.
    """
    if planned < 0:
        raise CaseFault("planned", "negative", tell("检查次数不能小于 0，现为 {planned}。", planned=planned))
    return int((Decimal(pack.table("random").values["share"]) * planned).to_integral_value(ROUND_CEILING))


def _contribution(factor: Mapping[str, Any], seen: Sequence[Observation], day: date) -> Contribution:
    counted = tuple(o for o in seen if (day - o.on).days <= factor["days"])
    weight, full_at = Decimal(factor["weight"]), Decimal(factor["full_at"])
    value = _value(counted, takes=factor["takes"])
    points = (weight * min(value / full_at, Decimal(1))).quantize(CENT, ROUND_HALF_EVEN)
    return Contribution(
        factor=factor["name"],
        title=factor["title"],
        weight=weight,
        value=value,
        points=points,
        reason=_reason(factor, value, points, len(counted)),
        counted=counted,
        too_old=tuple(o for o in seen if o not in counted),
    )


def _value(counted: Sequence[Observation], *, takes: str) -> Decimal:
    if not counted:
        return Decimal(0)
    if takes == "newest":
        return max(counted, key=lambda o: (o.on, o.value)).value
    return sum((o.value for o in counted), Decimal(0))


def _reason(factor: Mapping[str, Any], value: Decimal, points: Decimal, counted: int) -> str:
    if not counted:
        return tell("{title}：近 {days} 日无记录，0 分", title=factor["title"], days=factor["days"])
    return tell(
        "{title}：{value}（{full_at} 即满分），{points} 分，权重 {weight}",
        title=factor["title"],
        value=value,
        full_at=factor["full_at"],
        points=points,
        weight=factor["weight"],
    )


def _classes(pack: RulePack) -> list[Mapping[str, Any]]:
    return sorted(pack.table("classes").values["rows"], key=lambda row: Decimal(row["from"]))


def _check_weights(factors: Sequence[Mapping[str, Any]]) -> None:
    total = sum((Decimal(factor["weight"]) for factor in factors), Decimal(0))
    if total != ALL:
        raise CaseFault("factors", "weights", tell("各项权重之和须为 100，现为 {total}。", total=total))


def _check_observations(observations: Sequence[Observation], known: set[str]) -> None:
    for index, observation in enumerate(observations):
        if observation.factor not in known:
            raise CaseFault(
                f"observations[{index}].factor",
                "unknown",
                tell("规则里没有“{factor}”这一项。", factor=observation.factor[:40]),
            )
        if not observation.value.is_finite() or not 0 <= observation.value <= LARGEST:
            message = tell(
                "数值须为 0 至 {largest}，现为 {value}。", largest=LARGEST, value=observation.value
            )
            raise CaseFault(f"observations[{index}].value", "value", message)

"""From the readings of a verifier to points with verdicts: the nameplate comes from the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, cast

from quanheng.apps.certificates.content import Point
from quanheng.apps.certificates.content import text as written
from quanheng.apps.instruments.enums import Result, VerificationKind
from quanheng.calculations.conformity import CALCULATION, ConformityResult, PointOut
from quanheng.calculations.evaluating import CaseRefused, evaluate
from quanheng.kit.refusal import RuleBroken
from quanheng.metrology.conformity.points import Outcome
from quanheng.metrology.conformity.scales import Stage, read_class


class Nameplate(Protocol):
    """What the ledger knows of an instrument's nameplate."""

    @property
    def accuracy_class(self) -> str: ...
    @property
    def max_capacity_g(self) -> Decimal | None: ...
    @property
    def e_g(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What the examination says.

    Args:
        packs: one citation for each rule pack that was used.
    """

    points: list[Point]
    packs: list[dict[str, Any]]
    result: Result


def judge(instrument: Nameplate, readings: dict[str, Any], kind: VerificationKind, day: date) -> Judged:
    """Judge readings by the regulation in force on the day.

    Args:
        readings: an instrument of the calculation `conformity`, without what the nameplate says.

    Raises:
        RuleBroken: bad_readings (with the faults by field), undecided.
    """
    given = _nameplate(instrument, kind, readings) | readings
    try:
        case = {"day": day, "instrument": given}
        judged = cast(ConformityResult, evaluate(CALCULATION, case))
    except CaseRefused as refused:
        raise RuleBroken("bad_readings", str(refused), faults=refused.faults) from None
    if judged.outcome == Outcome.UNDECIDED:
        raise RuleBroken("undecided", "有的点落在不确定度范围内，不能判定，请复测或改用更高等级的标准。")
    return Judged(
        points=[_point(row) for row in judged.points],
        packs=[citation.model_dump(mode="json") for citation in judged.citations],
        result=Result(judged.outcome.value),
    )


def _nameplate(instrument: Nameplate, kind: VerificationKind, readings: dict[str, Any]) -> dict[str, Any]:
    if readings.get("kind") != "scale":
        return {}
    accuracy = read_class(instrument.accuracy_class)
    if not accuracy or instrument.max_capacity_g is None or instrument.e_g is None:
        text = "台账中没有这台秤的准确度等级、最大秤量或检定分度值，请先补登铭牌信息。"
        raise RuleBroken("no_nameplate", text)
    stage = Stage.IN_SERVICE if kind == VerificationKind.IN_SERVICE else Stage.VERIFICATION
    return {
        "accuracy_class": accuracy, "max_g": instrument.max_capacity_g.normalize(),
        "e_g": instrument.e_g.normalize(), "stage": stage,
    }  # fmt: skip


def _point(row: PointOut) -> Point:
    def number(value: Decimal) -> str:
        return written(value) or ""

    return Point(
        part=row.part, quantity=row.quantity, unit=row.unit, nominal=number(row.nominal),
        indication=number(row.indication), error=number(row.error), error_unit=row.error_unit,
        lower_limit=number(row.lower_limit), upper_limit=number(row.upper_limit), verdict=row.outcome.value,
    )  # fmt: skip

"""From the readings of a verifier to points with verdicts: the nameplate comes from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.utils.translation import override

from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.content import Point
from quanheng.apps.certificates.content import text as written
from quanheng.apps.certificates.services.completing import Laid, Nameplate, check_complete, lay, split
from quanheng.apps.instruments.enums import Result, VerificationKind
from quanheng.calculations.calculation import CitationOut
from quanheng.calculations.conformity import CALCULATION, ConformityCase, ConformityResult
from quanheng.calculations.conformity_model import PointOut
from quanheng.calculations.evaluating import CaseRefused, evaluate
from quanheng.calculations.examinations import measured_in
from quanheng.metrology.conformity.points import Outcome
from quanheng.metrology.examinations.template import Allowance


@dataclass(frozen=True, slots=True)
class Judged:
    """What the examination says.

    Args:
        packs: one citation for each rule pack that was used.
        regulation: whose template it is complete by.
        allowance: the clause by which it holds less; None where it is whole.
    """

    points: list[Point]
    packs: list[dict[str, Any]]
    result: Result
    regulation: str
    allowance: Allowance | None


def judge(
    instrument: Nameplate, readings: Mapping[str, Any], kind: VerificationKind, day: date, *,
    regulation: str = "", allowance: str = "", parts: Sequence[str] = (),
) -> Judged:  # fmt: skip
    """Judge readings by the regulation in force on the day; refuse an examination that is not complete.

    Args:
        readings: an instrument of the calculation `conformity`, without what the nameplate says, and
            ``checks``: what was looked at, by name, true where it conforms.
        regulation: that the verifier chose; empty for the usual one.
        allowance: name of the clause by which it may hold less; empty for none.
        parts: nozzles in service.

    Raises:
        RuleBroken: bad_readings, incomplete_examination (both with the faults by field), undecided, and what
            `lay` and `check_complete` raise.
    """
    laid = lay(instrument, kind, day, regulation=regulation, parts=parts)
    measured, checks = split(readings)
    case = {"day": day, "instrument": laid.given | measured}
    judged = _evaluated(laid, case)
    answers = _answers(laid, checks)
    failed = judged.outcome == Outcome.FAILED or not all(checks.values())
    rows = measured_in(ConformityCase.model_validate(case).instrument)
    clause = check_complete(laid, rows, checks, allowance, has_failed=failed)
    return Judged(
        points=[*(_point(row) for row in judged.points), *answers],
        packs=_packs(laid, judged),
        result=Result.FAILED if failed else Result.PASSED,
        regulation=laid.template.edition, allowance=clause,
    )  # fmt: skip


def _evaluated(laid: Laid, case: dict[str, Any]) -> ConformityResult:
    if case["instrument"].get("kind") != laid.template.readings:
        raise refusals.OTHER_READINGS(readings=laid.template.readings).at("readings.kind")
    try:
        with kept_words():
            judged = cast(ConformityResult, evaluate(CALCULATION, case))
    except CaseRefused as refused:
        raise refusals.BAD_READINGS(why=str(refused)).with_faults(refused.faults) from None
    if judged.outcome == Outcome.UNDECIDED:
        raise refusals.UNDECIDED()
    return judged


def kept_words() -> AbstractContextManager[Any]:
    """Say results in the platform's language: what is kept for years is not in that of somebody's browser."""
    return override(settings.LANGUAGE_CODE)


def _answers(laid: Laid, checks: Mapping[str, bool]) -> list[Point]:
    """Write the checks as points without numbers."""
    titles = {check.name: check.title for check in laid.template.checks}
    if unknown := [name for name in checks if name not in titles]:
        raise refusals.UNKNOWN_CHECK(
            edition=laid.template.edition, check=unknown[0], checks=list(titles.values())
        ).at("readings.checks")
    return [
        Point(
            part="", quantity=titles[name], unit="", nominal="", indication="符合" if good else "不符合",
            error="", error_unit="", lower_limit="", upper_limit="",
            verdict=(Outcome.PASSED if good else Outcome.FAILED).value,
        )
        for name, good in checks.items()
    ]  # fmt: skip


def _packs(laid: Laid, judged: ConformityResult) -> list[dict[str, Any]]:
    """Cite each pack once; the template is one of them."""
    with kept_words():
        cited = [*judged.citations, CitationOut.of(laid.pack.cite())]
    return list({one.rule: one.model_dump(mode="json") for one in cited}.values())


def _point(row: PointOut) -> Point:
    def number(value: Decimal | None) -> str:
        return written(value) or ""

    return Point(
        part=row.part, quantity=row.quantity, unit=row.unit, nominal=number(row.nominal),
        indication=number(row.indication), error=number(row.error), error_unit=row.error_unit,
        lower_limit=number(row.lower_limit), upper_limit=number(row.upper_limit), verdict=row.outcome.value,
    )  # fmt: skip

"""检定项目表: the template of an instrument's regulation, and what an examination still lacks by it.

Every door asks here: the page, the batch, the API when they record; the checker and the approver once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _
from pydantic import ValidationError

from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.models import Examination
from quanheng.apps.instruments.enums import Result, VerificationKind
from quanheng.apps.instruments.queries.periods import regulation_in_force
from quanheng.calculations.conformity import ConformityCase
from quanheng.calculations.examinations import measured_in, template_pack, template_packs
from quanheng.kit.speaking import spoken
from quanheng.metrology.conformity import scales
from quanheng.metrology.conformity.scale_nameplate import Scale, minimum_g, read_class, read_ranges
from quanheng.metrology.conformity.scales import Stage
from quanheng.metrology.examinations.completeness import Frame, Measured, shortages
from quanheng.metrology.examinations.listed import read_span, read_unit
from quanheng.metrology.examinations.template import Allowance, Template, read_template
from quanheng.packs.case_fault import CaseFault
from quanheng.packs.rule_pack import RulePack
from quanheng.packs.shipped import shipped

HALF = Decimal("0.5")
SHOWN = 6


class Item(Protocol):
    """A row of the catalogue."""

    @property
    def slug(self) -> str: ...


class Nameplate(Protocol):
    """What the ledger knows of an instrument's nameplate."""

    @property
    def item_id(self) -> int: ...
    @property
    def item(self) -> Item: ...
    @property
    def accuracy_class(self) -> str: ...
    @property
    def measuring_range(self) -> str: ...
    @property
    def max_capacity_g(self) -> Decimal | None: ...
    @property
    def min_capacity_g(self) -> Decimal | None: ...
    @property
    def e_g(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Laid:
    """A template laid over one instrument.

    Args:
        given: what the nameplate adds to the readings of the calculation `conformity`.
    """

    pack: RulePack
    template: Template
    frame: Frame
    given: dict[str, Any]


def regulations_for(instrument: Nameplate, day: date) -> list[str]:
    """Return the regulations that an instrument may be examined by on a day, the usual one first."""
    editions = [pack.edition for pack in template_packs(shipped(), instrument.item.slug, day)]
    usual = regulation_in_force(instrument.item_id, day)
    return sorted(editions, key=lambda edition: edition != usual)


def lay(
    instrument: Nameplate, kind: VerificationKind, day: date, *, regulation: str = "",
    parts: Sequence[str] = (),
) -> Laid:  # fmt: skip
    """Lay the template of the day over an instrument.

    Args:
        regulation: that the verifier chose; empty for the usual one.
        parts: nozzles in service, by the name that the bench gives them.

    Raises:
        RuleBroken: no_template, unknown_regulation, no_nameplate.
    """
    chosen = regulation or next(iter(regulations_for(instrument, day)), "")
    try:
        pack = template_pack(shipped(), instrument.item.slug, chosen, day)
    except CaseFault as fault:
        raise refusals.OF_TEMPLATES[fault.code](why=fault.message).at(fault.field) from None
    template = read_template(pack)
    if template.readings == "scale":
        return _over_scale(pack, template, instrument, kind, day)
    span, unit = read_span(instrument.measuring_range), read_unit(instrument.measuring_range)
    template = template.in_unit(unit)
    given: dict[str, Any] = {}
    if template.readings == "tests":
        given = {
            "item": instrument.item.slug, "regulation": pack.edition, "unit": unit, "span": span,
            "accuracy_class": instrument.accuracy_class[:20],
        }  # fmt: skip
    return Laid(pack, template, Frame(kind, span, {}, tuple(parts)), given)


def _over_scale(
    pack: RulePack, template: Template, instrument: Nameplate, kind: VerificationKind, day: date
) -> Laid:
    accuracy = read_class(instrument.accuracy_class)
    if not accuracy or instrument.max_capacity_g is None or instrument.e_g is None:
        raise refusals.NO_NAMEPLATE()
    rules = shipped().in_force("conformity/scales", day)
    try:
        scale = Scale(
            accuracy, instrument.max_capacity_g.normalize(), instrument.e_g.normalize(),
            ranges=read_ranges(instrument.measuring_range),
        )  # fmt: skip
        least = instrument.min_capacity_g or minimum_g(scale, rules)
        marks = {
            "min": (least,), "half": (scale.max_g * HALF,), "max": (scale.max_g,),
            "mpe_changes": scales.mpe_changes_g(scale, rules),
        }  # fmt: skip
    except CaseFault as fault:
        raise refusals.BAD_READINGS(why=fault.message).at(fault.field) from None
    stage = Stage.IN_SERVICE if kind == VerificationKind.IN_SERVICE else Stage.VERIFICATION
    given: dict[str, Any] = {
        "accuracy_class": accuracy, "max_g": scale.max_g, "e_g": scale.e_g, "stage": stage,
    }  # fmt: skip
    if scale.ranges:
        given["ranges"] = [{"max_g": part.max_g, "e_g": part.e_g} for part in scale.ranges]
    return Laid(pack, template, Frame(kind, scale.max_g, marks), given)


def check_complete(
    laid: Laid, measured: Sequence[Measured], checks: Mapping[str, bool], allowance: str, *, has_failed: bool
) -> Allowance | None:
    """Return the clause that was used, None where the examination is whole.

    Raises:
        RuleBroken: incomplete_examination (with the faults by field), unknown_allowance,
            allowance_not_for_this.
    """
    frame = laid.frame
    try:
        clause = laid.template.allowance(allowance, frame.kind, frame.span)
    except CaseFault as fault:
        raise refusals.OF_TEMPLATES[fault.code](why=fault.message).at(fault.field) from None
    lacking = shortages(laid.template, measured, checks.keys(), frame, clause, has_failed=has_failed)
    if lacking:
        faults = [{"field": f"readings.{one.field}", "message": spoken(one.message)} for one in lacking]
        told = [fault["message"] for fault in faults[:SHOWN]]
        if len(lacking) > SHOWN:
            told.append(_("另有 %(count)s 处。") % {"count": len(lacking) - SHOWN})
        why = "".join(one if one.endswith("。") else f"{one} " for one in told).rstrip()
        refusal = refusals.INCOMPLETE_EXAMINATION(why=why, regulation=laid.template.edition)
        raise refusal.with_faults(faults)
    return clause


def check_still_complete(record: Examination, instrument: Nameplate, parts: Sequence[str]) -> None:
    """Ask the rule again of what was recorded, before somebody checks or approves it.

    Raises:
        RuleBroken: incomplete_examination and what `lay` raises.
    """
    laid = lay(
        instrument, VerificationKind(record.kind), record.verified_on, regulation=record.regulation,
        parts=parts,
    )  # fmt: skip
    readings, checks = split(record.readings)
    try:
        content = {"day": record.verified_on, "instrument": laid.given | readings}
        measured = measured_in(ConformityCase.model_validate(content).instrument)
    except ValidationError:
        measured = []  # recorded before readings were kept
    failed = record.result == Result.FAILED
    check_complete(laid, measured, checks, record.allowance.get("name", ""), has_failed=failed)


def split(readings: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, bool]]:
    """Part readings from the checks that stand among them.

    Raises:
        RuleBroken: bad_readings.
    """
    checks = readings.get("checks") or {}
    good = isinstance(checks, Mapping) and all(isinstance(answer, bool) for answer in checks.values())
    if not good:
        raise refusals.CHECKS_UNREADABLE().at("readings.checks")
    return {name: value for name, value in readings.items() if name != "checks"}, dict(checks)

"""录入检定结果: the verifier records conditions and readings; the verdict is drawn by the regulation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import acts, refusals
from quanheng.apps.certificates.enums import StaffDuty
from quanheng.apps.certificates.models import Examination
from quanheng.apps.certificates.services.application_steps import move_line
from quanheng.apps.certificates.services.capability import check_authority, check_person, check_standard
from quanheng.apps.certificates.services.judge_readings import Judged, judge
from quanheng.apps.certificates.services.new_seals import NewSeal, check_new_seals
from quanheng.apps.instruments.enums import VerificationKind
from quanheng.apps.instruments.queries.ledger import parts_in_service
from quanheng.regulation.verification_procedure import Move


@dataclass(frozen=True, slots=True)
class Findings:
    """What the verifier brings from the bench.

    Args:
        readings: an instrument of the calculation `conformity`, without its nameplate, with its ``checks``.
        regulation: by which it was examined; empty for the usual one of the item.
        allowance: name of the clause by which it holds less than the regulation's template; the remarks say
            why. Empty for none.
        temperature_c, humidity_percent: of the place of work.
        entry_key: made by the page that records; the same findings sent twice are recorded once.
    """

    verified_on: date
    kind: VerificationKind
    standard_id: int
    readings: dict[str, Any]
    temperature_c: Decimal | None = None
    humidity_percent: Decimal | None = None
    seals: tuple[NewSeal, ...] = ()
    remarks: str = ""
    regulation: str = ""
    allowance: str = ""
    entry_key: UUID | None = None


def record_examination(*, line_id: int, findings: Findings, by: Actor, at: datetime) -> Examination:
    """Record the examination of one instrument; what was recorded under the same key is returned again.

    Raises:
        RuleBroken: line_not_found, cannot_record, verified_in_future, not_authorised, standard_…,
            not_qualified, no_remarks, what `apply_seal` refuses of a new seal, and what `judging.judge`
            raises: bad_readings, incomplete_examination…
        NotYours: not a verifier of this institute.
    """
    if known := _recorded(findings.entry_key, by):
        return known
    day = findings.verified_on
    with move_line(acts.EXAMINATION_RECORDED, Move.RECORD, line_id, by=by, at=at) as line:
        instrument = line.instrument
        if day > timezone.localdate(at):
            raise refusals.VERIFIED_IN_FUTURE()
        check_authority(line.institute_id, instrument.item_id, instrument.area_id, day)
        check_standard(findings.standard_id, line.institute_id, instrument.item_id, day)
        check_person(by.user_id, line.institute_id, StaffDuty.VERIFY, instrument.item_id, day)
        check_new_seals(line.instrument_id, line.institute_id, findings.seals, day, by=by)
        parts = parts_in_service([instrument.pk], by).get(instrument.pk, {})
        judged = judge(
            instrument, findings.readings, findings.kind, day, regulation=findings.regulation,
            allowance=findings.allowance, parts=tuple(parts),
        )  # fmt: skip
        _check_reason(judged, findings)
        earlier = Examination.objects.unscoped().filter(line=line)
        before = earlier.aggregate(last=Max("attempt"))["last"] or 0
        return Examination.objects.unscoped().create(
            line=line, attempt=before + 1, instrument=instrument, root_id=line.root_id, area_id=line.area_id,
            institute_id=line.institute_id, kind=findings.kind,
            regulation=judged.regulation, standard_id=findings.standard_id,
            verified_on=day, temperature_c=findings.temperature_c, humidity_percent=findings.humidity_percent,
            readings=_plain(findings.readings), allowance=_clause(judged),
            points=judged.points, packs=judged.packs, result=judged.result,
            seals=[_as_data(seal) for seal in findings.seals],
            remarks=findings.remarks.strip(), entry_key=findings.entry_key, verifier_id=by.user_id or 0,
            recorded_at=at,
        )  # fmt: skip


def _recorded(key: UUID | None, by: Actor) -> Examination | None:
    return Examination.objects.visible_to(by).filter(entry_key=key).first() if key else None


def _check_reason(judged: Judged, findings: Findings) -> None:
    """Who examines less says why; where it failed, the failed point says it."""
    clause = judged.allowance
    if clause is not None and not clause.only_failed and not findings.remarks.strip():
        raise refusals.NO_REMARKS(clause=clause.title)


def _clause(judged: Judged) -> dict[str, str]:
    clause = judged.allowance
    return {} if clause is None else {"name": clause.name, "title": clause.title, "clause": clause.clause}


def _plain(value: Any) -> Any:
    """Write readings as JSON keeps them: decimals as text, with their digits."""
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (bool, type(None))) else str(value)


def _as_data(seal: NewSeal) -> dict[str, str]:
    return {"number": seal.number.strip(), "position": seal.position.value}

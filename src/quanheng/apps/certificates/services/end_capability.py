"""暂停、注销: an authority, a standard or a qualification ends earlier than its paper says."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from quanheng.apps.accounts.actors import Actor
from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.models import Authorisation, MeasurementStandard, Qualification
from quanheng.apps.certificates.services.institutes import Paper, institute_for, note


class Capability(StrEnum):
    """What an institute stands on."""

    AUTHORISATION = "authorisation"
    STANDARD = "standard"
    QUALIFICATION = "qualification"


MODELS: dict[Capability, type[Authorisation | MeasurementStandard | Qualification]] = {
    Capability.AUTHORISATION: Authorisation,
    Capability.STANDARD: MeasurementStandard,
    Capability.QUALIFICATION: Qualification,
}


def end_capability(
    *, kind: Capability, row_id: int, last_day: date, reason: str, by: Actor, at: datetime
) -> None:
    """Let a row end on a day; what was verified until then stays as it was. A row never gets longer.

    Raises:
        RuleBroken: row_not_found, no_reason, already_ends_earlier, ends_before_it_began.
        NotYours: not the one who keeps such rows.
    """
    if not reason.strip():
        raise refusals.NO_REASON_TO_END()
    with transaction.atomic():
        row = MODELS[kind].objects.select_for_update().filter(pk=row_id).first()
        if row is None:
            raise refusals.ROW_NOT_FOUND()
        institute = institute_for(row.institute_id, by)
        if kind == Capability.AUTHORISATION and by.is_institute:
            raise refusals.ENDS_NO_AUTHORISATION()
        if row.valid_to and row.valid_to <= last_day:
            raise refusals.ALREADY_ENDS_EARLIER(valid_to=row.valid_to)
        if last_day < row.valid_from:
            raise refusals.ENDS_BEFORE_IT_BEGAN(valid_from=row.valid_from)
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])
        paper = Paper(row.certificate_number, row.valid_from, last_day)
        note(institute, paper, {"kind": kind, "row": row.pk}, by=by, at=at, reason=reason.strip()[:300])

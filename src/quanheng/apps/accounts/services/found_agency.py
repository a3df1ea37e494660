"""设立机构: an office, a station, an institute or a department in an area."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts import acts, refusals
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AgencyKind
from quanheng.apps.accounts.models import Agency, Area
from quanheng.apps.accounts.permissions import check_is_system_administrator
from quanheng.apps.audit.services import record


def found_agency(
    *, name: str, kind: AgencyKind, area_id: int, parent_id: int | None = None, authorisation: str = "",
    by: Actor, at: datetime,
) -> Agency:  # fmt: skip
    """Enter an agency; what it reaches is the area it sits in.

    Raises:
        RuleBroken: no_name, name_taken, no_area.
        NotYours: only the system administrator may.
    """
    check_is_system_administrator(by)
    with transaction.atomic():
        if not name.strip():
            raise refusals.NO_AGENCY_NAME()
        if Agency.objects.filter(name=name.strip()).exists():
            raise refusals.NAME_TAKEN(name=name.strip())
        if not Area.objects.filter(pk=area_id, valid_to__isnull=True).exists():
            raise refusals.NO_AREA_OF_AGENCY()
        agency = Agency.objects.create(
            name=name.strip(),
            kind=kind,
            area_id=area_id,
            parent_id=parent_id,
            authorisation=authorisation.strip(),
        )
        record(
            acts.ACCOUNT_CHANGED, by=by, at=at, subject=agency.name[:80],
            after={"agency_id": agency.pk, "kind": kind, "area_id": area_id},
        )  # fmt: skip
    return agency

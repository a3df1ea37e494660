"""设立机构: an office, a station, an institute or a department in an area."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanheng.apps.accounts import acts
from quanheng.apps.accounts.actors import Actor
from quanheng.apps.accounts.enums import AgencyKind
from quanheng.apps.accounts.models import Agency, Area
from quanheng.apps.accounts.permissions import check_is_system_administrator
from quanheng.apps.audit.services import record
from quanheng.kit.refusal import RuleBroken


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
            raise RuleBroken("no_name", "请填写机构名称。")
        if Agency.objects.filter(name=name.strip()).exists():
            raise RuleBroken("name_taken", f"已经有名为“{name.strip()}”的机构。")
        if not Area.objects.filter(pk=area_id, valid_to__isnull=True).exists():
            raise RuleBroken("no_area", "请选择现行的行政区划。")
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

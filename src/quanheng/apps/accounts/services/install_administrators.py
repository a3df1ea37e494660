"""首次安装: the three administrators of a new province, made by the platform itself, once."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from quanheng.apps.accounts import refusals
from quanheng.apps.accounts.actors import SYSTEM
from quanheng.apps.accounts.enums import ADMINISTRATORS, AgencyKind, AreaLevel, Role
from quanheng.apps.accounts.models import Agency, Appointment, Area
from quanheng.apps.accounts.services.appoint import appoint
from quanheng.apps.accounts.services.create_account import create_account
from quanheng.apps.accounts.services.found_agency import found_agency
from quanheng.kit.scope import EVERYTHING, acting_in

USERNAMES = {
    Role.SYSTEM_ADMINISTRATOR: "system-admin",
    Role.SECURITY_ADMINISTRATOR: "security-admin",
    Role.AUDIT_ADMINISTRATOR: "audit-admin",
}


def install_administrators(*, agency_name: str, at: datetime) -> dict[str, str]:
    """Make one account for each administrator in the province's bureau, and return username → first password.

    Raises:
        RuleBroken: no_province (load the areas first), administrators_exist.
    """
    with acting_in(EVERYTHING):
        province = Area.objects.filter(level=AreaLevel.PROVINCE, valid_to__isnull=True).first()
        if province is None:
            raise refusals.NO_PROVINCE()
        if Appointment.objects.filter(role__in=ADMINISTRATORS).exists():
            raise refusals.ADMINISTRATORS_EXIST()
        agency = Agency.objects.filter(name=agency_name).first() or found_agency(
            name=agency_name, kind=AgencyKind.BUREAU, area_id=province.pk, by=SYSTEM, at=at
        )
        return {username: _install(role, username, agency.pk, at) for role, username in USERNAMES.items()}


def _install(role: Role, username: str, agency_id: int, at: datetime) -> str:
    user, password = create_account(username=username, name=str(role.label), by=SYSTEM, at=at)
    day = timezone.localdate(at)
    appoint(user_id=user.pk, role=role, agency_id=agency_id, valid_from=day, by=SYSTEM, at=at)
    return password

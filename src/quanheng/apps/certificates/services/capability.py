"""What has to hold on the day of a verification: the institute's authority, the standard, the people."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quanheng.apps.certificates import refusals
from quanheng.apps.certificates.enums import StaffDuty
from quanheng.apps.certificates.models import Authorisation, MeasurementStandard, Qualification
from quanheng.kit.dated import holding_on

DUTY_WORDS = {StaffDuty.VERIFY: _("检定"), StaffDuty.CHECK: _("核验"), StaffDuty.APPROVE: _("批准")}


def check_authority(institute_id: int, item_id: int, area_id: int, day: date) -> Authorisation:
    """Return the authorisation under which an institute verifies an item in an area.

    Raises:
        RuleBroken: not_authorised.
    """
    rows = Authorisation.objects.filter(holding_on(day), institute=institute_id, item=item_id)
    found = rows.filter(area__id__lte=area_id, area__last__gte=area_id).order_by("-area_id").first()
    if found is None:
        raise refusals.NOT_AUTHORISED(day=str(day))
    return found


def check_standard(standard_id: int, institute_id: int, item_id: int, day: date) -> MeasurementStandard:
    """Return a measurement standard that may be used.

    Raises:
        RuleBroken: standard_not_found, standard_out_of_validity, standard_not_for_item.
    """
    standard = MeasurementStandard.objects.filter(pk=standard_id, institute=institute_id).first()
    if standard is None:
        raise refusals.STANDARD_NOT_FOUND()
    rows = MeasurementStandard.objects.filter(pk=standard.pk)
    traced = rows.filter(Q(traced_until=None) | Q(traced_until__gte=day))
    if not traced.filter(holding_on(day)).exists():
        raise refusals.STANDARD_OUT_OF_VALIDITY(
            name=standard.name, day=day, standard=standard.certificate_number
        )
    if not standard.items.filter(pk=item_id).exists():
        raise refusals.STANDARD_NOT_FOR_ITEM(standard=standard.name)
    return standard


def check_person(user_id: int | None, institute_id: int, duty: StaffDuty, item_id: int, day: date) -> None:
    """Refuse whoever is not qualified for the duty and the item on the day.

    Raises:
        RuleBroken: not_qualified.
    """
    rows = Qualification.objects.filter(user=user_id, institute=institute_id, duty=duty)
    if not rows.filter(holding_on(day), Q(item=None) | Q(item=item_id)).exists():
        raise refusals.NOT_QUALIFIED(day=day, words=DUTY_WORDS[duty], duty=duty.value)

"""What has to hold on the day of a verification: the institute's authority, the standard, the people."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from quanheng.apps.certificates.enums import StaffDuty
from quanheng.apps.certificates.models import Authorisation, MeasurementStandard, Qualification
from quanheng.kit.dated import holding_on
from quanheng.kit.refusal import RuleBroken

DUTY_WORDS = {StaffDuty.VERIFY: "检定", StaffDuty.CHECK: "核验", StaffDuty.APPROVE: "批准"}


def check_authority(institute_id: int, item_id: int, area_id: int, day: date) -> Authorisation:
    """Return the authorisation under which an institute verifies an item in an area.

    Raises:
        RuleBroken: not_authorised.
    """
    rows = Authorisation.objects.filter(holding_on(day), institute=institute_id, item=item_id)
    found = rows.filter(area__id__lte=area_id, area__last__gte=area_id).order_by("-area_id").first()
    if found is None:
        raise RuleBroken(
            "not_authorised",
            f"该机构在 {day} 没有检定这类器具、覆盖该区域的有效授权，请核对授权证书。",
            day=str(day),
        )
    return found


def check_standard(standard_id: int, institute_id: int, item_id: int, day: date) -> MeasurementStandard:
    """Return a measurement standard that may be used.

    Raises:
        RuleBroken: standard_not_found, standard_out_of_validity, standard_not_for_item.
    """
    standard = MeasurementStandard.objects.filter(pk=standard_id, institute=institute_id).first()
    if standard is None:
        raise RuleBroken("standard_not_found", "没有找到这项计量标准，请选择本机构的计量标准。")
    rows = MeasurementStandard.objects.filter(pk=standard.pk)
    traced = rows.filter(Q(traced_until=None) | Q(traced_until__gte=day))
    if not traced.filter(holding_on(day)).exists():
        raise RuleBroken(
            "standard_out_of_validity",
            f"计量标准“{standard.name}”在 {day} 不在有效期或溯源有效期内，不能用于检定。",
            standard=standard.certificate_number,
        )
    if not standard.items.filter(pk=item_id).exists():
        raise RuleBroken("standard_not_for_item", f"计量标准“{standard.name}”不适用于这类器具。")
    return standard


def check_person(user_id: int | None, institute_id: int, duty: StaffDuty, item_id: int, day: date) -> None:
    """Refuse whoever is not qualified for the duty and the item on the day.

    Raises:
        RuleBroken: not_qualified.
    """
    rows = Qualification.objects.filter(user=user_id, institute=institute_id, duty=duty)
    if not rows.filter(holding_on(day), Q(item=None) | Q(item=item_id)).exists():
        raise RuleBroken(
            "not_qualified",
            f"您在 {day} 没有对这类器具{DUTY_WORDS[duty]}的有效资格，请由有资格的人员办理。",
            duty=duty.value,
        )

"""How a half-year report stands."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HalfYearState(TextChoices):
    """Whose turn it is: the hospital's while it is a draft or was returned, the office's once submitted."""

    DRAFT = "draft", _("待报送")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("审核通过")


WITH_HOSPITAL = (HalfYearState.DRAFT, HalfYearState.RETURNED)
EVER_SUBMITTED = (HalfYearState.SUBMITTED, HalfYearState.RETURNED, HalfYearState.ACCEPTED)


class ManagerStanding(TextChoices):
    """Whether the full-time manager is there (regulation.hospital_manager), as frozen with the report."""

    NOT_NEEDED = "not_needed", _("二级以下，不作要求")
    GRADE_UNKNOWN = "grade_unknown", _("未登记医院等级，无法核对")
    NONE = "none", _("未配备")
    NOT_ON_FILE = "not_on_file", _("填报已配备，档案未登记计量负责人")
    MET = "met", _("已配备")

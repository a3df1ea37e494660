"""States and kinds of verification. Which step follows which: regulation/verification_procedure.py."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LineState(TextChoices):
    """Where the verification of one instrument stands (`regulation.verification_procedure.Step`)."""

    APPLIED = "applied", _("已申请")
    ACCEPTED = "accepted", _("已受理")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")
    RECEIVED = "received", _("检定中")
    RECORDED = "recorded", _("待核验")
    CHECKED = "checked", _("待批准")
    ISSUED = "issued", _("已发证")


class PlaceOfWork(TextChoices):
    """Where the instrument is verified."""

    ON_SITE = "on_site", _("现场检定")
    BENCH = "bench", _("送检")


class HalfDay(TextChoices):
    """Which part of the day an instrument is booked for."""

    MORNING = "morning", _("上午")
    AFTERNOON = "afternoon", _("下午")


class StaffDuty(TextChoices):
    """What a person of an institute is qualified for."""

    VERIFY = "verify", _("检定")
    CHECK = "check", _("核验")
    APPROVE = "approve", _("批准")


class ExaminationState(TextChoices):
    """Where the record of a verification stands. A record that was sent back is kept; a new one follows."""

    RECORDED = "recorded", _("待核验")
    CHECKED = "checked", _("待批准")
    SENT_BACK = "sent_back", _("退回重检")
    APPROVED = "approved", _("已批准")


class DocumentKind(TextChoices):
    """What the institute issues."""

    CERTIFICATE = "certificate", _("检定证书")
    FAILURE_NOTICE = "failure_notice", _("检定结果通知书")


class CertificateState(TextChoices):
    """How the certificate stands; its versions say why."""

    VALID = "valid", _("有效")
    REPLACED = "replaced", _("已换发")
    REVOKED = "revoked", _("已注销")


class VersionKind(TextChoices):
    """What made a version of a certificate."""

    ISSUED = "issued", _("签发")
    AMENDED = "amended", _("更正")
    REPLACED = "replaced", _("换发")
    REVOKED = "revoked", _("注销")


class Decision(TextChoices):
    """What the second person decided on a change of a certificate, or that whoever asked took it back."""

    WAITING = "waiting", _("待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")

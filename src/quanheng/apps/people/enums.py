"""Words of invitations and of requests for an account."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InvitationWay(TextChoices):
    """How an invitation reaches the person."""

    PAPER = "paper", _("纸质")
    TEXT = "text", _("短信")


class InvitationPurpose(TextChoices):
    """What whoever takes it up becomes."""

    FIRST = "first", _("首个账号")
    HANDOVER = "handover", _("更换账号负责人")
    STAFF = "staff", _("本单位人员")


class InvitationEnd(TextChoices):
    """Why an invitation opens nothing any more; that its days are over is read from its date."""

    TAKEN_UP = "taken_up", _("已开通")
    REVOKED = "revoked", _("已撤销")
    LOCKED = "locked", _("多次输错，已作废")
    REPLACED = "replaced", _("已重新签发")


class AccountRequestState(TextChoices):
    """How a request for an account stands."""

    WAITING = "waiting", _("待审核")
    GRANTED = "granted", _("已同意")
    REFUSED = "refused", _("未同意")

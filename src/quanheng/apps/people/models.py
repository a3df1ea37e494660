"""Invitations to an account, and requests for one."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from quanheng.apps.accounts.enums import ENTITY_ROLES, Role
from quanheng.apps.people.enums import (
    AccountRequestState,
    InvitationEnd,
    InvitationPurpose,
    InvitationWay,
)
from quanheng.kit.fields import EncryptedTextField
from quanheng.kit.scope import Actor, InArea, ScopedManager


class Invitation(models.Model):
    """A code that opens one account, once, for an entity or an agency.

    `number` stands in the address, `digest` is the keyed hash of number and code: the code itself is kept
    nowhere. It opens until `expires_at` unless it was ended; `tries` counts what was typed wrongly.
    """

    scope_fields = {"area": "area_id", "entity": "entity_id", "root": "root_id"}

    number = models.CharField(_("邀请编号"), max_length=16, unique=True)
    digest = models.CharField(_("一次性码检索值"), max_length=32)
    way = models.CharField(_("送达方式"), max_length=8, choices=InvitationWay)
    purpose = models.CharField(_("用途"), max_length=10, choices=InvitationPurpose)
    role = models.CharField(_("岗位"), max_length=40, choices=Role)
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("主体"),
    )  # fmt: skip
    root = models.ForeignKey(
        "registry.Entity", models.DO_NOTHING, null=True, blank=True, related_name="+", db_constraint=False,
        db_index=False, verbose_name=_("顶层主体"),
    )  # fmt: skip
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("机构"),
    )  # fmt: skip
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", db_index=False, verbose_name=_("行政区划")
    )
    name = models.CharField(_("受邀人"), max_length=60, blank=True)
    username = models.CharField(_("登录名"), max_length=60, blank=True)
    phone = EncryptedTextField(_("手机号"), default="", blank=True)
    reason = models.CharField(_("事由"), max_length=300, blank=True)
    issued_by_id = models.BigIntegerField(_("签发人编号"), null=True)
    issued_by_name = models.CharField(_("签发人"), max_length=60)
    issued_at = models.DateTimeField(_("签发时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    tries = models.PositiveSmallIntegerField(_("输错次数"), default=0)
    end = models.CharField(_("结果"), max_length=10, choices=InvitationEnd, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    taken_up_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("开通人")
    )
    doubt = models.CharField(_("存疑"), max_length=60, blank=True)

    objects = ScopedManager["Invitation"]()

    class Meta:
        verbose_name = _("账号邀请")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(entity__isnull=False, agency__isnull=True)
                | models.Q(entity__isnull=True, agency__isnull=False),
                name="invited_to_one_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(end="", ended_at__isnull=True)
                | (~models.Q(end="") & models.Q(ended_at__isnull=False)),
                name="invitation_ended_with_its_instant",
            ),
            models.UniqueConstraint(
                fields=["entity"], name="one_chief_is_invited_at_a_time",
                condition=models.Q(end="", purpose__in=["first", "handover"]),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["entity", "id"], name="invitation_of_entity"),
            models.Index(fields=["agency", "id"], name="invitation_of_agency"),
            models.Index(fields=["area", "id"], name="invitation_in_area"),
        ]

    def __str__(self) -> str:
        return self.number

    def reached_by(self, by: Actor, /) -> bool:
        """Say whether the invitation lies in the actor's scope."""
        scope = by.scope
        own = scope.entity_id is not None and scope.entity_id in (self.entity_id, self.root_id)
        return own or scope.covers_area(self.area_id)

    def is_open(self, at: datetime) -> bool:
        """Say whether it opens an account at an instant."""
        return not self.end and at < self.expires_at

    @property
    def is_to_entity(self) -> bool:
        return self.role in ENTITY_ROLES


class AccountRequest(InArea, models.Model):
    """Somebody asks for the account of an entity; its county confirms or refuses, with the reason.

    Whether the code is an entity's is looked up for the office alone; whoever asks learns nothing of it.
    """

    scope_fields = {"area": "area_id"}

    number = models.CharField(_("申请编号"), max_length=16, unique=True)
    code = models.CharField(_("统一社会信用代码或主体码"), max_length=32)
    entity = models.ForeignKey(
        "registry.Entity", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("主体"),
    )  # fmt: skip
    area = models.ForeignKey(
        "accounts.Area", models.PROTECT, related_name="+", db_index=False, verbose_name=_("行政区划")
    )
    name = EncryptedTextField(_("姓名"), default="")
    phone = EncryptedTextField(_("手机号"), default="")
    phone_hash = models.CharField(_("电话检索值"), max_length=32)
    words = models.CharField(_("申请理由"), max_length=300)
    state = models.CharField(
        _("状态"), max_length=10, choices=AccountRequestState, default=AccountRequestState.WAITING
    )
    received_at = models.DateTimeField(_("收到时间"))
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decision_reason = models.CharField(_("审核意见"), max_length=300, blank=True)
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("账号邀请")
    )

    objects = ScopedManager["AccountRequest"]()

    class Meta:
        verbose_name = _("账号开通申请")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "phone_hash"], name="asked_once_at_a_time",
                condition=models.Q(state="waiting"),
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_at__isnull=True)
                | (~models.Q(state="waiting") & models.Q(decided_at__isnull=False)),
                name="request_decided_with_its_instant",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["area", "id"], name="request_in_area"),
            models.Index(fields=["area", "received_at"], name="request_waiting",
                         condition=models.Q(state="waiting")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

"""Notices, and what each person has read of them and wants to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quanheng.apps.notices.kinds import choices
from quanheng.kit.scope import ScopedManager

ADDRESSES = ("person_id", "entity_id", "office_id", "agency_id")


def _one_address() -> Q:
    """Exactly one of the addresses is filled."""
    found = Q()
    for filled in ADDRESSES:
        found |= Q(**{f"{name}__isnull": name != filled for name in ADDRESSES})
    return found


class Notice(models.Model):
    """What one addressee is told: a person, an entity, the office that sits in an area, or an agency.

    One row for all of an office, whoever works there. It holds what the row that it leads to is called and no
    more; the words are made when it is read, in the reader's language. `key` keeps the same from being told
    twice. `settled_at`: somebody did what there was to be done.
    """

    scope_fields = {
        "person": "person_id", "entity": "entity_id", "area": "office_id", "agency": "agency_id",
    }  # fmt: skip

    kind = models.CharField(_("类别"), max_length=40, choices=choices)
    verb = models.CharField(_("事项"), max_length=40, blank=True)
    at = models.DateTimeField(_("时间"))
    person_id = models.BigIntegerField(_("用户"), null=True)
    entity_id = models.BigIntegerField(_("主体"), null=True)
    office_id = models.BigIntegerField(_("机关所在区划"), null=True)
    agency_id = models.BigIntegerField(_("机构"), null=True)
    row_id = models.BigIntegerField(_("编号"), null=True)
    subject = models.CharField(_("对象"), max_length=80, blank=True)
    count = models.PositiveIntegerField(_("数量"), default=1)
    by_id = models.BigIntegerField(_("操作人编号"), null=True)
    key = models.CharField(_("去重键"), max_length=160, unique=True)
    settled_at = models.DateTimeField(_("办结时间"), null=True)

    objects = ScopedManager["Notice"]()

    class Meta:
        verbose_name = _("消息")
        constraints = [models.CheckConstraint(condition=_one_address(), name="notice_to_one")]
        indexes = [
            *(
                models.Index(
                    fields=[name, "id"], name=f"notice_to_{name.removesuffix('_id')}",
                    condition=models.Q(**{f"{name}__isnull": False}),
                )
                for name in ADDRESSES
            ),
            models.Index(
                fields=["row_id", "kind"], name="notice_open_of_row",
                condition=models.Q(settled_at__isnull=True),
            ),
            models.Index(fields=["at"], name="notice_by_day"),
            *(  # the bell asks with every page for what is still to be read or done
                models.Index(
                    fields=[name, "id"], name=f"notice_open_{name.removesuffix('_id')}",
                    condition=models.Q(**{f"{name}__isnull": False, "settled_at__isnull": True}),
                )
                for name in ADDRESSES
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class NoticeRow(models.Model):
    """A row of a notice of several that nobody has done yet; the last one that goes settles the notice."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="rows", verbose_name=_("消息"))
    row_id = models.BigIntegerField(_("编号"))

    objects = ScopedManager["NoticeRow"]()

    class Meta:
        verbose_name = _("消息的未办事项")
        constraints = [models.UniqueConstraint(fields=["row_id", "notice"], name="notice_row_once")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.row_id}"


class NoticeMark(models.Model):
    """Up to which notice a person has read everything, in one post."""

    scope_fields = {"person": "user_id"}

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("用户")
    )
    appointment = models.ForeignKey(
        "accounts.Appointment", models.CASCADE, related_name="+", verbose_name=_("岗位")
    )
    read_to = models.BigIntegerField(_("已读至"))

    objects = ScopedManager["NoticeMark"]()

    class Meta:
        verbose_name = _("消息已读位置")
        constraints = [models.UniqueConstraint(fields=["user", "appointment"], name="one_mark_a_post")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.read_to}"


class NoticeRead(models.Model):
    """A notice that a person has read, beyond the mark."""

    scope_fields = {"person": "user_id"}

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("用户")
    )
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+", verbose_name=_("消息"))
    at = models.DateTimeField(_("阅读时间"))

    objects = ScopedManager["NoticeRead"]()

    class Meta:
        verbose_name = _("消息阅读记录")
        constraints = [models.UniqueConstraint(fields=["user", "notice"], name="notice_read_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.notice_id}"


class NoticeChoice(models.Model):
    """A kind of notice that a person does not want to be told in the app."""

    scope_fields = {"person": "user_id"}

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("用户")
    )
    kind = models.CharField(_("类别"), max_length=40, choices=choices)

    objects = ScopedManager["NoticeChoice"]()

    class Meta:
        verbose_name = _("关闭的消息类别")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_kind_off_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
